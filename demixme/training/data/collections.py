"""Song collections as they lie on disk: DSD100, MUSDB18, MUSDB18-HQ, folders with stems, pairs."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.decode import open_song
from demixme.core.errors import FileMissing, FileUnreadable, MissingExtra
from demixme.core.parts import STEMS

RATE_HZ = 44100
ACCOMPANIMENT = "accompaniment"
_SUFFIXES = (".wav", ".flac", ".aiff", ".ogg", ".opus", ".mp3")
#: Streams of a MUSDB18 file.
_MUSDB_STREAMS = ("mixture", "drums", "bass", "other", "vocals")

Sound = NDArray[np.float32]
#: Reads one part: its sound [frames, 2] and its rate in Hz.
Reader = Callable[[], tuple[Sound, int]]


@dataclass(frozen=True)
class Song:
    """One song: `readers` by part, either of the four stems or vocals and accompaniment.

    `clips` are first and last second of independent pieces within it; empty for the whole song.
    """

    name: str
    subset: str
    readers: dict[str, Reader]
    clips: tuple[tuple[float, float], ...] = field(default=())

    @property
    def is_pair(self) -> bool:
        """Return whether only vocals and accompaniment are known."""
        return ACCOMPANIMENT in self.readers


def find_songs(folder: Path) -> list[Song]:
    """Return the songs of a collection of any kind we know, by what lies in `folder`.

    Raises
    ------
    FileMissing
        There is no such folder.
    FileUnreadable
        It holds none of the layouts we know.
    """
    if not folder.is_dir():
        raise FileMissing(folder)
    for layout in (_dsd100, _musdb18, _musdb18_hq, _song_folders, _one_pair):
        if songs := list(layout(folder)):
            return songs
    raise FileUnreadable(folder, "no DSD100, MUSDB18, MUSDB18-HQ, folders with stems or pairs")


def _dsd100(folder: Path) -> Iterator[Song]:
    for subset in ("Dev", "Test"):
        for song in _folders(folder / "Sources" / subset):
            yield Song(song.name, subset.lower(), _stem_readers(song))


def _musdb18(folder: Path) -> Iterator[Song]:
    for subset in ("train", "test"):
        for path in sorted((folder / subset).glob("*.stem.mp4")):
            readers = {
                part: _stream_reader(path, k)
                for k, part in enumerate(_MUSDB_STREAMS)
                if part in STEMS
            }
            yield Song(path.name.removesuffix(".stem.mp4"), subset, readers)


def _musdb18_hq(folder: Path) -> Iterator[Song]:
    for subset in ("train", "test", "valid"):
        for song in _folders(folder / subset):
            if readers := _stem_readers(song):
                yield Song(song.name, subset, readers)


def _song_folders(folder: Path) -> Iterator[Song]:
    for song in _folders(folder):
        readers = _pair_readers(song) or _stem_readers(song)
        if readers:
            yield Song(song.name, "", readers)


def _one_pair(folder: Path) -> Iterator[Song]:
    """Two long files and an index of clips in seconds: {"list": [[name, first, length], …]}."""
    readers = _pair_readers(folder)
    if readers:
        index = folder / "index.json"
        listed = json.loads(index.read_text("utf-8"))["list"] if index.is_file() else []
        clips = tuple((float(first), float(first) + float(n)) for _, first, n in listed)
        yield Song(folder.name, "", readers, clips)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _file_of(folder: Path, part: str) -> Path | None:
    found = (folder / f"{part}{suffix}" for suffix in _SUFFIXES)
    return next((p for p in found if p.is_file()), None)


def _stem_readers(folder: Path) -> dict[str, Reader]:
    found = {part: _file_of(folder, part) for part in STEMS}
    return {part: _file_reader(path) for part, path in found.items() if path is not None}


def _pair_readers(folder: Path) -> dict[str, Reader]:
    found = {part: _file_of(folder, part) for part in ("vocals", ACCOMPANIMENT)}
    readers = {part: _file_reader(path) for part, path in found.items() if path is not None}
    return readers if len(readers) == 2 else {}


def _file_reader(path: Path) -> Reader:
    return lambda: read_file(path)


def read_file(path: Path) -> tuple[Sound, int]:
    """Return a file's sound [frames, 2] and its rate."""
    decoder = open_song(path)
    try:
        blocks = [
            b.astype(np.float32) / 32768 if b.dtype == np.int16 else b for b in decoder.blocks()
        ]
        return np.concatenate(blocks), decoder.info.rate
    finally:
        decoder.close()


def _stream_reader(path: Path, stream: int) -> Reader:
    return lambda: read_stream(path, stream)


def read_stream(path: Path, stream: int) -> tuple[Sound, int]:
    """Return the sound [frames, 2] of one audio stream of an MP4 and its rate."""
    try:
        import av
    except ImportError as error:
        raise MissingExtra("train", "training") from error
    with av.open(str(path)) as container:
        track = container.streams.audio[stream]
        resampler = av.AudioResampler(format="fltp", layout="stereo")
        frames = [out for frame in container.decode(track) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
        sound = np.concatenate([f.to_ndarray() for f in frames], axis=1).T
        return np.ascontiguousarray(sound, np.float32), int(track.rate)


def at_training_rate(sound: Sound, rate: int) -> Sound:
    """Return sound [frames, 2] at 44.1 kHz."""
    if rate == RATE_HZ:
        return sound
    from scipy.signal import resample_poly

    shared = math.gcd(rate, RATE_HZ)
    made = resample_poly(sound, RATE_HZ // shared, rate // shared, axis=0)
    return made.astype(np.float32, copy=False)
