"""The monitoring volume: after the limiter, never part of the mix."""

import numpy as np
from numpy.typing import NDArray


class Volume:
    """A ramped gain; exactly 1 leaves every sample alone. Thread: audio."""

    def __init__(self, ramp_frames: int, most_frames: int) -> None:
        self._ramp_frames = ramp_frames
        self._count = np.arange(most_frames, dtype=np.float64)[:, None]
        self._work = np.empty((most_frames, 1))
        self._start = self._target = 1.0
        self._left = 0
        self._fresh = True

    def apply(self, out: NDArray[np.float32], wanted: float) -> None:
        """Bring `out` [frames, 2] to the wanted volume in place. Thread: audio."""
        if self._fresh:
            self._fresh, self._start, self._target = False, wanted, wanted
        if wanted != self._target:
            self._start = self._now()
            self._target = wanted
            self._left = self._ramp_frames
        n = min(self._left, len(out))
        if n:
            gain = self._work[:n]
            np.add(self._count[:n], self._ramp_frames - self._left, out=gain)
            np.multiply(gain, (self._target - self._start) / self._ramp_frames, out=gain)
            np.add(gain, self._start, out=gain)
            np.multiply(out[:n], gain, out=out[:n], casting="same_kind")
            self._left -= n
        if n < len(out) and self._target != 1.0:
            np.multiply(out[n:], self._target, out=out[n:], casting="same_kind")

    def _now(self) -> float:
        done = (self._ramp_frames - self._left) / self._ramp_frames
        return self._start + (self._target - self._start) * done
