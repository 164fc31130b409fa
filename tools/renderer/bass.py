"""Basses: sampled (plucked, picked, slapped, amplified), synthesised, and of sound fonts."""

import numpy as np
import pedalboard as pb
from numpy.random import Generator

from tools.renderer.effects import bass_amplifier, through
from tools.renderer.instruments import Shop, fluid, synthetic_bass
from tools.renderer.sound import RATE_HZ, Note, Sound, add, faded, frames_of, stereo

_PROGRAMS = (32, 33, 33, 34, 34, 35, 36, 37, 38, 39)
_ELECTRIC = ("meat", "growl")


def play_bass(notes: list[Note], shop: Shop, frames: int, rng: Generator) -> tuple[Sound, Sound]:
    """Return a bass as it stands in the mix, and dry as it was played."""
    split = shop.sources.split
    electric = [b for b in split.basses if b in _ELECTRIC]
    draw = rng.random()
    if draw < 0.55:
        dry = shop.play(electric[rng.integers(len(electric))], notes, frames, rng, slides=0.06)
        played = bass_amplifier(dry + _fingers(notes, frames, rng), rng)
    elif draw < 0.65:
        name = "dbass" if "dbass" in split.basses else electric[0]
        played = dry = shop.play(name, notes, frames, rng, slides=0.04)
    elif draw < 0.82 and split.has_synthetic_bass:
        played = dry = synthetic_bass(notes, frames, rng)
    elif draw < 0.82:
        dry = shop.play(electric[0], notes, frames, rng)
        played = bass_amplifier(dry, rng)
    else:
        played = dry = fluid(notes, int(rng.choice(_PROGRAMS)), frames, shop.font(rng))
    if rng.random() < 0.8:  # most basses are in the middle
        played = stereo(played.mean(axis=1))
    return played, dry


def _fingers(notes: list[Note], frames: int, rng: Generator) -> Sound:
    """Return what is heard of hands and strings: a pick, slaps, and squeaks between notes."""
    made = np.zeros((frames, 1), np.float32)
    manner = rng.choice(["plucked", "picked", "slapped"], p=[0.5, 0.3, 0.2])
    if manner == "plucked":
        return stereo(made)
    low_hz, high_hz = (1200, 5000) if manner == "picked" else (900, 9000)
    loud = rng.uniform(0.02, 0.06) if manner == "picked" else rng.uniform(0.06, 0.16)
    for note in notes:
        add(made, _burst(0.012, loud * note.velocity / 127, rng), frames_of(note.start_s))
        if rng.random() < 0.08:
            add(made, _burst(0.08, 0.01, rng), frames_of(max(0.0, note.end_s - 0.06)))
    return through(stereo(made), pb.HighpassFilter(low_hz), pb.LowpassFilter(high_hz))


def _burst(seconds: float, level: float, rng: Generator) -> Sound:
    noise = rng.standard_normal((frames_of(seconds), 1)).astype(np.float32)
    fall = np.exp(-5 * np.arange(len(noise)) / (seconds * RATE_HZ))[:, None]
    return faded((noise * fall * level).astype(np.float32), 0.0005, seconds / 4)
