"""Loops: their ends, size and place, named ones, how often they play; by key, mouse and menu."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from demixme.core.session import NamedLoop
from demixme.ui import loops
from demixme.ui.loops import PassCount
from tests.support.pointer import LEFT, drag

RATE = 44100
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
VERSE = NamedLoop("Verse", 5 * RATE, 6 * RATE)
INTRO = NamedLoop("Intro", 1 * RATE, 2 * RATE)


def key(desk, which, modifiers=NONE):
    QTest.keyClick(desk.window.windowHandle(), which, modifiers)
    desk.pump()


def at(desk, seconds):
    desk.engine.seek(round(seconds * RATE))
    desk.pump()


def loop_of(desk):
    return desk.engine.status.loop


# ---------------------------------------------------------------- values
def test_a_moved_loop_keeps_its_length_and_stays_in_the_song():
    assert loops.shifted((100, 200), 50, 1000) == (150, 250)
    assert loops.shifted((100, 200), -500, 1000) == (0, 100)
    assert loops.shifted((100, 200), 5000, 1000) == (900, 1000)


def test_halving_and_doubling_know_their_limits():
    assert loops.halved((100, 300), 50) == (100, 200)
    assert loops.halved((100, 160), 50) == (100, 150)
    assert loops.halved((100, 150), 50) == (100, 150)
    assert loops.doubled((100, 300), 1000) == (100, 500)
    assert loops.doubled((100, 700), 1000) == (100, 1000)


@pytest.mark.parametrize("here", [0, 1, 99, 100, 500, 999, 1000])
@pytest.mark.parametrize("loop", [(0, 1000), (0, 50), (400, 600), (950, 1000)])
def test_an_end_set_anywhere_leaves_a_loop(here, loop):
    for moved in (loops.begun_at, loops.ended_at):
        first, last = moved(loop, here, 1000, 50, loop[1] - loop[0])
        assert 0 <= first <= last - 50
        assert last <= 1000


def test_named_loops_are_gone_through_in_song_order():
    named = (VERSE, INTRO)
    assert loops.neighbour(named, INTRO.region, 0, 1) is VERSE
    assert loops.neighbour(named, VERSE.region, 0, 1) is INTRO
    assert loops.neighbour(named, VERSE.region, 0, -1) is INTRO
    assert loops.neighbour(named, None, 3 * RATE, 1) is VERSE
    assert loops.neighbour(named, None, 3 * RATE, -1) is INTRO
    assert loops.neighbour((), None, 0, 1) is None


def test_passes_are_counted_by_what_is_heard():
    passes = PassCount()
    passes.times = 3
    said = [passes.follow((100, 200), p) for p in (50, 150, 190, 110, 190, 105, 150)]
    assert said == [False, False, False, False, False, True, True]
    passes.begin()
    passes.follow((100, 200), 190)
    passes.sought()  # a person jumped back: no pass has ended
    assert not passes.follow((100, 200), 110)
    assert passes.done == 0
    passes.times = 0
    for position in (190, 110) * 9:
        assert not passes.follow((100, 200), position)


# ---------------------------------------------------------------- keys
def test_ends_never_make_an_empty_loop(desk):
    desk.desk.set_loop((2 * RATE, 4 * RATE))
    at(desk, 5)
    key(desk, Qt.Key.Key_BracketLeft)
    assert loop_of(desk) == (5 * RATE, 7 * RATE)
    at(desk, 1)
    key(desk, Qt.Key.Key_BracketRight)
    assert loop_of(desk)[1] == 1 * RATE
    assert loop_of(desk)[0] < 1 * RATE
    key(desk, Qt.Key.Key_L)
    assert loop_of(desk) is None
    key(desk, Qt.Key.Key_L)
    assert loop_of(desk)[1] == 1 * RATE


def test_home_goes_to_the_loop_and_then_to_the_song(desk):
    desk.desk.set_loop((2 * RATE, 4 * RATE))
    for place in (3, 1):  # in the loop and before it
        at(desk, place)
        key(desk, Qt.Key.Key_Home)
        assert desk.engine.status.position_frame == 2 * RATE
        key(desk, Qt.Key.Key_Home)
        assert desk.engine.status.position_frame == 0


def test_tools_move_and_cut_the_loop_each_as_one_step(desk):
    desk.desk.set_loop((2 * RATE, 4 * RATE))
    for which, modifiers, wanted in (
        (Qt.Key.Key_H, NONE, (2 * RATE, 3 * RATE)),
        (Qt.Key.Key_D, NONE, (2 * RATE, 4 * RATE)),
        (Qt.Key.Key_Right, ALT, (2 * RATE + 2205, 4 * RATE + 2205)),
        (Qt.Key.Key_Left, ALT, (2 * RATE, 4 * RATE)),
        (Qt.Key.Key_Right, ALT | SHIFT, (4 * RATE, 6 * RATE)),
        (Qt.Key.Key_Left, ALT | SHIFT, (2 * RATE, 4 * RATE)),
    ):
        before = loop_of(desk)
        key(desk, which, modifiers)
        assert loop_of(desk) == wanted
        desk.desk.undo()
        assert loop_of(desk) == before
        desk.desk.redo()


def test_loops_are_kept_by_name_chosen_and_forgotten(desk):
    desk.desk.set_loop(VERSE.region)
    key(desk, Qt.Key.Key_K)
    dialog = desk.window.name_dialog
    assert dialog.isVisible()
    assert dialog.box.text() == "Loop 1"
    dialog.box.setText("Verse")
    QTest.mouseClick(dialog.keep, LEFT)
    assert desk.desk.named_loops == (VERSE,)
    desk.desk.set_named_loops((VERSE, INTRO))
    desk.window.activateWindow()
    desk.pump()
    key(desk, Qt.Key.Key_Period)
    assert loop_of(desk) == INTRO.region
    assert desk.engine.status.position_frame == INTRO.first
    key(desk, Qt.Key.Key_Comma)
    assert loop_of(desk) == VERSE.region
    menu = desk.window.loop_menu
    QTest.mouseClick(desk.transport.loop_more, LEFT)
    assert menu.isVisible()
    chosen = [a.text().partition("\t")[0] for a in menu.actions() if a.isChecked()]
    assert chosen == ["Verse"]
    next(a for a in menu.actions() if a.text().startswith("Intro")).trigger()
    assert loop_of(desk) == INTRO.region
    menu.forget.actions()[0].trigger()
    assert desk.desk.named_loops == (VERSE,)
    menu.hide()
    desk.open("/music/other.wav")
    assert desk.desk.named_loops == ()


def test_a_loop_that_played_often_enough_goes_on(desk):
    desk.desk.set_loop((2 * RATE, 4 * RATE))
    desk.window.loop_menu._fill()
    next(a for a in desk.window.loop_menu.times.actions() if a.text() == "2 times").trigger()
    for place in (2.5, 3.9):
        at(desk, place)
    assert "1 of 2" in desk.transport.loop.text()
    assert loop_of(desk)
    at(desk, 2.1)  # the wrap is heard: the second pass is the last
    assert loop_of(desk) is None
    key(desk, Qt.Key.Key_L)
    assert loop_of(desk) == (2 * RATE, 4 * RATE)


# ---------------------------------------------------------------- mouse
def test_a_loop_is_drawn_on_the_ruler_and_its_ends_dragged(desk):
    wave = desk.window.waveform
    drag(wave, QPoint(200, 0), start=QPoint(300, 10))
    assert loop_of(desk) == (wave.frame_at(300), wave.frame_at(500))
    drag(wave, QPoint(-100, 0), start=QPoint(500, 20))
    assert loop_of(desk) == (wave.frame_at(300), wave.frame_at(400))
    drag(wave, QPoint(50, 0), start=QPoint(300, 20))
    assert loop_of(desk) == (wave.frame_at(350), wave.frame_at(400))
    asked = len(desk.engine.asked("seek"))
    drag(wave, QPoint(1, 0), start=QPoint(600, 10))  # too short a way: a click
    assert loop_of(desk) == (wave.frame_at(350), wave.frame_at(400))
    assert len(desk.engine.asked("seek")) == asked + 1
