"""The formula and its ramps."""

import numpy as np
import pytest

from demixme.core.parts import Parts
from demixme.dsp.mixer import Mixer

RATE = 44100
PARTS = Parts(("a", "rest", "b"), "rest")


def song(frames=5000, seed=0):
    rng = np.random.default_rng(seed)
    stems = rng.uniform(-0.5, 0.5, (frames, 2, 2)).astype(np.float32)
    mixture = rng.uniform(-1, 1, (frames, 2)).astype(np.float32)
    return mixture, stems


def render(mixer, mixture, stems, block, moves=()):
    """moves: (frame, gains), ascending; blocks are split at them."""
    out = np.empty_like(mixture)
    at, moves = 0, list(moves)
    while at < len(mixture):
        if moves and moves[0][0] == at:
            mixer.move_to(moves.pop(0)[1])
        end = min(len(mixture), (at // block + 1) * block, moves[0][0] if moves else len(mixture))
        mixer.mix(out[at:end], mixture[at:end], stems[at:end])
        at = end
    return out


def gains(a, rest, b):
    return np.array([[a, a], [rest, rest], [b, b]], float)


def test_formula():
    mixture, stems = song()
    mixer = Mixer(PARTS, RATE, 8193)
    mixer.snap_to(gains(0.0, 0.5, 2.0))
    out = render(mixer, mixture, stems, 8193)
    rest = mixture - stems.sum(axis=1)
    assert np.abs(out - (0.5 * rest + 2.0 * stems[:, 1])).max() < 1e-6


def test_gains_of_one_are_the_mixture_bit_for_bit_and_need_no_stems():
    mixture, _ = song()
    mixer = Mixer(PARTS, RATE, 8193)
    assert mixer.stem_frames == 0
    out = np.empty_like(mixture)
    mixer.mix(out, mixture, None)
    assert np.array_equal(out, mixture)


def test_ramp_starts_on_the_old_gain_and_ends_on_the_new_one():
    mixture = np.ones((3000, 2), np.float32)
    stems = np.zeros((3000, 2, 2), np.float32)
    mixer = Mixer(PARTS, RATE, 8193)
    assert mixer.move_to(gains(1.0, 0.25, 1.0))
    assert mixer.stem_frames is None
    out = render(mixer, mixture, stems, 100)
    r = mixer.ramp_frames
    assert 0.020 <= r / RATE <= 0.030
    assert out[0, 0] == 1.0
    assert (out[r:] == 0.25).all()
    assert np.abs(np.diff(out[:, 0])).max() < 1.01 * 0.75 / r


def test_master_down_and_up_needs_no_stems_on_the_way():
    mixture, _ = song()
    mixer = Mixer(PARTS, RATE, 8193)
    mixer.move_to(gains(0.5, 0.5, 0.5))
    out = np.empty_like(mixture)
    mixer.mix(out[:500], mixture[:500], None)
    mixer.move_to(gains(1.0, 1.0, 1.0))
    mixer.mix(out[500:], mixture[500:], None)
    assert np.array_equal(out[500 + mixer.ramp_frames :], mixture[500 + mixer.ramp_frames :])


def test_restored_gains_are_exact_after_one_ramp():
    mixture, stems = song()
    mixer = Mixer(PARTS, RATE, 8193)
    moves = [(0, gains(0.3, 1.0, 1.7)), (1300, gains(1.0, 1.0, 1.0))]
    out = render(mixer, mixture, stems, 512, moves)
    done = 1300 + mixer.ramp_frames
    assert np.array_equal(out[done:], mixture[done:])
    assert not np.array_equal(out[:1300], mixture[:1300])
    assert mixer.stem_frames == 0


@pytest.mark.parametrize("block", [1, 64, 1000, 8193])
def test_any_block_size_gives_the_same(block):
    mixture, stems = song(9000)
    moves = [(700, gains(0.0, 1.0, 1.0)), (1100, gains(1.0, 0.2, 3.0)), (5000, gains(1, 1, 1))]
    whole = render(Mixer(PARTS, RATE, 8193), mixture, stems, 512, moves)
    other = render(Mixer(PARTS, RATE, 8193), mixture, stems, block, moves)
    assert np.abs(whole - other).max() <= 1e-6


def test_a_move_to_where_it_stands_is_no_move():
    mixer = Mixer(PARTS, RATE, 64)
    assert not mixer.move_to(gains(1.0, 1.0, 1.0))
    assert mixer.ramp_left == 0


def test_reported_gains_and_slope_tell_every_value_of_a_ramp():
    mixture = np.ones((2000, 2), np.float32)
    stems = np.zeros((2000, 2, 2), np.float32)
    mixer = Mixer(PARTS, RATE, 2000)
    mixer.move_to(gains(1.0, 0.0, 1.0))
    out = np.empty_like(mixture)
    mixer.mix(out[:400], mixture[:400], stems[:400])
    start, slope = mixer.gains.copy(), mixer.slope.copy()
    mixer.mix(out[400:], mixture[400:], stems[400:])
    told = start[1] + slope[1] * np.arange(mixer.ramp_frames - 400)[:, None]
    assert np.abs(out[400 : mixer.ramp_frames] - told).max() < 1e-6
