"""The formula of the mixer, with ramps: ``g_rest·mix + Σ_{s ≠ rest} (g_s − g_rest)·stem_s``."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import Parts

RAMP_S = 0.025  # 10 ms still clicks on bass


class Mixer:
    """Gains per part and channel, ramped, applied to a mixture and its stored parts.

    The value of a ramp follows from the number of frames mixed since its move alone, so the size of
    the blocks never matters. Frame 0 after a move still has the old gain, frame `ramp_frames` the
    new one exactly. Where two gains are equal their bracket is exactly 0.0 and the part is not
    touched; with all gains 1 the output is the mixture, bit for bit.

    Nothing is allocated by size after construction.

    Parameters
    ----------
    parts : Parts
    rate : int
        Frames a second.
    most_frames : int
        Longest block `mix` will be given.

    Attributes
    ----------
    ramp_frames : int
    ramp_left : int
        Frames until the current move is complete; 0 when nothing moves.
    target : np.ndarray [shape=(parts, 2), float64]
        Gains after the current move.
    """

    def __init__(self, parts: Parts, rate: int, most_frames: int) -> None:
        self.ramp_frames = max(1, round(RAMP_S * rate))
        self._count = np.arange(most_frames, dtype=np.float64)
        self._fraction = np.empty((most_frames, 1))
        self._rest_gain = np.empty((most_frames, 2))
        self._bracket = np.empty((most_frames, 2))
        self._share = np.empty((most_frames, 2))
        self.use(parts)

    def use(self, parts: Parts, gain: NDArray[np.float64] | float = 1.0) -> None:
        """Take other parts, all standing at `gain` (a number, or one per channel)."""
        self.parts = parts
        self._rest = parts.names.index(parts.rest)
        self._stored = [parts.names.index(n) for n in parts.stored]
        self.ramp_left = 0
        self.target = np.empty((len(parts.names), 2))
        self.target[:] = gain
        self._start = self.target

    # ------------------------------------------------------------ gains
    def snap_to(self, gains: NDArray[np.float64]) -> None:
        """Stand at `gains` [parts, 2] at once; for while nothing sounds."""
        self._start = self.target = gains
        self.ramp_left = 0

    def move_to(self, gains: NDArray[np.float64]) -> bool:
        """Ramp from where the gains are now to `gains` [parts, 2]; False if that is the target."""
        if gains is self.target or np.array_equal(gains, self.target):
            return False
        self._start = self.gains
        self.target = gains
        self.ramp_left = self.ramp_frames
        return True

    def follow(self, whole: "Mixer", share: NDArray[np.float64]) -> None:
        """Stand where `whole` stands, and move as it does, at `share` [parts, 1] of its gains."""
        self._start = whole._start * share
        self.target = whole.target * share
        self.ramp_left = whole.ramp_left

    def skip(self, frames: int) -> None:
        """Let `frames` frames pass unheard."""
        self.ramp_left = max(0, self.ramp_left - frames)

    @property
    def gains(self) -> NDArray[np.float64]:
        """Return the gains [parts, 2] of the next frame."""
        if not self.ramp_left:
            return self.target
        done = (self.ramp_frames - self.ramp_left) / self.ramp_frames
        return self._start + (self.target - self._start) * done

    @property
    def slope(self) -> NDArray[np.float64]:
        """Return how far the gains [parts, 2] go with each frame now."""
        if not self.ramp_left:
            return np.zeros_like(self.target)
        return (self.target - self._start) / self.ramp_frames

    @property
    def stem_frames(self) -> int | None:
        """Return for how many frames stems are needed: 0, the ramp's rest, or None without end."""
        if not _equal(self.target):
            return None
        return 0 if not self.ramp_left or _equal(self._start) else self.ramp_left

    # ------------------------------------------------------------ sound
    def mix(
        self,
        out: NDArray[np.float32],
        mixture: NDArray[np.float32],
        stems: NDArray[np.float32] | None,
    ) -> None:
        """Write the mix of the next frames into `out`.

        Parameters
        ----------
        out, mixture : np.ndarray [shape=(frames, 2), float32]
            `out` must not be `mixture`.
        stems : np.ndarray [shape=(frames, stored parts, 2), float32] or None
            May be None where `stem_frames` is 0.
        """
        n = min(self.ramp_left, len(out))
        if n:
            self._mix_ramp(out[:n], mixture[:n], stems)
            self.ramp_left -= n
        if n < len(out):
            self._mix_steady(out[n:], mixture[n:], None if stems is None else stems[n:])

    def _mix_ramp(
        self,
        out: NDArray[np.float32],
        mixture: NDArray[np.float32],
        stems: NDArray[np.float32] | None,
    ) -> None:
        n = len(out)
        fraction, rest_gain, bracket = self._fraction[:n], self._rest_gain[:n], self._bracket[:n]
        np.add(self._count[:n], self.ramp_frames - self.ramp_left, out=fraction[:, 0])
        np.divide(fraction, self.ramp_frames, out=fraction)
        self._ramp_of(self._rest, fraction, rest_gain)
        np.multiply(mixture, rest_gain, out=out, casting="same_kind")
        for k, part in enumerate(self._stored):
            if self._bracket_is_zero(part):
                continue
            self._ramp_of(part, fraction, bracket)
            np.subtract(bracket, rest_gain, out=bracket)
            self._add(out, stems, k, bracket)

    def _ramp_of(self, part: int, fraction: NDArray[np.float64], out: NDArray[np.float64]) -> None:
        np.multiply(fraction, self.target[part] - self._start[part], out=out)
        np.add(out, self._start[part], out=out)

    def _bracket_is_zero(self, part: int) -> bool:
        return bool(
            (self._start[part] == self._start[self._rest]).all()
            and (self.target[part] == self.target[self._rest]).all()
        )

    def _mix_steady(
        self,
        out: NDArray[np.float32],
        mixture: NDArray[np.float32],
        stems: NDArray[np.float32] | None,
    ) -> None:
        gains = self.target
        rest_gain = gains[self._rest]
        np.multiply(mixture, rest_gain, out=out, casting="same_kind")
        for k, part in enumerate(self._stored):
            bracket = gains[part] - rest_gain
            if bracket.any():
                self._add(out, stems, k, bracket)

    def _add(
        self,
        out: NDArray[np.float32],
        stems: NDArray[np.float32] | None,
        k: int,
        bracket: NDArray[np.float64],
    ) -> None:
        assert stems is not None, "these gains need stems"
        n = len(out)
        share = self._share[:n]
        np.multiply(stems[:n, k], bracket, out=share)
        np.add(out, share, out=out, casting="same_kind")


def _equal(gains: NDArray[np.float64]) -> bool:
    return bool((gains == gains[0]).all())
