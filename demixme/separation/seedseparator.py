"""Separator for networks that return magnitudes for a window sliding over the spectrum."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.interrupt import Interrupt
from demixme.separation.session import Session
from demixme.separation.spectral import SpectralSeparator

_BATCH = 16
_TINY = np.float32(1e-9)


class SeedSeparator(SpectralSeparator):
    """Layouts ``log2_magnitude`` → ``magnitude``, as in the seed of this project.

    L. Pepino, "Fast music source separation", thesis, UNTREF (2019): a window of 21 STFT frames
    every 3 frames, the 7 predictions of each frame averaged, masks made again from the averages.
    Windows stand on a grid of the call's own and reach into the context on both sides, so every
    frame, the first and the last included, is averaged over the full number of windows.
    """

    def __init__(self, session: Session, rate: int, best: bool = False) -> None:
        spec = session.spec
        least = spec.window_frames - 1
        super().__init__(session, rate, max(least, spec.context_frames // spec.hop), best)

    def masks(
        self, spectra: NDArray[np.complex64], gain: float, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [parts, 2, bins, time] for the columns of a call, context taken off."""
        spec = self.session.spec
        columns = np.ascontiguousarray(np.abs(spectra[:, : spec.input.bins]))
        np.multiply(columns, np.float32(gain), out=columns)
        np.log1p(columns, out=columns)
        np.multiply(columns, np.float32(1.0 / np.log(2.0)), out=columns)
        sums = self._window_sums(columns, interrupt)
        context = self.context_columns
        sums = sums[..., context : sums.shape[-1] - context]
        # every column is in a window as often as in any other but for strides that do not divide
        # the window; a mask is a ratio within one column, so the count cancels
        np.divide(sums, sums.sum(axis=0) + _TINY, out=sums)
        return sums

    def _window_sums(
        self, columns: NDArray[np.float32], interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return the predictions added up where windows overlap, [parts, 2, bins, columns]."""
        spec = self.session.spec
        starts = self.window_starts(columns.shape[2])
        shape = (len(self.parts.names), 2, spec.output.bins, columns.shape[2])
        sums = np.zeros(shape, np.float32)
        batch = self.session.batch or _BATCH
        for at in range(0, len(starts), batch):
            group = starts[at : at + batch]
            windows = np.zeros((batch, 2, columns.shape[1], spec.window_frames), np.float32)
            for row, start in enumerate(group):
                windows[row] = columns[:, :, start : start + spec.window_frames]
            made = self.session.run(windows, interrupt)
            for row, start in enumerate(group):
                sums[..., start : start + spec.window_frames] += np.maximum(made[row], 0.0)
        return sums

    def window_starts(self, columns: int) -> list[int]:
        """Return first columns of the windows: all that reach into the kept columns."""
        spec = self.session.spec
        first, end = self.context_columns, columns - self.context_columns
        kept = end - first
        stride, width = spec.stride_frames, spec.window_frames
        back = (width - 1) // stride
        return [first + k * stride for k in range(-back, (kept - 1) // stride + 1)]
