"""One channel strip: name, meters and fader side by side, value, balance, Mute and Solo."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from demixme.core.mixstate import Strip
from demixme.engine.status import Meter
from demixme.ui.balance import Balance
from demixme.ui.button import Button, Card
from demixme.ui.fader import Fader, level_of_place
from demixme.ui.meter_view import MeterView
from demixme.ui.name_handle import NameHandle
from demixme.ui.theme import SMALL, TINY, TITLE, Look, bold, font, rounded
from demixme.ui.value_box import ValueBox

LEAST_WIDTH = 120
_BOX_ABOVE = 150  # from this width on the value stands beside the name
_FADER_WIDTH = 92
_LOW = 300  # below this height balance labels and the second line go


class SoloButton(Button):
    """Solo: a click adds, a Ctrl-click leaves only this one."""

    only_clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.isDown():
            self.setDown(False)
            if self.rect().contains(event.position().toPoint()):
                self.only_clicked.emit()
            return
        super().mouseReleaseEvent(event)


class Channel(Card):
    """What strips and master share: name, meters, fader, value box and where they stand."""

    level_moved = Signal(float, int)
    copy_wanted = Signal()

    def __init__(self, look: Look, name: str, title: str, colour: QColor, note: str = "") -> None:
        super().__init__(look)
        self.name = name
        self.title = title
        self.note = note
        self.colour = colour
        self.setAccessibleName(title)
        self.meter = MeterView(look, colour, self)
        self.fader = Fader(look, colour, self)
        self.fader.setAccessibleName(self.tr("{part} volume").format(part=title))
        self.box = ValueBox(look, self)
        self.box.setAccessibleName(self.tr("{part} volume in decibels").format(part=title))
        self.handle = NameHandle(colour, self)
        self.fader.moved.connect(self._fader_moved)
        self.box.level_typed.connect(self.level_moved)
        self.fader.set_level(0.0)

    def _fader_moved(self, place: int, gesture: int) -> None:
        self.level_moved.emit(level_of_place(place), gesture)

    def show_level(self, level_db: float) -> None:
        """Show a level on fader and box."""
        self.fader.set_level(level_db)
        self.box.set_level(level_db)

    def recolour(self, colour: QColor) -> None:
        """Take another colour, as another theme brings."""
        self.colour = self.meter.colour = self.fader.colour = self.handle.colour = colour
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ places
    def pad(self) -> int:
        """Return the inner margin."""
        return 16 if self.width() >= _BOX_ABOVE else 10

    def name_height(self) -> int:
        """Return the height of the part with the name."""
        return 58 if self.height() >= _LOW else 40

    def channel_bottom(self) -> int:
        """Return where meters and fader end, above balance and buttons."""
        low = self.height() < _LOW
        return self.buttons_top() - (24 + 2 if low else 40 + 6 + 6)

    def buttons_top(self) -> int:
        """Return where the lowest row of buttons begins."""
        return self.height() - self.pad() - 38 + (4 if self.height() < _LOW else 0)

    def place_channel(self, bottom: int, left: int, room: int) -> None:
        """Place meters and fader from the name down to `bottom`, in the middle of `room`."""
        top = self.name_height()
        height = max(60, bottom - top)
        meter, gap = self.meter.width(), 4 if room > 110 else 2
        fader = max(72, min(_FADER_WIDTH, room - meter - gap))
        left += max(0, (room - meter - gap - fader - 8) // 2)
        self.meter.setGeometry(left, top, meter, height)
        self.fader.setGeometry(left + meter + gap, top, fader, height)

    def place_box(self) -> None:
        """Place the value box beside the name, or nowhere where there is no room."""
        self.box.setVisible(self.width() >= _BOX_ABOVE)
        self.box.setGeometry(self.width() - self.pad() - 48, 14, 48, 28)
        pad, right = self.pad(), self.box.x() - 4 if self.box.isVisibleTo(self) else self.width()
        self.handle.setGeometry(pad, 0, max(0, right - 2 * pad + 8), self.name_height() - 6)

    # ------------------------------------------------------------ painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if event.rect().top() > self.name_height():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, pad = self.look.theme, self.pad()
        high = self.height() >= _LOW
        top = 14 if high else 8
        rounded(painter, QRectF(pad, top, 22, 4), 2, self.colour)
        painter.setFont(bold(TITLE if self.width() >= _BOX_ABOVE else SMALL))
        painter.setPen(theme.colour("text"))
        right = self.width() - pad
        if self.box.isVisibleTo(self):
            right = self.box.x() - 4
        room = QRectF(pad, top + 8, right - pad, 22)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags, text)
        self._paint_small(painter, room, metrics.horizontalAdvance(text))

    def _paint_small(self, painter: QPainter, room: QRectF, name_width: float) -> None:
        painter.setFont(font(TINY))
        painter.setPen(self.look.theme.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        if self.note:
            left = room.left() + name_width + 8
            beside = QRectF(left, room.top() + 1, room.right() - left, 22)
            if metrics.horizontalAdvance(self.note) <= beside.width():
                painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, self.note)
            elif self.height() >= _LOW:
                below = QRectF(room.left(), room.bottom() - 2, self.width() - 2 * room.left(), 15)
                text = metrics.elidedText(self.note, Qt.TextElideMode.ElideRight, below.width())
                painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)


class ChannelStrip(Channel):
    """A part's strip."""

    pan_moved = Signal(float, int)
    mute_clicked = Signal()
    solo_clicked = Signal()
    only_clicked = Signal()

    def __init__(self, look: Look, name: str, title: str, colour: QColor, note: str) -> None:
        super().__init__(look, name, title, colour, note)
        self.balance = Balance(look, colour, self)
        self.balance.setAccessibleName(self.tr("{part} balance").format(part=title))
        self.mute = Button(look, self.tr("Mute"), "mute", parent=self)
        self.solo = SoloButton(look, self.tr("Solo"), "solo", parent=self)
        self.mute.setAccessibleName(self.tr("Mute {part}").format(part=title))
        self.solo.setAccessibleName(self.tr("Solo {part}").format(part=title))
        for button in (self.mute, self.solo):
            button.setCheckable(True)
        self.balance.describe()
        self.balance.moved.connect(lambda v, g: self.pan_moved.emit(v / 100.0, g))
        self.mute.clicked.connect(self.mute_clicked)
        self.solo.clicked.connect(self.solo_clicked)
        self.solo.only_clicked.connect(self.only_clicked)

    def show_keys(self, mute: str, solo: str) -> None:
        """Name the keys of now in the tool tips."""
        tip = self.tr("Mute {part}").format(part=self.title)
        self.mute.setToolTip(f"{tip} ({mute})" if mute else tip)
        tip = self.tr("Hear {part} with the other soloed parts; Ctrl+click: only it")
        tip = tip.format(part=self.title)
        self.solo.setToolTip(f"{tip} ({solo})" if solo else tip)

    def show_strip(self, strip: Strip, heard: bool) -> None:
        """Show a strip of the mix; `heard` is False where mute, solo or A/B keep it silent."""
        self.show_level(strip.level_db)
        self.balance.set_place(round(strip.pan * 100))
        self.mute.setChecked(strip.mute)
        self.solo.setChecked(strip.solo)
        for control in (self.meter, self.fader, self.balance):
            control.set_dim(not heard)

    def feed(self, meter: Meter | None, passed_s: float) -> None:
        """Feed the meters."""
        self.meter.feed(meter, passed_s)

    def recolour(self, colour: QColor) -> None:
        self.balance.colour = colour
        super().recolour(colour)

    # ------------------------------------------------------------ places
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        pad, low = self.pad(), self.height() < _LOW
        inner = self.width() - 2 * pad
        buttons_top = self.buttons_top()
        half = (inner - 8) // 2
        self.mute.setGeometry(pad, buttons_top, half, 38)
        self.solo.setGeometry(pad + inner - half, buttons_top, half, 38)
        balance_height = 24 if low else 40
        balance_top = buttons_top - balance_height - (2 if low else 6)
        self.balance.setGeometry(pad + 4, balance_top, inner - 8, balance_height)
        self.place_channel(self.channel_bottom(), pad, inner)
        self.place_box()

    def focus_order(self) -> tuple[QWidget, ...]:
        """Return the controls as Tab goes through them."""
        return (self.fader, self.box, self.balance, self.mute, self.solo)
