"""The digit row by its place on the keyboard; a held Alt+digit mutes for a while."""

import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit

from demixme.core.parts import MOST_PARTS
from demixme.ui.actions import Actions

#: macOS has no scan codes: its virtual keys of the digit row.
_MAC_KEYS = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8}
_MAC_BRACKETS = {33: "loop_start", 30: "loop_end"}
_BRACKETS = {0: "loop_start", 1: "loop_end"}
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_KINDS = {_NONE: "mute", _SHIFT: "solo", _CTRL: "focus", _CTRL | _SHIFT: "only", _ALT: "hold"}


def digit_of(event: QKeyEvent) -> int:
    """Return which digit key was pressed, 1…8, by place where the platform tells it; 0 for none."""
    scan = event.nativeScanCode()
    if sys.platform == "darwin" and event.nativeVirtualKey():
        return _MAC_KEYS.get(event.nativeVirtualKey(), 0)
    if scan and QGuiApplication.platformName() in ("xcb", "wayland", "windows"):
        digit = scan - (1 if sys.platform == "win32" else 9)
    else:
        digit = event.key() - Qt.Key.Key_0
    return digit if 1 <= digit <= MOST_PARTS else 0


def bracket_of(event: QKeyEvent) -> str:
    """Return the loop's end that the two keys right of P mean, "" for any other key."""
    if sys.platform == "darwin":
        return _MAC_BRACKETS.get(event.nativeVirtualKey(), "")
    if QGuiApplication.platformName() in ("xcb", "wayland", "windows"):
        first = 26 if sys.platform == "win32" else 34
        return _BRACKETS.get(event.nativeScanCode() - first, "")
    return ""


def is_typing() -> bool:
    """Say whether a box to type in has the focus."""
    return isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox)


class DigitKeys(QObject):
    """Event filter of the main window's QWindow: turns digit keys into actions."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._held: set[int] = set()

    def release_all(self) -> None:
        """End every held mute, as when the window loses the focus."""
        for digit in tuple(self._held):
            self._let_go(digit)

    def _let_go(self, digit: int) -> None:
        self._held.discard(digit)
        self._actions.trigger(f"hold_{digit}", False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and self._held:
            digit = digit_of(event)
            if event.key() == Qt.Key.Key_Alt:
                self.release_all()
            elif digit in self._held and not event.isAutoRepeat():
                self._let_go(digit)
                return True
        elif kind == QEvent.Type.FocusOut:
            self.release_all()
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        bracket = bracket_of(event) if modifiers == _NONE and not is_typing() else ""
        if bracket and self._is_free(event):
            if not event.isAutoRepeat():
                self._actions.trigger(bracket)
            return True
        if event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
            return False
        action = _KINDS.get(modifiers)
        digit = digit_of(event) if action else 0
        if not digit:
            return False
        if is_typing() and action in ("mute", "solo"):
            return False
        if not self._actions.goes_by_place(f"{action}_{digit}"):
            return False
        if not event.isAutoRepeat():
            if action == "hold":
                if digit not in self._held:
                    self._held.add(digit)
                    self._actions.trigger(f"hold_{digit}", True)
            else:
                self._actions.trigger(f"{action}_{digit}")
        return True

    def _is_free(self, event: QKeyEvent) -> bool:
        """Say whether no action has the character of this key."""
        holder = self._actions.holder(QKeySequence(event.keyCombination()).toString())
        return holder is None
