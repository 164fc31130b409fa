"""The default network: dense TFC-TDF U-Net on the mixture's spectrum with a recurrent bottom.

Convolution blocks with a frequency bottleneck follow Choi et al., "Investigating U-Nets with
various intermediate blocks for spectrogram-based singing voice separation" (2020). Masks are real
and sum to 1.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from demixme.core.parts import STEMS

_OUTPUTS = len(STEMS) * 2  # for each bin: every stem, left and right


@dataclass(frozen=True)
class Band:
    """Bins up to `last_bin`, `fold` neighbours of which become channels of one position."""

    last_bin: int
    fold: int


@dataclass(frozen=True)
class UNetConfig:
    """All that can be chosen; the defaults are those of the first model.

    Attributes
    ----------
    bands : tuple of Band
        How frequency is folded, from the lowest bin up to n_fft / 2. Several bands fold unevenly.
    channels, bottom : tuple of int, int
        Channels of each level of the U, and at its bottom.
    recurrent : int
        Width of the two-way LSTM at the bottom.
    low_bins : int
        The lowest bins that have an input, LSTM and output of their own; 0 for none. Convolution
        shares its weights over frequency, but kick and bass live in a handful of bins.
    dual_path : int
        Width of the LSTMs over time and then over frequency at the bottom; 0 for none.
    squeeze : int
        By how much a block's frequency bottleneck is narrower than its frequency axis.
    """

    n_fft: int = 4096
    hop: int = 1024
    bands: tuple[Band, ...] = (Band(2048, 4),)
    channels: tuple[int, ...] = (24, 32, 48, 72)
    bottom: int = 104
    recurrent: int = 256
    recurrent_layers: int = 1
    low_bins: int = 64
    dual_path: int = 0
    squeeze: int = 16

    @property
    def bins(self) -> int:
        """Return the bins the network sees: all but the highest."""
        return self.n_fft // 2

    @property
    def positions(self) -> int:
        """Return the length of the folded frequency axis."""
        edges = (0, *(band.last_bin for band in self.bands))
        widths = [b - a for a, b in pairwise(edges)]
        return sum(w // band.fold for w, band in zip(widths, self.bands, strict=True))

    def __post_init__(self) -> None:
        edges = (0, *(band.last_bin for band in self.bands))
        if edges[-1] != self.bins:
            raise ValueError(f"bands end at bin {edges[-1]}, not at {self.bins}")
        if any(
            (b - a) % band.fold for (a, b), band in zip(pairwise(edges), self.bands, strict=True)
        ):
            raise ValueError(f"a band is no multiple of its fold: {self.bands}")
        if self.positions % 2 ** len(self.channels):
            raise ValueError(f"{self.positions} positions do not halve {len(self.channels)} times")


class Block(nn.Module):
    """Convolution, residual bottleneck over frequency at each moment, residual convolution."""

    def __init__(self, channels: int, positions: int, squeeze: int) -> None:
        super().__init__()
        narrow = max(positions // squeeze, 8)
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.squeeze = nn.Linear(positions, narrow, bias=False)
        self.expand = nn.Linear(narrow, positions, bias=False)
        self.frequency_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Return [batch, channels, time, positions] of the same shape."""
        x = torch.relu(self.first_norm(self.first(x)))
        x = x + torch.relu(self.frequency_norm(self.expand(torch.relu(self.squeeze(x)))))
        return x + torch.relu(self.second_norm(self.second(x)))


class DualPath(nn.Module):
    """LSTMs over time (shared by all positions), then over frequency (shared by all moments)."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.over_time = nn.LSTM(channels, width, batch_first=True, bidirectional=True)
        self.from_time = nn.Linear(2 * width, channels)
        self.over_frequency = nn.LSTM(channels, width, batch_first=True, bidirectional=True)
        self.from_frequency = nn.Linear(2 * width, channels)
        for out in (self.from_time, self.from_frequency):  # begins as the identity
            nn.init.zeros_(out.weight)
            nn.init.zeros_(out.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return [batch, channels, time, positions] of the same shape."""
        batch, channels, time, places = x.shape
        rows = x.permute(0, 3, 2, 1).reshape(batch * places, time, channels)
        rows = rows + self.from_time(self.over_time(rows)[0])
        rows = rows.view(batch, places, time, channels).transpose(1, 2)
        rows = rows.reshape(batch * time, places, channels)
        rows = rows + self.from_frequency(self.over_frequency(rows)[0])
        return rows.view(batch, time, places, channels).permute(0, 3, 1, 2)


class LowHead(nn.Module):
    """Adds what the lowest bins say about themselves, each bin with weights of its own."""

    def __init__(self, bins: int, width: int) -> None:
        super().__init__()
        self.bins = bins
        self.entry = nn.Linear(4 * bins + width, width)
        self.lstm = nn.LSTM(width, width // 2, 2, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * width, _OUTPUTS * bins)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor, bottom: Tensor) -> Tensor:
        """Return scores [batch, 4, 2, bins, time] from the inputs and the bottom's LSTM."""
        batch, time = x.shape[0], x.shape[3]
        own = x[:, :, : self.bins].permute(0, 3, 1, 2).reshape(batch, time, 4 * self.bins)
        entry = torch.relu(self.entry(torch.cat([own, bottom], 2)))
        made = self.out(torch.cat([self.lstm(entry)[0], entry], 2)).float()
        return made.view(batch, time, len(STEMS), 2, self.bins).permute(0, 2, 3, 4, 1)


class UNet(nn.Module):
    """Features [batch, 4, n_fft/2, time] to masks [batch, 4, 2, n_fft/2 + 1, time]."""

    def __init__(self, config: UNetConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or UNetConfig()
        levels = range(len(c.channels))
        wide = (*c.channels, c.bottom)
        places = [c.positions // 2**i for i in range(len(wide))]
        self.input_mean = nn.Parameter(torch.zeros(c.bins))
        self.input_scale = nn.Parameter(torch.ones(c.bins))
        self.fold_in = nn.ModuleList(nn.Conv2d(4 * b.fold, wide[0], 1) for b in c.bands)
        self.fold_out = nn.ModuleList(nn.Conv2d(wide[0], _OUTPUTS * b.fold, 1) for b in c.bands)
        self.encoders = nn.ModuleList(Block(wide[i], places[i], c.squeeze) for i in levels)
        self.decoders = nn.ModuleList(Block(wide[i], places[i], c.squeeze) for i in levels)
        self.down = nn.ModuleList(
            nn.Conv2d(wide[i], wide[i + 1], (1, 2), stride=(1, 2)) for i in levels
        )
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(wide[i + 1], wide[i], (1, 2), stride=(1, 2)) for i in levels
        )
        self.middle = Block(c.bottom, places[-1], c.squeeze)
        self.dual_path = DualPath(c.bottom, c.dual_path) if c.dual_path else None
        flat, width = c.bottom * places[-1], c.recurrent
        self.flatten = nn.Linear(flat, width)
        self.lstm = nn.LSTM(
            width, width // 2, c.recurrent_layers, batch_first=True, bidirectional=True
        )
        self.unflatten = nn.Linear(width, flat)
        self.low = LowHead(c.low_bins, width) if c.low_bins else None

    def set_input_statistics(self, mean: Tensor, deviation: Tensor) -> None:
        """Normalise each input bin by what was measured on mixtures."""
        with torch.no_grad():
            self.input_mean.copy_(mean)
            self.input_scale.copy_(1.0 / (deviation + 0.1))

    def forward(self, features: Tensor) -> Tensor:
        """Return real masks that sum to 1 over the stems."""
        x = (features - self.input_mean[:, None]) * self.input_scale[:, None]
        folded, bottom = self._body(self._fold(x))
        scores = self._unfold(folded)
        if self.low is not None:
            low = self.low(x, bottom)
            scores = torch.cat(
                [scores[:, :, :, : self.low.bins] + low, scores[:, :, :, self.low.bins :]], 3
            )
        masks = torch.softmax(scores, 1)
        return torch.cat([masks, masks[:, :, :, -1:]], 3)  # the highest bin does as its neighbour

    def _body(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept = []
        for encoder, down in zip(self.encoders, self.down, strict=True):
            x = encoder(x)
            kept.append(x)
            x = down(x)
        x = self.middle(x)
        if self.dual_path is not None:
            x = self.dual_path(x)
        batch, channels, time, places = x.shape
        flat = self.flatten(x.permute(0, 2, 1, 3).reshape(batch, time, channels * places))
        bottom = self.lstm(torch.relu(flat))[0]
        spread = self.unflatten(bottom).view(batch, time, channels, places)
        x = x + spread.permute(0, 2, 1, 3)
        for i in reversed(range(len(kept))):
            x = self.decoders[i](self.up[i](x) + kept[i])
        return x, bottom

    def _fold(self, x: Tensor) -> Tensor:
        """[batch, 4, bins, time] to [batch, channels, time, positions]."""
        batch, channels, _, time = x.shape
        made, first = [], 0
        for band, conv in zip(self.config.bands, self.fold_in, strict=True):
            places = (band.last_bin - first) // band.fold
            part = x[:, :, first : band.last_bin].view(batch, channels, places, band.fold, time)
            part = part.permute(0, 1, 3, 4, 2).reshape(batch, channels * band.fold, time, places)
            made.append(conv(part))
            first = band.last_bin
        return torch.cat(made, 3) if len(made) > 1 else made[0]

    def _unfold(self, x: Tensor) -> Tensor:
        """[batch, channels, time, positions] to scores [batch, 4, 2, bins, time]."""
        batch, _, time, _ = x.shape
        made, first, at = [], 0, 0
        for band, conv in zip(self.config.bands, self.fold_out, strict=True):
            places = (band.last_bin - first) // band.fold
            part = conv(x[..., at : at + places]).float()
            part = part.view(batch, len(STEMS), 2, band.fold, time, places)
            part = part.permute(0, 1, 2, 5, 3, 4)
            made.append(part.reshape(batch, len(STEMS), 2, band.last_bin - first, time))
            first, at = band.last_bin, at + places
        return torch.cat(made, 3) if len(made) > 1 else made[0]
