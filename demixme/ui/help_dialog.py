"""F1: the manual, as it ships with the program, and every key, which can be changed here."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from demixme import resources
from demixme.ui import doors
from demixme.ui.actions import Actions, Row
from demixme.ui.bridge import Bridge
from demixme.ui.button import Button
from demixme.ui.theme import Look

_PORTABLE = QKeySequence.SequenceFormat.PortableText


class HelpDialog(QDialog):
    """Manual and shortcuts, side by side as two pages."""

    def __init__(self, look: Look, actions: Actions, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Manual and shortcuts"))
        self.resize(760, 640)
        self.manual = Manual(resources.manual(bridge.language))
        self.shortcuts = ShortcutPage(look, actions, bridge)
        self.pages = QTabWidget()
        self.pages.addTab(self.shortcuts, self.tr("Shortcuts"))
        self.pages.addTab(self.manual, self.tr("Manual"))
        self.close_button = Button(look, self.tr("Close"))
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.pages)
        column.addLayout(row)


class Manual(QTextBrowser):
    """One page of text with pictures; its links open outside."""

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Manual"))
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._clicked)
        if path is not None:
            self.document().setBaseUrl(QUrl.fromLocalFile(str(path)))
            self.document().setDocumentMargin(16)
            self.setMarkdown(path.read_text("utf-8"))
            self._fit_pictures()

    def _fit_pictures(self) -> None:
        """Show pictures as wide as the page, whatever they were taken at."""
        document = self.document()
        block = document.begin()
        while block.isValid():
            for part in block.textFormats():
                if part.format.isImageFormat():
                    picture = part.format.toImageFormat()
                    picture.setWidth(680.0)
                    cursor = self.textCursor()
                    cursor.setPosition(block.position() + part.start)
                    cursor.setPosition(
                        block.position() + part.start + part.length, cursor.MoveMode.KeepAnchor
                    )
                    cursor.setCharFormat(picture)
            block = block.next()

    def _clicked(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https"):
            doors.open_link(link.toString())
        elif link.hasFragment():
            self.scrollToAnchor(link.fragment())


class ShortcutPage(QWidget):
    """All actions with their keys; a key typed into the box becomes the chosen action's."""

    def __init__(self, look: Look, actions: Actions, bridge: Bridge) -> None:
        super().__init__()
        self._actions = actions
        self._bridge = bridge
        self._rows: list[Row] = list(actions.rows.values())
        self.list = QTableWidget(len(self._rows), 2)
        self.box = QKeySequenceEdit()
        self.box.setAccessibleName(self.tr("New key"))
        self.box.setMaximumSequenceLength(1)
        for inner in self.box.findChildren(QLineEdit):
            inner.setAccessibleName(self.tr("New key"))
            inner.setAcceptDrops(False)
        self.set_key = Button(look, self.tr("Use this key"), "primary")
        self.add_key = Button(look, self.tr("Use it too"))
        self.no_key = Button(look, self.tr("No key"))
        self.usual = Button(look, self.tr("All as they were"))
        self.line = QLabel()
        self.line.setWordWrap(True)
        self._set_up_list()
        self._lay_out()
        self.box.keySequenceChanged.connect(self._show_choice)
        self.list.currentCellChanged.connect(self._row_changed)
        self.set_key.clicked.connect(lambda: self._bind((self._typed(),)))
        self.add_key.clicked.connect(lambda: self._bind((*self._keys(), self._typed())))
        self.no_key.clicked.connect(lambda: self._bind(()))
        self.usual.clicked.connect(actions.reset_keys)
        actions.keys_changed.connect(self._keys_changed)
        self._fill()
        self.list.setCurrentCell(0, 0)

    def _set_up_list(self) -> None:
        table = self.list
        table.setAccessibleName(self.tr("Actions and their keys"))
        table.setHorizontalHeaderLabels([self.tr("What it does"), self.tr("Keys")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, 260)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        for button in (self.set_key, self.add_key, self.no_key, self.usual):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(self.list, 1)
        column.addWidget(self.line)
        column.addLayout(row)

    # ------------------------------------------------------------ what it shows
    def _fill(self) -> None:
        for k, row in enumerate(self._rows):
            keys = "   ".join(self._actions.native_keys(row.id))
            for column, text in enumerate((row.title, keys)):
                item = self.list.item(k, column)
                if item is None:
                    self.list.setItem(k, column, QTableWidgetItem(text))
                elif item.text() != text:
                    item.setText(text)

    def _row_changed(self, *_: int) -> None:
        self.box.clear()
        self._show_choice()

    @property
    def row(self) -> Row:
        """Return the chosen action."""
        return self._rows[max(0, self.list.currentRow())]

    def choose(self, action_id: str) -> None:
        """Choose an action."""
        ids = [row.id for row in self._rows]
        self.list.setCurrentCell(ids.index(action_id), 0)

    def _typed(self) -> str:
        return self.box.keySequence().toString(_PORTABLE)

    def _keys(self) -> tuple[str, ...]:
        return self._actions.keys(self.row.id)

    def _show_choice(self) -> None:
        row, typed = self.row, self._typed()
        free = not row.fixed
        for button in (self.set_key, self.add_key):
            button.setEnabled(free and bool(typed))
        self.no_key.setEnabled(free and bool(self._keys()))
        self.box.setEnabled(free)
        holder = self._actions.holder(typed, row.id) if typed else None
        if row.fixed:
            said = self.tr("“{action}” works while its key is held; it cannot be another.")
        elif holder is not None:
            said = self.tr("“{other}” has this key now and would lose it to “{action}”.")
        elif typed:
            said = self.tr("The key is free for “{action}”.")
        else:
            said = self.tr("Type a key into the box to use it for “{action}”.")
        other = holder.title if holder is not None else ""
        self.line.setText(said.format(action=row.title, other=other))

    # ------------------------------------------------------------ changing
    def _bind(self, keys: tuple[str, ...]) -> None:
        self._actions.rebind(self.row.id, tuple(dict.fromkeys(keys)))
        self.box.clear()

    def _keys_changed(self) -> None:
        self._bridge.change_settings(shortcuts=self._actions.own_keys)
        self._bridge.keep_settings()
        self._fill()
        self._show_choice()
