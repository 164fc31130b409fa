"""Mixes made on the fly: the stems of one song at one place, or of different songs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset, Sampler

from demixme.audiofile.collections import ACCOMPANIMENT
from demixme.core.errors import InvalidValue
from demixme.core.parts import STEMS
from demixme.training.augment import Augmentation, varispeed_frames
from demixme.training.catalogue import LEVEL_RMS
from demixme.training.data.pack import Entry, Pack

UNLIMITED_HZ = 1e9
_TRIES = 8
_SILENCE = 0.01
_OTHER, _VOCALS = STEMS.index("other"), STEMS.index("vocals")


@dataclass(frozen=True)
class Source:
    """A pack and how often it is drawn from.

    `coherent` weighs its songs against those of other packs where all stems come from one place;
    `remix` does the same for each stem where they come from different songs (1 where not given).
    """

    folder: Path
    coherent: float = 1.0
    remix: dict[str, float] = field(default_factory=dict)

    def weight(self, part: str) -> float:
        """Return how often a stem of a remix comes from here."""
        return self.remix.get(part, 1.0)


class Mixes(Dataset[dict[str, Any]]):
    """Mix number k, the same whenever and wherever it is asked for.

    Each is {"stems": [4, 2, frames], "eq": [4, nodes], "limit_hz", "split_known"}.
    """

    def __init__(
        self, sources: list[Source], frames: int, augmentation: Augmentation, seed: int = 0
    ) -> None:
        if not sources:
            raise InvalidValue("data", "", "at least one pack")
        self.sources = sources
        self.packs = [Pack(s.folder) for s in sources]
        self.frames = frames
        self.augmentation = augmentation
        self.seed = seed
        self._songs = {
            (n, part): pack.having(part) for n, pack in enumerate(self.packs) for part in pack.parts
        }
        self._complete = [
            [k for k, e in enumerate(p.entries) if p.is_pair or len(e.parts) == len(STEMS)]
            for p in self.packs
        ]

    def __getitem__(self, number: int) -> dict[str, Any]:
        rng = np.random.default_rng([self.seed, number])
        style = self.augmentation
        can_be_whole = sum(self._coherent_weights()) > 0
        coherent = can_be_whole and rng.random() < style.coherent
        if coherent:
            stems, limit_hz, known = self._one_place(rng)
        else:
            stems, limit_hz, known = self._from_everywhere(rng)
        stems = style.mix(stems, rng, coherent)
        level = float(np.sqrt(np.square(stems.sum(0)).mean()))
        swing = 10.0 ** (rng.uniform(-style.level_swing_db, style.level_swing_db) / 20.0)
        stems *= LEVEL_RMS / max(level, 1e-3) * swing
        return {
            "stems": stems.astype(np.float32),
            "eq": style.equaliser(rng),
            "limit_hz": np.float32(limit_hz or UNLIMITED_HZ),
            "split_known": known,
        }

    def _coherent_weights(self) -> list[float]:
        return [
            s.coherent if songs else 0.0
            for s, songs in zip(self.sources, self._complete, strict=True)
        ]

    def _one_place(self, rng: np.random.Generator) -> tuple[NDArray[np.float32], float, bool]:
        n = _drawn(self._coherent_weights(), rng)
        pack = self.packs[n]
        entry = pack.entries[self._complete[n][rng.integers(len(self._complete[n]))]]
        frames = varispeed_frames(self.frames, self.augmentation.varispeed, rng)
        first = _place(entry, frames, rng)
        stems = np.zeros((len(STEMS), 2, self.frames), np.float32)
        for k, part in enumerate(STEMS):
            read = ACCOMPANIMENT if pack.is_pair and k == _OTHER else part
            if read in pack.parts:
                stems[k] = _at_speed(pack.read(entry, read, first, frames), self.frames)
        return stems, entry.limit_hz, not pack.is_pair

    def _from_everywhere(self, rng: np.random.Generator) -> tuple[NDArray[np.float32], float, bool]:
        stems = np.zeros((len(STEMS), 2, self.frames), np.float32)
        limits = []
        for k, part in enumerate(STEMS):
            stems[k], limit_hz = self._piece(part, rng)
            limits.append(limit_hz)
        if rng.random() < self.augmentation.second_other:  # two songs' worth of other instruments
            more, limit_hz = self._piece(STEMS[_OTHER], rng)
            stems[_OTHER] = 0.7 * (stems[_OTHER] + more)
            limits.append(limit_hz)
        return stems, min((x for x in limits if x), default=0.0), True

    def _piece(self, part: str, rng: np.random.Generator) -> tuple[NDArray[np.float32], float]:
        """Return one stem [2, frames] of any song, mostly of a place where it sounds."""
        weights = [
            s.weight(part) if self._songs.get((n, part)) else 0.0
            for n, s in enumerate(self.sources)
        ]
        if not sum(weights):
            return np.zeros((2, self.frames), np.float32), 0.0
        n = _drawn(weights, rng)
        songs = self._songs[n, part]
        frames = varispeed_frames(self.frames, self.augmentation.varispeed, rng)
        for _ in range(_TRIES):
            entry = self.packs[n].entries[songs[rng.integers(len(songs))]]
            sound = self.packs[n].read(entry, part, _place(entry, frames, rng), frames)
            if np.abs(sound).max() > _SILENCE or rng.random() < 0.15:
                break
        return _at_speed(sound, self.frames), entry.limit_hz


def _drawn(weights: list[float], rng: np.random.Generator) -> int:
    return int(rng.choice(len(weights), p=np.array(weights) / sum(weights)))


def _place(entry: Entry, frames: int, rng: np.random.Generator) -> int:
    return int(rng.integers(max(1, entry.frames - frames)))


def _at_speed(sound: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Play [2, any] faster or slower, so that it lasts `frames`; pitch follows.

    By the length of its Fourier transform; both ends are mirrored, so that they do not meet.
    """
    there = sound.shape[1]
    if there == frames:
        return sound
    unit = there // math.gcd(there, frames)  # so that the edges, too, change by the same ratio
    edge = unit * -(-1024 // unit)
    if edge >= there:
        edge = 0
    padded = np.pad(sound, ((0, 0), (edge, edge)), mode="reflect")
    wanted = padded.shape[1] * frames // there
    spectrum = np.fft.rfft(padded, axis=1)
    made = np.fft.irfft(spectrum[:, : wanted // 2 + 1], wanted, axis=1)
    first = edge * frames // there
    kept = made[:, first : first + frames] * (frames / there)
    return kept.astype(np.float32)


class Run(Sampler[int]):
    """Numbers of the mixes of one process from a step on: nothing is seen twice, resumed or not."""

    def __init__(self, first: int, last: int, rank: int = 0, world: int = 1) -> None:
        self.first, self.last, self.rank, self.world = first, last, rank, world

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first + self.rank, self.last, self.world))

    def __len__(self) -> int:
        return len(range(self.first + self.rank, self.last, self.world))
