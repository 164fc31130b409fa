"""What those get who hear the screen: every control's name, role and value, and what is said."""

import math

import pytest
from PySide6.QtCore import QAbstractAnimation, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollBar

from demixme.ui.spoken import spoken_balance, spoken_level
from tests.support.accessible import check_controls, controls, interface
from tests.support.pointer import drag, type_text

Role, Text = QAccessible.Role, QAccessible.Text


@pytest.fixture
def heard(desk):
    """What was announced; everything goes through the window's one function."""
    said = []
    desk.window.announce = said.append
    desk.window.speech.flush()
    said.clear()
    desk.said = said
    return desk


def rest(desk):
    desk.window.speech.flush()
    said, desk.said[:] = list(desk.said), []
    return said


# ---------------------------------------------------------------- read back
def test_a_fader_is_a_slider_in_whole_decibels_whose_name_never_changes(desk):
    fader = desk.channel("vocals").fader
    for level, value, words in (
        (0.0, 0, "0 decibels"),
        (-6.2, -6, "minus 6.2 decibels"),
        (3.5, 4, "plus 3.5 decibels"),
        (-math.inf, -61, "silent"),
    ):
        desk.desk.set_level("vocals", level)
        i = interface(fader)
        assert i.role() == Role.Slider
        assert i.text(Text.Name) == "Vocals volume"
        assert i.text(Text.Description) == words
        assert i.valueInterface().currentValue() == value
    assert interface(fader).valueInterface().minimumValue() == -61
    assert interface(fader).valueInterface().maximumValue() == 10


def test_a_screen_reader_can_move_a_fader(desk):
    fader = desk.channel("bass").fader
    desk.desk.set_level("bass", -6.2)
    interface(fader).valueInterface().setCurrentValue(-3)
    assert desk.mix.strips["bass"].level_db == -3.0
    interface(fader).valueInterface().setCurrentValue(-61)
    assert desk.mix.strips["bass"].level_db == -math.inf


def test_the_value_box_is_a_spin_box_that_reads_as_it_shows(desk):
    box = desk.channel("drums").box
    desk.desk.set_level("drums", -6.2)
    i = interface(box)
    assert i.role() == Role.SpinBox
    assert i.text(Text.Name) == "Drums volume in decibels"
    assert box.textFromValue(box.value()) == box.text() == "−6.2"
    assert i.text(Text.Value) == "−6.2"


def test_mute_and_solo_say_whether_they_are_on(desk):
    strip = desk.channel("other")
    for button, name in ((strip.mute, "Mute Other"), (strip.solo, "Solo Other")):
        i = interface(button)
        assert i.text(Text.Name) == name
        assert i.role() == Role.CheckBox
        assert i.state().checkable
        assert not i.state().checked
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert interface(button).state().checked


def test_balance_and_volume_have_values(desk):
    desk.desk.set_pan("bass", -0.3)
    i = interface(desk.channel("bass").balance)
    assert (i.role(), i.text(Text.Name)) == (Role.Slider, "Bass balance")
    assert i.valueInterface().currentValue() == -30
    assert i.text(Text.Description) == "30 percent left"
    desk.bridge.set_volume(0.25)
    i = interface(desk.transport.volume)
    assert (i.role(), i.text(Text.Name)) == (Role.Slider, "Monitoring volume")
    assert i.valueInterface().currentValue() == 50


def test_names_never_change_and_descriptions_say_the_state(desk):
    loop, output = desk.transport.loop, desk.transport.device
    names = [interface(w).text(Text.Name) for w in (loop, output)]
    assert names == ["Loop", "Output"]
    assert interface(output).text(Text.Description) == output.text()
    desk.desk.set_loop((44100, 88200))
    assert interface(loop).text(Text.Description) == "Loop 0:01.0 – 0:02.0"
    assert interface(loop).state().checked
    desk.desk.set_loop(None)
    assert "0:01" not in interface(loop).text(Text.Description)
    assert [interface(w).text(Text.Name) for w in (loop, output)] == names


def test_every_control_of_the_window_has_name_role_and_value(desk):
    assert check_controls(desk.window) > 30


def test_every_control_of_the_empty_window_has_name_and_role(make_desk):
    assert check_controls(make_desk(song=False).window) > 5


def test_every_control_has_a_name_of_its_own(desk):
    names = [
        interface(w).text(Text.Name)
        for w in controls(desk.window)
        if w.isVisible() and not isinstance(w, QScrollBar)
    ]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)


# ---------------------------------------------------------------- said
def test_a_drag_is_said_once_when_it_rests(heard):
    drag(heard.channel("vocals").fader, heard.channel("vocals").fader.rect().center() * 0.2)
    assert heard.said == []
    (text,) = rest(heard)
    level = heard.mix.strips["vocals"].level_db
    assert text == f"Vocals volume, {spoken_level(level)}"
    assert rest(heard) == []


def test_it_rests_for_150_ms(heard, qtbot):
    heard.desk.toggle_mute("drums")
    assert heard.window.speech._timer.interval() == 150
    qtbot.waitUntil(lambda: heard.said == ["Drums muted"], timeout=3000)


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (lambda d: d.desk.toggle_mute("vocals"), "Vocals muted"),
        (lambda d: d.desk.toggle_solo("bass"), "Bass solo"),
        (lambda d: d.desk.set_pan("drums", 0.5), "Drums balance, 50 percent right"),
        (lambda d: d.desk.set_level("master", -1.0), "Master volume, minus 1 decibels"),
        (lambda d: d.desk.set_loop((44100, 88200)), "Loop from 0:01.0 to 0:02.0"),
        (lambda d: d.desk.set_original(True), "The untouched song"),
        (lambda d: d.bridge.set_volume(0.0), "Monitoring volume, 0 percent"),
        (
            lambda d: d.desk.toggle_mute_all(),
            "Vocals muted, Drums muted, Bass muted, Other muted",
        ),
    ],
)
def test_every_kind_of_change_is_said(heard, move, words):
    move(heard)
    assert rest(heard) == [words]


def test_undo_and_reset_are_said(heard):
    heard.desk.toggle_mute("vocals")
    assert rest(heard) == ["Vocals muted"]
    heard.desk.undo()
    assert rest(heard) == ["Vocals no longer muted"]
    heard.desk.toggle_mute_all()
    rest(heard)
    heard.desk.reset()
    assert rest(heard) == ["All faders at 0, nothing muted"]


def test_a_song_is_said_with_its_length_and_nothing_it_brings(heard):
    heard.desk.toggle_mute("vocals")
    rest(heard)
    heard.open("/music/next.wav")
    assert rest(heard) == ["next is open, 0:12 long", "All parts are ready"]


def test_what_is_taken_back_is_said_by_the_bar_alone(heard):
    heard.desk.restore_mix(heard.mix.with_strip("vocals", mute=True))
    assert rest(heard) == []


def test_key_i_says_the_state(heard):
    heard.desk.toggle_mute("vocals")
    heard.desk.set_level("bass", -3.0)
    heard.desk.set_loop((44100, 88200))
    rest(heard)
    QTest.keyClick(heard.window.windowHandle(), Qt.Key.Key_I)
    (text,) = heard.said
    assert "loop 0:01 to 0:02" in text
    assert "Vocals muted" in text
    assert "Bass volume, minus 3 decibels" in text


def test_values_in_words():
    assert [spoken_level(x) for x in (-0.04, 0.0, -0.5, 10.0)] == [
        "0 decibels",
        "0 decibels",
        "minus 0.5 decibels",
        "plus 10 decibels",
    ]
    assert spoken_balance(0) == "centre"


# ---------------------------------------------------------------- quiet
def test_nothing_is_animated(desk):
    assert desk.window.findChildren(QAbstractAnimation) == []


def test_typing_minus_twelve_into_a_value_box_changes_no_mute(desk):
    box = desk.channel("drums").box
    box.setFocus()
    box.selectAll()
    for text in "-12":
        QTest.keyClick(desk.window.windowHandle(), text)
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Return)
    assert desk.mix.strips["drums"].level_db == -12.0
    assert not any(s.mute or s.solo for s in desk.mix.strips.values())
    box.setFocus()
    box.selectAll()
    type_text(box, "−12")
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Return)
    assert desk.mix.strips["drums"].level_db == -12.0
    assert not any(s.mute for s in desk.mix.strips.values())
