"""What takes minutes: a hand that clicks and types anywhere, the same for the same seed."""

import logging
import os
import random
import time

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from demixme.ui.window import Window
from tests.support.livewindow import Live
from tests.support.pointer import LEFT, drag, wheel

#: Seconds of random use; the promise is ten minutes.
RANDOM_S = float(os.environ.get("DEMIXME_RANDOM_S", "600"))
SEED = int(os.environ.get("DEMIXME_RANDOM_SEED", "7"))

NONE = Qt.KeyboardModifier.NoModifier
MODIFIERS = (
    *(NONE,) * 6,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYS = (
    *(Qt.Key(k) for k in range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)),
    *(Qt.Key(k) for k in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F1, Qt.Key.Key_F6, Qt.Key.Key_Comma),
    *(Qt.Key.Key_Period, Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_Minus),
)


# ---------------------------------------------------------------- any click, any key
class Hand:
    """Does one thing after the other to whatever can be seen; the same ones for the same seed."""

    def __init__(self, window, seed):
        self.window = window
        self.random = random.Random(seed)
        self.done = []

    def widget(self):
        tops = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        top = next((w for w in tops if isinstance(w, QMenu)), None) or self.random.choice(tops)
        seen = [w for w in top.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
        return self.random.choice([top, *seen])

    def point(self, widget):
        size = widget.size()
        return QPoint(
            self.random.randrange(max(1, size.width())),
            self.random.randrange(max(1, size.height())),
        )

    def step(self):
        what = self.random.choices(
            (self.click, self.key, self.drag, self.wheel, self.resize), (40, 35, 12, 10, 1)
        )[0]
        what()

    def note(self, *what):
        self.done.append(what)
        del self.done[:-20]

    def click(self):
        widget = self.widget()
        modifiers, place = self.random.choice(MODIFIERS), self.point(widget)
        self.note("click", type(widget).__name__, widget.accessibleName(), modifiers)
        double = self.random.random() < 0.1
        (QTest.mouseDClick if double else QTest.mouseClick)(widget, LEFT, modifiers, place)

    def key(self):
        key, modifiers = self.random.choice(KEYS), self.random.choice(MODIFIERS)
        focus = QApplication.focusWidget() or self.window
        top = QApplication.activePopupWidget() or focus.window()
        self.note("key", key, modifiers)
        if modifiers == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_Q:
            return
        QTest.keyClick(top.windowHandle() or self.window.windowHandle(), key, modifiers)

    def drag(self):
        widget = self.widget()
        start = self.point(widget)
        way = QPoint(self.random.randrange(-300, 300), self.random.randrange(-300, 300))
        self.note("drag", type(widget).__name__, widget.accessibleName(), way)
        drag(widget, way, self.random.choice(MODIFIERS), start=start)

    def wheel(self):
        widget = self.widget()
        self.note("wheel", type(widget).__name__)
        wheel(widget, self.random.choice((-240, -120, 30, 120, 360)))

    def resize(self):
        self.window.resize(self.random.randrange(720, 1500), self.random.randrange(480, 1000))


@pytest.mark.long
@pytest.mark.timeout(RANDOM_S + 300)
def test_no_click_and_no_key_breaks_anything(qtbot, tmp_path, monkeypatch, caplog):
    for name, answer in (
        ("getOpenFileName", ("", "")),
        ("getOpenFileNames", ([], "")),
        ("getSaveFileName", ("", "")),
        ("getExistingDirectory", ""),
    ):
        monkeypatch.setattr(QFileDialog, name, lambda *_, told=answer, **__: told)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    monkeypatch.chdir(tmp_path)  # where an export of any name goes
    live = Live(tmp_path)
    live.open()
    with monkeypatch.context() as patch:
        patch.setattr(Window, "close", lambda self: False)
        hand = Hand(live.window, SEED)
        end = time.monotonic() + RANDOM_S
        steps = 0
        while time.monotonic() < end:
            hand.step()
            live.device.pull(512)
            live.bridge.tick()
            QCoreApplication.processEvents()
            steps += 1
            bad = [r for r in caplog.records if r.levelno >= logging.ERROR]
            assert not bad, (steps, bad[0].getMessage(), hand.done)
            assert live.window.isVisible()
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.hide()
    live.window.close()
    live.window.deleteLater()
    assert steps > RANDOM_S * 5
