"""The list of all keys, as the table of actions has them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from demixme.ui.actions import Actions
from demixme.ui.button import Button
from demixme.ui.theme import Look


class ShortcutsDialog(QDialog):
    """Shows what every key does; filled when it is first opened."""

    def __init__(self, actions: Actions, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle(self.tr("Shortcuts"))
        self.resize(520, 560)
        self.list = QTableWidget(0, 2)
        self.list.setHorizontalHeaderLabels([self.tr("What it does"), self.tr("Keys")])
        self.list.verticalHeader().hide()
        self.list.setShowGrid(False)
        self.list.setAlternatingRowColors(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.list.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.done_button = Button(look, self.tr("Close"))
        self.done_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.done_button)
        column = QVBoxLayout(self)
        column.addWidget(self.list)
        column.addLayout(row)

    def open(self) -> None:
        if not self.list.rowCount():
            self._fill()
        super().open()

    def _fill(self) -> None:
        rows = self._actions.shown()
        self.list.setRowCount(len(rows))
        for k, (title, keys) in enumerate(rows):
            self.list.setItem(k, 0, QTableWidgetItem(title))
            self.list.setItem(k, 1, QTableWidgetItem(keys))
        self.list.resizeColumnToContents(1)
