"""What is painted: nothing in a pause; while music plays only play heads, clock and meters."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from demixme.ui.meter_view import MeterView
from demixme.ui.overview import Overview
from demixme.ui.transport_bar import Clock
from demixme.ui.waveform import Waveform
from tests.support.fake_engine import FakeEngine

RATE = 44100
POLLS_OF_5_S = 150


class Paints(QObject):
    """Counts the paint events of every widget of a window."""

    def __init__(self, window):
        super().__init__()
        self.by_widget = {}
        for widget in (window, *window.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.by_widget[watched] = self.by_widget.get(watched, 0) + 1
        return False

    def of(self, *kinds):
        return sum(n for w, n in self.by_widget.items() if isinstance(w, kinds))


def settle(desk):
    """Let meters and lines come to rest, and every paint that is due be done."""
    desk.bridge.ticked.emit(desk.bridge.status, 30.0)
    desk.pump(40)
    QTest.qWait(100)


@pytest.mark.parametrize("size", [(1280, 800), (720, 480)])
def test_nothing_is_painted_in_a_pause(make_desk, size):
    desk = make_desk(size=size)
    desk.desk.set_loop((RATE, 2 * RATE))
    desk.bridge.play_pause()
    settle(desk)
    assert not desk.engine.status.playing
    paints = Paints(desk.window)
    for _ in range(POLLS_OF_5_S):
        desk.bridge.tick()
        QCoreApplication.processEvents()
    QTest.qWait(50)
    assert {type(w).__name__: n for w, n in paints.by_widget.items()} == {}
    desk.engine.seek(RATE * 3)  # and now something moves
    desk.pump()
    QTest.qWait(50)
    assert paints.of(Clock)
    assert paints.of(Overview)


def test_playing_repaints_clock_meters_and_play_heads_only(make_desk):
    desk = make_desk(FakeEngine(seconds=60.0))
    settle(desk)
    paints = Paints(desk.window)
    for k in range(20):
        desk.engine.seek(4410 * (k + 1))
        desk.engine.set_meters(0.05 + 0.04 * k)
        desk.pump()
        QTest.qWait(20)
    moving = (Clock, MeterView, Waveform, Overview)
    assert [type(w).__name__ for w in paints.by_widget if not isinstance(w, moving)] == []
    for kind in moving:
        assert paints.of(kind) >= 5, kind
