"""Slots: what goes in comes out, cross-faded where calls meet, as far as it is there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demixme.core.errors import SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.separation.separator import failed_slot, make_slots, slot_levels
from demixme.separation.stemstore import (
    MEAN_SQUARE_OF_BYTE,
    PEAK_OF_BYTE,
    Quality,
    StemStore,
    slot_into,
)
from tests.support.separators import two_parts

SIZE, TAIL = 256, 32


@pytest.fixture(scope="module")
def separator():
    return two_parts(0.1, slot_frames=SIZE, call_slots=2, tail_frames=TAIL)


def constant_slot(separator, value, call, quality=Quality.FULL):
    stems = np.full((SIZE + TAIL, 1, 2), value, np.float32)
    return make_slots(stems, separator, quality, call)[0]


def read(store, first, frames):
    out = np.full((frames, 1, 2), np.nan, np.float32)
    return store.read_into(out, first), out[:, 0]


def test_a_call_comes_back_within_16_bits(separator):
    store = StemStore(separator.parts, SIZE)
    for call in range(8):
        stems = separator.full_call(separator.read, call, Interrupt())
        for k, slot in enumerate(make_slots(stems, separator, Quality.FULL, call)):
            store.put(2 * call + k, slot)
    there, out = read(store, 0, 16 * SIZE)
    assert there == 16 * SIZE
    assert np.abs(out - separator.stems["voice"][: len(out)]).max() <= 0.1 / 32767


def test_calls_are_faded_over_the_tail_and_one_call_is_not(separator):
    store = StemStore(separator.parts, SIZE)
    for index, (value, call) in enumerate([(1.0, 7), (0.5, 7), (-1.0, 8)]):
        store.put(index, constant_slot(separator, value, call))
    _, out = read(store, 0, 3 * SIZE)
    assert np.allclose(out[:SIZE], 1.0)
    assert np.allclose(out[SIZE : 2 * SIZE], 0.5)
    rise = np.arange(1, TAIL + 1)[:, None] / (TAIL + 1)
    assert np.allclose(out[2 * SIZE : 2 * SIZE + TAIL], 0.5 - 1.5 * rise, atol=1e-4)
    assert np.allclose(out[2 * SIZE + TAIL :], -1.0)


@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=12), start=st.integers(-50, 700))
def test_any_cut_reads_the_same(cuts, start):
    separator = two_parts(0.1, slot_frames=SIZE, call_slots=2, tail_frames=TAIL)
    store = StemStore(separator.parts, SIZE)
    rng = np.random.default_rng(1)
    for index in range(20):
        stems = rng.uniform(-1, 1, (SIZE + TAIL, 1, 2)).astype(np.float32)
        store.put(index, make_slots(stems, separator, Quality.FULL, index // 3)[0])
    _, whole = read(store, start, sum(cuts))
    at, pieces = start, []
    for cut in cuts:
        pieces.append(read(store, at, cut)[1])
        at += cut
    assert np.array_equal(np.concatenate(pieces), whole)


def test_it_says_how_far_it_reaches_and_is_silent_beyond(separator):
    store = StemStore(separator.parts, SIZE)
    store.put(0, constant_slot(separator, 1.0, 1))
    store.put(2, constant_slot(separator, 1.0, 1))
    for first, frames, there in [(0, 100, 100), (0, 300, 256), (-10, 20, 20), (256, 9, 0)]:
        found, out = read(store, first, frames)
        assert found == there
        assert (out[there:] == 0).all()
    assert (read(store, -10, 10)[1] == 0).all()
    assert store.get(-1) is None
    assert store.get(99) is None


def test_a_failed_slot_is_silent_and_takes_no_memory(separator):
    store = StemStore(separator.parts, SIZE)
    store.put(0, failed_slot(separator, 3))
    found, out = read(store, 0, SIZE)
    assert found == SIZE
    assert not out.any()
    assert store.quality_at(0) is Quality.FAILED
    assert store.bytes_used == 0


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["put", "drop", "fail"])), max_size=40)
)
def test_memory_is_counted_whatever_is_put_and_dropped(steps):
    separator = two_parts(0.1, slot_frames=SIZE, call_slots=2, tail_frames=TAIL)
    store = StemStore(separator.parts, SIZE)
    for number, (index, what) in enumerate(steps):
        if what == "drop":
            store.drop(index)
            assert store.get(index) is None
        else:
            made = constant_slot(separator, 0.5, number)
            store.put(index, made if what == "put" else failed_slot(separator, number))
    assert store.bytes_used == sum(s.nbytes for s in store.slots if s is not None)
    assert len(store.slots) == len(store.levels)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_never_becomes_a_slot(separator, value):
    stems = np.zeros((SIZE + TAIL, 1, 2), np.float32)
    stems[17, 0, 1] = value
    with pytest.raises(SeparationFailed):
        make_slots(stems, separator, Quality.FULL, 1)


def test_slots_cannot_be_changed_after_they_were_made(separator):
    slot = constant_slot(separator, 1.0, 1)
    with pytest.raises(ValueError, match="read-only"):
        slot.stems[0] = 0
    scratch, out = np.empty((TAIL, 1, 2), np.float32), np.empty((SIZE, 1, 2), np.float32)
    slot_into(slot, None, 0, out, scratch)
    assert np.allclose(out, 1.0)


def test_levels_are_those_of_every_part_within_half_a_db(separator):
    stems = separator.full_call(separator.read, 0, Interrupt())
    slot = make_slots(stems, separator, Quality.FULL, 1)[0]
    mixture = separator.read(0, SIZE)
    levels = slot_levels(slot, mixture, separator.parts)
    assert levels.shape == (1, 2, 2, 2)
    for k, name in enumerate(separator.parts.names):
        truth = separator.stems[name][:SIZE]
        peak = PEAK_OF_BYTE[levels[0, k, :, 0]]
        square = MEAN_SQUARE_OF_BYTE[levels[0, k, :, 1]]
        assert np.abs(20 * np.log10(peak / np.abs(truth).max(axis=0))).max() <= 0.26
        assert np.abs(10 * np.log10(square / np.square(truth).mean(axis=0))).max() <= 0.26
    assert not slot_levels(failed_slot(separator, 1), mixture, separator.parts).any()
