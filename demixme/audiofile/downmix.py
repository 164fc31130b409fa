"""Any number of channels to two."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_HALF_POWER = 0.5**0.5
#: The orders that WAV and FLAC give to 3…8 channels when they name no layout.
_LAYOUTS = {
    3: "FL FR FC",
    4: "FL FR BL BR",
    5: "FL FR FC BL BR",
    6: "FL FR FC LFE BL BR",
    7: "FL FR FC LFE BC SL SR",
    8: "FL FR FC LFE BL BR SL SR",
}
_ALL_SPEAKERS = (
    "FL FR FC LFE BL BR FLC FRC BC SL SR TC TFL TFC TFR TBL TBC TBR"  # the bits of a WAV's mask
)
_BOTH = frozenset(["FC", "BC", "TC", "TFC", "TBC", "BFC"])
_SILENT = frozenset(["LFE", "LFE2"])
MOST_CHANNELS = len(_ALL_SPEAKERS.split())


def downmix_matrix(layout: int | Sequence[str]) -> NDArray[np.float64]:
    """Return the gains from any number of channels to left and right.

    Front left and right count 1, centre, side, back and top 0.7071, the low-frequency channel
    nothing; all is divided by the larger row's sum, so that nothing can clip that did not before
    (the weights of ITU-R BS.775).

    Parameters
    ----------
    layout : int or sequence of str
        1…18 channels in WAV order, or the names of the channels as FFmpeg gives them; where one of
        them is no speaker, they stand in WAV order.

    Returns
    -------
    np.ndarray [shape=(2, channels), float64]
    """
    channels = layout if isinstance(layout, int) else len(layout)
    if channels == 1:
        return np.ones((2, 1))
    if channels == 2:
        return np.eye(2)
    names = _LAYOUTS.get(channels, _ALL_SPEAKERS).split()[:channels]
    if not isinstance(layout, int) and all(map(_is_speaker, layout)):
        names = list(layout)
    gains = np.zeros((2, channels))
    for k, name in enumerate(names):
        gains[:, k] = _speaker_gains(name)
    gains /= gains.sum(axis=1).max() or 1.0
    return gains


def _is_speaker(name: str) -> bool:
    return name in _BOTH or name in _SILENT or name.endswith(("L", "R", "LC", "RC"))


def _speaker_gains(name: str) -> tuple[float, float]:
    weight = 1.0 if name in ("FL", "FR") else _HALF_POWER
    if name in _SILENT:
        return 0.0, 0.0
    left = name in _BOTH or name.removesuffix("C").endswith("L")
    right = name in _BOTH or name.removesuffix("C").endswith("R")
    return weight * left, weight * right


def downmix(block: NDArray[np.float32], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a block in stereo.

    Summed channel by channel in float64, never by a matrix product, whose rounding depends on the
    block's length.

    Parameters
    ----------
    block : np.ndarray [shape=(frames, channels), float32]
    matrix : np.ndarray [shape=(2, channels), float64]

    Returns
    -------
    np.ndarray [shape=(frames, 2), float32]
    """
    out = np.zeros((len(block), 2))
    for k in range(matrix.shape[1]):
        for side in (0, 1):
            if matrix[side, k]:
                out[:, side] += matrix[side, k] * block[:, k]
    return out.astype(np.float32)
