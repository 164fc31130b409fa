"""The waveforms: coarser levels, pictures made in a task, zoom, pages, and few repaints."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demixme.engine.status import LEVEL_FRAMES
from demixme.separation.stemstore import StemStore
from demixme.ui import waveform as waveform_module
from demixme.ui.levels import Cells, Picture, SongLevels
from tests.support.fake_engine import SLOT_FRAMES, FakeEngine, fill_store, synthetic_track
from tests.support.pointer import LEFT, drag

RATE = 44100
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def followed(seconds=40.0, upto=1.0):
    engine, track = FakeEngine(), synthetic_track(seconds=seconds)
    store = StemStore(engine.parts, SLOT_FRAMES)
    levels = SongLevels()
    levels.follow(track, store)
    fill_store(store, track.frames, upto)
    levels.follow(track, store)
    return levels, track, store


# ---------------------------------------------------------------- levels
def test_coarser_levels_are_the_finest_one_folded():
    levels, _, _ = followed()
    picture = levels.picture()
    fine = picture.levels[0]
    for level in picture.levels[1:]:
        fold = level.frames // fine.frames
        for k in range(-(-picture.cells // fold)):
            used = slice(k * fold, min(picture.cells, (k + 1) * fold))
            assert level.peak[k] == fine.peak[used].max()
            assert level.known[k] == fine.known[used].all()
            if fold <= 64:  # the last cell is a mean of means
                assert level.square[k] == pytest.approx(fine.square[used].mean(), rel=0.3)
    whole = picture.levels[1]
    k = 5
    used = slice(k * 8, k * 8 + 8)
    assert whole.square[k] == pytest.approx(fine.square[used].mean(), rel=1e-5)
    np.testing.assert_allclose(whole.parts[k], fine.parts[used].mean(axis=0), rtol=1e-5)


def test_levels_taken_in_by_and_by_are_those_taken_in_at_once():
    whole, track, store = followed()
    grown = SongLevels()
    empty = StemStore(store.parts, SLOT_FRAMES)
    grown.follow(track, empty)
    for index, slot in enumerate(store.slots):
        empty.put(index, slot, store.levels[index])
        if index % 7 == 0:
            assert grown.follow(track, empty)
            grown.picture()
    grown.follow(track, empty)
    assert not grown.follow(track, empty)
    for a, b in zip(whole.picture().levels, grown.picture().levels, strict=True):
        cells = -(-whole.cells * LEVEL_FRAMES // a.frames)
        np.testing.assert_array_equal(a.known[:cells], b.known[:cells])
        np.testing.assert_allclose(a.parts[:cells], b.parts[:cells], rtol=1e-5)
    np.testing.assert_array_equal(whole.qualities, grown.qualities)


def test_a_dropped_slot_pales_in_the_ribbon_and_keeps_its_colours():
    levels, track, store = followed()
    store.drop(3)
    assert levels.follow(track, store)
    assert levels.qualities[3] == 0
    assert levels.qualities[2] != 0
    assert levels.picture().levels[0].known[: levels.cells].all()


def test_a_picture_of_hours_reads_only_what_its_pixels_need():
    cells, frames = 8**5 * 30, [LEVEL_FRAMES * 8**k for k in range(5)]
    made = [Cells.empty(f, cells // 8**k, 4) for k, f in enumerate(frames)]
    for level in made[:3]:  # whoever looks at the fine ones gets no numbers
        level.peak[:] = np.nan
    made[3].peak[:] = 0.5
    picture = Picture(tuple(made), cells, 0.5)
    heights, _, _ = picture.bars(0.0, cells * LEVEL_FRAMES / 300, 300)
    assert np.isfinite(heights).all()
    assert heights.min() > 0


# ---------------------------------------------------------------- pictures
def test_pictures_are_made_beside_the_gui_thread(make_desk, monkeypatch):
    threads = []
    real = waveform_module.wave_image

    def noted(*args):
        threads.append(threading.current_thread())
        return real(*args)

    monkeypatch.setattr(waveform_module, "wave_image", noted)
    desk = make_desk()
    desk.window.waveform.zoom(0.5)
    desk.pump()
    assert threads
    assert threading.main_thread() not in threads


def test_a_muted_part_is_pale(desk):
    desk.window.waveform.settle()
    before = desk.window.waveform.grab().toImage()
    desk.desk.set_mute("drums", True)
    desk.pump()
    assert desk.window.waveform.grab().toImage() != before
    desk.desk.set_mute("drums", False)
    desk.pump()
    assert desk.window.waveform.grab().toImage() == before


# ---------------------------------------------------------------- view
def turn(widget, x, dy, modifiers=NONE, dx=0):
    place = QPointF(x, 60)
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(dx, dy),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_zooms_around_the_pointer_down_to_two_seconds(make_desk):
    desk = make_desk(FakeEngine(seconds=60.0))
    wave = desk.window.waveform
    frame = wave.frame_at(800)
    turn(wave, 800, 120)
    assert wave.span == pytest.approx(16 * RATE * 0.8)
    assert wave.frame_at(800) == pytest.approx(frame, abs=2)
    for _ in range(40):
        turn(wave, 800, 120)
    assert wave.span == 2 * RATE
    for _ in range(60):
        turn(wave, 800, -120)
    assert wave.span == pytest.approx(60 * RATE, abs=1)


def test_the_view_scrolls_by_wheel_keys_and_overview(make_desk):
    desk = make_desk(FakeEngine(seconds=60.0))
    wave, handle = desk.window.waveform, desk.window.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Right, SHIFT)
    first = wave.first
    assert first == pytest.approx(1.6 * RATE)
    turn(wave, 100, -120, SHIFT)
    assert wave.first > first
    QTest.keyClick(handle, Qt.Key.Key_Left, SHIFT)
    assert wave.first == pytest.approx(first)
    span = wave.span
    QTest.keyClick(handle, Qt.Key.Key_Plus, CTRL)
    assert wave.span < span
    QTest.keyClick(handle, Qt.Key.Key_Minus, CTRL)
    assert wave.span == pytest.approx(span)
    overview = desk.window.overview
    drag(overview, QPoint(300, 0), start=QPoint(600, 20))
    assert wave.first + wave.span / 2 == pytest.approx(overview.frame_at(900), rel=0.02)
    assert overview.view == (wave.first, wave.first + wave.span)


def test_following_turns_pages_until_one_scrolls_away_and_comes_back(make_desk):
    desk = make_desk(FakeEngine(seconds=120.0))
    wave = desk.window.waveform
    desk.engine.seek(20 * RATE)
    desk.pump()
    page = wave.first
    assert page <= 20 * RATE < page + wave.span
    desk.engine.seek(25 * RATE)
    desk.pump()
    assert wave.first == page  # no scrolling under the eye
    wave.scroll_to(60 * RATE)
    wave.follows = False
    desk.engine.seek(26 * RATE)
    desk.pump()
    assert wave.first == 60 * RATE
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Home)
    desk.pump()
    assert wave.first == 0


# ---------------------------------------------------------------- repaints
class Painted(QObject):
    def __init__(self, widget):
        super().__init__()
        self.columns = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.columns.append(sum(r.width() for r in event.region()))
        return False


def test_the_play_head_repaints_only_its_two_columns(desk):
    desk.pump(3)
    QTest.qWait(50)
    for view in (desk.window.waveform, desk.window.overview):
        painted = Painted(view)
        for k in range(1, 6):
            desk.engine.seek(k * 20_000)
            desk.pump()
            QTest.qWait(30)
        assert painted.columns
        assert max(painted.columns) <= 2 * (2 * view.head_reach + 1)


def test_a_click_seeks_on_both(desk):
    for view in (desk.window.waveform, desk.window.overview):
        QTest.mouseClick(view, LEFT, pos=QPoint(700, 20))
        assert desk.engine.asked("seek")[-1] == (view.frame_at(700),)
