"""The balance of a part between left and right, and the small volume for monitoring."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from demixme.ui.slider import PaintedSlider
from demixme.ui.spoken import spoken_balance
from demixme.ui.theme import TINY, Look, blend, focus_ring, font, rounded


class Balance(PaintedSlider):
    """−100 left … +100 right, in whole percents; labels below where there is room."""

    wheel_step = 5

    def __init__(self, look: Look, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(look, Qt.Orientation.Horizontal, parent)
        self.colour = colour
        self.set_places(-100, 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def value_text(self) -> str:
        if not self.place:
            return self.tr("centre")
        side = self.tr("L") if self.place < 0 else self.tr("R")
        return f"{side} {abs(self.place)}"

    def spoken_text(self) -> str:
        return spoken_balance(self.place)

    def length(self) -> float:
        return max(1.0, self.width() - 20.0)

    def way_of(self, place: int) -> float:
        return (place + 100) / 200.0

    def place_at(self, way: float) -> int:
        place = round(way * 200.0) - 100
        return 0 if abs(place) <= 2 else place  # the centre holds a little

    def sizeHint(self) -> QSize:
        return QSize(120, 38)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        colour = blend(self.colour, theme.tokens["panel"], 0.6) if self.dim else self.colour
        y, middle = 12.0, self.width() / 2.0
        rounded(painter, QRectF(0, y - 2.5, self.width(), 5), 2.5, theme.colour("raised"))
        at = QPointF(10 + self.way_of(self.place) * self.length(), y)
        if self.place:
            painter.setPen(QPen(colour, 3))
            painter.drawLine(QLineF(middle, y, at.x(), y))
            painter.setPen(QPen(theme.colour("faint"), 1.2))
            painter.drawLine(QLineF(middle, y - 6, middle, y + 6))
        near = self.underMouse() or self.isSliderDown()
        knob = QRectF(at.x() - 8.5, y - 8.5, 17, 17)
        fill = theme.tokens["raised"] if theme.is_dark else theme.tokens["panel"]
        edge = theme.mixed("line", "text", 0.35) if near else theme.tokens["line"]
        rounded(painter, knob, 8.5, fill, edge, 1.3)
        rounded(painter, QRectF(at.x() - 3, y - 3, 6, 6), 3, colour)
        if self.hasFocus():
            focus_ring(painter, knob.adjusted(-1.5, -1.5, 1.5, 1.5), 10, theme)
        if self.height() >= 36:
            self._paint_labels(painter)

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(font(TINY))
        painter.setPen(self.look.theme.colour("muted"))
        row = QRectF(0, 23, self.width(), 15)
        flags = Qt.AlignmentFlag
        painter.drawText(row, flags.AlignLeft | flags.AlignVCenter, self.tr("L"))
        painter.drawText(row, flags.AlignRight | flags.AlignVCenter, self.tr("R"))
        painter.drawText(row, flags.AlignHCenter | flags.AlignVCenter, self.value_text())


class Volume(PaintedSlider):
    """The monitoring volume in percent: only what is heard, never what is exported."""

    default = 100
    key_step = 2

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Qt.Orientation.Horizontal, parent)
        self.set_places(0, 100)
        self.setFixedHeight(36)

    def value_text(self) -> str:
        return f"{self.place} %"

    def spoken_text(self) -> str:
        return self.tr("{n} percent").format(n=self.place)

    def length(self) -> float:
        return max(1.0, self.width() - 18.0)

    def way_of(self, place: int) -> float:
        return place / 100.0

    def place_at(self, way: float) -> int:
        return round(way * 100.0)

    def sizeHint(self) -> QSize:
        return QSize(132, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        y = self.height() / 2.0
        x = 9 + self.way_of(self.place) * self.length()
        rounded(painter, QRectF(0, y - 2.5, self.width(), 5), 2.5, theme.colour("raised"))
        rounded(painter, QRectF(0, y - 2.5, x, 5), 2.5, theme.colour("muted"))
        knob = QRectF(x - 8, y - 8, 16, 16)
        rounded(painter, knob, 8, theme.colour("text"))
        if self.hasFocus():
            rounded(painter, knob.adjusted(-3, -3, 3, 3), 11, None, theme.tokens["text"], 1.6)
