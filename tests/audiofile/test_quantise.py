import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demixme.audiofile.quantise import Quantiser
from demixme.core.errors import InvalidValue
from tests.support import songs

BITS = st.sampled_from([16, 24])


@given(BITS, st.lists(st.integers(-(1 << 23), (1 << 23) - 1), min_size=1), st.integers(0, 1 << 40))
def test_what_lies_on_the_grid_passes_untouched(bits, numbers, first):
    whole = np.array(numbers)[:, None] >> (24 - bits)
    x = (whole / (1 << (bits - 1))).astype(np.float32)
    np.testing.assert_array_equal(Quantiser(bits).whole(x, first), whole)


@given(
    BITS,
    st.lists(st.floats(-2, 2, width=32), min_size=2, max_size=300),
    st.integers(1, 2),
    st.integers(0, 1 << 40),
    st.data(),
)
@settings(max_examples=200)
def test_any_cut_gives_the_same_numbers(bits, numbers, channels, first, data):
    x = np.array(numbers, np.float32)[: len(numbers) // channels * channels].reshape(-1, channels)
    whole = Quantiser(bits).whole(x, first)
    cut = data.draw(st.integers(0, len(x)))
    one = Quantiser(bits)
    parts = [one.whole(x[cut:], first + cut), one.whole(x[:cut], first)]
    np.testing.assert_array_equal(np.concatenate(parts[::-1]), whole)


@given(BITS, st.lists(st.floats(width=32), min_size=1))
def test_whatever_comes_the_result_is_in_range(bits, numbers):
    quantiser = Quantiser(bits)
    x = np.array(numbers, np.float32)[:, None]
    whole = quantiser.whole(x, 0)
    assert whole.min() >= quantiser.lowest
    assert whole.max() <= quantiser.highest
    np.testing.assert_array_equal(whole[np.isnan(x)], 0)
    np.testing.assert_array_equal(whole[x >= 1], quantiser.highest)
    np.testing.assert_array_equal(whole[x <= -1.001], quantiser.lowest)


@given(BITS, st.lists(st.floats(-0.875, 0.875, width=32), min_size=1))
def test_nothing_moves_by_more_than_dither_and_rounding(bits, numbers):
    x = np.array(numbers, np.float32)[:, None]
    error = Quantiser(bits).whole(x, 5) - x.astype(np.float64) * (1 << (bits - 1))
    assert np.abs(error).max() <= 1.5


def test_dither_is_triangular_and_makes_the_error_independent_of_the_sound():
    frames = 400_000
    quantiser = Quantiser(16)
    for offset in (0.1, 0.25, 0.5, 0.73):  # a constant between two numbers
        x = np.full((frames, 2), (100 + offset) / 32768, np.float32)
        error = quantiser.whole(x, 0) - x.astype(np.float64) * 32768
        assert abs(error.mean()) < 0.004  # undithered it would be up to 0.5
        assert error.var() == pytest.approx(0.25, rel=0.02)  # 2/12 + 1/12


def test_dither_differs_by_frame_channel_and_stream():
    x = np.full((5000, 2), 0.4 / 32768, np.float32)
    a, b = Quantiser(16), Quantiser(16, stream=1)
    whole = a.whole(x, 0)
    assert (whole[:, 0] != whole[:, 1]).any()
    assert (whole != a.whole(x, 5000)).any()
    assert (whole != b.whole(x, 0)).any()
    correlation = np.corrcoef(whole.ravel(), b.whole(x, 0).ravel())[0, 1]
    assert abs(correlation) < 0.05


def test_the_numbers_stay_the_same_in_every_release():
    x = (songs.tune(0.01, seed=3) / 3).astype(np.float32)
    whole = Quantiser(16).whole(x, 12345)
    assert whole[:4].tolist() == GOLDEN


GOLDEN = [[446, 2200], [195, 2739], [106, 2909], [-133, 2989]]


def test_other_depths_are_refused():
    with pytest.raises(InvalidValue):
        Quantiser(8)
