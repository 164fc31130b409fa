"""Pieces are equal to the whole song resampled, and there is no delay."""

import numpy as np
import pytest

from demixme.dsp.resample import Resampler
from tests.support.songs import tune

RATES = [(48000, 44100), (44100, 48000), (96000, 44100), (44100, 22050), (8000, 44100)]


def reader(x):
    def read(first, frames):
        out = np.zeros((frames, x.shape[1]), np.float32)
        a, b = max(0, first), min(len(x), first + frames)
        if b > a:
            out[a - first : b - first] = x[a:b]
        return out

    return read


@pytest.mark.parametrize(("source", "target"), RATES)
def test_a_piece_is_equal_to_the_whole(source, target):
    x = tune(3.0, source).astype(np.float32)
    resampler = Resampler(source, target)
    whole = resampler.piece(reader(x), 0, 3 * target)
    rng = np.random.default_rng(0)
    for first in (0, 1, *rng.integers(0, 2 * target, 6)):
        piece = resampler.piece(reader(x), int(first), target // 3)
        assert np.abs(piece - whole[first : first + target // 3]).max() <= 1e-5


@pytest.mark.parametrize(("source", "target"), RATES)
def test_nothing_is_delayed(source, target):
    seconds, hz = 1.0, 300.0
    wave = np.sin(2 * np.pi * hz * np.arange(int(seconds * source)) / source)
    made = Resampler(source, target).piece(
        reader(np.stack([wave, wave], 1).astype(np.float32)), 0, int(seconds * target)
    )
    middle = slice(target // 4, 3 * target // 4)
    truth = np.sin(2 * np.pi * hz * np.arange(len(made)) / target)
    assert np.abs(made[middle, 0] - truth[middle]).max() < 1e-3


def test_the_same_rate_is_passed_through():
    x = tune(0.1).astype(np.float32)
    assert np.array_equal(Resampler(44100, 44100).piece(reader(x), 5, 100), x[5:105])


def test_pieces_begin_before_the_song():
    resampler = Resampler(48000, 44100)
    x = tune(0.5, 48000).astype(np.float32)
    piece = resampler.piece(reader(x), -1000, 2000)
    assert np.abs(piece[1000:] - resampler.piece(reader(x), 0, 1000)).max() <= 1e-5
