"""The window as a whole: opening, dropping, notices, parts, presets, looks, closing."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
)

from demixme import settings
from demixme.core.errors import DeviceLost, NotAudio
from demixme.core.parts import Parts
from demixme.engine.status import BufferRaised, DeviceFailed
from demixme.ui.app import WindowOptions, screenshot
from demixme.ui.bridge import ModelChoice
from tests.support.fake_engine import DEVICES, FakeEngine

LEFT = Qt.MouseButton.LeftButton
TWO = Parts(("voice", "band"), "band")
SIX = Parts(("bass", "drums", "guitar", "other", "piano", "vocals"), "other")
EIGHT = Parts(("bass", "drums", "vocals", "a", "b", "c", "d", "rest"), "rest")


# ---------------------------------------------------------------- opening
def test_an_empty_window_offers_to_open_and_remembers_songs(make_desk):
    desk = make_desk(song=False)
    assert desk.window.empty.isVisible()
    assert not desk.mixer.isVisible()
    assert not desk.transport.play.isEnabled()
    desk.open("/music/first.wav")
    desk.open("/music/second.wav")
    assert not desk.window.empty.isVisible()
    assert desk.mixer.isVisible()
    assert desk.window.header.title.title == "second"
    assert desk.engine.status.playing
    assert desk.transport.play.hasFocus()
    assert settings.load().recent == ("/music/second.wav", "/music/first.wav")


def test_recent_songs_can_be_chosen(make_desk):
    settings.save(settings.Settings().with_recent("/music/old.wav"))
    desk = make_desk(song=False)
    assert [row.text() for row in desk.window.empty.rows] == ["old"]
    QTest.mouseClick(desk.window.empty.rows[0], LEFT)
    assert desk.engine.asked("open") == [(Path("/music/old.wav"),)]


def test_the_demo_song_is_one_click_away(make_desk, monkeypatch, tmp_path):
    monkeypatch.setattr("demixme.resources.demo_song", lambda: tmp_path / "demo.flac")
    desk = make_desk(song=False)
    QTest.mouseClick(desk.window.empty.demo, LEFT)
    assert desk.engine.asked("open") == [(tmp_path / "demo.flac",)]


def mime(*names):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(n) for n in names])
    return data


@pytest.mark.parametrize("proposed", [Qt.DropAction.MoveAction, Qt.DropAction.LinkAction])
def test_a_drop_is_always_a_copy(desk, proposed):
    data = mime("/music/dropped.wav")
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction | Qt.DropAction.LinkAction
    enter = QDragEnterEvent(QPoint(5, 5), both, data, LEFT, Qt.KeyboardModifier.NoModifier)
    enter.setDropAction(proposed)
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted()
    assert enter.dropAction() == Qt.DropAction.CopyAction
    assert desk.window.veil.isVisible()
    drop = QDropEvent(QPointF(5, 5), both, data, LEFT, Qt.KeyboardModifier.NoModifier)
    drop.setDropAction(proposed)
    QApplication.sendEvent(desk.window, drop)
    assert drop.dropAction() == Qt.DropAction.CopyAction
    assert not desk.window.veil.isVisible()
    assert desk.engine.asked("open")[-1] == (Path("/music/dropped.wav"),)


def test_dragged_text_is_not_taken(desk):
    data = QMimeData()
    data.setText("hello")
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(desk.window, enter)
    assert not enter.isAccepted()


# ---------------------------------------------------------------- notices
def test_a_bad_song_says_so_quietly_and_the_old_one_stays(desk):
    bad = Path("/music/bad.txt")
    desk.engine.fails[bad] = NotAudio(bad, "no")
    desk.open(bad)
    bar = desk.window.bar
    assert bar.isVisible()
    assert "bad.txt" in bar.label.text()
    assert bar.notice.is_error
    assert desk.engine.status.song.path.name == "song.wav"
    QTest.mouseClick(bar.dismiss, LEFT)
    assert not bar.isVisible()


def test_what_is_wrong_with_a_song_goes_when_another_comes(desk):
    bad, bar = Path("/music/bad.txt"), desk.window.bar
    desk.engine.fails[bad] = NotAudio(bad, "no")
    desk.open(bad)
    assert bar.isVisible()
    desk.open("/music/else.wav")
    assert not bar.isVisible()
    desk.engine.events.append(DeviceFailed(DeviceLost("Headphones")))
    desk.pump()
    desk.open("/music/third.wav")
    assert bar.isVisible()  # no song changes that


def test_a_lost_device_offers_another(desk):
    desk.engine.events.append(DeviceFailed(DeviceLost("Headphones")))
    desk.pump()
    QTest.mouseClick(desk.window.bar.action, LEFT)
    assert not desk.window.bar.isVisible()
    menu = desk.window.menus.outputs
    assert menu.isVisible()
    choice = next(a for a in menu.actions() if a.text() == "Speakers · ALSA")
    choice.trigger()
    menu.hide()
    assert desk.engine.asked("set_device") == [(DEVICES[1],)]
    assert (desk.bridge.settings.device, desk.bridge.settings.host_api) == ("Speakers", "ALSA")
    desk.pump()
    assert desk.transport.device.text() == "Speakers · ALSA"


def test_a_raised_buffer_is_said_and_kept(desk):
    desk.engine.events.append(BufferRaised(120.0))
    desk.pump()
    assert "120" in desk.window.bar.label.text()
    assert desk.bridge.settings.buffer_ms == 120.0


# ---------------------------------------------------------------- silence explained
@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (lambda d: d.desk.toggle_mute_all(), "muted"),
        (lambda d: d.desk.set_level("master", float("-inf")), "Master"),
        (lambda d: d.bridge.set_volume(0.0), "volume"),
        (lambda d: (d.desk.set_mute("vocals", True), d.desk.toggle_only("vocals")), "Vocals"),
        (
            lambda d: (d.desk.set_level("bass", float("-inf")), d.desk.toggle_only("bass")),
            "Bass",
        ),
    ],
)
def test_silence_is_explained_with_one_action(desk, silence, words):
    desk.pump(10)
    assert not desk.transport.silence.isVisible()
    silence(desk)
    desk.pump(10)
    assert desk.transport.silence.isVisible()
    assert words.lower() in desk.transport.silence.text.lower()
    QTest.mouseClick(desk.transport.answer, LEFT)
    desk.pump(10)
    assert not desk.transport.silence.isVisible()


# ---------------------------------------------------------------- parts
@pytest.mark.parametrize("parts", [TWO, SIX, EIGHT], ids=["two", "six", "eight"])
def test_there_is_one_strip_a_part_named_by_the_song(make_desk, parts):
    desk = make_desk(FakeEngine(parts))
    assert tuple(desk.mixer.strips) == parts.mixer_order
    last = parts.mixer_order[-1]
    QTest.mouseClick(desk.channel(last).mute, LEFT)
    assert desk.mix.strips[last].mute
    colours = {s.colour.name() for s in desk.mixer.strips.values()}
    assert len(colours) == len(parts.names)
    for strip in desk.mixer.strips.values():
        assert strip.width() >= 120
        assert strip.title
        for control in strip.focus_order():
            assert control.accessibleName()


def test_many_parts_scroll_and_the_keys_bring_a_strip_into_view(make_desk):
    desk = make_desk(FakeEngine(EIGHT), size=(720, 480))
    bar = desk.mixer.area.horizontalScrollBar()
    assert bar.maximum() > 0
    assert desk.mixer.master.isVisible()
    assert desk.mixer.master.width() >= 136
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_8)
    assert desk.mix.strips["rest"].mute
    assert bar.value() == bar.maximum()


def test_the_least_window_shows_four_strips_without_scrolling(make_desk):
    desk = make_desk(size=(720, 480))
    assert desk.mixer.area.horizontalScrollBar().maximum() == 0
    assert all(s.width() >= 120 for s in desk.mixer.strips.values())
    assert desk.mixer.master.folded
    assert not desk.window.waveform.isVisible()
    assert desk.window.overview.isVisible()
    for strip in desk.mixer.strips.values():
        assert strip.mute.geometry().bottom() < strip.height()
        assert strip.fader.height() >= 78
        assert not strip.fader.geometry().intersects(strip.balance.geometry())


# ---------------------------------------------------------------- models, closing
def test_the_model_menu_lists_titles_and_sets_the_model(make_desk):
    models = (ModelChoice("a", "Model A"), ModelChoice("b", "Model B", "second", True))
    desk = make_desk(models=lambda: models)
    desk.window.menus.show_models()
    entries = desk.window.menus.models.actions()
    assert [e.text() for e in entries] == ["Model A", "Model B (research use)"]
    entries[1].trigger()
    desk.window.menus.models.hide()
    desk.pump()
    assert desk.engine.asked("set_model")[-1] == ("b",)
    assert "Model B" in desk.window.header.model.text()


def test_closing_stops_everything_and_keeps_the_settings(make_desk):
    desk = make_desk(size=(1000, 700))
    desk.bridge._timer.start()
    desk.bridge.set_volume(0.25)
    threads = threading.active_count()
    desk.window.close()
    assert desk.engine.closed
    assert not desk.bridge._timer.isActive()
    assert not desk.window.export_dialog._timer.isActive()
    assert threading.active_count() <= threads
    kept = settings.load()
    assert kept.volume == 0.25
    assert kept.geometry
    again = make_desk(song=False)
    assert again.bridge.settings.volume == 0.25
    assert again.engine.asked("set_volume") == [(0.25,)]


def test_a_picture_can_be_taken_without_a_screen(qtbot, tmp_path):
    path = tmp_path / "shots" / "window.png"
    engine = FakeEngine()
    assert screenshot(path, Path("/music/song.wav"), WindowOptions(lambda: engine), (900, 600))
    assert QImage(str(path)).size().toTuple() == (900, 600)
    assert engine.closed


def test_a_picture_that_never_was_ready_says_so(qtbot, tmp_path):
    path, bad = tmp_path / "window.png", Path("/music/bad.wav")
    engine = FakeEngine()
    engine.fails[bad] = NotAudio(bad, "no")
    assert not screenshot(path, bad, WindowOptions(lambda: engine), limit_s=0.3)
    assert path.exists()
