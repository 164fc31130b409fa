"""The mixture while it is decoded: what is there can be read, the rest is zeros."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demixme.core.track import LEVEL_FRAMES, SLOT_FRAMES, SongInfo, Track

INFO = SongInfo(Path("a.wav"), 44100, 2, 1000)


def noise(frames, dtype=np.float32, seed=0):
    rng = np.random.default_rng(seed)
    if dtype == np.int16:
        return rng.integers(-32768, 32768, (frames, 2), np.int16)
    return rng.uniform(-1, 1, (frames, 2)).astype(np.float32)


@given(
    cuts=st.lists(st.integers(1, 70_000), min_size=1, max_size=5),
    first=st.integers(-1000, 140_000),
    frames=st.integers(0, 70_000),
)
def test_blocks_of_any_size_read_at_any_place(cuts, first, frames):
    x = noise(sum(cuts))
    track, at = Track(INFO), 0
    for cut in cuts:
        track.append(x[at : at + cut])
        at += cut
    track.finish()
    assert (track.frames, track.complete) == (len(x), True)
    expected = np.zeros((frames, 2), np.float32)
    a, b = max(0, first), min(len(x), first + frames)
    if b > a:
        expected[a - first : b - first] = x[a:b]
    assert np.array_equal(track.read(first, frames), expected)


def test_16_bits_are_kept_as_they_are_and_read_exactly():
    x = noise(100_000, np.int16)
    track = Track(INFO)
    track.append(x)
    assert all(s.dtype == np.int16 for s in track.slots)
    assert np.array_equal(track.read(0, len(x)), x.astype(np.float32) / 32768)


def test_until_the_end_is_known_only_what_is_decoded_can_be_read():
    track = Track(INFO)
    track.append(noise(600))
    assert track.frames == 1000  # what the header says
    assert track.available(0, 500) == 500
    assert track.available(500, 500) == 100
    assert track.available(700, 10) == 0
    out = np.full((500, 2), np.nan, np.float32)
    assert track.read_into(out, 500) == 100
    assert not out[100:].any()
    track.append(noise(600))
    assert track.frames == 1200  # more than the header said
    track.finish()
    assert track.available(1100, 500) == 500
    assert not track.read(1200, 100).any()


@pytest.mark.parametrize("block", [100, 4096, SLOT_FRAMES + 1])
def test_levels_do_not_depend_on_the_blocks(block):
    x = noise(2 * SLOT_FRAMES + 777)
    track = Track(INFO)
    for at in range(0, len(x), block):
        track.append(x[at : at + block])
    levels = np.concatenate(track.levels)
    cells = len(x) // LEVEL_FRAMES
    whole = x[: cells * LEVEL_FRAMES].reshape(cells, LEVEL_FRAMES, 2)
    assert np.array_equal(levels[:cells, :, 0], np.abs(whole).max(axis=1))
    assert np.allclose(levels[:cells, :, 1], np.square(whole).mean(axis=1), rtol=1e-5)
