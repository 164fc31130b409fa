"""Digits and the keys right of P go by their place on the keyboard, whatever is printed there."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demixme.ui import digit_keys
from demixme.ui.digit_keys import bracket_of, digit_of

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def pressed(scan=0, virtual=0, key=Qt.Key.Key_Ampersand, modifiers=NONE, repeat=False):
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan, virtual, 0, "&", repeat, 1)


@pytest.fixture
def on(monkeypatch):
    """Let the platform be another one."""

    def choose(system, platform):
        monkeypatch.setattr(digit_keys.sys, "platform", system)
        monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: platform))

    return choose


@pytest.mark.parametrize(
    ("system", "platform", "scans"),
    [
        ("win32", "windows", range(2, 10)),
        ("linux", "xcb", range(10, 18)),
        ("linux", "wayland", range(10, 18)),
    ],
)
def test_digits_by_scan_code(on, system, platform, scans):
    on(system, platform)
    assert [digit_of(pressed(scan)) for scan in scans] == list(range(1, 9))
    assert digit_of(pressed(scans[-1] + 1)) == 0
    assert digit_of(pressed(scans[0] - 1)) == 0


def test_digits_of_a_mac_by_virtual_key(on):
    on("darwin", "cocoa")
    keys = (18, 19, 20, 21, 23, 22, 26, 28)
    assert [digit_of(pressed(virtual=k)) for k in keys] == list(range(1, 9))
    assert digit_of(pressed(virtual=29)) == 0


def test_digits_by_character_where_there_are_no_codes(on):
    on("linux", "offscreen")
    assert digit_of(pressed(key=Qt.Key.Key_3)) == 3
    assert digit_of(pressed(key=Qt.Key.Key_9)) == 0


@pytest.mark.parametrize(
    ("system", "platform", "codes"),
    [
        ("win32", "windows", ({"scan": 26}, {"scan": 27})),
        ("linux", "xcb", ({"scan": 34}, {"scan": 35})),
        ("darwin", "cocoa", ({"virtual": 33}, {"virtual": 30})),
    ],
)
def test_loop_ends_by_the_two_keys_right_of_p(on, system, platform, codes):
    on(system, platform)
    keys = [pressed(**code, key=Qt.Key.Key_Udiaeresis) for code in codes]
    assert [bracket_of(k) for k in keys] == ["loop_start", "loop_end"]
    assert bracket_of(pressed(scan=33, virtual=31)) == ""


def test_a_french_row_mutes_and_a_german_key_loops(desk, on):
    on("linux", "xcb")
    handle = desk.window.windowHandle()
    QApplication.sendEvent(handle, pressed(scan=11, key=Qt.Key.Key_Eacute))
    assert desk.mix.strips["drums"].mute
    QApplication.sendEvent(handle, pressed(scan=11, key=Qt.Key.Key_Eacute, repeat=True))
    assert desk.mix.strips["drums"].mute
    desk.engine.seek(44100)
    desk.pump()
    QApplication.sendEvent(handle, pressed(scan=34, key=Qt.Key.Key_Udiaeresis))
    assert desk.engine.status.loop[0] == 44100


def test_a_key_of_its_own_beats_its_place(desk, on):
    on("linux", "xcb")
    desk.window.actions_table.rebind("mute_all", ("Ü",))
    event = pressed(scan=34, key=Qt.Key.Key_Udiaeresis)
    QApplication.sendEvent(desk.window.windowHandle(), event)
    assert desk.engine.status.loop is None


def test_places_are_letters_again_in_a_box(desk, on):
    on("linux", "xcb")
    box = desk.channel("drums").box
    box.setFocus()
    for event in (pressed(scan=11, key=Qt.Key.Key_2), pressed(scan=34, key=Qt.Key.Key_Udiaeresis)):
        QApplication.sendEvent(desk.window.windowHandle(), event)
    assert not desk.mix.strips["drums"].mute
    assert desk.engine.status.loop is None


def test_a_box_keeps_its_editing_keys(desk):
    box = desk.channel("drums").box
    desk.desk.set_level("drums", -6.0)
    box.setFocus()
    box.selectAll()
    handle = desk.window.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "−6.0"
    QTest.keyClick(handle, Qt.Key.Key_Delete)
    assert box.text() == ""
    QTest.keyClick(handle, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert box.text() == "−6.0"
    box.selectAll()
    QTest.keyClick(handle, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(handle, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert box.text() == "−6.0"
    QTest.keyClick(handle, Qt.Key.Key_Return)
    assert desk.mix.strips["drums"].level_db == -6.0


def test_space_held_on_a_button_presses_it_once(desk):
    mute = desk.channel("vocals").mute
    mute.setFocus(Qt.FocusReason.TabFocusReason)
    handle = desk.window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_Space)
    for _ in range(3):
        repeat = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, NONE, " ", True)
        QApplication.sendEvent(handle, repeat)
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    assert desk.mix.strips["vocals"].mute
    for _ in range(3):
        repeat = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, NONE, "\r", True)
        QApplication.sendEvent(handle, repeat)
    assert desk.mix.strips["vocals"].mute
