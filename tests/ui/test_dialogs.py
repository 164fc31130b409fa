"""Settings, keys, manual, about: each shown without stopping the music, each doing what it says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest

from demixme import logs, settings
from demixme.ui import app as window_app
from demixme.ui.bridge import ModelChoice
from tests.support.accessible import check_controls
from tests.support.fake_engine import DEVICES, FakeEngine

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
MODELS = (
    ModelChoice("default", "First", "small", True, ("licence: GPL <3>",)),
    ModelChoice("b", "Second"),
)


def key(desk, which, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(desk.window.windowHandle(), which, modifiers)
    desk.pump()


@pytest.fixture
def desk(make_desk):
    made = make_desk(models=lambda: MODELS)
    yield made
    for dialog in ("settings", "help", "about"):
        if dialog in vars(made.window.dialogs):
            getattr(made.window.dialogs, dialog).hide()


# ---------------------------------------------------------------- settings
@pytest.fixture
def dialog(desk):
    desk.window.dialogs.settings.open()
    return desk.window.dialogs.settings


def chosen(choice, text):
    """Choose as a person does: by the entry of the menu that the button opens."""
    choice.click()
    action = next(a for a in choice.menu.actions() if a.text() == text)
    action.trigger()
    choice.menu.hide()


@pytest.mark.parametrize(
    ("name", "text", "call", "kept"),
    [
        ("output", "Speakers · ALSA", ("set_device", DEVICES[1]), ("device", "Speakers")),
        ("output", "System default", None, ("device", "")),
        ("buffer", "100 ms", ("set_buffer_ms", 100.0), ("buffer_ms", 100.0)),
        ("model", "Second", ("set_model", "b"), ("model", "b")),
        ("late", "Silence until it is there", ("set_silent_when_late", True), ("late", "silence")),
        ("store", "1024 MB", None, ("store_mb", 1024.0)),
        ("looks", "Light", None, ("look", "light")),
        ("language", "Español", None, ("language", "es")),
    ],
)
def test_every_setting_is_taken_and_kept(desk, dialog, name, text, call, kept):
    chosen(getattr(dialog, name), text)
    if call is not None:
        assert desk.engine.calls[-1] == call
    assert getattr(desk.bridge.settings, kept[0]) == kept[1]
    dialog.hide()
    desk.window.close()
    assert getattr(settings.load(), kept[0]) == kept[1]


def test_opening_the_settings_changes_nothing(desk):
    before, calls = desk.bridge.settings, len(desk.engine.calls)
    desk.window.dialogs.settings.open()
    assert desk.bridge.settings == before
    asked = {c[0] for c in desk.engine.calls[calls:]}
    assert asked <= {"refresh_devices"}


def test_kept_settings_reach_the_engine_at_the_next_start(make_desk):
    settings.save(settings.Settings(late="silence", buffer_ms=35.0))
    desk = make_desk(song=False)
    assert desk.engine.asked("set_silent_when_late") == [(True,)]
    desk.window.dialogs.settings.open()
    assert desk.window.dialogs.settings.buffer.text() == "35 ms"
    assert desk.window.dialogs.settings.late.text() == "Silence until it is there"
    desk.window.dialogs.settings.hide()


def test_songs_are_forgotten_from_the_settings(desk, dialog, monkeypatch):
    done = []
    memory = desk.bridge.memory
    monkeypatch.setattr(memory, "forget_song", lambda: done.append("song"))
    monkeypatch.setattr(memory, "forget_all", lambda: done.append("all"))
    QTest.mouseClick(dialog.forget_song, LEFT)
    QTest.mouseClick(dialog.forget_all, LEFT)
    assert done == ["song", "all"]


# ---------------------------------------------------------------- keys
@pytest.fixture
def page(desk):
    desk.window.dialogs.help.open()
    return desk.window.dialogs.help.shortcuts


def back(desk):
    """Close the help and go on in the window, as a window system lets it."""
    desk.window.dialogs.help.hide()
    desk.window.activateWindow()
    desk.pump()


def press_new(page, action, keys):
    page.choose(action)
    page.box.setKeySequence(QKeySequence(keys))


def test_a_key_is_changed_kept_and_used(desk, page):
    press_new(page, "mute_all", "F7")
    assert "free" in page.line.text()
    QTest.mouseClick(page.set_key, LEFT)
    back(desk)
    key(desk, Qt.Key.Key_M)
    assert not any(s.mute for s in desk.mix.strips.values())
    key(desk, Qt.Key.Key_F7)
    assert all(s.mute for s in desk.mix.strips.values())
    desk.window.close()
    assert settings.load().shortcuts == (("mute_all", ("F7",)),)


def test_a_key_of_another_action_is_said_and_moves(desk, page):
    press_new(page, "mute_all", "O")
    assert "“Original (A/B)” has this key" in page.line.text()
    QTest.mouseClick(page.add_key, LEFT)
    assert desk.window.actions_table.keys("mute_all") == ("M", "O")
    assert desk.window.actions_table.keys("original") == ()
    back(desk)
    key(desk, Qt.Key.Key_O)
    assert all(s.mute for s in desk.mix.strips.values())
    assert not desk.desk.original


def test_a_digit_that_was_given_away_no_longer_mutes(desk, page):
    press_new(page, "original", "1")
    QTest.mouseClick(page.set_key, LEFT)
    back(desk)
    key(desk, Qt.Key.Key_1)
    assert desk.desk.original
    assert not desk.mix.strips["vocals"].mute
    key(desk, Qt.Key.Key_2)
    assert desk.mix.strips["drums"].mute


def test_a_strip_can_have_a_key_of_another_kind(desk, page):
    press_new(page, "mute_1", "V")
    QTest.mouseClick(page.set_key, LEFT)
    assert "(V)" in desk.channel("vocals").mute.toolTip()
    back(desk)
    key(desk, Qt.Key.Key_1)
    assert not desk.mix.strips["vocals"].mute
    key(desk, Qt.Key.Key_V)
    assert desk.mix.strips["vocals"].mute


def test_a_held_key_stays_what_it_is(page):
    press_new(page, "hold_1", "F9")
    assert not page.set_key.isEnabled()
    assert "held" in page.line.text()


def test_all_keys_come_back(desk, page):
    press_new(page, "mute_all", "F7")
    QTest.mouseClick(page.set_key, LEFT)
    assert "F7" in desk.window.dialogs.help.shortcuts.list.item(row_of(page, "mute_all"), 1).text()
    QTest.mouseClick(page.usual, LEFT)
    assert desk.window.actions_table.keys("mute_all") == ("M",)
    assert desk.bridge.settings.shortcuts == ()


def row_of(page, action):
    return [row.id for row in page._rows].index(action)


def test_own_keys_are_there_at_the_next_start(make_desk):
    settings.save(settings.Settings(shortcuts=(("play", ("F8",)), ("gone", ("X",)))))
    desk = make_desk()
    playing = desk.engine.status.playing
    key(desk, Qt.Key.Key_F8)
    assert desk.engine.status.playing != playing
    assert "(F8)" in desk.transport.play.toolTip()


# ---------------------------------------------------------------- manual, about
def test_f1_shows_keys_and_the_manual_with_its_picture(desk, monkeypatch):
    key(desk, Qt.Key.Key_F1)
    help = desk.window.dialogs.help
    assert help.isVisible()
    text = help.manual.toPlainText()
    for word in ("Mixing", "Loops", ".demix", "F6"):
        assert word in text
    document = help.manual.document()
    names = [f.toImageFormat().name() for f in document.allFormats() if f.isImageFormat()]
    assert names
    for name in names:
        assert help.manual.loadResource(2, document.baseUrl().resolved(name)) is not None
    keys = {help.shortcuts.list.item(k, 1).text() for k in range(help.shortcuts.list.rowCount())}
    assert {"Ctrl+S", "F6", "Shift+1"} <= keys


def test_about_says_version_licences_and_cards(desk):
    about = desk.window.dialogs.about
    about.open()
    text = about.text.toPlainText()
    for word in ("DemixME 0.", "GPL", "PySide6", "First", "licence: GPL <3>", "research use"):
        assert word in text


def test_diagnostics_are_copied(make_desk):
    options = window_app.WindowOptions(FakeEngine, diagnostics=lambda: "machine: this one")
    window = window_app.make_window(options)
    window.dialogs.about.copy_diagnostics()
    text = QGuiApplication.clipboard().text()
    assert "machine: this one" in text
    assert "underruns: 0" in text
    window.close()
    window.deleteLater()


def test_a_crash_of_the_last_run_is_said_once(qtbot, user_folders):
    logs.start()
    (user_folders / "logs" / "crash.txt").write_text("Fatal Python error: Aborted")
    logs.start()
    try:
        assert "Aborted" in logs.crash_at_last_run()
        window = window_app.make_window(window_app.WindowOptions(FakeEngine))
        window_app._begin(window, None)
        assert not window.bar.isHidden()
        assert window.bar.action.text() == "Copy diagnostics"
        window.close()
        window.deleteLater()
        logs.start()
        assert logs.crash_at_last_run() == ""
    finally:
        logs.stop()


def test_links_open_outside(desk, monkeypatch):
    opened = []
    monkeypatch.setattr("demixme.ui.doors.open_link", opened.append)
    about = desk.window.dialogs.about
    about.open()
    about.text.anchorClicked.emit(about.text.document().baseUrl().resolved("https://x.org/"))
    assert opened == ["https://x.org/"]


# ---------------------------------------------------------------- all of them
@pytest.mark.parametrize("name", ["settings", "help", "about"])
def test_every_control_of_a_dialog_has_a_name_and_it_is_made_once(desk, name):
    made = getattr(desk.window.dialogs, name)
    made.open()
    assert check_controls(made) >= 2
    assert getattr(desk.window.dialogs, name) is made
    assert desk.engine.status.playing
    key_window = made.windowHandle()
    QTest.keyClick(key_window, Qt.Key.Key_Escape)
    assert not made.isVisible()


def test_dialogs_are_made_in_idle_time(desk):
    dialogs = desk.window.dialogs
    for _ in range(3):
        dialogs._make_next()
    assert {"settings", "help", "about"} <= set(vars(dialogs))
