"""Separator for networks that return masks for any stretch of the spectrum."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.interrupt import Interrupt
from demixme.separation.session import Session
from demixme.separation.spectral import SpectralSeparator

_HALF_POWER = np.float32(0.5**0.5)


class MaskSeparator(SpectralSeparator):
    """Layouts ``log1p_lrms`` → ``mask``.

    Features are ``0.5 log(1 + 100 |·|)`` of left, right, (left + right)/√2, (left − right)/√2.
    """

    def __init__(self, session: Session, rate: int, best: bool = False) -> None:
        super().__init__(session, rate, session.spec.context_frames // session.spec.hop, best)

    def masks(
        self, spectra: NDArray[np.complex64], gain: float, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [parts, 2, bins, time] for the columns of a call, context taken off."""
        bins = self.session.spec.input.bins
        features = np.empty((1, 4, bins, spectra.shape[2]), np.float32)
        left, right = spectra[0, :bins], spectra[1, :bins]
        for k, signal in enumerate((left, right, left + right, left - right)):
            size = np.abs(signal)
            np.multiply(size, np.float32(100.0 * gain) * (_HALF_POWER if k > 1 else 1), out=size)
            np.log1p(size, out=size)
            np.multiply(size, np.float32(0.5), out=features[0, k])
        interrupt.check()
        masks: NDArray[np.float32] = self.session.run(features, interrupt)[0]
        return masks[..., self.context_columns : masks.shape[-1] - self.context_columns]
