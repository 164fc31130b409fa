"""Each control of a strip changes the mix that the engine gets."""

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.support.pointer import contrast, drag, type_text, wheel

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


# ---------------------------------------------------------------- fader
def test_dragging_a_fader_is_relative_and_one_undo_step(desk):
    fader = desk.channel("drums").fader
    pixels = round(fader.length() * (0.36 - 0.22))  # from 0 dB to −5 dB by the law
    drag(fader, QPoint(0, pixels))
    assert desk.mix.strips["drums"].level_db == pytest.approx(-5.0, abs=0.4)
    assert len(desk.engine.asked("set_mix")) > 1
    desk.desk.undo()
    assert desk.mix.strips["drums"].level_db == 0.0
    assert not desk.desk.can_undo


def test_shift_makes_a_drag_ten_times_finer(desk):
    drag(desk.channel("bass").fader, QPoint(0, 40))
    drag(desk.channel("drums").fader, QPoint(0, 40), SHIFT)
    plain = desk.mix.strips["bass"].level_db
    fine = desk.mix.strips["drums"].level_db
    assert fine == pytest.approx(plain / 10, abs=0.15)


def test_a_fader_goes_from_silence_to_ten(desk):
    fader = desk.channel("drums").fader
    drag(fader, QPoint(0, 2000))
    assert desk.mix.strips["drums"].level_db == -math.inf
    assert desk.channel("drums").box.text() == "−∞"
    drag(fader, QPoint(0, -2000))
    assert desk.mix.strips["drums"].level_db == 10.0


def test_wheel_steps_are_whole_notches_on_both_axes(desk):
    fader = desk.channel("vocals").fader
    wheel(fader, 120)
    assert desk.mix.strips["vocals"].level_db == 0.5
    wheel(fader, 120, modifiers=SHIFT)
    assert desk.mix.strips["vocals"].level_db == 0.6
    wheel(fader, dx=-120, modifiers=SHIFT)
    assert desk.mix.strips["vocals"].level_db == 0.5
    for _ in range(3):
        wheel(fader, -30)
    assert desk.mix.strips["vocals"].level_db == 0.5
    wheel(fader, -30)
    assert desk.mix.strips["vocals"].level_db == 0.0
    desk.desk.undo()
    assert desk.mix.strips["vocals"].level_db == 0.0
    assert not desk.desk.can_undo  # one gesture, one step


def test_double_click_is_zero(desk):
    desk.desk.set_level("bass", -12.0)
    QTest.mouseDClick(desk.channel("bass").fader, LEFT)
    assert desk.mix.strips["bass"].level_db == 0.0


@pytest.mark.parametrize(
    ("key", "level"),
    [
        (Qt.Key.Key_Up, 0.5),
        (Qt.Key.Key_Down, -0.5),
        (Qt.Key.Key_PageUp, 3.0),
        (Qt.Key.Key_PageDown, -3.0),
    ],
)
def test_a_focused_fader_takes_four_keys(desk, key, level):
    fader = desk.channel("other").fader
    fader.setFocus()
    QTest.keyClick(fader, key)
    assert desk.mix.strips["other"].level_db == level


def test_the_tooltip_says_the_value(desk):
    desk.desk.set_level("drums", -6.2)
    assert desk.channel("drums").fader.toolTip().endswith("−6.2 dB")


# ---------------------------------------------------------------- value box
@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("-6,2", -6.2),
        ("−3.5", -3.5),
        ("+2", 2.0),
        ("4 dB", 4.0),
        ("-inf", -math.inf),
        ("inf", -math.inf),
        ("−∞", -math.inf),
        ("99", 10.0),
        ("-80", -math.inf),
    ],
)
def test_a_typed_value_counts(desk, typed, level):
    box = desk.channel("drums").box
    desk.desk.set_level("drums", 1.0)
    box.setFocus()
    box.selectAll()
    type_text(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert desk.mix.strips["drums"].level_db == level
    assert not box.hasFocus()


@pytest.mark.parametrize("typed", ["loud", "", "nan", "1.2.3"])
def test_nonsense_changes_nothing(desk, typed):
    box = desk.channel("drums").box
    desk.desk.set_level("drums", 1.0)
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert desk.mix.strips["drums"].level_db == 1.0
    assert box.text() == "+1.0"


def test_escape_leaves_the_box_as_it_was(desk):
    box = desk.channel("drums").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "-9")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert desk.mix.strips["drums"].level_db == 0.0
    assert box.text() == "0.0"
    assert not box.hasFocus()
    assert not box.acceptDrops()


# ---------------------------------------------------------------- balance, mute, solo
def test_balance_moves_and_resets(desk):
    balance = desk.channel("other").balance
    drag(balance, QPoint(-round(balance.length() / 4), 0))
    assert desk.mix.strips["other"].pan == pytest.approx(-0.5, abs=0.03)
    QTest.mouseDClick(balance, LEFT)
    assert desk.mix.strips["other"].pan == 0.0


def test_mute_keeps_the_fader_and_its_text_is_readable(desk):
    strip = desk.channel("vocals")
    desk.desk.set_level("vocals", -4.0)
    QTest.mouseClick(strip.mute, LEFT)
    assert desk.mix.strips["vocals"].mute
    assert strip.mute.isChecked()
    assert strip.fader.level_db == -4.0
    assert strip.fader.dim
    fill, _, ink = strip.mute._colours()
    assert contrast(fill, ink) >= 4.5
    QTest.mouseClick(strip.mute, LEFT)
    assert not desk.mix.strips["vocals"].mute


def test_solo_is_additive_and_ctrl_click_is_exclusive_and_goes_back(desk):
    QTest.mouseClick(desk.channel("vocals").solo, LEFT)
    QTest.mouseClick(desk.channel("drums").solo, LEFT)
    assert soloed(desk) == {"vocals", "drums"}
    assert desk.channel("bass").fader.dim
    assert not desk.channel("drums").fader.dim
    QTest.mouseClick(desk.channel("bass").solo, LEFT, CTRL)
    assert soloed(desk) == {"bass"}
    QTest.mouseClick(desk.channel("bass").solo, LEFT, CTRL)
    assert soloed(desk) == {"vocals", "drums"}


def soloed(desk):
    return {n for n, s in desk.mix.strips.items() if s.solo}


def test_master_moves_the_mix(desk):
    wheel(desk.mixer.master.fader, -240)
    assert desk.mix.master_db == -1.0
    assert desk.mixer.master.box.text() == "−1.0"


def test_a_click_never_gives_a_button_the_focus(desk):
    QTest.mouseClick(desk.channel("vocals").mute, LEFT)
    QTest.mouseClick(desk.transport.play, LEFT)
    assert not desk.channel("vocals").mute.hasFocus()
    assert desk.channel("vocals").mute.focusPolicy() == Qt.FocusPolicy.TabFocus
