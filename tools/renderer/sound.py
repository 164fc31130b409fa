"""Sound in numbers: levels, pan, pitch, and what every instrument does with them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44100
Sound = NDArray[np.float32]


class Note(NamedTuple):
    """A note to be played; `key` is its MIDI number, which may lie between two semitones."""

    start_s: float
    length_s: float
    key: float
    velocity: int = 90

    @property
    def end_s(self) -> float:
        """Return when it ends."""
        return self.start_s + self.length_s


def frames_of(seconds: float) -> int:
    """Return seconds as frames."""
    return int(seconds * RATE_HZ)


def stereo(x: Sound) -> Sound:
    """Return [frames, 2] of [frames] or of any number of channels."""
    x = x[:, None] if x.ndim == 1 else x
    return np.repeat(x, 2, axis=1) if x.shape[1] == 1 else x[:, :2]


def gain(level_db: float) -> float:
    """Return a level as a factor."""
    return float(10.0 ** (level_db / 20.0))


def level_db(x: Sound) -> float:
    """Return the RMS of [frames, 2] in dB where it sounds; −120 for silence."""
    loud = x[np.abs(x).max(axis=1) > 1e-3]
    return 10.0 * math.log10(float(np.square(loud).mean()) + 1e-12) if len(loud) else -120.0


def at_level(x: Sound, target_db: float) -> Sound:
    """Return sound with this RMS where it sounds; silence stays silence."""
    now_db = level_db(stereo(x))
    return x * np.float32(gain(target_db - now_db)) if now_db > -100 else x


def panned(x: Sound, place: float) -> Sound:
    """Return sound placed from 0 (left) to 1 (right) at equal power; 0.5 leaves it as it is."""
    angle = place * math.pi / 2
    sides = np.array([math.cos(angle), math.sin(angle)], np.float32)
    return stereo(x) * sides * np.float32(math.sqrt(2))


def faded(x: Sound, begin_s: float, end_s: float) -> Sound:
    """Return sound faded in and out over these times."""
    made = x.copy()
    begin, end = (min(len(x), frames_of(s)) for s in (begin_s, end_s))
    shape = (-1,) + (1,) * (x.ndim - 1)
    if begin:
        made[:begin] *= np.linspace(0, 1, begin, dtype=np.float32).reshape(shape)
    if end:
        made[len(x) - end :] *= np.linspace(1, 0, end, dtype=np.float32).reshape(shape)
    return made


def resampled(x: Sound, ratios: float | NDArray[np.float64]) -> Sound:
    """Return [frames, 2] played at these speeds: one, or one for each frame of the result."""
    if isinstance(ratios, float | int):
        places = np.arange(int(len(x) / ratios)) * float(ratios)
    else:
        places = np.concatenate([[0.0], np.cumsum(ratios)[:-1]])
        places = places[places < len(x) - 1]
    there = np.arange(len(x))
    return np.stack([np.interp(places, there, c) for c in x.T], axis=1).astype(np.float32)


def add(onto: Sound, x: Sound, at: int) -> None:
    """Add sound from frame `at` on, as far as there is room."""
    if 0 <= at < len(onto):
        n = min(len(x), len(onto) - at)
        onto[at : at + n] += x[:n]


def key_of(hz: float) -> float:
    """Return a frequency as a MIDI number."""
    return 69.0 + 12.0 * math.log2(hz / 440.0)


def hz_of(key: float) -> float:
    """Return a MIDI number as a frequency."""
    return float(440.0 * 2.0 ** ((key - 69.0) / 12.0))


def pitch_hz(x: NDArray[np.floating], lowest_hz: float = 25.0, highest_hz: float = 1200.0) -> float:
    """Return the fundamental of mono sound by normalised autocorrelation; 0 where there is none."""
    x = x - x.mean()
    size = len(x)
    power = np.abs(np.fft.rfft(x, 2 * size)) ** 2
    match = np.fft.irfft(power)[:size] / np.arange(size, 0, -1)
    if match[0] < 1e-9:
        return 0.0
    first, last = int(RATE_HZ / highest_hz), min(int(RATE_HZ / lowest_hz), size - 1)
    if last <= first + 2:
        return 0.0
    part = match[first:last] / match[0]
    top = float(part.max())
    inside = part[1:-1]
    peaks = np.flatnonzero((inside >= part[:-2]) & (inside > part[2:]) & (inside > 0.9 * top)) + 1
    if top < 0.5 or not len(peaks):
        return 0.0
    k = int(peaks[0])  # the first of equals: later ones are octaves below
    a, b, c = part[k - 1 : k + 2]
    bend = (a - c) / (2 * (a - 2 * b + c)) if a - 2 * b + c else 0.0
    return RATE_HZ / (first + k + float(bend))
