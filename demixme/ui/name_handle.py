"""The name of a strip as something to drag out of the window; shows how far its sound is."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from demixme.ui.theme import rounded


class NameHandle(QWidget):
    """Lies over the name. A press asks for the sound, a drag with the left button takes it out."""

    pressed = Signal()
    dragged = Signal()

    def __init__(self, colour: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self.colour = colour
        self.share: float | None = None  # of the sound that is written; None where nothing is
        self._start: QPointF | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def show_share(self, share: float | None) -> None:
        """Show how far the sound is written."""
        if share != self.share:
            self.share = share
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.position()
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        way = event.position() - self._start
        if way.manhattanLength() >= QApplication.startDragDistance():
            self._start = None
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._start = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, self.height() - 3, self.width() * self.share, 3)
        rounded(painter, bar, 1.5, self.colour)
