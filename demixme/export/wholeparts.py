"""Parts as whole numbers that add up to the song as whole numbers."""

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.quantise import Quantiser
from demixme.core.parts import Parts
from demixme.export.stemnames import INSTRUMENTAL, VOCALS


class WholeParts:
    """Quantises song and stored parts; the rest is what they leave of the song."""

    def __init__(self, parts: Parts, bits: int) -> None:
        self.clipped_frames = 0
        self._parts = parts
        # a dither of its own for each file: equal ones would add up
        self._quantisers = [Quantiser(bits, k) for k in range(len(parts.names))]

    def cut(
        self, mixture: NDArray[np.float32], stored: NDArray[np.float32], first: int
    ) -> dict[str, NDArray[np.int32]]:
        """Return every part of a block [frames, channels], and the instrumental.

        `stored` is [frames, stored parts, channels], `first` the block's place in the files.
        """
        song, *others = self._quantisers
        left = song.whole(mixture, first)
        whole = {}
        for k, part in enumerate(self._parts.stored):
            whole[part] = others[k].whole(stored[:, k], first)
        rest = left - sum(whole.values())
        whole[self._parts.rest] = self._fitting(rest, song)
        if INSTRUMENTAL not in whole and VOCALS in whole:
            whole[INSTRUMENTAL] = self._fitting(left - whole[VOCALS], song)
        return whole

    def _fitting(self, block: NDArray[np.int32], song: Quantiser) -> NDArray[np.int32]:
        fitting = np.clip(block, song.lowest, song.highest)
        self.clipped_frames += int((fitting != block).any(axis=1).sum())
        return fitting
