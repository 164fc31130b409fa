"""The STFT that networks are trained on, as the app computes it: Hann, zeros beyond the ends."""

import torch
from torch import Tensor


def stft(sound: Tensor, n_fft: int, hop: int) -> Tensor:
    """Return the complex STFT [..., bins, time] of sound [..., frames]."""
    flat = sound.reshape(-1, sound.shape[-1])
    window = torch.hann_window(n_fft, device=sound.device)
    spectrum = torch.stft(
        flat,
        n_fft,
        hop,
        window=window,
        center=True,
        pad_mode="constant",
        return_complex=True,
    )
    return spectrum.view(*sound.shape[:-1], *spectrum.shape[-2:])


def log1p_lrms(spectrum: Tensor, bins: int) -> Tensor:
    """Return 0.5·log1p(100·|·|) of L, R, mid and side [batch, 4, bins, time]."""
    left, right = spectrum[:, 0, :bins], spectrum[:, 1, :bins]
    half = 0.5**0.5
    both = (left, right, (left + right) * half, (left - right) * half)
    return 0.5 * torch.log1p(100.0 * torch.stack([x.abs() for x in both], 1))


def log2_magnitude(spectrum: Tensor) -> Tensor:
    """Return log2(1 + |X|), the seed's input."""
    return torch.log2(1.0 + spectrum.abs())
