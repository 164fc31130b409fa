"""The whole song: its parts, the stretch in view, play head, loop, and the ribbon of qualities."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from demixme.engine.status import Quality
from demixme.ui.levels import SongLevels
from demixme.ui.theme import Look, Theme, blend, focus_ring, rounded
from demixme.ui.wave_image import BarStyle, WaveColours, wave_colours, wave_image

_STYLE = BarStyle(3, 4)
_RIBBON = 4
_BELOW = 10
_HEAD = 2
_DRAG_FROM = 4
_FAILED, _QUICK, _FULL = (int(q) + 1 for q in (Quality.FAILED, Quality.QUICK, Quality.FULL))


class Overview(QWidget):
    """The song from end to end; click seeks, dragging moves the stretch in view."""

    seek_requested = Signal(int)
    view_dragged = Signal(float)

    def __init__(self, look: Look, levels: SongLevels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.levels = levels
        self.frames = 0
        self.view: tuple[float, float] | None = None
        self.loop: tuple[int, int] | None = None
        self.heard: frozenset[str] = frozenset()
        self._head_x = -10
        self._position = 0
        self._image: QImage | None = None
        self._ribbon: QImage | None = None
        self._key: tuple[object, ...] = ()
        self._press: QPointF | None = None
        self._dragging = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(50)
        self.setAccessibleName(self.tr("Whole song"))
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(600, 50)

    # ------------------------------------------------------------ what it shows
    def set_frames(self, frames: int) -> None:
        """Take the song's length."""
        if frames != self.frames:
            self.frames = frames
            self.update()

    def set_view(self, view: tuple[float, float] | None) -> None:
        """Frame the stretch in view."""
        if view != self.view:
            self.view = view
            self.update()

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Show the loop."""
        if loop != self.loop:
            self.loop = loop
            self.update()

    def set_heard(self, heard: frozenset[str]) -> None:
        """Say which parts are heard."""
        if heard != self.heard:
            self.heard = heard
            self.update()

    def set_position(self, frame: int) -> None:
        """Move the play head: repaints only its old and its new column."""
        self._position = frame
        x = round(self.x_of(frame))
        if x != self._head_x:
            for column in (self._head_x, x):
                self.update(column - _HEAD, 0, 2 * _HEAD + 1, self.height())
            self._head_x = x

    def refresh(self) -> None:
        """Draw what came since the last picture."""
        if self._key != self._wanted_key():
            self.update()

    def x_of(self, frame: float) -> float:
        """Return where a frame stands."""
        return frame / max(1, self.frames) * self.width()

    def frame_at(self, x: float) -> int:
        """Return the frame at a place."""
        return int(max(0.0, min(1.0, x / max(1, self.width()))) * self.frames)

    # ------------------------------------------------------------ mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.frames:
            self._press, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        self._dragging |= abs(event.position().x() - self._press.x()) >= _DRAG_FROM
        if self._dragging:
            self.view_dragged.emit(float(self.frame_at(event.position().x())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is not None and not self._dragging:
            self.seek_requested.emit(self.frame_at(event.position().x()))
        self._press = None

    # ------------------------------------------------------------ painting
    def _wanted_key(self) -> tuple[object, ...]:
        return (
            self.levels.revision,
            self.frames,
            self.width(),
            self.height(),
            self.devicePixelRatioF(),
            self.heard,
            self.look.theme.name,
        )

    def _colours(self) -> WaveColours:
        store = self.levels.store
        parts = store.parts if store else None
        return wave_colours(self.look.theme, parts, self.heard, 0.18)

    def _make(self) -> None:
        size = (self.width(), self.height() - _BELOW - 6)
        per_pixel = max(1, self.frames) / max(1, self.width())
        scale = self.devicePixelRatioF()
        self._image = wave_image(self.levels, 0.0, per_pixel, size, scale, _STYLE, self._colours())
        self._ribbon = self._ribbon_image(round(self.width() * scale))

    def _ribbon_image(self, columns: int) -> QImage:
        """Return one row of pixels: what stands where, seen at its worst."""
        theme, store = self.look.theme, self.levels.store
        table = np.array([_bgra(c) for c in _ribbon_colours(theme)], np.uint8)
        row = np.zeros(max(1, columns), np.int64)
        qualities = self.levels.qualities
        if store is not None and len(qualities) and self.frames:
            frame = np.arange(len(row)) * (self.frames / len(row))
            slot = (frame / store.slot_frames).astype(np.int64)
            inside = slot < len(qualities)
            row[inside] = qualities[slot[inside]]
        pixels = np.ascontiguousarray(table[row])
        made = QImage(
            pixels.data, len(row), 1, len(row) * 4, QImage.Format.Format_ARGB32_Premultiplied
        )
        return made.copy()

    def paintEvent(self, event: QPaintEvent) -> None:
        key = self._wanted_key()
        if self._image is None or key != self._key:
            self._make()
            self._key = key
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        theme = self.look.theme
        painter.fillRect(event.rect(), theme.tokens["panel"])
        self._paint_loop(painter, theme)
        if self._image is not None:
            painter.drawImage(QPointF(0, 3), self._image)
        self._paint_ribbon(painter)
        head = QRect(self._head_x - 1, 1, 2, self.height() - _BELOW - 2)
        painter.fillRect(head, theme.tokens["text"])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_view(painter, theme)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), 6, theme)

    def _paint_loop(self, painter: QPainter, theme: Theme) -> None:
        if self.loop is not None:
            left, right = self.x_of(self.loop[0]), self.x_of(self.loop[1])
            area = QRectF(left, 0, max(2.0, right - left), self.height() - _BELOW)
            painter.fillRect(area, theme.colour("text", 0.14))

    def _paint_ribbon(self, painter: QPainter) -> None:
        if self._ribbon is not None:
            where = QRectF(0, self.height() - _RIBBON, self.width(), _RIBBON)
            painter.drawImage(where, self._ribbon)

    def _paint_view(self, painter: QPainter, theme: Theme) -> None:
        if self.view is None or not self.frames:
            return
        left, right = self.x_of(self.view[0]), self.x_of(min(self.view[1], self.frames))
        if right - left >= self.width() - 1:
            return
        box = QRectF(left, 0, max(8.0, right - left), self.height() - _BELOW)
        rounded(painter, box, 4, None, theme.tokens["text"], 1.4)

    def resizeEvent(self, event: object) -> None:
        self._head_x = round(self.x_of(self._position))


def _ribbon_colours(theme: Theme) -> list[QColor]:
    panel, ok = theme.tokens["panel"], theme.tokens["ok"]
    colours = {
        0: theme.tokens["line"],
        _FAILED: theme.tokens["clip"],
        _QUICK: blend(panel, ok, 0.5),
        _FULL: ok,
    }
    return [colours[k] for k in sorted(colours)]


def _bgra(colour: QColor) -> tuple[int, int, int, int]:
    return (colour.blue(), colour.green(), colour.red(), 255)
