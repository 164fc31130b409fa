"""Short songs of tones and noise, whose stems are easy to tell apart, for a first try."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.encode import open_writer
from demixme.core.parts import STEMS

RATE_HZ = 44100


def toy_stems(seed: int, seconds: float) -> dict[str, NDArray[np.float32]]:
    """Return four stems [frames, 2]: low tone, noise bursts, chord, gliding tone."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    beat = rng.uniform(0.4, 0.6)
    strokes = np.exp(-30.0 * (time % beat))
    root = rng.uniform(40.0, 60.0)
    glide = 330.0 * 2.0 ** (np.cumsum(rng.standard_normal(len(time))) * 2e-4)
    made: dict[str, NDArray[np.float64]] = {
        "bass": np.sin(2 * np.pi * root * time) * (0.3 + 0.7 * np.exp(-4.0 * (time % (2 * beat)))),
        "drums": rng.standard_normal(len(time)) * strokes,
        "other": np.sin(2 * np.pi * root * np.outer((8, 10, 12), time)).mean(0),
        "vocals": np.sin(2 * np.pi * np.cumsum(glide) / RATE_HZ + np.sin(2 * np.pi * 5.5 * time)),
    }
    sides = {stem: rng.uniform(0.6, 1.0, 2) for stem in STEMS}
    return {s: (0.2 * made[s][:, None] * sides[s]).astype(np.float32) for s in STEMS}


def write_songs(folder: Path, count: int, seconds: float) -> None:
    """Write `count` songs as folders of four WAV files; the same every time."""
    for number in range(count):
        song = folder / f"toy {number}"
        song.mkdir(parents=True, exist_ok=True)
        for stem, sound in toy_stems(number, seconds).items():
            writer = open_writer(song / f"{stem}.wav", RATE_HZ, 2, "pcm16", overwrite=True)
            writer.write(sound)
            writer.commit()
