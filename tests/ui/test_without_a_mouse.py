"""Everything the README promises, done by keys alone, as the window system sends them."""

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.fake_engine import RATE, FakeEngine

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def press(desk, which, modifiers=NONE):
    QTest.keyClick(desk.window.windowHandle(), which, modifiers)
    desk.pump()


def tab_to(desk, widget):
    """Press Tab until a control has the focus."""
    for _ in range(120):
        if QApplication.focusWidget() is widget:
            return
        press(desk, Qt.Key.Key_Tab)
    pytest.fail(f"Tab never reaches {widget.accessibleName()}")


def test_open_a_song(make_desk, monkeypatch, tmp_path):
    desk = make_desk(song=False)
    monkeypatch.setattr("demixme.ui.doors.choose_file", lambda *_: tmp_path / "song.wav")
    press(desk, Qt.Key.Key_O, CTRL)
    desk.pump(10)
    assert desk.engine.status.playing
    assert desk.transport.play.hasFocus()


def test_the_demo_song(make_desk, monkeypatch, tmp_path):
    monkeypatch.setattr("demixme.resources.demo_song", lambda: tmp_path / "demo.ogg")
    desk = make_desk(song=False)
    tab_to(desk, desk.window.empty.demo)
    press(desk, Qt.Key.Key_Space)
    assert desk.engine.asked("open") == [(tmp_path / "demo.ogg",)]


def test_a_recent_song(make_desk, tmp_path):
    first = make_desk()
    first.window.close()
    desk = make_desk(song=False)
    tab_to(desk, desk.window.empty.rows[0])
    press(desk, Qt.Key.Key_Return)
    assert len(desk.engine.asked("open")) == 1


def test_play_seek_loop(desk):
    press(desk, Qt.Key.Key_Space)
    assert not desk.engine.status.playing
    press(desk, Qt.Key.Key_Right)
    assert desk.engine.status.position_frame == 5 * RATE
    press(desk, Qt.Key.Key_Left)
    press(desk, Qt.Key.Key_BracketLeft)
    press(desk, Qt.Key.Key_Right)
    press(desk, Qt.Key.Key_BracketRight)
    assert desk.engine.status.loop == (0, 5 * RATE)
    press(desk, Qt.Key.Key_L)
    assert desk.engine.status.loop is None
    press(desk, Qt.Key.Key_Home)
    assert desk.engine.status.position_frame == 0


def test_four_faders_mute_solo_balance_and_master(desk):
    for place, name in enumerate(desk.desk.parts.mixer_order, start=1):
        digit = Qt.Key(Qt.Key.Key_0 + place)
        press(desk, digit, CTRL)
        press(desk, Qt.Key.Key_PageDown)
        press(desk, digit)
        press(desk, digit, SHIFT)
        strip = desk.mix.strips[name]
        assert (strip.level_db, strip.mute, strip.solo) == (-3.0, True, True)
        tab_to(desk, desk.channel(name).balance)
        press(desk, Qt.Key.Key_Up)
        assert desk.mix.strips[name].pan == pytest.approx(0.01)
    tab_to(desk, desk.mixer.master.fader)
    press(desk, Qt.Key.Key_Up)
    assert desk.mix.master_db == 0.5
    press(desk, Qt.Key.Key_Delete)
    assert desk.mix.master_db == 0.0
    press(desk, Qt.Key.Key_0)
    assert not any(s.mute or s.solo or s.level_db for s in desk.mix.strips.values())


def test_minus_infinity_to_plus_ten(desk):
    fader = desk.channel("vocals").fader
    press(desk, Qt.Key.Key_1, CTRL)
    assert fader.hasFocus()
    for _ in range(30):
        press(desk, Qt.Key.Key_PageDown)
    assert desk.mix.strips["vocals"].level_db == -math.inf
    for _ in range(30):
        press(desk, Qt.Key.Key_PageUp)
    assert desk.mix.strips["vocals"].level_db == 10.0
    tab_to(desk, desk.channel("vocals").box)
    for c in "-6":
        QTest.keyClick(desk.window.windowHandle(), c)
    press(desk, Qt.Key.Key_Return)
    assert desk.mix.strips["vocals"].level_db == -6.0


def test_a_preset_undo_and_the_untouched_song(desk):
    _, chip = next(p for p in desk.mixer.master.presets if p[0].id == "karaoke")
    tab_to(desk, chip)
    press(desk, Qt.Key.Key_Return)
    assert desk.mix.strips["vocals"].mute
    press(desk, Qt.Key.Key_Z, CTRL)
    assert not desk.mix.strips["vocals"].mute
    press(desk, Qt.Key.Key_Y, CTRL)
    assert desk.mix.strips["vocals"].mute
    press(desk, Qt.Key.Key_O)
    assert desk.engine.status.original


def test_the_volume_the_output_and_the_model(make_desk):
    from demixme.ui.bridge import ModelChoice

    desk = make_desk(FakeEngine(), models=lambda: (ModelChoice("a", "A"), ModelChoice("b", "B")))
    tab_to(desk, desk.transport.volume)
    press(desk, Qt.Key.Key_PageDown)
    assert desk.engine.status.volume < 1.0
    for button, menu, call in (
        (desk.transport.device, desk.window.menus.outputs, "set_device"),
        (desk.window.header.model, desk.window.menus.models, "set_model"),
    ):
        tab_to(desk, button)
        asked = len(desk.engine.asked(call))
        press(desk, Qt.Key.Key_Return)
        assert menu.isVisible()
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        desk.pump()
        assert len(desk.engine.asked(call)) == asked + 1


def test_export_save_settings_help_and_the_message_bar(desk, monkeypatch, tmp_path):
    press(desk, Qt.Key.Key_E, CTRL)
    assert desk.window.export_dialog.isVisible()
    desk.window.export_dialog.hide()
    monkeypatch.setattr("demixme.ui.doors.choose_new_file", lambda *_: tmp_path / "x.demix")
    press(desk, Qt.Key.Key_S, CTRL)
    for key, modifiers, name in (
        (Qt.Key.Key_Comma, CTRL, "settings"),
        (Qt.Key.Key_F1, NONE, "help"),
    ):
        desk.window.activateWindow()
        desk.pump(3)
        press(desk, key, modifiers)
        dialog = getattr(desk.window.dialogs, name)
        assert dialog.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()


def test_f6_goes_round_every_area_and_back(desk):
    from demixme.ui.notice import Notice

    answered = []
    desk.window.bar.say(Notice("Something happened.", "Answer", lambda: answered.append(1)))
    seen = []
    for _ in range(12):
        press(desk, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
        if seen[0] is seen[-1] and len(seen) > 1:
            break
    areas = (desk.window.header, desk.window.bar, desk.window.song_card, desk.transport)
    for area in (*areas, desk.channel("vocals"), desk.mixer.master):
        assert any(area.isAncestorOf(w) for w in seen), area
    assert seen[0] is seen[-1]
    desk.window.bar.action.setFocus(Qt.FocusReason.TabFocusReason)
    press(desk, Qt.Key.Key_Return)
    assert answered == [1]
