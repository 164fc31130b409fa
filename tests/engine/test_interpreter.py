"""Garbage is collected by the gui thread's tick alone, as long as an engine lives."""

import gc
import sys

import pytest

from demixme.engine.interpreter import Interpreter


@pytest.fixture
def collected(monkeypatch):
    """Return the generations that were collected."""
    seen = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: seen.append(generation))
    return seen


def test_it_leaves_everything_as_it_was():
    before = gc.isenabled(), sys.getswitchinterval(), gc.get_freeze_count()
    interpreter = Interpreter()
    assert not gc.isenabled()
    assert sys.getswitchinterval() < before[1]
    interpreter.set_playing(True)
    assert not gc.isenabled()
    interpreter.set_playing(False)
    assert not gc.isenabled()
    interpreter.restore()
    assert (gc.isenabled(), sys.getswitchinterval(), gc.get_freeze_count()) == before


@pytest.mark.parametrize("playing", [True, False])
def test_everything_is_looked_at_only_while_nothing_plays(collected, playing):
    interpreter = Interpreter()
    interpreter.set_playing(playing)
    for _ in range(30 * 60):
        interpreter.tick()
    interpreter.restore()
    assert {0, 1} <= set(collected)
    assert (2 in collected) is not playing
