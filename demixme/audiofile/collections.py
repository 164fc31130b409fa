"""Song collections as they lie on disk: DSD100, MUSDB18, MUSDB18-HQ, folders with stems, pairs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.decode import open_song
from demixme.core.errors import FileMissing, FileUnreadable
from demixme.core.parts import STEMS

ACCOMPANIMENT = "accompaniment"
_SUFFIXES = (".wav", ".flac", ".aiff", ".ogg", ".opus", ".mp3")
#: Streams of a MUSDB18 file.
_MUSDB_STREAMS = ("mixture", "drums", "bass", "other", "vocals")

Sound = NDArray[np.float32]


@dataclass(frozen=True)
class SoundSource:
    """One part's sound on disk: a file, or one audio stream of an MP4."""

    path: Path
    stream: int | None = None

    def __call__(self) -> tuple[Sound, int]:
        """Return the whole sound [frames, 2] and its rate in Hz."""
        return read_file(self.path) if self.stream is None else read_stream(self.path, self.stream)


@dataclass(frozen=True)
class Song:
    """One song: `readers` by part, either of the four stems or vocals and accompaniment.

    `mixture` is the collection's own mix, where it has one. `clips` are first and last second of
    independent pieces within it; empty for the whole song.
    """

    name: str
    subset: str
    readers: dict[str, SoundSource]
    mixture: SoundSource | None = None
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
    for layout in (_dsd100, _musdb18, _musdb18_hq, _song_folders, _one_pair, _one_song):
        if songs := list(layout(folder)):
            return songs
    raise FileUnreadable(folder, "no DSD100, MUSDB18, MUSDB18-HQ, folders with stems or pairs")


def _dsd100(folder: Path) -> Iterator[Song]:
    for subset in ("Dev", "Test"):
        for song in _folders(folder / "Sources" / subset):
            mixture = _mixture(folder / "Mixtures" / subset / song.name)
            yield Song(song.name, subset.lower(), _stem_sources(song), mixture)


def _musdb18(folder: Path) -> Iterator[Song]:
    for subset in ("train", "test"):
        for path in sorted((folder / subset).glob("*.stem.mp4")):
            streams = {part: SoundSource(path, k) for k, part in enumerate(_MUSDB_STREAMS)}
            mixture = streams.pop("mixture")
            yield Song(path.name.removesuffix(".stem.mp4"), subset, streams, mixture)


def _musdb18_hq(folder: Path) -> Iterator[Song]:
    for subset in ("train", "test", "valid"):
        for song in _folders(folder / subset):
            if stems := _stem_sources(song):
                yield Song(song.name, subset, stems, _mixture(song))


def _song_folders(folder: Path) -> Iterator[Song]:
    for song in _folders(folder):
        yield from _one_song(song)


def _one_song(folder: Path) -> Iterator[Song]:
    if sources := _pair_sources(folder) or _stem_sources(folder):
        yield Song(folder.name, "", sources, _mixture(folder))


def _one_pair(folder: Path) -> Iterator[Song]:
    """Two long files and an index of clips in seconds: {"list": [[name, first, length], …]}."""
    sources = _pair_sources(folder)
    if sources:
        index = folder / "index.json"
        listed = json.loads(index.read_text("utf-8"))["list"] if index.is_file() else []
        clips = tuple((float(first), float(first) + float(n)) for _, first, n in listed)
        yield Song(folder.name, "", sources, clips=clips)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def file_of(folder: Path, part: str) -> Path | None:
    """Return the sound file of a part in a folder, None where there is none."""
    found = (folder / f"{part}{suffix}" for suffix in _SUFFIXES)
    return next((p for p in found if p.is_file()), None)


def _sources(folder: Path, parts: tuple[str, ...]) -> dict[str, SoundSource]:
    found = {part: file_of(folder, part) for part in parts}
    return {part: SoundSource(path) for part, path in found.items() if path is not None}


def _stem_sources(folder: Path) -> dict[str, SoundSource]:
    return _sources(folder, STEMS)


def _pair_sources(folder: Path) -> dict[str, SoundSource]:
    sources = _sources(folder, ("vocals", ACCOMPANIMENT))
    return sources if len(sources) == 2 else {}


def _mixture(folder: Path) -> SoundSource | None:
    return _sources(folder, ("mixture",)).get("mixture")


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


def read_stream(path: Path, stream: int) -> tuple[Sound, int]:
    """Return the sound [frames, 2] of one audio stream of an MP4 and its rate."""
    import av  # late: it is large

    with av.open(str(path)) as container:
        track = container.streams.audio[stream]
        resampler = av.AudioResampler(format="fltp", layout="stereo")
        frames = [out for frame in container.decode(track) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
        sound = np.concatenate([f.to_ndarray() for f in frames], axis=1).T
        return np.ascontiguousarray(sound, np.float32), int(track.rate)
