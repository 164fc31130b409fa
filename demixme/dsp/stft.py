"""Short-time Fourier transform of whole pieces, and back: the one place that transposes."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray


class Stft:
    """Periodic Hann analysis and synthesis with exact round trip.

    Frame `t` spans samples ``t * hop … t * hop + n_fft`` of the piece it is given. What stands at a
    piece's ends is the caller's choice: it hands in the samples around what it wants (`needed`).
    Synthesis is the least-squares one of D. W. Griffin and J. S. Lim, "Signal estimation from
    modified short-time Fourier transform", IEEE Trans. ASSP 32 (1984).

    Parameters
    ----------
    n_fft, hop : int
        Samples; `hop` divides `n_fft` and is at most half of it.
    """

    def __init__(self, n_fft: int, hop: int) -> None:
        self.n_fft = n_fft
        self.hop = hop
        self.lead_frames = n_fft - hop  # samples before the first one that frames cover in full
        window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)
        covered = np.square(window).reshape(-1, hop).sum(axis=0)
        self._analysis = window.astype(np.float32)
        self._synthesis = (window / np.tile(covered, n_fft // hop)).astype(np.float32)

    def columns(self, frames: int) -> int:
        """Return how many STFT frames it takes to cover `frames` samples in full."""
        return -(-(frames + self.n_fft) // self.hop) - 1

    def needed(self, frames: int, context: int) -> tuple[int, int]:
        """Return what to read for `frames` samples with `context` STFT frames on each side.

        Returns
        -------
        before : int
            Samples to read before the first one.
        length : int
            In all; `forward` makes ``columns(frames) + 2 * context`` STFT frames of them.
        """
        before = self.lead_frames + context * self.hop
        return before, (self.columns(frames) + 2 * context - 1) * self.hop + self.n_fft

    def forward(self, samples: NDArray[np.float32]) -> NDArray[np.complex64]:
        """Return the spectra of a piece.

        Parameters
        ----------
        samples : np.ndarray [shape=(frames, channels), float32]

        Returns
        -------
        np.ndarray [shape=(channels, n_fft / 2 + 1, 1 + (frames − n_fft) / hop), complex64]
            In memory time stands before bins: sums over bins and inverses run along memory.
        """
        rows = np.ascontiguousarray(samples.T)
        framed = np.lib.stride_tricks.sliding_window_view(rows, self.n_fft, axis=1)[:, :: self.hop]
        spectra: NDArray[np.complex64] = scipy.fft.rfft(framed * self._analysis, axis=2)
        return spectra.transpose(0, 2, 1)

    def inverse(self, spectra: NDArray[np.complex64], out: NDArray[np.float32]) -> None:
        """Write the samples that spectra stand for, from the first one that is covered in full.

        Parameters
        ----------
        spectra : np.ndarray [shape=(channels, n_fft / 2 + 1, time), complex64]
            Of a piece that begins `lead_frames` before `out` does.
        out : np.ndarray [shape=(frames, channels), float32]
            ``time ≥ columns(frames)``.
        """
        rows = scipy.fft.irfft(spectra.transpose(0, 2, 1), self.n_fft, axis=2)
        np.multiply(rows, self._synthesis, out=rows)
        channels, time, _ = rows.shape
        overlap = self.n_fft // self.hop
        total = rows[:, overlap - 1 :, : self.hop].copy()
        for k in range(1, overlap):
            part = rows[:, overlap - 1 - k : time - k, k * self.hop : (k + 1) * self.hop]
            np.add(total, part, out=total)
        out[...] = total.reshape(channels, -1)[:, : len(out)].T
