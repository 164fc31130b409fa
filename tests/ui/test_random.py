"""A seeded hand that clicks, drags, turns and types anywhere: nothing breaks, nothing is logged."""

import logging
import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from tests.support.fake_engine import FakeEngine
from tests.support.pointer import drag, wheel

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    CTRL,
    Qt.KeyboardModifier.AltModifier,
    CTRL | Qt.KeyboardModifier.ShiftModifier,
)
KEYS = (
    *(Qt.Key(Qt.Key.Key_0 + k) for k in range(10)),
    *(Qt.Key(Qt.Key.Key_A + k) for k in range(26)),
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F6, Qt.Key.Key_F1, Qt.Key.Key_Comma),
    *(Qt.Key.Key_Period, Qt.Key.Key_Minus, Qt.Key.Key_Plus, Qt.Key.Key_BracketLeft),
    Qt.Key.Key_BracketRight,
)


class Hand:
    """Does one thing after the other, the same for the same seed."""

    def __init__(self, desk, seed):
        self.desk = desk
        self.dice = random.Random(seed)

    def target(self):
        """Return something to touch: in the dialog or menu on top, else in the window."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        top = top or self.desk.window
        widgets = [w for w in top.findChildren(QWidget) if w.isVisible() and w.width() > 4]
        return self.dice.choice(widgets or [top])

    def step(self):
        do = self.dice.choice(
            (self.click, self.click, self.press, self.press, self.drag, self.turn)
        )
        do()
        self.desk.pump()
        popup = QApplication.activePopupWidget()
        if popup is not None and self.dice.random() < 0.5:
            popup.close()
        dialog = QApplication.activeModalWidget()
        if dialog is not None and self.dice.random() < 0.3:
            dialog.close()

    def where(self, widget):
        return QPoint(self.dice.randrange(widget.width()), self.dice.randrange(widget.height()))

    def click(self):
        widget = self.target()
        times = self.dice.choice((QTest.mouseClick, QTest.mouseClick, QTest.mouseDClick))
        if not isinstance(widget, QScrollBar):
            buttons = (
                Qt.MouseButton.LeftButton,
                Qt.MouseButton.LeftButton,
                Qt.MouseButton.RightButton,
            )
            times(
                widget, self.dice.choice(buttons), self.dice.choice(MODIFIERS), self.where(widget)
            )

    def drag(self):
        widget = self.target()
        if not isinstance(widget, QScrollBar):
            way = QPoint(self.dice.randrange(-300, 300), self.dice.randrange(-300, 300))
            drag(widget, way, self.dice.choice(MODIFIERS), start=self.where(widget))

    def turn(self):
        wheel(self.target(), self.dice.choice((-240, -120, 30, 120)), self.dice.choice((0, 0, 120)))

    def press(self):
        key, modifiers = self.dice.choice(KEYS), self.dice.choice(MODIFIERS)
        if key == Qt.Key.Key_Q and modifiers == CTRL:
            return
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is not None:
            QTest.keyClick(top, key, modifiers)
        else:
            QTest.keyClick(self.desk.window.windowHandle(), key, modifiers)


@pytest.fixture
def hand(make_desk, monkeypatch, tmp_path, caplog):
    for door in ("choose_file", "choose_new_file", "choose_folder", "open_link"):
        monkeypatch.setattr(f"demixme.ui.doors.{door}", lambda *_, **__: None, raising=False)
    monkeypatch.setattr("demixme.ui.doors.choose_files", lambda *_: [])
    for chooser in ("getOpenFileName", "getSaveFileName", "getExistingDirectory"):
        answer = "" if chooser == "getExistingDirectory" else ("", "")
        monkeypatch.setattr(
            f"PySide6.QtWidgets.QFileDialog.{chooser}", staticmethod(lambda *_, a=answer, **__: a)
        )
    made = make_desk(FakeEngine(seconds=6.0))
    monkeypatch.setattr(made.window, "close", lambda: False)  # quit is a door as well
    yield lambda seed: Hand(made, seed)
    monkeypatch.undo()
    for widget in QApplication.topLevelWidgets():
        if widget is not made.window:
            widget.hide()
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_hand_breaks_nothing(hand, seed):
    one = hand(seed)
    for _ in range(250):
        one.step()
    assert one.desk.window.isVisible()
