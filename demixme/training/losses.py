"""What a network is trained to make small: the default network's loss, and the seed's."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import torch
from torch import Tensor, nn

from demixme.core.parts import STEMS
from demixme.training.networks.seed2019 import WINDOW_FRAMES, Seed2019
from demixme.training.networks.unet import UNet
from demixme.training.spectra import log1p_lrms, log2_magnitude

RATE_HZ = 44100
VOCALS, OTHER = STEMS.index("vocals"), STEMS.index("other")
#: Sums of two stems whose error is looked at too; the other three pairs have the same errors.
_PAIRS = ((0, 1), (0, 2), (1, 2))
_STEM_WEIGHTS = (1.3, 1.2, 1.1, 0.8)
_AMPLITUDE_WEIGHT, _ROOT_WEIGHT, _RATIO_WEIGHT, _PAIR_WEIGHT = 1.5, 1.0, 1.0, 0.25


@dataclass(frozen=True)
class Truth:
    """The stems of a batch of mixes.

    Attributes
    ----------
    spectra : Tensor [shape=(batch, 4, 2, bins, time), complex64]
        Where only vocals and accompaniment are known, all of the accompaniment stands in "other".
    limit_hz : Tensor [shape=(batch,)]
        Nothing is known above this frequency.
    split_known : Tensor [shape=(batch,), bool]
        Whether bass, drums and other are known apart.
    """

    spectra: Tensor
    limit_hz: Tensor
    split_known: Tensor

    @property
    def mixture(self) -> Tensor:
        """Return the spectrum of the sum [batch, 2, bins, time]."""
        return self.spectra.sum(1)

    def band(self) -> Tensor:
        """Return [batch, 1, 1, bins, 1]: 1 where the truth is known, 0 above the limit."""
        bins = self.spectra.shape[3]
        hz = torch.arange(bins, device=self.limit_hz.device) * (RATE_HZ / 2 / (bins - 1))
        return (hz[None] <= self.limit_hz[:, None]).float()[:, None, None, :, None]


class MaskLoss:
    """Loss of real masks on the complex spectrum: amplitudes, their roots, and signal to noise.

    Per stem ``1.5·L1(re, im)/scale + L1(√|·|)/√scale + log10((‖ŝ−s‖² + ε)/(‖s‖² + ε))``, and
    a quarter of that ratio for the sums of two stems. The ratio puts weight where the energy is:
    without it the lowest bins, which hold nearly all of kick and bass, are never learned.
    """

    names = tuple(f"{kind}_{stem}" for kind in ("l1", "bel") for stem in STEMS)

    def __init__(self, ratio_weight: float = _RATIO_WEIGHT, compiled: bool = False) -> None:
        self.ratio_weight = ratio_weight
        self._terms = torch.compile(_mask_terms, dynamic=False) if compiled else _mask_terms

    def features(self, network: UNet, mixture: Tensor) -> Tensor:
        """Return what the network is fed for a mixture's spectrum."""
        return log1p_lrms(mixture, network.config.bins)

    def __call__(self, network: nn.Module, truth: Truth) -> tuple[Tensor, Tensor]:
        """Return the loss and, in the order of `names`, its parts without weights."""
        mixture = truth.mixture
        bare: Any = getattr(network, "module", network)
        masks = network(self.features(bare, mixture))
        terms = self._terms(
            masks, torch.view_as_real(mixture), torch.view_as_real(truth.spectra), truth.band()
        )
        amplitude, root, ratio, pairs = terms
        weights = torch.tensor(_STEM_WEIGHTS, device=masks.device)
        known = truth.split_known[:, None].float()
        only_vocals = nn.functional.one_hot(torch.tensor(VOCALS), len(STEMS)).to(masks.device)
        weights = weights * torch.where(known > 0, 1.0, only_vocals.float())
        each = _AMPLITUDE_WEIGHT * amplitude + _ROOT_WEIGHT * root + self.ratio_weight * ratio
        loss = (each * weights).mean() + _PAIR_WEIGHT * self.ratio_weight * (pairs * known).mean()
        return loss, torch.cat([amplitude.mean(0), ratio.mean(0)]).detach()


def _mask_terms(
    masks: Tensor, mixture: Tensor, stems: Tensor, band: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return L1, L1 of roots and log energy ratio [batch, stems], and the ratio of pairs.

    `mixture` and `stems` are real views, their last axis real and imaginary part.
    """
    over = (2, 3, 4)
    scale = (mixture.square().sum(-1).sqrt() * band[:, 0]).mean((1, 2, 3))[:, None] + 1e-3
    made = masks[..., None] * mixture[:, None]
    error = made - stems
    amplitude = (error.abs().sum(-1) * band).mean(over) / scale
    quarter = (made.square().sum(-1) + 1e-12) ** 0.25 - (stems.square().sum(-1) + 1e-12) ** 0.25
    root = (quarter.abs() * band).mean(over) / scale.sqrt()
    energy = ((mixture.square().sum(-1) * band[:, 0]).sum((1, 2, 3)))[:, None]
    ratio = _log_ratio(error, stems, band, energy)
    first, second = [a for a, _ in _PAIRS], [b for _, b in _PAIRS]
    pairs = _log_ratio(
        error[:, first] + error[:, second], stems[:, first] + stems[:, second], band, energy
    )
    return amplitude, root, ratio, pairs


def _log_ratio(error: Tensor, truth: Tensor, band: Tensor, energy: Tensor) -> Tensor:
    """Return log10 of error over truth, bounded by the mixture's energy: silence counts too."""
    noise = (error.square().sum(-1) * band).sum((2, 3, 4)) + 1e-3 * energy + 1e-6
    signal = (truth.square().sum(-1) * band).sum((2, 3, 4)) + 1e-2 * energy + 1e-6
    return torch.log10(noise / signal)


class SeedLoss:
    """The seed's loss on log magnitudes of windows of 21 frames.

    Squared errors (other counts half) − 0.001·differences between estimates − 0.01·distance of
    bass, drums and vocals from the true other − 0.03·distance of vocals from it again + 0.01·error
    of the sum before it is made to fit.
    """

    names = tuple(f"mse_{stem}" for stem in STEMS)

    def features(self, network: Seed2019, mixture: Tensor) -> Tensor:
        """Return what the network is fed for a mixture's spectrum: its windows."""
        return log2_magnitude(_windows(mixture))

    def __call__(self, network: nn.Module, truth: Truth) -> tuple[Tensor, Tensor]:
        """Return the loss and the squared error of each stem."""
        band = truth.band()
        bare: Any = getattr(network, "module", network)
        mixture = self.features(bare, truth.mixture)
        stems = log2_magnitude(_windows(truth.spectra))
        raw = network(mixture, raw=True)
        made = torch.log2(1.0 + bare.masked(mixture, raw))
        count = stems.shape[0] // band.shape[0]
        band = band.repeat_interleave(count, 0)
        known = truth.split_known.repeat_interleave(count)[:, None].float()
        mse = ((made - stems).square() * band).mean((2, 3, 4))
        weights = torch.ones_like(mse)
        weights[:, OTHER] = 0.5
        vocals_only = torch.zeros_like(mse)
        vocals_only[:, VOCALS] = 1.0
        loss = (mse * torch.where(known > 0, weights, vocals_only)).sum(1)
        loss = loss - known[:, 0] * self._apart(made, stems[:, OTHER], band)
        total = torch.log2(1.0 + raw.sum(1))
        loss = loss + 0.01 * ((total - mixture).square() * band[:, 0]).mean((1, 2, 3))
        return loss.mean(), mse.mean(0).detach()

    def _apart(self, made: Tensor, other: Tensor, band: Tensor) -> Tensor:
        """Return how far the estimates lie from each other and from the true other [windows]."""
        over = (1, 2, 3)
        between = [
            ((made[:, a] - made[:, b]).square() * band[:, 0]).mean(over)
            for a, b in combinations(range(len(STEMS)), 2)
        ]
        away = {
            k: ((made[:, k] - other).square() * band[:, 0]).mean(over)
            for k in range(len(STEMS))
            if k != OTHER
        }
        return 0.001 * sum(between) + 0.01 * sum(away.values()) + 0.03 * away[VOCALS]


def _windows(x: Tensor) -> Tensor:
    """Cut [batch, ..., time] into windows of 21 frames [batch * windows, ..., 21]."""
    count = x.shape[-1] // WINDOW_FRAMES
    kept = x[..., : count * WINDOW_FRAMES]
    kept = kept.reshape(*x.shape[:-1], count, WINDOW_FRAMES).movedim(-2, 1)
    return kept.reshape(-1, *x.shape[1:-1], WINDOW_FRAMES)
