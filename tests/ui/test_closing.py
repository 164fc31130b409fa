"""What a closed window leaves behind: nothing."""

import gc
import threading

from PySide6.QtCore import QCoreApplication, QEvent, QTimer

from demixme.ui import app as window_app
from tests.support.fake_engine import FakeEngine


def used_window():
    """Open a window with a song, use it and its dialogs, close it."""
    engine = FakeEngine(seconds=1.0)
    window = window_app.make_window(window_app.WindowOptions(lambda: engine))
    window.show()
    window.bridge.start()
    window.bridge.open("/music/song.wav")
    for _ in range(10):
        window.bridge.tick()
        QCoreApplication.processEvents()
    window.bridge.desk.toggle_mute("vocals")
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
    window = used_window()
    running = [t for t in window.findChildren(QTimer) if t.isActive()]
    running += [t for t in window.bridge.findChildren(QTimer) if t.isActive()]
    assert running == []
    assert set(threading.enumerate()) <= threads
    discard(window)
