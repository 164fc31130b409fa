"""Peak and mean square of blocks of sound."""

import numpy as np
from numpy.typing import NDArray


class BlockMeter:
    """Measures blocks without allocating by size.

    Parameters
    ----------
    most_frames : int
        Longest block `measure` will be given.
    """

    def __init__(self, most_frames: int) -> None:
        self._scratch = np.empty((most_frames, 2), np.float32)

    def measure(self, x: NDArray[np.float32]) -> tuple[float, float, float, float]:
        """Return peak left, peak right, mean square left, mean square right, all linear.

        Parameters
        ----------
        x : np.ndarray [shape=(frames, 2), float32]
            At least one frame.
        """
        scratch = self._scratch[: len(x)]
        np.abs(x, out=scratch)
        peak = scratch.max(axis=0)
        np.multiply(x, x, out=scratch)
        square = scratch.mean(axis=0)
        return float(peak[0]), float(peak[1]), float(square[0]), float(square[1])
