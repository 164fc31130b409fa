"""What stands where no song is: a large place to drop one, the demo song, the recent ones."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from demixme.ui.button import Button, Card
from demixme.ui.icons import paint_icon, paint_mark
from demixme.ui.theme import BODY, SMALL, TITLE, Look, bold, font, medium

_MOST_RECENT = 5


class RecentRow(Button):
    """One recent song: its name, and more quietly its folder."""

    def __init__(self, look: Look, path: Path) -> None:
        super().__init__(look, path.stem, "flat")
        self.path = path
        self.setToolTip(str(path))

    def sizeHint(self) -> QSize:
        return QSize(420, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        room = QRectF(self.rect()).adjusted(14, 0, -14, 0)
        elide = Qt.TextElideMode.ElideRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(medium(BODY))
        painter.setPen(theme.colour("text"))
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(self.text(), elide, room.width() * 0.62)
        painter.drawText(room, middle, name)
        painter.setFont(font(SMALL))
        painter.setPen(theme.colour("muted"))
        room.setLeft(room.left() + metrics.horizontalAdvance(name) + 14)
        folder = QFontMetricsF(painter.font()).elidedText(
            str(self.path.parent), Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, folder)


class DropTarget(QWidget):
    """The large place to drop a song on; also the veil while one is dragged over the window."""

    def __init__(self, look: Look, text: str, veil: bool = False) -> None:
        super().__init__()
        self.look = look
        self.text = text
        self.veil = veil
        self.lit = False
        self.setMinimumHeight(120)
        self.setAccessibleName(text)
        look.changed.connect(self.update)

    def set_lit(self, lit: bool) -> None:
        """Show that what is dragged would be dropped here."""
        if lit != self.lit:
            self.lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = theme.mixed("line", "text", 0.5 if self.veil else 0.12)
        pen = QPen(theme.colour("text") if self.lit else edge, 2.0 if self.lit else 1.6)
        if not self.lit:
            pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(theme.colour("raised") if self.lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 12, 12)
        middle = rect.center()
        if rect.height() >= 180:
            paint_mark(painter, QRectF(middle.x() - 36, middle.y() - 76, 72, 60), theme.is_dark)
            line = QRectF(rect.left(), middle.y() + 8, rect.width(), 30)
        else:
            box = QRectF(middle.x() - 14, middle.y() - 36, 28, 28)
            paint_icon(painter, "drop", box, theme.colour("muted"))
            line = QRectF(rect.left(), middle.y(), rect.width(), 30)
        painter.setFont(bold(TITLE + 4))
        painter.setPen(theme.colour("text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.text)
        if not self.veil:
            painter.setFont(font(BODY))
            painter.setPen(theme.colour("muted"))
            hint = self.tr("It plays at once, and its parts come apart while it plays.")
            painter.drawText(line.translated(0, 28), Qt.AlignmentFlag.AlignCenter, hint)


class EmptyState(Card):
    """The page without a song."""

    path_chosen = Signal(object)
    open_clicked = Signal()
    demo_clicked = Signal()

    def __init__(self, look: Look, demo: bool) -> None:
        super().__init__(look)
        self.setAccessibleName(self.tr("No song"))
        self.target = DropTarget(look, self.tr("Drop a song here"))
        self.open = Button(look, self.tr("Open a song…"), "primary")
        self.demo = Button(look, self.tr("Try the demo song"), "normal")
        self.demo.setVisible(demo)
        self.open.clicked.connect(self.open_clicked)
        self.demo.clicked.connect(self.demo_clicked)
        self.rows: list[RecentRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(14)
        column.addWidget(self.target, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.open)
        buttons.addWidget(self.demo)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        column.addLayout(self._recent)

    def set_recent(self, paths: tuple[str, ...]) -> None:
        """List the recent songs."""
        for row in self.rows:
            row.setParent(None)
            row.deleteLater()
        self.rows = []
        for path in paths[:_MOST_RECENT]:
            row = RecentRow(self.look, Path(path))
            row.clicked.connect(lambda _=False, p=Path(path): self.path_chosen.emit(p))
            row.setMaximumWidth(640)
            self._recent.addWidget(row)
            self.rows.append(row)
        self._fit()

    def _fit(self) -> None:
        room = max(0, self.height() - 120 - 38 - 68) // 38
        for k, row in enumerate(self.rows):
            row.setVisible(k < room)
        side = max(0, (self.width() - 40 - 640) // 2)
        self._recent.setContentsMargins(side, 0, side, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
