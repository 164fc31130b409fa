"""Parts of a song as files: such that add up to the song again, or as they are in a mix."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.encode import AudioWriter, open_writer
from demixme.audiofile.formats import BITS, default_encoding
from demixme.audiofile.partfile import make_folder
from demixme.audiofile.spool import Spool
from demixme.audiofile.tagcopy import read_all_tags
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.core.units import gain_from_db
from demixme.export.progress import Progress, Stopwatch
from demixme.export.render import Span, mixed_blocks, whole_or
from demixme.export.slots import SlotSource, StemReader
from demixme.export.stemnames import INSTRUMENTAL, TEMPLATE, VOCALS, stem_paths, wanted_stems
from demixme.export.wholeparts import WholeParts

BLOCK_FRAMES = 8192
_STEP_DB = 0.1  # a common gain is a multiple of this
Block = NDArray[np.float32]


@dataclass(frozen=True)
class StemFiles:
    """What was written: a file for each part, in mixer order.

    `frames` and `rate` are the song's, `file_rate` the files'; `gain_db` is how much lower all are,
    because one would have clipped; `clipped_frames` did not fit all the same.
    """

    paths: dict[str, Path]
    frames: int
    channels: int
    encoding: str
    rate: int
    file_rate: int
    clipped_frames: int = 0
    gain_db: float = 0.0
    is_rf64: bool = False
    tags_lost: bool = False


def export_stems(
    track: Track,
    source: SlotSource,
    folder: Path | str,
    *,
    only: Iterable[str] | None = None,
    container: str = "wav",
    encoding: str | None = None,
    span: Span | None = None,
    mix: MixState | None = None,
    template: str = TEMPLATE,
    values: Mapping[str, str] | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> StemFiles:
    """Write parts of a song, all of the song's length or of the span's.

    Without `mix` they are before faders, mutes and balance, and add up to the song: integer files
    exactly to the song in the same encoding, where nothing clips, because the rest is written as
    the quantised song minus the quantised other parts; float files to ≤ 1e-6. With `mix` they are
    as in it, before its limiter. Where one would clip in whole numbers, all get the same lower
    gain. A mono song gives mono files unless they are panned. The files get their names at the end,
    when all are whole. Raises UnknownPart, InvalidValue, CannotWrite, DiskFull, FileExists,
    SeparationFailed, Cancelled.
    """
    parts, song = source.parts, track.info.path
    encoding = encoding or default_encoding(track.info, container)
    named = stem_paths(folder, song, parts, container, template, values)
    paths = {part: named[part] for part in wanted_stems(parts, only)}
    mono = track.info.channels == 1 and (mix is None or not mix.panned)
    span = whole_or(track, span)
    frames, channels = span[1] - span[0], 1 if mono else 2
    tags = read_all_tags(song)
    with ExitStack() as stack:
        writers = {}
        for part, path in paths.items():
            make_folder(path.parent)
            writer = open_writer(
                path,
                track.rate,
                channels,
                encoding,
                frames=frames,
                overwrite=overwrite,
                source=song,
                tags=tags.titled(f"({part})"),
            )
            writers[part] = stack.enter_context(writer)
        watch = Stopwatch(track.rate, frames, progress)
        interrupt = interrupt or Interrupt()
        work = _Work(track, source, span, channels, writers, watch, interrupt)
        gain_db = work.write_plain() if mix is None else work.write_mixed(mix)
        interrupt.check()
        for writer in writers.values():
            writer.commit()
    return StemFiles(
        paths,
        frames,
        channels,
        encoding,
        track.rate,
        writer.rate,
        work.clipped_frames,
        gain_db,
        writer.is_rf64,
        any(w.tags_lost for w in writers.values()),
    )


@dataclass
class _Work:
    """One song's stems being written."""

    track: Track
    source: SlotSource
    span: Span
    channels: int
    writers: dict[str, AudioWriter]
    watch: Stopwatch
    interrupt: Interrupt
    clipped_frames: int = 0

    @property
    def some(self) -> AudioWriter:
        return next(iter(self.writers.values()))

    # ------------------------------------------------------------ before faders
    def write_plain(self) -> float:
        """Write the parts as they are in the song, and return the common gain in dB."""
        parts, encoding = self.source.parts, self.some.encoding
        if encoding == "float32":
            for mixture, stored in self._separated():
                self._write_floats(_floats(parts, mixture, stored, self.writers))
            return 0.0
        peak = 0.0
        with Spool(self.some.path, (len(parts.stored), self.channels)) as spool:
            for mixture, stored in self._separated():
                spool.write(stored)
                made = _floats(parts, mixture, stored, self.writers).values()
                peak = max(peak, *(float(np.abs(x).max()) for x in made))
            gain_db = common_gain_db(peak)
            gain = np.float32(gain_from_db(gain_db))
            whole = WholeParts(parts, BITS[encoding]) if encoding in BITS else None
            for (first, song), stored in zip(
                self._songs(), spool.blocks(BLOCK_FRAMES), strict=True
            ):
                mixture, stored = song * gain, stored * gain
                if whole is None:
                    self._write_floats(_floats(parts, mixture, stored, self.writers))
                else:
                    self._write_whole(whole.cut(mixture, stored, first - self.span[0]))
        self.clipped_frames = 0 if whole is None else whole.clipped_frames
        return gain_db

    def _songs(self) -> Iterator[tuple[int, Block]]:
        """Yield the song's blocks [frames, channels] with their first frames."""
        first, last = self.span
        for at in range(first, last, BLOCK_FRAMES):
            self.interrupt.check()
            yield at, self._narrowed(self.track.read(at, min(BLOCK_FRAMES, last - at)))

    def _separated(self) -> Iterator[tuple[Block, Block]]:
        """Yield blocks of the song, and its stored parts [frames, stored parts, channels]."""
        reader = StemReader(self.source, self.interrupt)
        for first, mixture in self._songs():
            stored = np.empty((len(mixture), len(self.source.parts.stored), 2), np.float32)
            reader.read_into(stored, first)
            if self.channels == 1:
                stored = stored.mean(axis=2, dtype=np.float32, keepdims=True)
            yield mixture, stored
            self.watch.tell(first + len(mixture) - self.span[0])

    def _narrowed(self, block: Block) -> Block:
        if self.channels == 2:
            return block
        mono: Block = block.mean(axis=1, dtype=np.float32, keepdims=True)
        return mono

    def _write_floats(self, blocks: Mapping[str, Block]) -> None:
        for part, writer in self.writers.items():
            writer.write(blocks[part])

    def _write_whole(self, blocks: Mapping[str, NDArray[np.int32]]) -> None:
        for part, writer in self.writers.items():
            writer.write_whole(blocks[part])

    # ------------------------------------------------------------ as in a mix
    def write_mixed(self, mix: MixState) -> float:
        """Write the parts as they are in a mix, and return the common gain in dB."""
        if self.some.encoding == "float32":
            for blocks in self._mixed(mix):
                self._write_floats(blocks)
            return 0.0
        peak = 0.0
        names = list(self.writers)
        with Spool(self.some.path, (len(names), self.channels)) as spool:
            for blocks in self._mixed(mix):
                joined = np.stack([blocks[n] for n in names], axis=1)
                peak = max(peak, float(np.abs(joined).max()))
                spool.write(joined)
            gain_db = common_gain_db(peak)
            for joined in spool.blocks(BLOCK_FRAMES):
                self.interrupt.check()
                joined *= np.float32(gain_from_db(gain_db))
                self._write_floats({n: joined[:, k] for k, n in enumerate(names)})
        return gain_db

    def _mixed(self, mix: MixState) -> Iterator[dict[str, Block]]:
        groups = [_group(mix.parts, name) for name in self.writers]
        reader = StemReader(self.source, self.interrupt)
        done = 0
        for blocks, mixture in mixed_blocks(
            self.track, mix, reader, self.interrupt, self.span, BLOCK_FRAMES, groups
        ):
            yield {n: self._narrowed(x) for n, x in zip(self.writers, blocks, strict=True)}
            done += len(mixture)
            self.watch.tell(done)


def _group(parts: Parts, name: str) -> frozenset[str]:
    """Return the parts that make up what is written under a name."""
    return frozenset([name] if name in parts.names else set(parts.names) - {VOCALS})


def _floats(parts: Parts, mixture: Block, stored: Block, wanted: Iterable[str]) -> dict[str, Block]:
    """Return the wanted parts of a block."""
    stems = {p: stored[:, k] for k, p in enumerate(parts.stored)}
    made = {}
    for name in wanted:
        if name in stems:
            made[name] = stems[name]
        elif name == INSTRUMENTAL and name != parts.rest and VOCALS in stems:
            made[name] = _less(mixture, [stems[VOCALS]])
        elif name == INSTRUMENTAL and name != parts.rest:  # the vocals are the rest
            made[name] = np.sum(list(stems.values()), axis=0)
        else:
            made[name] = _less(mixture, stems.values())
    return made


def _less(mixture: Block, stems: Iterable[Block]) -> Block:
    rest = mixture.astype(np.float64)
    for stem in stems:
        rest -= stem
    return rest.astype(np.float32)


def common_gain_db(peak: float) -> float:
    """Return by how many dB all must be lower for `peak` to fit whole numbers; 0 if it does."""
    if peak <= 1.0:
        return 0.0
    return -_STEP_DB * math.ceil(20.0 * math.log10(peak) / _STEP_DB + 0.01)
