"""Songs for tests of live sound: what shows a step, and what shows a leak."""

import numpy as np

from tests.support.separators import KnownStems, known_song

NAMES = ("bass", "drums", "other", "vocals")


def tones(seconds=8.0):
    """Return known stems by name, each part of its own pitch."""
    return known_song(NAMES, "other", seconds)


def steps(x):
    return float(np.abs(np.diff(x.astype(float), axis=0)).max())


def low_song(seconds=4.0):
    t = np.arange(int(seconds * 44100)) / 44100
    sine = (0.5 * np.sin(2 * np.pi * 60 * t)).astype(np.float32)
    stems = {n: np.stack([sine, sine], 1) * np.float32(0.25) for n in NAMES}
    return KnownStems(stems, "other")
