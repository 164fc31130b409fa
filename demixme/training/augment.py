"""Augmentation of one mix: loudness, balance, drive, silence, equaliser, mastering."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from demixme.core.parts import STEMS
from demixme.training.mastering import compressor_gain
from demixme.training.seedaugment import seed_mix

Sound = NDArray[np.float32]
RATE_HZ = 44100
EQ_NODES = 7
_EQ_LOWEST_HZ = 100.0
_VOCALS = STEMS.index("vocals")
_CELL = RATE_HZ // 10


@dataclass(frozen=True)
class Augmentation:
    """How often and how much. The defaults are the recipe's; `style` "seed" takes the seed's eight.

    Attributes
    ----------
    coherent : float
        How often all stems come from one place of one song.
    loudness_db : tuple of float
        Mean loudness of each stem where it sounds, RMS; `loudness_spread_db` is its deviation.
    silent : float
        How often a stem is left out.
    mastering : float
        How often the gain curve of a compressor on the sum is applied to every stem.
    """

    style: str = "recipe"
    coherent: float = 0.5
    varispeed: float = 0.35
    second_other: float = 0.35
    loudness_db: tuple[float, ...] = (-20.0, -17.0, -20.0, -19.0)
    loudness_spread_db: float = 3.5
    relevel: float = 0.3
    swap: float = 0.5
    mono_stem: float = 0.1
    mono_mix: float = 0.1
    silent: float = 0.13
    balance: float = 0.3
    drive: float = 0.12
    equalised: float = 0.5
    equaliser_db: float = 4.0
    mastering: float = 0.4
    mastering_db: tuple[float, float] = (2.0, 8.0)
    level_swing_db: float = 6.0

    def mix(self, stems: Sound, rng: np.random.Generator, coherent: bool) -> Sound:
        """Return the stems [4, 2, frames] as they go into the mix; their sum is the mix."""
        if self.style == "seed":
            return seed_mix(stems, rng)
        made = np.stack([self._stem(k, x, rng, coherent) for k, x in enumerate(stems)])
        if rng.random() < self.mono_mix:
            made = np.repeat(made.mean(1, keepdims=True), 2, 1)
        if rng.random() < self.mastering:
            made *= compressor_gain(made.sum(0), rng.uniform(*self.mastering_db), rng)
        return made.astype(np.float32)

    def _stem(self, k: int, x: Sound, rng: np.random.Generator, coherent: bool) -> Sound:
        relevel = rng.random() < self.relevel or not coherent
        target_db = rng.normal(self.loudness_db[k], self.loudness_spread_db)
        level = loudness(x)
        if relevel and level > 2e-3:
            x = x * (10.0 ** (target_db / 20.0) / level)
        x = x * 10.0 ** (rng.uniform(-3.0, 3.0) / 20.0)
        if rng.random() < self.swap:
            x = x[::-1]
        if rng.random() < self.mono_stem:
            x = np.repeat(x.mean(0, keepdims=True), 2, 0)
        if rng.random() < self.silent:
            x = np.zeros_like(x)
        if rng.random() < self.balance:
            x = x * rng.uniform(0.5, 1.0, (2, 1)).astype(np.float32)
        if k != _VOCALS and rng.random() < self.drive:
            push = 10.0 ** (rng.uniform(0.0, 12.0) / 20.0) / max(float(np.abs(x).max()), 1e-3)
            x = np.tanh(x * push) / push
        sign = 1.0 if rng.random() < 0.5 else -1.0
        return (x * sign).astype(np.float32)

    def equaliser(self, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return gains in dB at the nodes of a smooth curve for each stem [4, nodes]."""
        nodes = rng.standard_normal((len(STEMS), EQ_NODES)) * self.equaliser_db
        flat = rng.random((len(STEMS), 1)) >= self.equalised
        if self.style == "seed":
            flat[:] = True
        return np.where(flat, 0.0, nodes).astype(np.float32)


def varispeed_frames(frames: int, often: float, rng: np.random.Generator) -> int:
    """Return how much to read for `frames`: up to 3 semitones faster or slower, or the same."""
    if rng.random() >= often:
        return frames
    return round(frames * 2.0 ** (rng.uniform(-3.0, 3.0) / 12.0) / 256) * 256


def loudness(x: Sound) -> float:
    """Return the RMS of [2, frames] where it sounds: cells of 0.1 s within 20 dB of the loudest."""
    cells = np.square(x[:, : x.shape[1] // _CELL * _CELL]).mean(0).reshape(-1, _CELL).mean(1)
    if not len(cells):
        return float(np.sqrt(np.square(x).mean()))
    return float(np.sqrt(cells[cells >= 0.01 * cells.max()].mean()))


def equalised(spectra: Tensor, nodes_db: Tensor) -> Tensor:
    """Return spectra [batch, 4, 2, bins, time], each stem with its curve [batch, 4, nodes]."""
    bins = spectra.shape[3]
    hz = torch.arange(bins, device=spectra.device) * (RATE_HZ / 2 / (bins - 1))
    place = torch.log1p(hz / _EQ_LOWEST_HZ)
    place = place / place[-1] * (nodes_db.shape[-1] - 1 - 1e-3)
    below = place.long()
    share = place - below
    gain_db = nodes_db[..., below] * (1.0 - share) + nodes_db[..., below + 1] * share
    return spectra * (10.0 ** (gain_db / 20.0))[:, :, None, :, None]
