"""What lies over the window while files are dragged over it, and takes them as copies."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from demixme.ui.empty_state import DropTarget
from demixme.ui.theme import Look


class DropVeil(DropTarget):
    """Shown only during a drag; every drop is taken as a copy."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(look, QCoreApplication.translate("DropVeil", "Drop to play"), veil=True)
        self.setParent(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def welcome(self, event: QDropEvent) -> None:
        """Take files that are dragged in, and show so."""
        if _files(event):
            # never acceptProposedAction: a move accepted from Explorer deletes the file
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.setGeometry(self.window().rect())
            self.show()
            self.raise_()
        else:
            event.ignore()

    def taken(self, event: QDropEvent) -> list[Path]:
        """Return the files that were dropped."""
        self.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return _files(event)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
