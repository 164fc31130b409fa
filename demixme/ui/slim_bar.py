"""The slim bar that scrolls the strips sideways."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar

from demixme.ui.theme import Look, rounded

BAR_HEIGHT = 10


class SlimBar(QScrollBar):
    """A horizontal scroll bar painted as a thin rounded handle."""

    def __init__(self, look: Look) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.look = look
        self.setFixedHeight(BAR_HEIGHT)
        self.setAccessibleName(self.tr("Scroll the strips"))
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(100, BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        painter.fillRect(event.rect(), theme.tokens["bg"])
        whole = self.maximum() - self.minimum() + self.pageStep()
        width = max(24.0, self.width() * self.pageStep() / max(1, whole))
        steps = max(1, self.maximum() - self.minimum())
        left = (self.width() - width) * (self.value() - self.minimum()) / steps
        near = self.underMouse() or self.isSliderDown()
        handle = QRectF(left, 2, width, BAR_HEIGHT - 4)
        rounded(painter, handle, 3, theme.colour("faint" if near else "line"))
