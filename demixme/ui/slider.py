"""What every slider of ours does: relative drags, whole wheel notches, few keys, gestures."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QToolTip, QWidget

from demixme.ui.gesture import Gesture, Notches, new_gesture
from demixme.ui.theme import Look

_SHIFT = Qt.KeyboardModifier.ShiftModifier


class PaintedSlider(QAbstractSlider):
    """A slider painted by its subclass; `moved(value, gesture)` only when a person moved it.

    Subclasses give `length()` of the way in pixels, `way_of(value)` and `value_at(way)`, 0…1 in the
    direction of growing pixels, and may change the steps.
    """

    moved = Signal(int, int)

    wheel_step = 5
    fine_step = 1
    default = 0

    def __init__(self, look: Look, orientation: Qt.Orientation, parent: QWidget | None = None):
        super().__init__(parent)
        self.look = look
        self.dim = False
        self.gesture = Gesture()
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

    def way_of(self, value: int) -> float:
        """Return where a value stands."""
        raise NotImplementedError

    def value_at(self, way: float) -> int:
        """Return the value at a place of the way."""
        raise NotImplementedError

    def value_text(self) -> str:
        """Return the value as people read it."""
        return str(self.value())

    # ------------------------------------------------------------ values
    def set_dim(self, dim: bool) -> None:
        """Paint it dimmed, as for a muted part; it can be moved all the same."""
        if dim != self.dim:
            self.dim = dim
            self.update()

    def move_to(self, value: int, gesture: int) -> None:
        """Set a value as a person's move."""
        value = max(self.minimum(), min(self.maximum(), value))
        if value != self.value():
            self.setValue(value)
            self.moved.emit(value, gesture)

    def reset(self) -> None:
        """Go to the value a double click gives."""
        self.move_to(self.default, new_gesture())

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        text = self.value_text()
        self.setToolTip(f"{self.accessibleName()}: {text}")
        self.setAccessibleDescription(text)
        super().sliderChange(change)

    # ------------------------------------------------------------ mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._drag_from = event.position()
        self._way = self.way_of(self.value())
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
        self.move_to(self.value_at(self._way), self.gesture.number)
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
            Qt.Key.Key_Up: self.singleStep(),
            Qt.Key.Key_Down: -self.singleStep(),
            Qt.Key.Key_PageUp: self.pageStep(),
            Qt.Key.Key_PageDown: -self.pageStep(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        self.move_to(self._stepped(step), self.gesture.step())

    def _stepped(self, step: int) -> int:
        return self.value() + step

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)
