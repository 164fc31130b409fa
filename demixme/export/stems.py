"""Parts of a song as files that add up to the song again."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.encode import AudioWriter, default_encoding, open_writer
from demixme.audiofile.partfile import make_folder
from demixme.audiofile.paths import safe_name
from demixme.audiofile.quantise import Quantiser
from demixme.core.errors import InvalidValue, UnknownPart
from demixme.core.interrupt import Interrupt
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.export.progress import Progress, Stopwatch
from demixme.export.slots import SlotSource, StemReader

BLOCK_FRAMES = 16384
_BITS = {"pcm16": 16, "pcm24": 24}


@dataclass(frozen=True)
class StemFiles:
    """What was written: a file for each part, in mixer order; `clipped_frames` did not fit."""

    paths: dict[str, Path]
    frames: int
    channels: int
    encoding: str
    clipped_frames: int = 0


def stem_paths(
    folder: Path | str, song: Path | str, parts: Parts, container: str
) -> dict[str, Path]:
    """Return ``<folder>/<song>/<part>.<container>`` for every part, each a name of its own."""
    base = Path(folder) / safe_name(Path(song).stem)
    taken: set[str] = set()
    paths = {}
    for part in parts.mixer_order:
        plain = name = safe_name(part)
        number = 2
        while name.casefold() in taken:
            name, number = f"{plain} {number}", number + 1
        taken.add(name.casefold())
        paths[part] = base / f"{name}.{container}"
    return paths


def export_stems(
    track: Track,
    source: SlotSource,
    folder: Path | str,
    *,
    only: Iterable[str] | None = None,
    container: str = "wav",
    encoding: str | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> StemFiles:
    """Write the parts of a whole song as files that add up to it.

    Integer files add up exactly to the song in the same encoding, where nothing clips, because the
    rest is written as the quantised song minus the quantised other parts; float files to ≤ 1e-6.
    A mono song gives mono files. The files get their names at the end, when all are whole. Raises
    UnknownPart, InvalidValue, CannotWrite, DiskFull, FileExists, SeparationFailed, Cancelled.
    """
    parts = source.parts
    wanted = _wanted(parts, only)
    encoding = encoding or default_encoding(track.info, container)
    channels = 1 if track.info.channels == 1 else 2
    paths = stem_paths(folder, track.info.path, parts, container)
    interrupt = interrupt or Interrupt()
    cut = _Cutter(track, StemReader(source, interrupt), parts, channels, _BITS.get(encoding))
    watch = Stopwatch(track.rate, track.frames, progress)
    with ExitStack() as stack:
        writers = {}
        for part in wanted:
            make_folder(paths[part].parent)
            writers[part] = stack.enter_context(
                open_writer(
                    paths[part],
                    track.rate,
                    channels,
                    encoding,
                    frames=track.frames,
                    overwrite=overwrite,
                    source=track.info.path,
                )
            )
        for first in range(0, track.frames, BLOCK_FRAMES):
            interrupt.check()
            frames = min(BLOCK_FRAMES, track.frames - first)
            cut.write(writers, first, frames)
            watch.tell(first + frames)
        for writer in writers.values():
            writer.commit()
    made = {part: paths[part] for part in wanted}
    return StemFiles(made, track.frames, channels, encoding, cut.clipped_frames)


def _wanted(parts: Parts, only: Iterable[str] | None) -> tuple[str, ...]:
    if only is None:
        return parts.mixer_order
    chosen = tuple(only)
    for name in chosen:
        if name not in parts.names:
            raise UnknownPart(name, parts.names)
    if not chosen:
        raise InvalidValue("parts", "", ", ".join(parts.mixer_order))
    return tuple(p for p in parts.mixer_order if p in chosen)


class _Cutter:
    """Cuts blocks of the song into parts, as whole numbers where the files hold those."""

    def __init__(
        self, track: Track, stems: StemReader, parts: Parts, channels: int, bits: int | None
    ) -> None:
        self.clipped_frames = 0
        self._track = track
        self._stems = stems
        self._parts = parts
        self._channels = channels
        # a dither of its own for each file: equal ones would add up
        count = len(parts.names)
        self._quantisers = [Quantiser(bits, k) for k in range(count)] if bits else []

    def write(self, writers: dict[str, AudioWriter], first: int, frames: int) -> None:
        """Append the parts of one block to their files."""
        mixture = self._narrowed(self._track.read(first, frames))
        stored = np.empty((frames, len(self._parts.stored), 2), np.float32)
        self._stems.read_into(stored, first)
        stems = {p: self._narrowed(stored[:, k]) for k, p in enumerate(self._parts.stored)}
        if self._quantisers:
            for part, whole in self._whole(mixture, stems, first).items():
                if part in writers:
                    writers[part].write_whole(whole)
            return
        stems[self._parts.rest] = _rest(mixture, stems)
        for part, writer in writers.items():
            writer.write(stems[part])

    def _whole(
        self, mixture: NDArray[np.float32], stems: dict[str, NDArray[np.float32]], first: int
    ) -> dict[str, NDArray[np.int32]]:
        song, *others = self._quantisers
        left = song.whole(mixture, first)
        whole = {}
        for quantiser, (part, stem) in zip(others, stems.items(), strict=True):
            whole[part] = quantiser.whole(stem, first)
            left -= whole[part]
        fitting = np.clip(left, song.lowest, song.highest)
        self.clipped_frames += int((fitting != left).any(axis=1).sum())
        whole[self._parts.rest] = fitting
        return whole

    def _narrowed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._channels == 2:
            return block
        mono: NDArray[np.float32] = block.mean(axis=1, dtype=np.float32, keepdims=True)
        return mono


def _rest(
    mixture: NDArray[np.float32], stems: dict[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    rest = mixture.astype(np.float64)
    for stem in stems.values():
        rest -= stem
    return rest.astype(np.float32)
