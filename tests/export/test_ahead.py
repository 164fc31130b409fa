"""Calls made two at a time give what they give one after the other."""

import threading

import numpy as np
import pytest

from demixme.core.errors import Cancelled, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState, Strip
from demixme.export import ahead
from demixme.export.ahead import AheadSlots, open_slots
from demixme.export.render import render
from demixme.export.slots import DirectSlots
from tests.export.conftest import loaded
from tests.support import separators


def slots(source, track, interrupt=None, first=0):
    last = -(-track.frames // source.slot_frames)
    return [source.take(k, interrupt or Interrupt()) for k in range(first, last)]


@pytest.fixture
def two(tmp_path):
    """Two separators of one song, and the song."""
    separator, track = loaded(tmp_path, separators.four_parts(5.0))
    return separator, separators.four_parts(5.0), track


@pytest.mark.parametrize("first", [0, 3, 7])
def test_the_slots_are_the_same_and_every_call_is_made_once(two, first):
    one, other, track = two
    want = slots(DirectSlots(one, track.read), track, first=first)
    made = len(one.calls)
    source = AheadSlots(one, other, track.read, track.frames)
    got = slots(source, track, first=first)
    source.close()
    assert [s.call for s in got] == [s.call for s in want]
    for a, b in zip(got, want, strict=True):
        np.testing.assert_array_equal(a.stems, b.stems)
    assert len(one.calls) - made + len(other.calls) == made
    assert abs(len(one.calls) - made - len(other.calls)) <= 1


def test_a_cancel_while_the_helper_works_comes_at_once(two):
    one, other, track = two
    held = threading.Event()
    call = other.full_call

    def slow(read, index, interrupt):
        while not held.wait(0.01):
            interrupt.check()
        return call(read, index, interrupt)

    other.full_call = slow
    source = AheadSlots(one, other, track.read, track.frames)
    interrupt = Interrupt()
    timer = threading.Timer(0.1, interrupt.set)
    timer.start()
    with pytest.raises(Cancelled):
        slots(source, track, interrupt)
    source.close()
    timer.join()


def test_a_failure_of_the_helper_is_the_exports(tmp_path):
    one, track = loaded(tmp_path, separators.four_parts(3.0))
    other = separators.four_parts(3.0, fail_calls={1})
    source = AheadSlots(one, other, track.read, track.frames)
    with pytest.raises(SeparationFailed):
        slots(source, track)
    source.close()


@pytest.mark.parametrize("cores", [1, 2])
def test_a_model_gives_what_the_machine_allows(tmp_path, monkeypatch, cores):
    monkeypatch.setattr(ahead, "cores", lambda: cores)
    separator, track = loaded(tmp_path, separators.four_parts(2.0))
    mix = MixState(separator.parts, {"bass": Strip(mute=True)})
    with open_slots(separators.KnownModel(separator), track) as source:
        assert isinstance(source, AheadSlots) == (cores == 2)
        out = np.concatenate(list(render(track, mix, source)))
    assert np.abs(out - (separator.mixture - separator.stems["bass"])).max() < 1e-5
    with open_slots(separators.KnownModel(separator), track, alone=False) as source:
        assert not isinstance(source, AheadSlots)
