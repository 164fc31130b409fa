"""What lies over the window while files are dragged over it, and takes them as copies."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from demixme.ui.empty_state import DropTarget
from demixme.ui.theme import GAP, MARGIN, Look


class DropVeil(QWidget):
    """Two fields, shown only during a drag: play now, or add to the queue."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.look = look
        self.play = DropTarget(look, QCoreApplication.translate("DropVeil", "Play now"), True)
        self.add = DropTarget(
            look, QCoreApplication.translate("DropVeil", "Add to the queue"), True
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        row.setSpacing(GAP)
        row.addWidget(self.play)
        row.addWidget(self.add)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def welcome(self, event: QDropEvent) -> None:
        """Take files that are dragged in, and show where they may be dropped."""
        if _files(event):
            # never acceptProposedAction: a move accepted from Explorer deletes the file
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if self.isHidden():
                self.setGeometry(self.window().rect())
                self.show()
                self.raise_()
            adds = self._adds(event.position())
            self.play.set_lit(not adds)
            self.add.set_lit(adds)
        else:
            event.ignore()

    def taken(self, event: QDropEvent) -> tuple[list[Path], bool]:
        """Return the files that were dropped, and whether they are meant for the queue."""
        self.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return _files(event), self._adds(event.position())

    def _adds(self, place: QPointF) -> bool:
        return place.x() > self.window().width() / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self.look.theme.colour("bg", 0.9))


def _files(event: QDropEvent) -> list[Path]:
    return [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
