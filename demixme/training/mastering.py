"""The gain of a mastering compressor, to be applied to every stem alike: the sum stays exact."""

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE_HZ = 44100
_DETECTOR = 256  # frames over which the compressor measures


def compressor_gain(mix: Sound, depth_db: float, rng: np.random.Generator) -> Sound:
    """Return the gain [frames] of a bus compressor that takes `depth_db` off the loudest places."""
    frames = mix.shape[1]
    cells = -(-frames // _DETECTOR)
    padded = np.pad(mix, ((0, 0), (0, cells * _DETECTOR - frames)))
    power = np.square(padded).mean(0).reshape(cells, _DETECTOR).mean(1)
    level_db = 10.0 * np.log10(power + 1e-9)
    ratio = rng.uniform(1.5, 6.0)
    threshold_db = float(np.quantile(level_db, 0.98)) - depth_db / (1.0 - 1.0 / ratio)
    wanted_db = np.maximum(0.0, level_db - threshold_db) * (1.0 - 1.0 / ratio)
    cell_s = _DETECTOR / RATE_HZ
    attack = float(np.exp(-cell_s / rng.uniform(0.003, 0.03)))
    release = float(np.exp(-cell_s / rng.uniform(0.05, 0.4)))
    reduction, now = np.empty(cells), float(wanted_db[0])
    for k, wanted in enumerate(wanted_db):
        slow = attack if wanted > now else release
        now = slow * now + (1.0 - slow) * float(wanted)
        reduction[k] = now
    centres = (np.arange(cells) + 0.5) * _DETECTOR
    curve_db = np.interp(np.arange(frames), centres, reduction)
    return (10.0 ** (-curve_db / 20.0)).astype(np.float32)
