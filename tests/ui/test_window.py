"""The window as a whole: opening, dropping, notices, parts, presets, looks, closing."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from demixme import settings
from demixme.core.errors import DeviceLost, NotAudio
from demixme.core.parts import Parts
from demixme.engine.status import BufferRaised, DeviceFailed
from demixme.separation.stemstore import StemStore
from demixme.ui.bridge import ModelChoice
from demixme.ui.presets import PRESETS, presets_for
from demixme.ui.theme import themes
from tests.support.fake_engine import DEVICES, SLOT_FRAMES, FakeEngine, fill_store
from tests.support.pointer import contrast, drag

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


# ---------------------------------------------------------------- presets, A/B, undo
def lit(desk):
    return [p.id for p, chip in desk.mixer.master.presets if chip.isChecked()]


def chip(desk, preset_id):
    return next(c for p, c in desk.mixer.master.presets if p.id == preset_id)


def test_presets_clear_solos_keep_faders_and_are_lit_only_when_exact(desk):
    desk.desk.set_level("drums", -6.0)
    desk.desk.toggle_solo("bass")
    assert lit(desk) == []
    QTest.mouseClick(chip(desk, "karaoke"), LEFT)
    assert desk.mix.strips["vocals"].mute
    assert not any(s.solo for s in desk.mix.strips.values())
    assert desk.mix.strips["drums"].level_db == -6.0
    assert lit(desk) == ["karaoke"]
    desk.desk.toggle_mute("drums")
    assert lit(desk) == []
    desk.desk.undo()
    assert lit(desk) == ["karaoke"]


def test_a_preset_that_is_lit_stays_lit_when_pressed(desk):
    QTest.mouseClick(chip(desk, "karaoke"), LEFT)
    QTest.mouseClick(chip(desk, "karaoke"), LEFT)
    assert lit(desk) == ["karaoke"]


def test_presets_that_name_a_missing_part_are_hidden(make_desk):
    desk = make_desk(FakeEngine(TWO))
    assert [p.id for p, _ in desk.mixer.master.presets] == ["all"]
    assert len(presets_for(SIX)) == len(PRESETS)


def test_original_ends_at_the_next_move_and_dims_the_strips(desk):
    QTest.mouseClick(desk.transport.original, LEFT)
    assert desk.engine.status.original
    assert desk.channel("drums").fader.dim
    assert desk.transport.original.isChecked()
    desk.desk.set_level("drums", -1.0)
    assert not desk.engine.status.original
    assert not desk.transport.original.isChecked()
    assert not desk.channel("drums").fader.dim


def test_undo_and_redo_go_through_moves_and_loops(desk):
    start = desk.mix
    desk.desk.set_mute("vocals", True)
    desk.desk.set_loop((0, 44100))
    desk.desk.reset()
    for _ in range(3):
        desk.desk.undo()
    assert desk.mix == start
    assert desk.engine.status.loop is None
    for _ in range(3):
        desk.desk.redo()
    assert desk.engine.status.loop == (0, 44100)
    assert not desk.mix.strips["vocals"].mute
    assert not desk.desk.can_redo


# ---------------------------------------------------------------- waveform
def test_a_click_seeks_and_a_drag_loops(desk):
    wave = desk.window.waveform
    QTest.mouseClick(wave, LEFT, pos=QPoint(300, 70))
    assert desk.engine.asked("seek")[-1] == (wave.frame_at(300),)
    drag(wave, QPoint(100, 0), start=QPoint(200, 70))
    assert desk.engine.status.loop == (wave.frame_at(200), wave.frame_at(300))
    QTest.mouseClick(desk.window.overview, LEFT, pos=QPoint(600, 20))
    assert desk.engine.asked("seek")[-1] == (desk.window.overview.frame_at(600),)


def test_the_picture_grows_coloured_as_separation_proceeds(make_desk):
    engine = FakeEngine()
    desk = make_desk(engine)
    store = StemStore(engine.parts, SLOT_FRAMES)
    engine.status = replace(engine.status, store=store)
    desk.pump(10)
    grey = colours_of(desk.window.overview)
    vocals = themes()["dark"].part("vocals")
    assert not near(grey, vocals)
    fill_store(store, engine.status.frames)
    desk.pump(10)
    assert near(colours_of(desk.window.overview), vocals)


def colours_of(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).rgb() for x in range(0, image.width(), 2) for y in range(40)}


def near(found, colour, limit=90):
    def distance(rgb):
        c = QColor.fromRgb(rgb)
        return (
            abs(c.red() - colour.red())
            + abs(c.green() - colour.green())
            + abs(c.blue() - colour.blue())
        )

    return min(distance(rgb) for rgb in found) <= limit


# ---------------------------------------------------------------- looks
def test_both_themes_paint_every_area_and_changing_them_needs_no_style_sheet(desk):
    pictures = {}
    for choice in ("dark", "light"):
        desk.window.look.choose(choice)
        desk.pump()
        image = desk.window.grab().toImage()
        pictures[choice] = image
        tokens = themes()[choice].tokens
        assert image.pixelColor(4, 4) == tokens["bg"]
        panel = desk.transport.mapTo(desk.window, QPoint(330, 4))
        assert image.pixelColor(panel) == tokens["panel"]
    assert pictures["dark"] != pictures["light"]
    assert QApplication.instance().styleSheet() == ""


def test_texts_are_readable_in_both_themes():
    for theme in themes().values():
        for ink in ("text", "muted", "faint"):
            for ground in ("bg", "panel"):
                assert contrast(theme.tokens[ink], theme.tokens[ground]) >= 4.5, (theme.name, ink)
        for pair in ("primary", "mute", "solo"):
            assert contrast(theme.tokens[pair], theme.tokens["on_" + pair]) >= 4.5


def test_everything_pressable_has_a_name_and_can_be_reached_by_tab(desk):
    seen = set()
    widget = desk.transport.play
    for _ in range(200):
        seen.add(widget)
        widget = widget.nextInFocusChain()
    for control in desk.window.findChildren(QWidget):
        if isinstance(control, QScrollBar) or not control.isVisible():
            continue
        if isinstance(control, QAbstractButton | QAbstractSlider | QLineEdit):
            if control.window() is not desk.window:
                continue
            assert control.accessibleName() or control.text(), control
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
            assert control in seen


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
