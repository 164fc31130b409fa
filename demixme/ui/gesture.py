"""Gestures: what belongs together as one undo step, and wheel turns summed to whole notches."""

import itertools
import time

from PySide6.QtGui import QWheelEvent

_numbers = itertools.count(1)
_TOGETHER_S = 0.7
_NOTCH = 120


def new_gesture() -> int:
    """Return a number no gesture had before."""
    return next(_numbers)


class Gesture:
    """The gesture a control is in: a drag until its end, wheel and keys that follow closely."""

    def __init__(self) -> None:
        self.number = 0
        self._last_s = float("-inf")
        self.held = False

    def begin(self) -> int:
        """Start a drag."""
        self.held = True
        self.number = new_gesture()
        return self.number

    def end(self) -> None:
        """End the drag."""
        self.held = False
        self._last_s = float("-inf")

    def step(self) -> int:
        """Return the number for one more wheel or key step."""
        now = time.monotonic()
        if not self.held and now - self._last_s > _TOGETHER_S:
            self.number = new_gesture()
        self._last_s = now
        return self.number


class Notches:
    """Sums what wheels and touchpads send to whole notches, on both axes."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, event: QWheelEvent) -> int:
        """Return the whole notches this event completes, up is positive."""
        turned = event.angleDelta()
        delta = turned.y() if abs(turned.y()) >= abs(turned.x()) else turned.x()
        if delta * self._sum < 0:
            self._sum = 0
        self._sum += delta
        notches = int(self._sum / _NOTCH)
        self._sum -= notches * _NOTCH
        return notches
