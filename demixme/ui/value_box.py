"""The box that shows a level and takes a typed one."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from demixme.core.units import FADER_BOTTOM_DB, FADER_TOP_DB, SILENCE_DB, level_text
from demixme.ui.gesture import Gesture
from demixme.ui.theme import SMALL, Look, bold, focus_ring, rounded

_LOWEST = FADER_BOTTOM_DB - 1.0  # stands for silence, as the fader's −61 does
_OWN_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
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


class ValueBox(QDoubleSpinBox):
    """Shows a level; `level_typed` when a person set another one. Enter and Esc leave it."""

    level_typed = Signal(float, int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.gesture = Gesture()
        self._level_db = 0.0
        self._showing = False
        self.setFrame(False)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setDecimals(1)
        self.setRange(_LOWEST, FADER_TOP_DB)
        self.setSingleStep(0.5)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(False)
        edit = self.lineEdit()
        edit.setAcceptDrops(False)
        edit.setMaxLength(12)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(bold(SMALL))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.valueChanged.connect(self._changed)
        edit.returnPressed.connect(self.clearFocus)
        look.changed.connect(self._colour)
        self._colour()

    @property
    def level_db(self) -> float:
        """Return the level it shows."""
        return self._level_db

    def set_level(self, level_db: float) -> None:
        """Show a level, unless one is being typed."""
        if level_db == self._level_db or (self.hasFocus() and self.lineEdit().isModified()):
            return
        self._level_db = level_db
        self._showing = True
        self.setValue(_LOWEST if level_db == SILENCE_DB else level_db)
        self._showing = False

    def _changed(self, value: float) -> None:
        if self._showing:
            return
        level = SILENCE_DB if value < FADER_BOTTOM_DB else round(value, 1) + 0.0
        if level != self._level_db:
            self._level_db = level
            self.level_typed.emit(level, self.gesture.step())

    def _colour(self) -> None:
        colours = QPalette(self.palette())
        colours.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        colours.setColor(QPalette.ColorRole.Text, self.look.theme.tokens["text"])
        self.setPalette(colours)
        self.update()

    # ------------------------------------------------------------ text
    def textFromValue(self, value: float) -> str:
        return level_text(SILENCE_DB if value < FADER_BOTTOM_DB else value)

    def valueFromText(self, text: str) -> float:
        level = parse_level(text)
        if level is None:
            level = self._level_db
        return _LOWEST if level == SILENCE_DB else level

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        known = parse_level(text) is not None
        state = QValidator.State.Acceptable if known else QValidator.State.Intermediate
        return state, text, position

    def fixup(self, text: str) -> str:
        """Return what stands there in place of what is no level."""
        return level_text(self._level_db)

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
            self.lineEdit().setText(level_text(self._level_db))
            self.lineEdit().setModified(False)
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.lineEdit().setModified(False)
        self.selectAll()
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            # the press that gave the focus puts the cursor somewhere afterwards
            QTimer.singleShot(0, self, self.selectAll)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        rounded(painter, rect, 6, self.look.theme.colour("raised"))
        if self.hasFocus():
            focus_ring(painter, rect, 6, self.look.theme)
