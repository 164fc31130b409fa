"""Meters: instant attack, 20 dB a second down, hold, clip lights, and no paint for nothing."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest

from demixme.engine.status import Meter
from demixme.ui.meter_view import Ballistics


def test_attack_is_instant_and_decay_is_twenty_db_a_second():
    bar = Ballistics()
    bar.feed(1.0, 0.25, 0.033)
    assert bar.peak_db == pytest.approx(0.0)
    assert bar.rms_db == pytest.approx(-6.02, abs=0.01)
    for _ in range(10):
        bar.feed(0.0, 0.0, 0.1)
    assert bar.peak_db == pytest.approx(-20.0)
    assert bar.held_db == pytest.approx(0.0)  # held for 1.5 s
    for _ in range(10):
        bar.feed(0.0, 0.0, 0.1)
    assert bar.held_db < -1.0
    for _ in range(100):
        bar.feed(0.0, 0.0, 0.1)
    assert bar.peak_db == bar.held_db == bar.rms_db == -60.0


def test_clip_light_stays_until_clicked(desk):
    view = desk.mixer.master.meter
    view.feed(Meter((1.2, 0.5), (0.1, 0.1)), 0.033)
    view.feed(Meter(), 0.033)
    assert view.clipped == [True, False]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    assert view.clipped == [False, False]


def test_an_unknown_place_is_drawn_otherwise_than_silence(desk):
    view = desk.channel("vocals").meter
    for _ in range(100):
        view.feed(Meter(), 0.1)
    silent = view.grab().toImage()
    view.feed(Meter(known=False), 0.1)
    assert view.grab().toImage() != silent


class PaintCounter(QObject):
    def __init__(self, widget):
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


def settle(desk):
    """Let meters and lines come to rest, and every paint that is due be done."""
    desk.pump(300)
    QTest.qWait(80)


def test_nothing_is_painted_while_nothing_changes(desk):
    desk.bridge.play_pause()
    settle(desk)
    assert not desk.engine.status.playing
    watched = [
        desk.channel("vocals").meter,
        desk.mixer.master,
        desk.transport.clock,
        desk.window.waveform,
        desk.window.overview,
        desk.transport,
        desk.window,
    ]
    counters = [PaintCounter(w) for w in watched]
    for _ in range(10):
        desk.pump(2)
        QTest.qWait(15)
    assert [c.count for c in counters] == [0] * len(watched)
    desk.engine.seek(100_000)  # and now something does
    desk.pump()
    QTest.qWait(50)
    assert counters[2].count
    assert counters[3].count


def test_playing_repaints_clock_meters_and_play_heads_only(desk):
    settle(desk)
    still = [desk.mixer.master, desk.channel("drums"), desk.window.header.title, desk.window]
    moving = [desk.transport.clock, desk.window.waveform, desk.channel("drums").meter]
    counters = [PaintCounter(w) for w in (*still, *moving)]
    for k in range(10):
        desk.engine.seek(4410 * (k + 1))
        desk.engine.set_meters(0.1 + 0.08 * k)
        desk.pump()
        QTest.qWait(25)
    counts = [c.count for c in counters]
    assert counts[: len(still)] == [0] * len(still)
    assert min(counts[len(still) :]) >= 5
