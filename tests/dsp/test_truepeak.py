import numpy as np
import pytest

from demixme.dsp.limiter import THRESHOLD
from demixme.dsp.truepeak import TruePeakLimiter, TruePeaks

RATE = 44100


def limited(x, cut=10**9):
    limiter = TruePeakLimiter(RATE, 4096)
    padded = np.concatenate([x, np.zeros((limiter.delay_frames, 2), np.float32)])
    out = np.empty_like(padded)
    for at in range(0, len(padded), cut):
        limiter.process(padded[at : at + cut], out[at : at + cut])
    return out[limiter.delay_frames :]


def noise(level, frames=RATE):
    rng = np.random.default_rng(1)
    return (level * rng.standard_normal((frames, 2))).astype(np.float32)


def true_peak(x):
    """Return the largest |x| of the signal oversampled 16 times, by its spectrum."""
    spectrum = np.fft.rfft(x, axis=0)
    padded = np.zeros((8 * len(x) + 1, 2), complex)
    padded[: len(spectrum)] = spectrum
    return float(np.abs(np.fft.irfft(padded, 16 * len(x), axis=0)).max() * 16)


def test_what_is_below_passes_bit_for_bit():
    x = noise(0.1)
    np.testing.assert_array_equal(limited(x), x)


@pytest.mark.parametrize("hz", [1000.0, 5512.5, 11025.0, 16000.0])
def test_the_true_peak_of_tones_is_kept(hz):
    t = np.arange(RATE) / RATE
    x = 1.4 * np.sin(2 * np.pi * hz * t + np.pi / 4) * np.hanning(RATE)
    out = limited(np.repeat(x[:, None], 2, 1).astype(np.float32))
    assert true_peak(out) <= THRESHOLD * 10 ** (0.1 / 20)
    assert true_peak(out) > THRESHOLD * 0.97


def test_the_true_peak_of_noise_is_kept():
    x = noise(0.6)
    spectrum = np.fft.rfft(x, axis=0)
    spectrum[14_000:] = 0.0  # Hz; music has next to nothing there, and an oversampler less
    x = np.fft.irfft(spectrum, len(x), axis=0).astype(np.float32)
    x[:500] = x[-500:] = 0.0
    assert true_peak(x) > 1.8
    assert true_peak(limited(x)) <= THRESHOLD * 10 ** (0.15 / 20)


@pytest.mark.parametrize("cut", [1, 64, 1000, 8193])
def test_any_cut_gives_the_same(cut):
    x = noise(0.6, 9000)
    np.testing.assert_allclose(limited(x, cut), limited(x), rtol=0, atol=1e-6)


def test_peaks_are_never_below_the_samples_own():
    x = noise(0.5, 3000)
    peaks = TruePeaks()
    delayed, found = peaks.process(np.concatenate([x, np.zeros((peaks.delay_frames, 2))]))
    np.testing.assert_array_equal(delayed[peaks.delay_frames :], x)
    assert (found >= np.abs(delayed).max(axis=1)).all()
