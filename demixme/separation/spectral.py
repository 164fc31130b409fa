"""What separators that mask the mixture's spectrum have in common: reading, level, STFT, rates."""

import math
from abc import abstractmethod
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.modelspec import ModelSpec
from demixme.dsp.resample import Resampler
from demixme.dsp.stft import Stft
from demixme.separation.grid import GridSeparator
from demixme.separation.separator import Read
from demixme.separation.session import Session
from demixme.separation.wiener import wiener_filtered

SLOT_S = 0.186
TAIL_S = 0.015
QUICK_S = (0.37, 0.74, 1.5)
_SMALLEST_RMS = 1e-3  # what is softer than this is not amplified further


class SpectralSeparator(GridSeparator):
    """A call: read, bring to the model's rate, STFT, masks, inverse of the stored parts, and back.

    The STFT is local to each call and begins where both rates have a whole frame. Frames of context
    on each side come from the song, and are zeros outside it. The network sees the call at one
    level (`ModelSpec.level_rms`), its masks are applied to the untouched mixture.

    Parameters
    ----------
    session : Session
    rate : int
        The file's, in Hz.
    context_columns : int
        STFT frames computed on each side and thrown away.
    best : bool
        Filter the parts once more by where they stand in the stereo (`wiener`): slower, for files.
    """

    def __init__(
        self, session: Session, rate: int, context_columns: int, best: bool = False
    ) -> None:
        spec = session.spec
        self.session = session
        self.context_columns = context_columns
        self.best = best
        self.stft = Stft(spec.n_fft, spec.hop)
        self._inward = Resampler(rate, spec.sample_rate)
        self._outward = Resampler(spec.sample_rate, rate)
        slot = _slot_frames(spec, rate, self._inward.from_period)
        call_s = spec.call_frames / spec.sample_rate
        call_slots = max(1, round(call_s * rate / slot))
        tail = min(round(TAIL_S * rate), slot)
        identity = spec.sha256 + ("+best" if best else "")
        super().__init__(spec.parts, identity, rate, slot, call_slots, tail)
        quick = {max(1, round(seconds * rate / slot)) for seconds in QUICK_S}
        self.quick_slots = tuple(sorted(n for n in quick if n < call_slots))
        self._stored = [k for k, name in enumerate(self.parts.names) if name != self.parts.rest]

    @abstractmethod
    def masks(
        self, spectra: NDArray[np.complex64], gain: float, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [parts, 2, bins, time] for the columns of a call, context taken off.

        `spectra` [2, bins, time + 2 * context_columns] are those of the untouched mixture, `gain`
        brings them to the model's level. Bins above the ones returned belong to the rest.
        """

    def compute(
        self, read: Read, first_frame: int, frames: int, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [frames, stored parts, 2] of one call that begins at `first_frame`."""
        if self._inward.from_rate == self._inward.to_rate:
            return self._at_model_rate(read, first_frame, frames, interrupt)
        first, length = self._outward.source_range(first_frame, frames)
        stems = self._at_model_rate(
            lambda f, n: self._inward.piece(read, f, n), first, length, interrupt
        )
        flat = stems.reshape(length, -1)
        back = self._outward.piece(
            lambda f, n: flat[f - first : f - first + n], first_frame, frames
        )
        interrupt.check()
        return back.reshape(frames, -1, 2)

    def _at_model_rate(
        self, read: Read, first: int, frames: int, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        before, length = self.stft.needed(frames, self.context_columns)
        interrupt.check()
        mixture = read(first - before, length)
        interrupt.check()
        spectra = self.stft.forward(mixture)
        interrupt.check()
        masks = self.masks(spectra, self._gain(mixture), interrupt)
        interrupt.check()
        context = self.context_columns
        kept = spectra[:, :, context : spectra.shape[2] - context]
        return self._inverted(kept, masks, frames, interrupt)

    def _gain(self, mixture: NDArray[np.float32]) -> float:
        """Return what brings a call, from its first sound to its last, to the model's level.

        So the silence beyond the song's ends does not make a short last call louder than the rest.
        """
        level = self.session.spec.level_rms
        if level == 0.0:
            return 1.0
        power = np.einsum("ij,ij->i", mixture, mixture)
        sounding = np.flatnonzero(power)
        if not len(sounding):
            return 1.0
        span = power[sounding[0] : sounding[-1] + 1]
        rms = math.sqrt(float(span.mean(dtype=np.float64)) / 2.0)
        return level / max(rms, _SMALLEST_RMS)

    def _inverted(
        self,
        spectra: NDArray[np.complex64],
        masks: NDArray[np.float32],
        frames: int,
        interrupt: Interrupt,
    ) -> NDArray[np.float32]:
        stems = np.empty((frames, len(self._stored), 2), np.float32)
        estimates = self._filtered if self.best else self._masked
        for k, masked in enumerate(estimates(spectra, masks)):
            interrupt.check()
            self.stft.inverse(masked, stems[:, k])
        interrupt.check()
        if not np.isfinite(stems).all():
            raise SeparationFailed(
                self.session.spec.name, "it returned samples that are no numbers"
            )
        return stems

    def _masked(
        self, spectra: NDArray[np.complex64], masks: NDArray[np.float32]
    ) -> Iterator[NDArray[np.complex64]]:
        """Yield the stored parts' spectra, each in the same memory as the one before."""
        bins = masks.shape[2]
        masked = np.zeros(spectra.transpose(0, 2, 1).shape, np.complex64).transpose(0, 2, 1)
        for part in self._stored:
            np.multiply(spectra[:, :bins], masks[part], out=masked[:, :bins])
            yield masked

    def _filtered(
        self, spectra: NDArray[np.complex64], masks: NDArray[np.float32]
    ) -> Iterator[NDArray[np.complex64]]:
        """Yield the stored parts' spectra after the multichannel Wiener filter."""
        bins = masks.shape[2]
        parts = np.zeros((len(masks), *spectra.shape), np.complex64)
        np.multiply(spectra[:, :bins], masks, out=parts[:, :, :bins])
        parts[self.parts.names.index(self.parts.rest), :, bins:] = spectra[:, bins:]
        made = wiener_filtered(spectra, parts)
        for part in self._stored:
            yield made[part]


def _slot_frames(spec: ModelSpec, rate: int, period: int) -> int:
    """Return the slot's length: near 0.186 s, whole columns, whole frames at both rates."""
    unit = spec.hop if rate == spec.sample_rate else period
    return unit * max(1, round(SLOT_S * rate / unit))
