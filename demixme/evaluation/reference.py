"""A song whose parts are known: its mixture, and the truth that estimates are held against."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.collections import Song, Sound, SoundSource
from demixme.core.errors import FileEmpty
from demixme.core.parts import STEMS
from demixme.dsp.resample import Resampler
from demixme.separation.separator import Read

#: A part softer than this over the whole song counts as silent.
SILENT_RMS = 1e-4
_FINGERPRINT_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class Reference:
    """A song's mixture and true parts, all [frames, 2] float32 and of one length.

    A part that hides in another has no entry; one that never sounds has zeros.
    """

    name: str
    rate: int
    mixture: Sound
    stems: dict[str, Sound]

    @property
    def seconds(self) -> float:
        """Return the song's length."""
        return len(self.mixture) / self.rate

    @property
    def sounding(self) -> tuple[str, ...]:
        """Return the parts that can be scored, in canonical order."""
        return tuple(s for s in STEMS if s in self.stems and not is_silent(self.stems[s]))

    @property
    def silent(self) -> tuple[str, ...]:
        """Return the parts that are known to be silent."""
        return tuple(s for s in STEMS if s in self.stems and is_silent(self.stems[s]))


def is_silent(sound: Sound) -> bool:
    """Return whether a sound [frames, 2] stays below `SILENT_RMS` over its whole length."""
    return float(np.square(sound, dtype=np.float64).mean()) <= SILENT_RMS**2


def load_reference(song: Song, seconds: float = 0.0, silent: Sequence[str] = ()) -> Reference:
    """Read a song with its parts.

    Parameters
    ----------
    song : Song
    seconds : float
        Only its first seconds; 0 for all of it.
    silent : sequence of str
        Parts that never sound where a song has no file of them; without being named here a part
        without a file counts as hidden in another one and is not scored.

    Returns
    -------
    Reference
        At the rate of the collection's mixture where it has one, else of its first part. Without
        a mixture of its own the song is the sum of its parts.

    Raises
    ------
    FileEmpty
        No part holds any sound.
    """
    sources = {**song.readers} if song.mixture is None else {"mixture": song.mixture}
    sources |= {s: song.readers[s] for s in STEMS if s in song.readers}
    first = next(iter(sources.values()))
    sounds: dict[str, Sound] = {}
    rate = 0
    for part, source in sources.items():
        sound, its_rate = source()
        rate = rate or its_rate
        sound = at_rate(sound, its_rate, rate)
        sounds[part] = sound[: round(seconds * rate)] if seconds else sound
    mixture = sounds.pop("mixture", None)
    frames = len(mixture) if mixture is not None else max(map(len, sounds.values()))
    if frames == 0:
        raise FileEmpty(first.path)
    sounds = {part: fitted(x, frames) for part, x in sounds.items()}
    if mixture is None:
        mixture = np.stack(list(sounds.values())).sum(axis=0)
    nothing = {s: np.zeros((frames, 2), np.float32) for s in silent if s not in sounds}
    stems = {s: x for s, x in (sounds | nothing).items() if s in STEMS}
    return Reference(label(song), rate, mixture, stems)


def label(song: Song) -> str:
    """Return a song's name with its subset: ``test/Artist - Title``."""
    return f"{song.subset}/{song.name}" if song.subset else song.name


def fingerprint(song: Song) -> str:
    """Return what tells a song's files from others: names, sizes and beginnings, hashed."""
    found = hashlib.sha256()
    sources: dict[str, SoundSource] = {**song.readers}
    if song.mixture is not None:
        sources["mixture"] = song.mixture
    for part in sorted(sources):
        path = sources[part].path
        with open(path, "rb") as file:
            beginning = file.read(_FINGERPRINT_BYTES)
        found.update(f"{part} {sources[part].stream} {path.stat().st_size}\n".encode())
        found.update(beginning)
    return found.hexdigest()[:16]


def fitted(sound: Sound, frames: int) -> Sound:
    """Return a sound cut or filled up with silence to `frames`, as museval does with estimates."""
    if len(sound) >= frames:
        return sound[:frames]
    return np.pad(sound, ((0, frames - len(sound)), (0, 0)))


def at_rate(sound: Sound, rate: int, wanted: int) -> Sound:
    """Return a whole sound [frames, 2] at another rate in Hz."""
    if rate == wanted:
        return sound
    frames = round(len(sound) * wanted / rate)
    return Resampler(rate, wanted).piece(reader_of(sound), 0, frames)


def reader_of(sound: Sound) -> Read:
    """Return `sound` as separators read a song: silence outside."""

    def read(first: int, frames: int) -> NDArray[np.float32]:
        made = np.zeros((frames, 2), np.float32)
        begin, end = max(first, 0), min(first + frames, len(sound))
        if end > begin:
            made[begin - first : end - first] = sound[begin:end]
        return made

    return read
