"""A decoder's samples as the stereo blocks that a Track takes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.downmix import downmix, downmix_matrix

LOUDEST = 1000.0  # beyond this a float sample is garbage, not sound

Block = NDArray[np.int16] | NDArray[np.float32]


class StereoMaker:
    """Turns blocks of any number of channels into stereo; mends samples that are no sound.

    Parameters
    ----------
    layout : int or sequence of str
        The number of channels in WAV order, or their names (``"FL"``, ``"FC"``, …).

    Attributes
    ----------
    repaired_frames : int
        Frames that held non-finite or absurd samples, which became 0.
    """

    def __init__(self, layout: int | Sequence[str]) -> None:
        self.channels = layout if isinstance(layout, int) else len(layout)
        self.repaired_frames = 0
        self._matrix = downmix_matrix(layout)

    def stereo(self, block: Any) -> Block:
        """Return a block in stereo.

        Parameters
        ----------
        block : np.ndarray [shape=(frames, channels), int16 or float32]
            int16 for one or two channels only.

        Returns
        -------
        np.ndarray [shape=(frames, 2), of the same type]
        """
        if block.dtype == np.float32:
            block = self._repaired(block)
        if self.channels > 2:
            return downmix(block, self._matrix)
        stereo: Block = block if self.channels == 2 else np.repeat(block, 2, axis=1)
        return stereo

    def _repaired(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        sound = np.abs(block) <= LOUDEST  # False for NaN too
        if sound.all():
            return block
        self.repaired_frames += int((~sound.all(axis=1)).sum())
        return np.where(sound, block, np.float32(0.0))


def as_type(block: Block, dtype: Any) -> Block:
    """Return a block as int16 or float32, rounded and clipped where it must be."""
    if block.dtype == dtype:
        return block
    if dtype == np.float32:
        return np.multiply(block, np.float32(1 / 32768), dtype=np.float32)
    whole = np.rint(block * np.float32(32768))
    return np.asarray(np.clip(whole, -32768, 32767), np.int16)
