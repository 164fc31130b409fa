"""Any number of channels to two."""

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
_LEFT = frozenset(["FL", "FC", "BL", "FLC", "BC", "SL", "TC", "TFL", "TFC", "TBL", "TBC"])
_RIGHT = frozenset(["FR", "FC", "BR", "FRC", "BC", "SR", "TC", "TFR", "TFC", "TBR", "TBC"])
MOST_CHANNELS = len(_ALL_SPEAKERS.split())


def downmix_matrix(channels: int) -> NDArray[np.float64]:
    """Return the gains from `channels` channels in WAV order to left and right.

    Front left and right count 1, centre, side, back and top 0.7071, the low-frequency channel
    nothing; all is divided by the larger row's sum, so that nothing can clip that did not before
    (the weights of ITU-R BS.775).

    Parameters
    ----------
    channels : int
        1…18.

    Returns
    -------
    np.ndarray [shape=(2, channels), float64]
    """
    if channels == 1:
        return np.ones((2, 1))
    if channels == 2:
        return np.eye(2)
    names = _LAYOUTS.get(channels, _ALL_SPEAKERS).split()[:channels]
    gains = np.zeros((2, channels))
    for k, name in enumerate(names):
        gains[:, k] = _speaker_gains(name)
    gains /= gains.sum(axis=1).max()
    return gains


def _speaker_gains(name: str) -> tuple[float, float]:
    weight = 1.0 if name in ("FL", "FR") else _HALF_POWER
    return weight * (name in _LEFT), weight * (name in _RIGHT)


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
