"""The limiter against its definition, computed the slow way."""

import numpy as np
import pytest

from demixme.dsp.limiter import THRESHOLD, Limiter, delay_frames

RATE = 44100


def by_definition(x, mixture, rate):
    w = delay_frames(rate)
    n = len(x)
    m = np.abs(mixture).max(axis=1).astype(float)
    a = np.abs(x).max(axis=1).astype(float)
    t = np.array([max(THRESHOLD, m[max(0, k - w) : k + 1].max()) for k in range(n)])
    r = np.ones(n + w)
    r[:n][a > t] = t[a > t] / a[a > t]
    d = np.array([1.0 - r[max(k, 0) : k + w + 1].min() for k in range(-w, n)])
    h = np.sin(np.pi * np.arange(1, w + 2) / (w + 2)) ** 2
    h /= h.sum()
    gain = np.array([1.0 - (h * d[k : k + w + 1][::-1]).sum() for k in range(n)])
    return x * gain[:, None], t


def loud_noise(frames, seed=0):
    rng = np.random.default_rng(seed)
    swell = np.abs(np.sin(np.arange(frames) / 900))[:, None]
    return (rng.uniform(-1, 1, (frames, 2)) * swell * 2.0).astype(np.float32)


def run(limiter, x, mixture, block):
    out = np.empty_like(x)
    for at in range(0, len(x), block):
        end = at + block
        limiter.process(x[at:end], mixture[at:end], out[at:end])
    return out


def test_is_its_definition_and_never_exceeds_the_threshold():
    x = loud_noise(6000)
    mixture = x * np.float32(0.6)
    out = run(Limiter(RATE), x, mixture, 512)
    w = delay_frames(RATE)
    expected, t = by_definition(x, mixture, RATE)
    assert np.abs(out[w:] - expected[: len(x) - w]).max() < 1e-6
    assert np.abs(expected).max() > 0.9
    assert (np.abs(out[w:]).max(axis=1) <= t[: len(x) - w] * (1 + 1e-7)).all()


@pytest.mark.parametrize("block", [1, 64, 1000, 8193])
def test_any_block_size_gives_the_same(block):
    x = loud_noise(12000, seed=1)
    mixture = x * np.float32(0.7)
    whole = run(Limiter(RATE), x, mixture, 512)
    assert np.abs(run(Limiter(RATE), x, mixture, block) - whole).max() <= 1e-7


@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_song_itself_passes_bit_for_bit_even_at_full_scale(rate):
    x = np.clip(loud_noise(9000), -1, 1)
    x[100] = 1.0, -1.0
    out = run(Limiter(rate), x, x, 512)
    w = delay_frames(rate)
    assert w <= 0.005 * rate
    assert (out[:w] == 0).all()
    assert np.array_equal(out[w:], x[: len(x) - w])


def test_is_exactly_one_again_as_soon_as_nothing_is_in_reach():
    w = delay_frames(RATE)
    quiet = loud_noise(4000) * np.float32(0.3)
    x = quiet.copy()
    x[1000] = 3.0
    out = run(Limiter(RATE), x, quiet, 64)
    changed = np.flatnonzero((out[w:] != x[:-w]).any(axis=1))
    assert changed.min() >= 1000 - w
    assert changed.max() <= 1000 + w
    assert 1000 in changed


def test_quiet_sound_passes_whatever_the_mixture_is():
    x = loud_noise(3000) * np.float32(0.4)
    out = run(Limiter(RATE), x, np.zeros_like(x), 700)
    w = delay_frames(RATE)
    assert np.array_equal(out[w:], x[:-w])


def test_reset_forgets_everything():
    limiter = Limiter(RATE)
    x = loud_noise(3000)
    first = run(limiter, x, x * 0, 512)
    limiter.reset()
    assert np.array_equal(run(limiter, x, x * 0, 512), first)
