"""The multichannel Wiener filter: what the stereo tells, and what it must leave alone."""

import numpy as np
import pytest

from demixme.separation.registry import load_model
from demixme.separation.wiener import wiener_filtered
from tests.support.songs import tune

BINS, TIME = 12, 400


def noise(seed, *shape):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64)


def placed(seed, left, right):
    """Return a source [2, bins, time] that swells, at one place of the stereo."""
    swell = np.random.default_rng(seed + 100).gamma(0.5, 1.0, (BINS, TIME)).astype(np.float32)
    return np.stack([left * swell, right * swell]) * noise(seed, BINS, TIME)


@pytest.fixture
def song():
    """Return true parts at different places, the mixture, and masked parts that leak a third."""
    truth = np.stack([placed(0, 1.0, 0.2), placed(1, 0.2, 1.0), placed(2, 0.7, 0.7)])
    mixture = truth.sum(axis=0)
    powers = np.square(np.abs(truth)).mean(axis=1, keepdims=True)
    masks = powers / powers.sum(axis=0)
    masks = 0.67 * masks + 0.11
    return truth, mixture, masks * mixture


def sdr(truth, estimate):
    return 10 * np.log10(np.square(np.abs(truth)).sum() / np.square(np.abs(truth - estimate)).sum())


def test_parts_at_different_places_come_out_better(song):
    truth, mixture, parts = song
    made = wiener_filtered(mixture, parts)
    for k in range(3):
        assert sdr(truth[k], made[k]) > sdr(truth[k], parts[k]) + 0.5


def test_parts_still_sum_to_the_mixture(song):
    _, mixture, parts = song
    error = wiener_filtered(mixture, parts).sum(axis=0) - mixture
    assert np.abs(error).max() < 0.02 * np.abs(mixture).max()


def test_loudness_changes_nothing(song):
    _, mixture, parts = song
    made = wiener_filtered(mixture, parts)
    for level in (1e-6, 1e3):
        louder = wiener_filtered(np.complex64(level) * mixture, np.complex64(level) * parts)
        np.testing.assert_allclose(louder, level * made, rtol=1e-3, atol=1e-3 * level)


def test_one_place_for_all_leaves_the_masks_as_they_are(song):
    _, mixture, parts = song
    masks = parts[:, :1] / mixture[:1]
    mono = np.stack([mixture[0], mixture[0]])
    made = wiener_filtered(mono, masks * mono)
    np.testing.assert_allclose(made, masks * mono, atol=2e-3 * np.abs(mono).max())


def test_silence_stays_silence():
    nothing = np.zeros((2, BINS, TIME), np.complex64)
    assert not wiener_filtered(nothing, np.zeros((3, 2, BINS, TIME), np.complex64)).any()


# ---------------------------------------------------------------- in a separator
@pytest.fixture(scope="module")
def model():
    loaded = load_model()
    yield loaded
    loaded.close()


def test_best_is_another_call_that_still_sums_cuts_and_repeats(model):
    x = tune(2.5).astype(np.float32)
    x[:, 1] *= np.linspace(1.0, 0.2, len(x), dtype=np.float32)

    def read(first, frames):
        made = np.zeros((frames, 2), np.float32)
        low, high = max(0, first), min(len(x), first + frames)
        if high > low:
            made[low - first : high - first] = x[low:high]
        return made

    normal, best = model.separator(44100), model.separator(44100, best=True)
    assert best.model_id != normal.model_id
    assert best.call_frames == normal.call_frames
    whole = best.separate(read, 0, len(x))
    assert np.abs(whole - normal.separate(read, 0, len(x))).max() > 1e-3
    np.testing.assert_allclose(whole.sum(axis=1), x, atol=1e-6)
    again = model.separator(44100, best=True)
    cuts = [again.separate(read, at, min(40001, len(x) - at)) for at in range(0, len(x), 40001)]
    np.testing.assert_array_equal(np.concatenate(cuts), whole)
