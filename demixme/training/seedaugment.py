"""The seed's eight: stretch, bass distortion, reverb, vocal pitch, pan, mono, swap, gains.

L. Pepino, "Fast Music Source Separation" (2019); stems of different songs are mixed elsewhere.
"""

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import STEMS

Sound = NDArray[np.float32]
RATE_HZ = 44100
OFTEN = 0.3
_BASS, _VOCALS = STEMS.index("bass"), STEMS.index("vocals")
_WINDOW, _HOP = 2048, 512


def seed_mix(stems: Sound, rng: np.random.Generator) -> Sound:
    """Return the stems [4, 2, frames] augmented as the seed did it, each by chance."""
    made = stems.copy()
    if rng.random() < OFTEN:
        factor = rng.uniform(0.75, 1.5)
        made = np.stack([stretched(x, factor) for x in made])
    if rng.random() < OFTEN:
        made[_BASS] = high_shelf(distorted(made[_BASS], rng.uniform(1.0, 8.0)), rng.uniform(0, 9))
    if rng.random() < OFTEN:
        made[_VOCALS] = pitched(made[_VOCALS], rng.uniform(-4.0, 4.0))
    for k in range(len(STEMS)):
        if rng.random() < OFTEN:
            made[k] = reverberated(made[k], rng)
        if rng.random() < OFTEN:
            made[k] = panned(made[k], rng.uniform(-1.0, 1.0))
        if rng.random() < 0.5:
            made[k] = made[k][::-1]
        made[k] *= rng.uniform(0.25, 1.25)
    if rng.random() < 0.1:
        made = np.repeat(made.mean(1, keepdims=True), 2, 1)
    return made.astype(np.float32)


def stretched(x: Sound, factor: float) -> Sound:
    """Return [2, frames] played `factor` times as long at the same pitch, cut or padded to fit."""
    made = _vocoded(x, factor)[:, : x.shape[1]]
    return np.pad(made, ((0, 0), (0, x.shape[1] - made.shape[1])))


def pitched(x: Sound, semitones: float) -> Sound:
    """Return [2, frames] shifted in pitch at the same speed."""
    ratio = 2.0 ** (semitones / 12.0)
    longer = _vocoded(x, ratio)
    places = np.arange(x.shape[1]) * ratio
    there = np.arange(longer.shape[1])
    return np.stack([np.interp(places, there, c) for c in longer]).astype(np.float32)


def _vocoded(x: Sound, factor: float) -> Sound:
    """Stretch in time by a phase vocoder with locked phases (M. Puckette, 1995).

    Each bin turns as far as the input does in one hop, from the phase of itself and its neighbours
    together; a tone's bins, which alternate in sign, so stay one tone.
    """
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    padded = np.pad(x, ((0, 0), (_WINDOW, _WINDOW)), mode="reflect")
    count = (padded.shape[1] - _WINDOW) // _HOP
    cut = np.arange(count)[:, None] * _HOP + np.arange(_WINDOW)
    spectra = np.fft.rfft(padded[:, cut] * window, axis=-1).astype(np.complex64)
    places = np.arange(0, count - 1, 1.0 / factor)
    below = places.astype(int)
    share = (places - below)[None, :, None].astype(np.float32)
    size = np.abs(spectra[:, below]) * (1 - share) + np.abs(spectra[:, below + 1]) * share
    turn = _direction(spectra[:, below + 1] * spectra[:, below].conj())
    made = np.empty_like(turn)
    made[:, 0] = _direction(spectra[:, 0]) * size[:, 0]
    for k in range(1, made.shape[1]):
        locked = made[:, k - 1].copy()
        locked[:, 1:] -= made[:, k - 1, :-1]
        locked[:, :-1] -= made[:, k - 1, 1:]
        onward = _direction(locked) * turn[:, k - 1]
        fresh = _direction(spectra[:, below[k]])  # after silence there is no phase to go on from
        made[:, k] = size[:, k] * np.where(np.abs(locked) > 1e-6, onward, fresh)
    return _overlapped(np.fft.irfft(made, axis=-1) * window, factor)


def _direction(z: NDArray[np.complex64]) -> NDArray[np.complex64]:
    return (z / np.maximum(np.abs(z), 1e-12)).astype(np.complex64)


def _overlapped(frames: NDArray[np.float64], factor: float) -> Sound:
    count = frames.shape[1]
    made = np.zeros((2, count * _HOP + _WINDOW), np.float32)
    for k in range(count):
        made[:, k * _HOP : k * _HOP + _WINDOW] += frames[:, k]
    first = round(_WINDOW * factor)
    return made[:, first:] * np.float32(
        1 / 1.5
    )  # squared Hann windows at a quarter hop add up to 1.5


def distorted(x: Sound, drive: float) -> Sound:
    """Return [2, frames] through a soft clipper, its loudness kept."""
    peak = max(float(np.abs(x).max()), 1e-6)
    made = np.tanh(x / peak * drive)
    return (made * np.sqrt(np.square(x).mean() / max(float(np.square(made).mean()), 1e-9))).astype(
        np.float32
    )


def high_shelf(x: Sound, gain_db: float, corner_hz: float = 1500.0) -> Sound:
    """Return [2, frames] with everything above the corner raised."""
    spectrum = np.fft.rfft(x, axis=1)
    hz = np.fft.rfftfreq(x.shape[1], 1.0 / RATE_HZ)
    rise = 1.0 / (1.0 + (corner_hz / np.maximum(hz, 1e-3)) ** 2)
    made = np.fft.irfft(spectrum * 10.0 ** (gain_db * rise / 20.0), x.shape[1], axis=1)
    return made.astype(np.float32)


def reverberated(x: Sound, rng: np.random.Generator) -> Sound:
    """Return [2, frames] in a room: noise that dies away, two sides of its own."""
    decay_s = rng.uniform(0.2, 1.5)
    tail = int(min(decay_s, 1.0) * RATE_HZ)
    fall = np.exp(-6.9 * np.arange(tail) / (decay_s * RATE_HZ))
    room = rng.standard_normal((2, tail)) * fall
    room /= np.sqrt(np.square(room).sum(1, keepdims=True))
    size = 1 << (x.shape[1] + tail).bit_length()
    wet = np.fft.irfft(np.fft.rfft(x, size, axis=1) * np.fft.rfft(room, size, axis=1), size, axis=1)
    return (x + rng.uniform(0.1, 0.5) * wet[:, : x.shape[1]]).astype(np.float32)


def panned(x: Sound, place: float) -> Sound:
    """Return the mean of both channels placed from −1 (left) to 1 (right) at equal power."""
    angle = (place + 1.0) * np.pi / 4.0
    sides = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32)
    return x.mean(0, keepdims=True) * sides * np.float32(2**0.5)
