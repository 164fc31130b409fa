"""The seed's two-encoder network: percussive and harmonic filters, one latent vector, four sources.

L. Pepino, "Fast Music Source Separation" (2019). STFT 2048 / 512, windows of 21 frames.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demixme.core.parts import STEMS

BINS = 1025
WINDOW_FRAMES = 21
STRIDE_FRAMES = 3
_PERCUSSIVE = (64, 16)  # channels and time positions after the two "vertical" layers
_HARMONIC = (64, 24)  # channels and frequency positions after the two "horizontal" layers
_EPSILON = 1e-7


@dataclass(frozen=True)
class Seed2019Config:
    """Nothing about the seed's network can be chosen but its latent size, for tests."""

    latent: int = 1024

    n_fft: int = 2048
    hop: int = 512


class Seed2019(nn.Module):
    """Log magnitudes [batch, 2, 1025, 21] to those of the sources [batch, 4, 2, 1025, 21]."""

    def __init__(self, config: Seed2019Config | None = None) -> None:
        super().__init__()
        self.config = config or Seed2019Config()
        latent = self.config.latent
        percussive = _PERCUSSIVE[0] * _PERCUSSIVE[1]
        harmonic = _HARMONIC[0] * _HARMONIC[1]
        self.percussive_encoder = nn.Sequential(
            nn.BatchNorm2d(2),
            nn.Conv2d(2, 64, (BINS, 1), bias=False),
            nn.ReLU(),
            nn.BatchNorm2d(64),
            nn.Conv2d(64, 64, (1, 6), bias=False),
            nn.ReLU(),
            nn.BatchNorm2d(64),
        )
        self.harmonic_encoder = nn.Sequential(
            nn.BatchNorm2d(2),
            nn.Conv2d(2, 32, (1, WINDOW_FRAMES), bias=False),
            nn.ReLU(),
            nn.BatchNorm2d(32),
            nn.Conv2d(32, 64, (82, 1), stride=(41, 1), bias=False),
            nn.ReLU(),
            nn.BatchNorm2d(64),
        )
        self.latent = nn.Linear(percussive + harmonic, latent, bias=False)
        self.percussive_sources = nn.ModuleList(nn.Linear(latent, percussive) for _ in STEMS)
        self.harmonic_sources = nn.ModuleList(nn.Linear(latent, harmonic) for _ in STEMS)
        self.percussive_decoder = nn.Sequential(
            nn.ConvTranspose2d(64, 64, (1, 6), bias=False),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 2, (BINS, 1), bias=False),
            nn.ReLU(),
        )
        self.harmonic_decoder = nn.Sequential(
            nn.ConvTranspose2d(64, 32, (82, 1), stride=(41, 1), bias=False),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 2, (1, WINDOW_FRAMES), bias=False),
            nn.ReLU(),
        )

    def sources(self, features: Tensor) -> Tensor:
        """Return the raw source magnitudes, before they are made to sum to the mixture."""
        vertical = self.percussive_encoder(features).flatten(1)
        horizontal = self.harmonic_encoder(features).flatten(1)
        latent = torch.relu(self.latent(torch.cat([vertical, horizontal], 1)))
        made = []
        for to_percussive, to_harmonic in zip(
            self.percussive_sources, self.harmonic_sources, strict=True
        ):
            channels, times = _PERCUSSIVE
            vertical = torch.relu(to_percussive(latent)).view(-1, channels, 1, times)
            channels, places = _HARMONIC
            horizontal = torch.relu(to_harmonic(latent)).view(-1, channels, places, 1)
            strokes = self.percussive_decoder(vertical).float()
            tones = self.harmonic_decoder(horizontal).float()
            made.append(_expanded(strokes) + _expanded(tones))
        return torch.stack(made, 1)

    def masked(self, features: Tensor, sources: Tensor) -> Tensor:
        """Return the mixture's magnitudes split in proportion to `sources`."""
        sources = sources + _EPSILON  # all silent: equal parts instead of 0 / 0
        mixture = _expanded(features.float())
        return sources / sources.sum(1, keepdim=True) * mixture[:, None]

    def forward(self, features: Tensor, raw: bool = False) -> Tensor:
        """Return the magnitudes of the sources: they sum to the mixture's unless `raw`."""
        sources = self.sources(features)
        return sources if raw else self.masked(features, sources)


def _expanded(logarithm: Tensor) -> Tensor:
    """Return 2^x − 1, of operations that ONNX knows."""
    return torch.exp(logarithm * math.log(2.0)) - 1.0
