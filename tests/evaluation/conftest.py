"""Tiny songs whose parts are known, and systems that make known mistakes."""

import numpy as np
import pytest

from demixme.audiofile.collections import find_songs
from demixme.core.parts import STEMS
from tests.support.songsets import write_sound

RATE = 8000


def parts_of_noise(seed, seconds=3.0, rate=RATE):
    """Return part → [frames, 2] float32 noise, each with its own colour of left and right."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * rate)
    return {
        part: (0.05 + 0.05 * k) * rng.standard_normal((frames, 2)).astype(np.float32)
        for k, part in enumerate(STEMS)
    }


def write_song(folder, parts, rate=RATE):
    for part, sound in parts.items():
        write_sound(folder / f"{part}.wav", sound, rate, "float32")


@pytest.fixture
def songs(tmp_path):
    """Return three songs: one whole, one with silent vocals, one whose bass has no file."""
    root = tmp_path / "songs"
    write_song(root / "a", parts_of_noise(1))
    second = parts_of_noise(2)
    write_song(root / "b", {**second, "vocals": np.zeros_like(second["vocals"])})
    write_song(root / "c", {p: x for p, x in parts_of_noise(3).items() if p != "bass"})
    return find_songs(root)
