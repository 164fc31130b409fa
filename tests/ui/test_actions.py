"""The table of actions: every one does something that can be seen; who gets a key."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demixme.core.session import NamedLoop
from demixme.ui.actions import table

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
RATE = 44100


def key(desk, which, modifiers=NONE):
    """Press and release a key as the window system does, not as a widget would see it."""
    QTest.keyClick(desk.window.windowHandle(), which, modifiers)
    desk.pump()


def asked(name):
    return lambda desk: desk.engine.asked(name)


def mutes(desk):
    return [desk.mix.strips[n].mute for n in desk.desk.parts.mixer_order]


def solos(desk):
    return [desk.mix.strips[n].solo for n in desk.desk.parts.mixer_order]


def focus(desk):
    return QApplication.focusWidget()


#: What each action changes; read before and after.
SEEN = {
    "open": lambda d: d.dialogs,
    "save_session": lambda d: d.dialogs,
    "export": lambda d: d.window.export_dialog.isVisible(),
    "quit": lambda d: d.window.isVisible(),
    "play": lambda d: d.engine.status.playing,
    "stop": asked("stop"),
    "start": asked("seek"),
    "back": asked("seek"),
    "forward": asked("seek"),
    "back_1": asked("seek"),
    "forward_1": asked("seek"),
    "song_former": asked("open"),
    "song_next": asked("open"),
    "loop": lambda d: d.engine.status.loop,
    "loop_start": lambda d: d.engine.status.loop,
    "loop_end": lambda d: d.engine.status.loop,
    **{
        f"loop_{tool}": lambda d: d.engine.status.loop
        for tool in ("halve", "double", "earlier", "later", "back", "on", "former", "next")
    },
    "loop_keep": lambda d: d.window.name_dialog.isVisible(),
    "original": lambda d: d.engine.status.original,
    "mute_all": mutes,
    "undo": lambda d: d.mix,
    "redo": lambda d: d.mix,
    "reset_control": lambda d: d.mix.strips["vocals"].level_db,
    "clear_clips": lambda d: d.mixer.master.meter.clipped,
    "say_state": lambda d: list(d.spoken),
    "next_area": focus,
    "spectrum": lambda d: d.bridge.settings.spectrum,
    "zoom_in": lambda d: d.window.waveform.span,
    "zoom_out": lambda d: d.window.waveform.span,
    "scroll_left": lambda d: d.window.waveform.first,
    "scroll_right": lambda d: d.window.waveform.first,
    "settings": lambda d: d.window.dialogs.settings.isVisible(),
    "help": lambda d: d.window.dialogs.help.isVisible(),
    "about": lambda d: d.window.dialogs.about.isVisible(),
    "mute": mutes,
    "solo": solos,
    "only": solos,
    "hold": asked("set_mix"),
    "focus": focus,
    "reset": lambda d: d.mix,
}


@pytest.fixture
def ready(make_desk, monkeypatch):
    """A window in which every action has something to do."""
    desk = make_desk()
    desk.dialogs = []
    monkeypatch.setattr("demixme.ui.doors.choose_file", lambda *a: desk.dialogs.append(a))
    monkeypatch.setattr("demixme.ui.doors.choose_new_file", lambda *a: desk.dialogs.append(a))
    desk.spoken = []
    desk.window.announce = desk.spoken.append
    desk.desk.set_loop((RATE, 3 * RATE))
    desk.desk.set_named_loops((NamedLoop("verse", 5 * RATE, 6 * RATE),))
    desk.desk.set_level("vocals", -3.0)
    desk.desk.set_level("drums", -6.0)
    desk.desk.undo()
    queue = desk.window.commands.queue
    queue.songs, queue.index = tuple(Path(f"/music/{n}.wav") for n in "abc"), 1
    desk.engine.seek(4 * RATE)
    desk.pump()
    desk.window.waveform.zoom(0.5)
    desk.window.waveform.scroll_to(2 * RATE)
    desk.mixer.master.meter.clipped = [True, True]
    desk.channel("vocals").fader.setFocus()
    desk.dialogs_before = list(desk.dialogs)
    yield desk
    for name in ("settings", "help", "about"):
        if name in vars(desk.window.dialogs):
            getattr(desk.window.dialogs, name).hide()
    desk.window.name_dialog.hide()


def press(desk, row):
    combination = QKeySequence(row.keys[0])[0]
    key(desk, combination.key(), combination.keyboardModifiers())


def first_of_kind():
    return [row for row in table() if not row.by_place or row.args == (1,)]


@pytest.mark.parametrize("row", first_of_kind(), ids=lambda row: row.id)
def test_every_action_does_something_by_its_key(ready, row):
    if row.id == "focus_1":
        ready.transport.play.setFocus()
    see = SEEN[row.id.removesuffix("_1") if row.by_place else row.id]
    before = see(ready)
    before = list(before) if isinstance(before, list) else before
    if row.keys:
        press(ready, row)
    else:  # reached through the menu
        ready.window.actions_table.by_id[row.id].trigger()
    assert see(ready) != before


def test_no_key_is_taken_twice():
    keys = [QKeySequence(k).toString() for row in table() for k in row.keys]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_every_digit_reaches_its_strip(desk):
    for place, name in enumerate(desk.desk.parts.mixer_order, start=1):
        key(desk, Qt.Key(Qt.Key.Key_0 + place))
        assert desk.mix.strips[name].mute
        key(desk, Qt.Key(Qt.Key.Key_0 + place), SHIFT)
        assert desk.mix.strips[name].solo
    before = desk.mix
    key(desk, Qt.Key.Key_7)  # there is no strip 7
    assert desk.mix == before


def test_alt_mutes_while_held_and_is_no_step_to_undo(desk):
    handle = desk.window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_1, ALT)
    assert desk.mix.strips["vocals"].mute
    desk.desk.set_level("bass", -3.0)  # a move meanwhile is one, and knows nothing of the mute
    QTest.keyRelease(handle, Qt.Key.Key_1, ALT)
    assert not desk.mix.strips["vocals"].mute
    desk.desk.undo()
    assert not desk.desk.can_undo
    assert desk.mix.strips["bass"].level_db == 0.0
    assert not desk.mix.strips["vocals"].mute


def test_a_held_mute_ends_when_the_window_loses_the_focus(desk):
    QTest.keyPress(desk.window.windowHandle(), Qt.Key.Key_2, ALT)
    assert desk.mix.strips["drums"].mute
    desk.window.digits.release_all()
    assert not desk.mix.strips["drums"].mute


# ---------------------------------------------------------------- who gets a key
def test_a_box_being_edited_gets_the_printable_keys(desk):
    box = desk.channel("drums").box
    box.setFocus()
    box.selectAll()
    desk.engine.calls.clear()
    for which in (Qt.Key.Key_1, Qt.Key.Key_P, Qt.Key.Key_M, Qt.Key.Key_0, Qt.Key.Key_Space):
        key(desk, which)
    for which in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        key(desk, which)
    key(desk, Qt.Key.Key_A, CTRL)
    assert box.hasFocus()
    assert box.lineEdit().selectedText() == box.text()
    assert box.text().startswith("1")
    assert not desk.engine.calls
    key(desk, Qt.Key.Key_Escape)
    assert not box.hasFocus()
    key(desk, Qt.Key.Key_M)
    assert all(mutes(desk))


def test_space_presses_the_button_tab_reached_else_it_plays(desk):
    playing = desk.engine.status.playing
    desk.channel("vocals").mute.setFocus(Qt.FocusReason.TabFocusReason)
    key(desk, Qt.Key.Key_Space)
    assert desk.mix.strips["vocals"].mute
    assert desk.engine.status.playing == playing
    key(desk, Qt.Key.Key_Return)
    assert not desk.mix.strips["vocals"].mute
    key(desk, Qt.Key.Key_P)
    assert desk.engine.status.playing != playing
    desk.channel("vocals").fader.setFocus()
    key(desk, Qt.Key.Key_Space)
    assert desk.engine.status.playing == playing


def test_a_focused_fader_leaves_home_and_arrows_to_the_song(desk):
    desk.channel("bass").fader.setFocus()
    desk.engine.seek(3 * RATE)
    desk.pump()
    key(desk, Qt.Key.Key_Right)
    key(desk, Qt.Key.Key_Home)
    assert [a[0] for a in desk.engine.asked("seek")[-2:]] == [8 * RATE, 0]
    assert desk.mix.strips["bass"].level_db == 0.0


def test_auto_repeat_never_toggles(desk):
    handle = desk.window.windowHandle()
    for which in (Qt.Key.Key_1, Qt.Key.Key_M, Qt.Key.Key_Space):
        before = (mutes(desk), desk.engine.status.playing)
        QApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, which, NONE, "", True))
        desk.pump()
        assert (mutes(desk), desk.engine.status.playing) == before
