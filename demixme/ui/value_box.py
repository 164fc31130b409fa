"""The box that shows a level and takes a typed one."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from demixme.core.units import FADER_BOTTOM_DB, FADER_TOP_DB, SILENCE_DB, level_text
from demixme.ui.theme import SMALL, Look, bold, focus_ring, rounded

_OWN_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
)


def parse_level(text: str) -> float | None:
    """Return the level a person typed: comma or point, − or -, inf; None if it is no level."""
    plain = text.strip().lower().removesuffix("db").strip()
    plain = plain.replace(",", ".").replace("−", "-").replace("–", "-").replace(" ", "")
    if plain.lstrip("-") in ("inf", "∞"):
        return SILENCE_DB
    try:
        level = float(plain)
    except ValueError:
        return None
    if level != level:
        return None
    return SILENCE_DB if level < FADER_BOTTOM_DB else round(min(FADER_TOP_DB, level), 1) + 0.0


class ValueBox(QLineEdit):
    """Shows a level; `level_typed` when a person wrote another one. Enter and Esc leave it."""

    level_typed = Signal(float)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._level_db = 0.0
        self._fresh = False
        self.setFrame(False)
        self.setAcceptDrops(False)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(bold(SMALL))
        self.setMaxLength(12)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setText(level_text(0.0))
        self.returnPressed.connect(self.clearFocus)
        self.editingFinished.connect(self._take)
        look.changed.connect(self._colour)
        self._colour()

    def set_level(self, level_db: float) -> None:
        """Show a level, unless one is being typed."""
        if level_db != self._level_db or not self.isModified():
            self._level_db = level_db
            if not self.hasFocus():
                self.setText(level_text(level_db))

    def _colour(self) -> None:
        colours = QPalette(self.palette())
        colours.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        colours.setColor(QPalette.ColorRole.Text, self.look.theme.tokens["text"])
        self.setPalette(colours)
        self.update()

    def _take(self) -> None:
        typed = parse_level(self.text()) if self.isModified() else None
        if typed is not None and typed != self._level_db:
            self._level_db = typed
            self.level_typed.emit(typed)
        self.setText(level_text(self._level_db))

    # ------------------------------------------------------------ Qt
    def sizeHint(self) -> QSize:
        return QSize(48, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(46, 28)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(level_text(self._level_db))
            self.setModified(False)
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setModified(False)
        self._fresh = event.reason() == Qt.FocusReason.MouseFocusReason
        self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._fresh and not self.hasSelectedText():
            self.selectAll()  # the press that gave the focus has put the cursor somewhere
        self._fresh = False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        rounded(painter, rect, 6, self.look.theme.colour("raised"))
        if self.hasFocus():
            focus_ring(painter, rect, 6, self.look.theme)
        painter.end()
        super().paintEvent(event)
