"""A small window that asks for a name; the music plays on beside it."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from demixme.ui.button import Button
from demixme.ui.choice import TextBox
from demixme.ui.theme import Look

_MOST = 60


class NameDialog(QDialog):
    """Asks for one name at a time; made once, shown with `ask`."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._take: Callable[[str], object] | None = None
        self.box = TextBox(look, self.tr("Name"))
        self.box.setMaxLength(_MOST)
        self.keep = Button(look, self.tr("Keep"), "primary")
        self.cancel = Button(look, self.tr("Cancel"))
        self.keep.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.box.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.box.returnPressed.connect(self.keep.click)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(14)
        column.addWidget(self.box)
        column.addLayout(buttons)

    def ask(self, title: str, name: str, take: Callable[[str], object]) -> None:
        """Ask for a name, offering one; `take` gets what was typed."""
        self._take = take
        self.setWindowTitle(title)
        self.box.setText(name)
        self.box.selectAll()
        self.keep.setEnabled(bool(name.strip()))
        self.open()
        self.box.setFocus()

    def accept(self) -> None:
        name, take = self.box.text().strip(), self._take
        super().accept()
        if name and take is not None:
            take(name)
