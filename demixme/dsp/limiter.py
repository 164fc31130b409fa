"""The limiter after the master: nothing above the threshold, and the song itself never touched.

One gain for both channels; |·| is the louder one. With x the mix, m the song's own mixture:

* T(n) = max(−1 dBFS, largest |m| over n−W … n)
* r(n) = T(n) / |x(n)| where |x(n)| > T(n), else exactly 1
* d(n) = 1 − smallest r over n … n+W
* gain(n) = 1 − Σ_{k=0…W} h_k · d(n−k), h ≥ 0, Σh = 1

So |out| ≤ T, the output runs W frames behind, and where every d in reach is 0 the gain is exactly
1.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

THRESHOLD = 10.0 ** (-1.0 / 20.0)
LOOK_AHEAD_S = 0.005


def delay_frames(rate: int) -> int:
    """Return W, the frames by which the limiter's output runs behind."""
    return int(LOOK_AHEAD_S * rate)


class Limiter:
    """Streams; no memory beyond W, so any cut of the input gives the same output.

    Nothing is allocated by size after construction.

    Parameters
    ----------
    rate : int
    most_frames : int
        Blocks longer than this are done in pieces.

    Attributes
    ----------
    delay_frames : int
        W; the first W frames put out are what was before the start: silence.
    """

    def __init__(self, rate: int, most_frames: int = 2048) -> None:
        w = self.delay_frames = delay_frames(rate)
        self._most = most_frames
        size = w + most_frames
        self._x = np.zeros((size, 2), np.float32)
        self._mixture = np.zeros(size)
        self._peak = np.zeros(size)
        self._ratio = np.ones(size)
        self._depth = np.zeros(size)
        self._work = np.zeros(size)
        self._swap = np.zeros(size)
        self._abs = np.zeros((most_frames, 2), np.float32)
        self._over = np.zeros(most_frames, np.bool_)
        self._gain = np.ones(most_frames)
        self._reach = sliding_window_view(self._depth, w + 1)
        rise = np.sin(np.pi * np.arange(1, w + 2) / (w + 2)) ** 2
        self._window = rise / rise.sum()
        self._resting = 3 * w  # frames since the last r below 1; from 2·W on all d in reach are 0

    def reset(self) -> None:
        """Forget what was before: silence."""
        for buffer in (self._x, self._mixture, self._depth):
            buffer[...] = 0.0
        self._ratio[...] = 1.0
        self._resting = 3 * self.delay_frames

    def process(
        self, x: NDArray[np.float32], mixture: NDArray[np.float32], out: NDArray[np.float32]
    ) -> None:
        """Limit the next frames.

        Parameters
        ----------
        x, mixture : np.ndarray [shape=(frames, 2), float32]
            The mix after the master, and the song as it is.
        out : np.ndarray [shape=(frames, 2), float32]
            What came in W frames ago, limited. May be `x`.
        """
        w = self.delay_frames
        for at in range(0, len(x), self._most):
            end = min(at + self._most, len(x))
            self._louder(mixture[at:end], self._mixture[w : w + end - at])
            self._louder(x[at:end], self._peak[: end - at])
            self._piece(x[at:end], out[at:end])

    def process_peaks(
        self, x: NDArray[np.float32], peaks: NDArray[np.float64], out: NDArray[np.float32]
    ) -> None:
        """Limit the next frames by peaks measured elsewhere, with T(n) = −1 dBFS throughout.

        Parameters
        ----------
        x, out : np.ndarray [shape=(frames, 2), float32]
            As in `process`.
        peaks : np.ndarray [shape=(frames,), float64]
            What counts as |x|.
        """
        w = self.delay_frames
        for at in range(0, len(x), self._most):
            end = min(at + self._most, len(x))
            self._mixture[w : w + end - at] = 0.0
            self._peak[: end - at] = peaks[at:end]
            self._piece(x[at:end], out[at:end])

    def _piece(self, x: NDArray[np.float32], out: NDArray[np.float32]) -> None:
        n, w = len(x), self.delay_frames
        self._x[w : w + n] = x
        peak, over = self._peak[:n], self._over[:n]
        floor = self._work[:n]
        np.maximum(self._mixture[w : w + n], THRESHOLD, out=floor)
        np.greater(peak, floor, out=over)
        if self._resting >= 2 * w and not over.any():
            out[...] = self._x[:n]
            self._resting += n
        else:
            self._limit(n, out)
        for history in (self._x, self._mixture, self._ratio, self._depth):
            history[:w] = history[n : n + w]

    def _louder(self, x: NDArray[np.float32], out: NDArray[np.float64]) -> None:
        both = self._abs[: len(x)]
        np.abs(x, out=both)
        np.maximum(both[:, 0], both[:, 1], out=out)

    def _limit(self, n: int, out: NDArray[np.float32]) -> None:
        w = self.delay_frames
        peak, over, gain = self._peak[:n], self._over[:n], self._gain[:n]
        allowed = self._extreme(np.maximum, self._mixture, n)
        np.maximum(allowed, THRESHOLD, out=allowed)
        np.greater(peak, allowed, out=over)
        ratio = self._ratio[w : w + n]
        ratio[...] = 1.0
        np.divide(allowed, peak, out=ratio, where=over)
        np.subtract(1.0, self._extreme(np.minimum, self._ratio, n), out=self._depth[w : w + n])
        np.matmul(self._reach[:n], self._window, out=gain)
        np.subtract(1.0, gain, out=gain)
        np.multiply(self._x[:n], gain[:, None], out=out, casting="same_kind")
        self._note_rest(over, n)

    def _note_rest(self, over: NDArray[np.bool_], n: int) -> None:
        """Count the frames since r was last below 1; a window's full reach of W is in `_ratio`."""
        if over.any():
            self._resting = int(np.argmax(over[::-1]))
        else:
            self._resting += n
        if self._resting >= 2 * self.delay_frames:  # rounding aside, nothing is left: make it exact
            self._ratio[...] = 1.0
            self._depth[...] = 0.0

    def _extreme(self, take: np.ufunc, buffer: NDArray[np.float64], n: int) -> NDArray[np.float64]:
        """Return the extreme of each W + 1 neighbours [n], by doubling; a work buffer."""
        window, length = 1, self.delay_frames + n
        a, b = self._work, self._swap
        a[:length] = buffer[:length]
        whole = self.delay_frames + 1
        while window < whole:
            step = min(window, whole - window)
            take(a[: length - step], a[step:length], out=b[: length - step])
            a, b = b, a
            length -= step
            window += step
        return a[:n]
