"""Whole songs, separated exactly as the app does it, scored by global SDR."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.collections import Sound, read_file
from demixme.core.errors import FileUnreadable
from demixme.core.parts import STEMS
from demixme.separation.separator import Read, Separator
from demixme.training.data.rate import RATE_HZ, at_training_rate

_SUFFIXES = (".flac", ".wav", ".opus", ".ogg")
_SILENT_RMS = 1e-4
#: Separated at a time, so that a long song needs no memory of its own length for each part.
_PIECE_FRAMES = 60 * RATE_HZ


@dataclass(frozen=True)
class ValidationSong:
    """A song's mixture and true stems [frames, 2]; a stem may be missing or silent."""

    name: str
    mixture: Sound
    stems: dict[str, Sound]


def song_folders(folders: Iterable[Path]) -> list[Path]:
    """Return the folders that hold stems, among `folders` themselves and those within."""
    found = []
    for folder in folders:
        inside = [folder, *sorted(p for p in folder.glob("*/") if p.is_dir())]
        found += [f for f in inside if any(_stem_file(f, stem) for stem in STEMS)]
    if not found:
        raise FileUnreadable(Path(), "no folder with stems to validate on")
    return found


def _stem_file(folder: Path, stem: str) -> Path | None:
    return next((p for s in _SUFFIXES if (p := folder / f"{stem}{s}").is_file()), None)


def read_song(folder: Path, seconds: float = 0.0) -> ValidationSong:
    """Return a song, all of it or its first seconds; its mixture is the sum of its stems."""
    stems = {}
    for stem in STEMS:
        path = _stem_file(folder, stem)
        if path is not None:
            sound = at_training_rate(*read_file(path))
            stems[stem] = sound[: int(seconds * RATE_HZ)] if seconds else sound
    frames = max(map(len, stems.values()))
    padded = {k: np.pad(x, ((0, frames - len(x)), (0, 0))) for k, x in stems.items()}
    mixture = np.stack(list(padded.values())).sum(axis=0)
    return ValidationSong(folder.name, mixture, padded)


def read_from(sound: Sound) -> Read:
    """Return `sound` as separators read it: silence outside."""

    def read(first: int, frames: int) -> NDArray[np.float32]:
        made = np.zeros((frames, 2), np.float32)
        begin, end = max(first, 0), min(first + frames, len(sound))
        if end > begin:
            made[begin - first : end - first] = sound[begin:end]
        return made

    return read


def score(song: ValidationSong, separator: Separator) -> dict[str, float]:
    """Return the global SDR in dB of every stem that sounds.

    A stem that is silent in the truth gets ``<stem>_below`` instead: how far its estimate lies
    below the mixture.
    """
    read = read_from(song.mixture)
    noise = dict.fromkeys(STEMS, 0.0)
    signal = dict.fromkeys(STEMS, 0.0)
    energy = 0.0
    for first in range(0, len(song.mixture), _PIECE_FRAMES):
        frames = min(_PIECE_FRAMES, len(song.mixture) - first)
        made = separator.separate(read, first, frames)
        energy += _energy(song.mixture[first : first + frames])
        for k, stem in enumerate(separator.parts.names):
            truth = song.stems.get(stem, np.zeros_like(song.mixture))[first : first + frames]
            noise[stem] += _energy(made[:, k] - truth)
            signal[stem] += _energy(truth)
    scores = {}
    for stem in STEMS:
        if signal[stem] > _SILENT_RMS**2 * song.mixture.size:
            scores[stem] = _decibels(signal[stem], noise[stem])
        else:
            scores[f"{stem}_below"] = _decibels(energy, noise[stem])
    return scores


def _energy(x: Sound) -> float:
    return float(np.square(x, dtype=np.float64).sum())


def _decibels(signal: float, noise: float) -> float:
    return 10.0 * float(np.log10((signal + 1e-9) / (noise + 1e-9)))


def summary(scores: Iterable[dict[str, float]]) -> dict[str, float]:
    """Return the median over songs for each stem (and silent stem), and the mean of the stems."""
    columns: dict[str, list[float]] = {}
    for song in scores:
        for name, value in song.items():
            columns.setdefault(name, []).append(value)
    made = {name: float(np.median(values)) for name, values in columns.items()}
    stems = [made[s] for s in STEMS if s in made]
    if stems:
        made["mean"] = float(np.mean(stems))
    return made
