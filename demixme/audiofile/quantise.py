"""Float samples to whole numbers of 16 or 24 bits, the same for every cut into blocks."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import InvalidValue

_KEY = 0x44656D69784D45  # any constant: the same export twice must be the same file
_WORDS_PER_STEP = 4  # a Philox counter makes four 64-bit words


class Quantiser:
    """Rounds, clips and dithers.

    A sample that lies on the grid of whole numbers passes untouched; only where bits are really
    dropped triangular dither of ±1 LSB is added before rounding (Lipshitz, Wannamaker, Vanderkooy:
    Quantization and Dither, JAES 1992). The dither of a sample follows from its place in the song.

    Parameters
    ----------
    bits : int
        16 or 24.
    stream : int
        Which dither of many; files that will be added again want different ones.
    """

    def __init__(self, bits: int, stream: int = 0) -> None:
        if bits not in (16, 24):
            raise InvalidValue("bits", bits, "16, 24")
        self.bits = bits
        self.lowest = -(1 << (bits - 1))
        self.highest = (1 << (bits - 1)) - 1
        self._stream = stream

    def whole(self, block: NDArray[np.float32], first_frame: int) -> NDArray[np.int32]:
        """Return a block as whole numbers within the range of `bits`.

        Parameters
        ----------
        block : np.ndarray [shape=(frames, channels), float32]
            −1…1; more is clipped, what is no number becomes 0.
        first_frame : int
            The block's place in the file, ≥ 0.

        Returns
        -------
        np.ndarray [shape=(frames, channels), int32]
        """
        scaled = np.multiply(block, float(1 << (self.bits - 1)), dtype=np.float64)
        np.nan_to_num(scaled, copy=False, nan=0.0)
        rounded = np.rint(scaled)
        dropped = rounded != scaled
        if dropped.any():
            scaled += self._dither(first_frame, scaled.shape)
            np.rint(scaled, out=rounded, where=dropped)
        return np.clip(rounded, self.lowest, self.highest).astype(np.int32)

    def _dither(self, first_frame: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
        frames, channels = shape
        skipped = first_frame * channels % _WORDS_PER_STEP
        step = first_frame * channels // _WORDS_PER_STEP
        generator = np.random.Philox(key=_KEY + (self._stream << 64), counter=step)
        words = generator.random_raw(skipped + frames * channels)[skipped:]
        halves = (words >> np.uint64(32)).astype(np.float64)
        halves += (words & np.uint64(0xFFFFFFFF)).astype(np.float64)
        halves *= 2.0**-32
        halves -= 1.0
        return halves.reshape(shape)
