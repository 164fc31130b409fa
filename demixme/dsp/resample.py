"""Sample-rate conversion in pieces that are equal to converting the whole song."""

import math
from collections.abc import Callable

import numpy as np
import soxr
from numpy.typing import NDArray

_MARGIN_S = 0.05  # the filter's ring on each side of a piece; what falls into it is thrown away


class Resampler:
    """Converts pieces of an endless signal from one rate to another, without delay.

    A piece begins where both rates have a whole frame: every ``from_period`` frames of the one,
    ``to_period`` frames of the other. Frame 0 of both falls on the same instant.

    Parameters
    ----------
    from_rate, to_rate : int
        Hz.
    """

    def __init__(self, from_rate: int, to_rate: int) -> None:
        common = math.gcd(from_rate, to_rate)
        self.from_rate = from_rate
        self.to_rate = to_rate
        self.from_period = from_rate // common
        self.to_period = to_rate // common
        self.margin_periods = math.ceil(_MARGIN_S * common)

    def source_range(self, first: int, frames: int) -> tuple[int, int]:
        """Return first frame and length of what must be read to make `frames` frames at `first`."""
        period = first // self.to_period - self.margin_periods
        last = -(-(first + frames) // self.to_period) + self.margin_periods
        return period * self.from_period, (last - period) * self.from_period

    def piece(
        self, read: Callable[[int, int], NDArray[np.float32]], first: int, frames: int
    ) -> NDArray[np.float32]:
        """Return frames ``first … first + frames`` of the converted signal.

        Parameters
        ----------
        read : callable
            ``read(first, frames)`` gives [frames, channels] at `from_rate`, at any place.
        first, frames : int
            At `to_rate`; `first` may be negative.

        Returns
        -------
        np.ndarray [shape=(frames, channels), float32]
        """
        if self.from_rate == self.to_rate:
            return read(first, frames)
        start, length = self.source_range(first, frames)
        source = np.ascontiguousarray(read(start, length), np.float32)
        made = soxr.resample(source, self.from_rate, self.to_rate, quality="HQ")
        skip = first - start // self.from_period * self.to_period
        piece: NDArray[np.float32] = made[skip : skip + frames]
        return piece


class ResampleStream:
    """Converts a whole signal from front to back; in all as long as the signal, to the frame.

    The same samples however the input is cut.

    Parameters
    ----------
    from_rate, to_rate : int
        Hz.
    channels : int
    """

    def __init__(self, from_rate: int, to_rate: int, channels: int) -> None:
        self._from_rate = from_rate
        self._to_rate = to_rate
        self._channels = channels
        self._stream = soxr.ResampleStream(from_rate, to_rate, channels, "float32", quality="VHQ")
        self._taken_frames = 0
        self._given_frames = 0

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next frames and return what is ready.

        Parameters
        ----------
        block : np.ndarray [shape=(frames, channels), float32]

        Returns
        -------
        np.ndarray [shape=(frames, channels), float32]
        """
        self._taken_frames += len(block)
        made = self._converted(np.ascontiguousarray(block, np.float32), False)
        self._given_frames += len(made)
        return made

    def finish(self) -> NDArray[np.float32]:
        """Return what is left."""
        made = self._converted(np.zeros((0, self._channels), np.float32), True)
        wanted = resampled_frames(self._taken_frames, self._from_rate, self._to_rate)
        out = np.zeros((max(0, wanted - self._given_frames), self._channels), np.float32)
        out[: len(made)] = made[: len(out)]
        return out

    def _converted(self, block: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        made: NDArray[np.float32] = self._stream.resample_chunk(block, last=last)
        return made.reshape(-1, self._channels)


def resampled_frames(frames: int, from_rate: int, to_rate: int) -> int:
    """Return how long `frames` frames are at another rate, rounded to the nearest frame."""
    return (2 * frames * to_rate + from_rate) // (2 * from_rate)
