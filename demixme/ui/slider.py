"""What every slider of ours does: relative drags, whole wheel notches, few keys, gestures.

A slider stands at a place, an exact whole number in steps of its own; the value Qt and screen
readers know is `value_of(place)`, which for a fader is the level in whole decibels.
"""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QToolTip, QWidget

from demixme.ui.gesture import Gesture, Notches, new_gesture
from demixme.ui.theme import Look

_SHIFT = Qt.KeyboardModifier.ShiftModifier


class PaintedSlider(QAbstractSlider):
    """A slider painted by its subclass; `moved(place, gesture)` only when a person moved it.

    Subclasses give `length()` of the way in pixels, `way_of(place)` and `place_at(way)`, 0…1 in the
    direction of growing pixels, and may change the steps.
    """

    moved = Signal(int, int)

    wheel_step = 5
    fine_step = 1
    key_step = 1
    page_step = 10
    default = 0

    def __init__(self, look: Look, orientation: Qt.Orientation, parent: QWidget | None = None):
        super().__init__(parent)
        self.look = look
        self.dim = False
        self.gesture = Gesture()
        self.place = 0
        self.lowest, self.highest = 0, 0
        self._notches = Notches()
        self._drag_from: QPointF | None = None
        self._way = 0.0
        self.setOrientation(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self.update)

    # ------------------------------------------------------------ for subclasses
    def length(self) -> float:
        """Return the pixels of the way."""
        raise NotImplementedError

    def way_of(self, place: int) -> float:
        """Return where a place stands on the way."""
        raise NotImplementedError

    def place_at(self, way: float) -> int:
        """Return the place at a point of the way."""
        raise NotImplementedError

    def value_of(self, place: int) -> int:
        """Return the value that Qt and screen readers are told for a place."""
        return place

    def place_of(self, value: int) -> int:
        """Return the place that a screen reader means by a value."""
        return value

    def value_text(self) -> str:
        """Return the value as people read it."""
        return str(self.place)

    def spoken_text(self) -> str:
        """Return the value as people hear it."""
        return self.value_text()

    # ------------------------------------------------------------ values
    def set_places(self, lowest: int, highest: int) -> None:
        """Set how far it goes."""
        self.lowest, self.highest = lowest, highest
        self.setRange(self.value_of(lowest), self.value_of(highest))

    def set_place(self, place: int) -> None:
        """Stand at a place, without saying that a person moved it."""
        if place != self.place:
            self.place = place
            self.setValue(self.value_of(place))
            self.update()
        self.describe()

    def describe(self) -> None:
        """Say the value in tool tip and accessible description."""
        self.setToolTip(f"{self.accessibleName()}: {self.value_text()}")
        spoken = self.spoken_text()
        if spoken != self.accessibleDescription():
            self.setAccessibleDescription(spoken)

    def set_dim(self, dim: bool) -> None:
        """Paint it dimmed, as for a muted part; it can be moved all the same."""
        if dim != self.dim:
            self.dim = dim
            self.update()

    def move_to(self, place: int, gesture: int) -> None:
        """Go to a place as a person's move."""
        place = max(self.lowest, min(self.highest, place))
        if place != self.place:
            self.set_place(place)
            self.moved.emit(place, gesture)

    def reset(self) -> None:
        """Go to the place a double click gives."""
        self.move_to(self.default, new_gesture())

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        super().sliderChange(change)
        value = self.value()
        if change == self.SliderChange.SliderValueChange and value != self.value_of(self.place):
            self.move_to(self.place_of(value), new_gesture())  # by a screen reader

    # ------------------------------------------------------------ mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._drag_from = event.position()
        self._way = self.way_of(self.place)
        self.gesture.begin()
        self.setSliderDown(True)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is None:
            return
        gone = event.position() - self._drag_from
        self._drag_from = event.position()
        pixels = gone.y() if self.orientation() == Qt.Orientation.Vertical else gone.x()
        if event.modifiers() & _SHIFT:
            pixels /= 10.0
        self._way = min(1.0, max(0.0, self._way + pixels / max(1.0, self.length())))
        self.move_to(self.place_at(self._way), self.gesture.number)
        QToolTip.showText(event.globalPosition().toPoint(), self.toolTip(), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is not None:
            self._drag_from = None
            self.gesture.end()
            self.setSliderDown(False)
            QToolTip.hideText()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = self._notches.add(event)
        step = self.fine_step if event.modifiers() & _SHIFT else self.wheel_step
        if notches:
            self.move_to(self._stepped(notches * step), self.gesture.step())
        event.accept()

    # ------------------------------------------------------------ keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: self.key_step,
            Qt.Key.Key_Down: -self.key_step,
            Qt.Key.Key_PageUp: self.page_step,
            Qt.Key.Key_PageDown: -self.page_step,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        self.move_to(self._stepped(step), self.gesture.step())

    def _stepped(self, step: int) -> int:
        return self.place + step

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)
