"""Songs that bring parts of their own: stem files, and folders with a file for each part.

The song is the sum of its parts. While it is decoded, front to back, the parts go into a file of
their own, from which they can be read again.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.avdecoder import AvDecoder
from demixme.audiofile.decode import SongDecoder, open_song
from demixme.audiofile.partfile import make_folder
from demixme.audiofile.songlist import is_parts_folder, sound_files
from demixme.audiofile.spool import Spool
from demixme.audiofile.stemmp4 import read_manifest
from demixme.core.errors import FileTruncated, UnsupportedAudio
from demixme.core.parts import MOST_PARTS, Parts
from demixme.core.track import SongInfo

#: What `SongInfo.format_name` says of such a song.
OWN_PARTS = "Stems"
_WHOLE_SONGS = frozenset(["mixture", "mix", "instrumental", "accompaniment"])
_BLOCK_FRAMES = 65536


@dataclass(frozen=True)
class PartSource:
    """Where a part's sound is: a file, or one of its streams; and its colour, ``#RRGGBB`` or ""."""

    name: str
    path: Path
    stream: int | None = None
    colour: str = ""


def part_sources(path: Path | str) -> tuple[PartSource, ...]:
    """Return the parts that a stem file or a folder brings; none for any other song.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    tuple of PartSource
        2…8, each with a name of its own.
    """
    path = Path(path)
    if path.is_dir():
        found = _of_folder(path)
    else:
        manifest = read_manifest(path) if path.suffix.lower() in (".mp4", ".m4a") else None
        stems = manifest["stems"] if manifest else []
        found = [
            PartSource(s["name"], path, k, str(s.get("color", "")))
            for k, s in enumerate(stems, start=1)  # the first stream is the master
        ]
    return _distinct(found) if 2 <= len(found) <= MOST_PARTS else ()


def _of_folder(folder: Path) -> list[PartSource]:
    if not is_parts_folder(folder):
        return []
    files = [p for p in sound_files(folder) if p.stem.lower() not in _WHOLE_SONGS]
    return [PartSource(p.stem, p) for p in files]


def _distinct(sources: Sequence[PartSource]) -> tuple[PartSource, ...]:
    taken: set[str] = set()
    made = []
    for k, source in enumerate(sources, start=1):
        plain = "".join(c for c in source.name if c.isprintable()).strip() or f"part {k}"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain} {number}", number + 1
        taken.add(name)
        made.append(replace(source, name=name))
    return tuple(made)


def parts_of(sources: Sequence[PartSource]) -> Parts:
    """Return the parts; ``other`` is the rest, where there is one, else the last."""
    names = tuple(s.name for s in sources)
    return Parts(names, next((n for n in names if n.casefold() == "other"), names[-1]))


class PartSounds:
    """The parts of one song, written by the task that decodes it and read by the worker."""

    def __init__(self, folder: Path, parts: Parts) -> None:
        self.parts = parts
        make_folder(folder)
        self._spool = Spool(folder / "parts", (len(parts.names), 2))
        self._lock = threading.Lock()
        self._closed = False

    def write(self, block: NDArray[np.float32]) -> None:
        """Append a block [frames, parts, 2]."""
        with self._lock:
            if not self._closed:
                self._spool.write(block)

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """Return [frames, parts, 2] from `first` on, zeros where nothing is."""
        with self._lock:
            if self._closed:
                return np.zeros((frames, len(self.parts.names), 2), np.float32)
            return self._spool.read(first, frames)

    def close(self) -> None:
        """Remove them; what is still asked for is silent."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._spool.close()


class OwnPartsDecoder:
    """A song as the sum of its parts; a `core.track.Decoder`.

    Parameters
    ----------
    path : Path
        The stem file, or the folder.
    sources : sequence of PartSource
    folder : Path
        For the file that keeps the parts.

    Raises
    ------
    UnsupportedAudio
        The parts are of different rates.
    FileMissing, FileUnreadable, FileEmpty, NotAudio, CannotWrite
    """

    def __init__(self, path: Path, sources: Sequence[PartSource], folder: Path) -> None:
        self._path = path
        self._decoders: list[SongDecoder | AvDecoder] = []
        try:
            for source in sources:
                self._decoders.append(_decoder(source))
            infos = [d.info for d in self._decoders]
            if len({i.rate for i in infos}) > 1:
                raise UnsupportedAudio(path, "parts of different rates")
            self.sounds = PartSounds(folder, parts_of(sources))
        except BaseException:
            self.close()
            raise
        self.info = SongInfo(
            path=path,
            rate=infos[0].rate,
            channels=max(min(i.channels, 2) for i in infos),
            frames=max(i.frames for i in infos),
            title=path.stem.removesuffix(".stem") if path.is_dir() else infos[0].title,
            artist=infos[0].artist,
            format_name=OWN_PARTS,
        )

    @property
    def repaired_frames(self) -> int:
        """Return how many frames held non-finite samples that became 0."""
        return sum(d.repaired_frames for d in self._decoders)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yield the sum of the parts block by block; those that end early are silent from there.

        Raises
        ------
        FileTruncated
            After the last block, where a part is damaged or ends before it should.
        """
        lines = [_Line(d) for d in self._decoders]
        done = 0
        while True:
            taken = [line.take(_BLOCK_FRAMES) for line in lines]
            frames = max(map(len, taken))
            if not frames:
                break
            parts = np.zeros((frames, len(taken), 2), np.float32)
            for k, block in enumerate(taken):
                parts[: len(block), k] = block
            self.sounds.write(parts)
            done += frames
            yield parts.sum(axis=1)
        cut = next((line.cut for line in lines if line.cut is not None), None)
        if cut is not None:
            raise FileTruncated(self._path, cut.reason, frames=done)

    def close(self) -> None:
        """Release the files; the sounds of the parts stay."""
        for decoder in self._decoders:
            decoder.close()


def _decoder(source: PartSource) -> SongDecoder | AvDecoder:
    if source.stream is None:
        return open_song(source.path)
    return AvDecoder(source.path, stream=source.stream)


class _Line:
    """One part, taken in pieces of any length."""

    def __init__(self, decoder: SongDecoder | AvDecoder) -> None:
        self.cut: FileTruncated | None = None
        self._blocks = decoder.blocks()
        self._left = np.zeros((0, 2), np.float32)
        self._ended = False

    def take(self, frames: int) -> NDArray[np.float32]:
        """Return the next `frames` frames, fewer at the end."""
        pieces = [self._left]
        there = len(self._left)
        while there < frames and not self._ended:
            try:
                block = next(self._blocks, None)
            except FileTruncated as cut:
                self.cut, block = cut, None
            if block is None:
                self._ended = True
                break
            if block.dtype == np.int16:
                block = np.multiply(block, np.float32(1 / 32768), dtype=np.float32)
            pieces.append(block.astype(np.float32, copy=False))
            there += len(block)
        joined = np.concatenate(pieces)
        self._left = joined[frames:]
        return joined[:frames]
