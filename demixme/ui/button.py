"""Buttons painted by ourselves: one class, several kinds; and the card they stand on."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from demixme.ui.icons import paint_icon
from demixme.ui.theme import (
    BODY,
    CARD_RADIUS,
    RADIUS,
    SMALL,
    TARGET,
    Look,
    blend,
    focus_ring,
    medium,
    rounded,
)

_PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QAbstractButton):
    """A button of a kind: normal, primary, mute, solo, chip, flat, icon, round.

    A mouse click never gives it the focus; Space and Enter press it where Tab reached it.
    """

    def __init__(
        self,
        look: Look,
        text: str = "",
        kind: str = "normal",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.kind = kind
        self.icon_name = icon
        self.has_menu = False
        self.icon_colour = ""
        self.setText(text)
        self.setFont(medium(SMALL if kind in ("chip", "flat") else BODY))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        if name != self.icon_name:
            self.icon_name = name
            self.update()

    # ------------------------------------------------------------ size
    def sizeHint(self) -> QSize:
        if self.kind == "round":
            return QSize(44, 44)
        if self.kind == "icon":
            return QSize(TARGET, TARGET)
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        pad = 20 if self.kind == "flat" else 28
        extra = (24 if self.icon_name else 0) + (18 if self.has_menu else 0)
        height = 38 if self.kind in ("mute", "solo", "primary") else TARGET
        return QSize(round(width + pad + extra), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # ------------------------------------------------------------ keys
    def nextCheckState(self) -> None:
        """Stay as it is: whoever owns the state says whether the button is lit."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _PRESSING
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PRESSING[1:] and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    # ------------------------------------------------------------ painting
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, border, ink = self._colours()
        rect = QRectF(self.rect())
        radius = rect.height() / 2 if self.kind in ("chip", "round") else RADIUS
        if fill is not None or border is not None:
            rounded(painter, rect, radius, fill, border)
        self._paint_content(painter, rect, ink)
        if self.hasFocus():
            focus_ring(painter, rect, radius, self.look.theme)

    def _colours(self) -> tuple[QColor | None, QColor | None, QColor]:
        theme = self.look.theme
        on = self.isChecked()
        near = self.isEnabled() and (self.underMouse() or self.isDown())
        fill: QColor | None
        border: QColor | None = None
        if on and self.kind in ("mute", "solo"):
            fill, ink = theme.colour(self.kind), theme.colour("on_" + self.kind)
        elif self.kind in ("primary", "round") or (on and self.kind in ("chip", "flat")):
            fill, ink = theme.colour("primary"), theme.colour("on_primary")
        elif self.kind in ("flat", "icon"):
            fill, ink = None, theme.colour("text" if near or on else "muted")
            if near or on:
                fill = theme.colour("raised")
        else:
            fill, ink = theme.colour("raised"), theme.colour("text")
            border = None if self.kind == "chip" else theme.colour("line")
            if self.isCheckable() and self.kind == "normal":
                border = theme.mixed("line", "text", 0.7) if on else border
                ink = ink if on or near else theme.colour("muted")
        if near and fill is not None and (on or self.kind not in ("flat", "icon")):
            fill = blend(fill, theme.tokens["text" if fill != theme.tokens["text"] else "bg"], 0.1)
        if not self.isEnabled():
            ink = theme.mixed("faint", "panel", 0.45)
            if self.kind in ("primary", "round"):
                fill, ink = theme.colour("raised"), theme.mixed("faint", "panel", 0.3)
        return fill, border, ink

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: QColor) -> None:
        if self.icon_name and not self.text():
            side = 22.0 if self.kind == "round" else 18.0
            centre = rect.center()
            box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
            paint_icon(painter, self.icon_name, box, ink)
            return
        metrics = QFontMetricsF(self.font())
        pad = 8.0 if self.has_menu else 4.0
        room = rect.adjusted(pad, 0, -pad, 0)
        if self.has_menu:
            box = QRectF(room.right() - 12, rect.center().y() - 6, 12, 12)
            paint_icon(painter, "chevron", box, ink)
            room.setRight(box.left() - 4)
        shown_icon = 24.0 if self.icon_name else 0.0
        text = metrics.elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width() - shown_icon
        )
        width = metrics.horizontalAdvance(text) + shown_icon
        left = room.left() + max(0.0, (room.width() - width) / 2)
        if self.icon_name:
            box = QRectF(left, rect.center().y() - 8, 16, 16)
            paint_icon(painter, self.icon_name, box, ink)
        painter.setFont(self.font())
        painter.setPen(ink)
        where = QRectF(left + shown_icon, rect.top(), room.right() - left, rect.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Card(QWidget):
    """A rounded panel."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rounded(painter, QRectF(self.rect()), CARD_RADIUS, self.look.theme.colour("panel"))
