"""What a closed window leaves behind: nothing."""

import gc
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from demixme.ui import app as window_app
from tests.support.fake_engine import FakeEngine


def cycle(dialogs=True):
    """Open a window with a song, use it, close it."""
    engine = FakeEngine(seconds=1.0)
    window = window_app.make_window(window_app.WindowOptions(lambda: engine))
    window.show()
    window.bridge.start()
    window.bridge.open("/music/song.wav")
    for _ in range(10):
        window.bridge.tick()
        QCoreApplication.processEvents()
    window.bridge.desk.toggle_mute("vocals")
    if dialogs:
        for name in ("settings", "help", "about"):
            dialog = getattr(window.dialogs, name)
            dialog.open()
            QCoreApplication.processEvents()
            dialog.hide()
    window.close()
    return window


def discard(window):
    window.deleteLater()
    del window
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    gc.collect()


def test_no_timer_and_no_thread_runs_in_a_closed_window(qtbot):
    threads = set(threading.enumerate())
    window = cycle()
    running = [t for t in window.findChildren(QTimer) if t.isActive()]
    running += [t for t in window.bridge.findChildren(QTimer) if t.isActive()]
    assert running == []
    assert set(threading.enumerate()) <= threads
    discard(window)


def resident_mb():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.timeout(1800)
def test_two_hundred_windows_leave_no_memory_behind(qtbot):
    before = {}
    for number in range(1, 201):
        discard(cycle(dialogs=number % 10 == 0))
        if number in (50, 200):
            before[number] = (
                resident_mb(),
                len(QApplication.allWidgets()),
                threading.active_count(),
            )
    assert before[200][1:] == before[50][1:]
    assert before[200][0] <= before[50][0] + 8.0
