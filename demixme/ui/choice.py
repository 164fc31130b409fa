"""A button that lets one of several things be chosen from its menu, and a flat box to type in."""

from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from demixme.ui.button import Button
from demixme.ui.theme import BODY, RADIUS, Look, focus_ring, font, rounded


class Choice(Button):
    """Shows what is chosen; a click opens the menu of all there is."""

    chosen = Signal(int)

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, "", "normal", parent=parent)
        self.name = name
        self.setAccessibleName(name)
        self.has_menu = True
        self.items: list[tuple[str, Any]] = []
        self.index = 0
        self.menu = QMenu(self)
        self.clicked.connect(self._open)

    @property
    def data(self) -> Any:
        """Return what stands behind the chosen item."""
        return self.items[self.index][1]

    def set_items(self, items: list[tuple[str, Any]]) -> None:
        """Offer these texts, each with what stands behind it."""
        self.items = items
        self.choose(0)

    def choose(self, index: int) -> None:
        """Choose an item."""
        self.index = index
        self.setText(self.items[index][0])
        self.setAccessibleDescription(self.text())
        self.chosen.emit(index)

    def _open(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        for index, (text, _) in enumerate(self.items):
            action = self.menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(index == self.index)
            group.addAction(action)
            action.triggered.connect(lambda _=False, k=index: self.choose(k))
        self.menu.popup(self.mapToGlobal(self.rect().bottomLeft() + QPoint(0, 4)))


class TextBox(QLineEdit):
    """A box to type in, in the look of the window; takes no drops."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.look = look
        self.setFrame(False)
        self.setAcceptDrops(False)
        self.setFont(font(BODY))
        self.setAccessibleName(name)
        self.setTextMargins(10, 0, 10, 0)
        look.changed.connect(self._colour)
        self._colour()

    def _colour(self) -> None:
        colours = QPalette(self.palette())
        colours.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        colours.setColor(QPalette.ColorRole.Text, self.look.theme.tokens["text"])
        self.setPalette(colours)

    def sizeHint(self) -> QSize:
        return QSize(320, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect = self.look.theme, QRectF(self.rect())
        rounded(painter, rect, RADIUS, theme.colour("raised"), theme.colour("line"))
        if self.hasFocus():
            focus_ring(painter, rect, RADIUS, theme)
        painter.end()
        super().paintEvent(event)
