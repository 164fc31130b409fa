"""A limiter for what lies between the samples (true peak, ITU-R BS.1770-4, annex 2)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from demixme.dsp.limiter import Limiter

_TIMES = 4  # oversampling
_REACH = 16  # frames of the interpolating filter on each side
_BETA = 5.0  # its Kaiser window


class TruePeaks:
    """The largest |x| at, just before and just after each frame, of the signal oversampled 4×.

    Streams; any cut of the input gives the same output. The result runs `delay_frames` behind.

    Attributes
    ----------
    delay_frames : int
    """

    def __init__(self) -> None:
        self.delay_frames = _REACH
        self._history = np.zeros((2 * _REACH, 2), np.float32)
        self._before = 0.0  # the largest between the last frame given and the one before it
        k = np.arange(2 * _REACH) - (_REACH - 1)
        window = np.kaiser(2 * _REACH * _TIMES + 1, _BETA)
        self._filters = np.empty((2 * _REACH, _TIMES - 1))
        for phase in range(1, _TIMES):
            at = k - phase / _TIMES
            taps = np.sinc(at) * window[np.rint(at * _TIMES).astype(int) + _REACH * _TIMES]
            self._filters[:, phase - 1] = taps / taps.sum()

    def process(self, x: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Take the next frames; return those of `delay_frames` ago, and their true peaks.

        Parameters
        ----------
        x : np.ndarray [shape=(frames, 2), float32]

        Returns
        -------
        delayed : np.ndarray [shape=(frames, 2), float32]
        peaks : np.ndarray [shape=(frames,), float64]
            The louder channel's.
        """
        n = len(x)
        joined = np.concatenate([self._history, x])
        self._history = joined[n:]
        delayed = joined[_REACH : _REACH + n]
        between = np.zeros(n)  # behind each of the delayed frames
        for channel in range(2):
            reach = sliding_window_view(joined[:, channel], 2 * _REACH)[1:]
            np.maximum(between, np.abs(reach @ self._filters).max(axis=1, initial=0.0), out=between)
        peaks = np.maximum(np.abs(delayed).max(axis=1), between)
        before = np.concatenate([[self._before], between[:-1]]) if n else between
        self._before = float(between[-1]) if n else self._before
        return delayed, np.maximum(peaks, before)


class TruePeakLimiter:
    """The limiter of `dsp.limiter` at −1 dBTP, with no regard to how loud the song itself is.

    Parameters
    ----------
    rate : int
    most_frames : int
        Blocks longer than this are done in pieces.

    Attributes
    ----------
    delay_frames : int
        Frames by which the output runs behind.
    """

    def __init__(self, rate: int, most_frames: int = 2048) -> None:
        self._peaks = TruePeaks()
        self._limiter = Limiter(rate, most_frames)
        self.delay_frames = self._limiter.delay_frames + self._peaks.delay_frames

    def process(self, x: NDArray[np.float32], out: NDArray[np.float32]) -> None:
        """Limit the next frames.

        Parameters
        ----------
        x : np.ndarray [shape=(frames, 2), float32]
        out : np.ndarray [shape=(frames, 2), float32]
            What came in `delay_frames` ago. May be `x`.
        """
        delayed, peaks = self._peaks.process(x)
        self._limiter.process_peaks(delayed, peaks, out)
