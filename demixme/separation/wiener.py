"""Multichannel Wiener filter: parts told apart a second time, by where they stand in the stereo.

Each part is taken for a Gaussian process with a power that changes over time and frequency, and a
spatial covariance that stays the same over a call; the mixture is then filtered by them. N. Q. K.
Duong, E. Vincent, R. Gribonval, "Under-determined reverberant audio source separation using a
full-rank spatial covariance model", IEEE Trans. Audio, Speech and Language Processing 18 (2010),
equations 4 to 8; as one iteration of A. Liutkus, F.-R. Stöter, "norbert: multichannel Wiener
filtering" (2019), but for two things that were measured (docs/EVALUATION.md): a part's power is its
mask's share of the mixture's power and not the square of that share, because masks that a network
was trained to apply are the best shares already; and a frame counts for the spatial covariance by
its amplitude and not by its power, so that a few loud frames do not decide.
"""

import numpy as np
from numpy.typing import NDArray

Spectra = NDArray[np.complex64]

#: Part of its own mean power that is added to the mixture's covariance: it stays invertible where
#: all parts stand in one place.
_LOADING = np.float32(1e-3)
_TINY = np.float32(1e-12)


def wiener_filtered(mixture: Spectra, parts: Spectra) -> Spectra:
    """Return parts filtered out of the mixture; they sum to it but for the small loading.

    Louder or softer sound is filtered alike.

    Parameters
    ----------
    mixture : np.ndarray [shape=(2, bins, time), complex64]
    parts : np.ndarray [shape=(parts, 2, bins, time), complex64]
        The mixture under every part's mask; they sum to the mixture.

    Returns
    -------
    np.ndarray [shape=(parts, 2, bins, time), complex64]
    """
    level = np.float32(np.sqrt(np.square(np.abs(mixture)).mean(dtype=np.float64)))
    if not level > 0.0:
        return parts
    x, y = mixture / level, parts / level
    power = (np.abs(y) * np.abs(x)).mean(axis=1)  # [parts, bins, time]
    left, right, across = _spatial(y)
    tiny = _TINY + _LOADING * power.sum(axis=0)
    # the mixture's covariance [bins, time], and its inverse times the mixture
    a = np.einsum("pbt,pb->bt", power, left) + tiny
    d = np.einsum("pbt,pb->bt", power, right) + tiny
    b = np.einsum("pbt,pb->bt", power, across)
    determinant = a * d - np.square(np.abs(b))
    to_left = (d * x[0] - b * x[1]) / determinant
    to_right = (a * x[1] - b.conj() * x[0]) / determinant
    made = np.empty_like(parts)
    for k in range(len(parts)):
        cross = across[k, :, None]
        made[k, 0] = power[k] * level * (left[k, :, None] * to_left + cross * to_right)
        made[k, 1] = power[k] * level * (cross.conj() * to_left + right[k, :, None] * to_right)
    return made


def _spatial(
    parts: Spectra,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.complex64]]:
    """Return each part's covariance of left, of right, and between them, [parts, bins], trace 2."""
    squares = np.square(np.abs(parts))
    power = squares.mean(axis=1)  # [parts, bins, time]
    weights = np.float32(1.0) / (np.sqrt(power) + np.sqrt(_TINY))
    total = (weights * power).sum(axis=2) + _TINY
    left = (weights * squares[:, 0]).sum(axis=2) / total
    right = (weights * squares[:, 1]).sum(axis=2) / total
    across = (weights * parts[:, 0] * parts[:, 1].conj()).sum(axis=2) / total
    return left, right, across
