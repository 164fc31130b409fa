"""The quiet bar at the top: one sentence, one action, close. Never a modal box."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy

from demixme.ui.button import Button, Card
from demixme.ui.notice import Notice
from demixme.ui.theme import SMALL, Look, font, rounded


class ErrorBar(Card):
    """Shows the latest notice until it is closed or answered."""

    shown = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.notice: Notice | None = None
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setFont(font(SMALL))
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = Button(look, "", "normal")
        self.dismiss = Button(look, "", "icon", "close")
        self.dismiss.setAccessibleName(self.tr("Close this message"))
        self.action.clicked.connect(self._answer)
        self.dismiss.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self.label, 1)
        row.addWidget(self.action)
        row.addWidget(self.dismiss)
        self.hide()

    def say(self, notice: Notice) -> None:
        """Show a notice in place of the one before."""
        self.notice = notice
        self.label.setText(notice.sentence)
        self.label.setAccessibleName(notice.sentence)
        self.action.setText(notice.action)
        self.action.setVisible(bool(notice.action))
        self.show()
        self.update()
        self.shown.emit(notice)

    def clear(self) -> None:
        """Take the notice away."""
        self.notice = None
        self.hide()

    def song_comes(self, by_itself: bool) -> None:
        """Take away what belongs to the song before; its error stays if nobody saw it go."""
        notice = self.notice
        if notice and (not notice.is_error or (notice.of_song and not by_itself)):
            self.clear()

    def _answer(self) -> None:
        act: Callable[[], object] | None = self.notice.act if self.notice else None
        self.clear()
        if act is not None:
            act()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_error = self.notice is not None and self.notice.is_error
        colour = self.look.theme.colour("clip" if is_error else "muted")
        rounded(painter, QRectF(9, 10, 4, self.height() - 20), 2, colour)
