"""The rate that everything is trained at."""

import math

import numpy as np

from demixme.audiofile.collections import Sound

RATE_HZ = 44100


def at_training_rate(sound: Sound, rate: int) -> Sound:
    """Return sound [frames, 2] at 44.1 kHz."""
    if rate == RATE_HZ:
        return sound
    from scipy.signal import resample_poly

    shared = math.gcd(rate, RATE_HZ)
    made = resample_poly(sound, RATE_HZ // shared, rate // shared, axis=0)
    return made.astype(np.float32, copy=False)
