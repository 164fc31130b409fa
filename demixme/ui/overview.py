"""The whole song: its parts, the stretch in view, play head, loop, and the ribbon of qualities."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from demixme.engine.status import Quality
from demixme.ui.levels import SongLevels
from demixme.ui.theme import Look, Theme, blend, focus_ring, rounded
from demixme.ui.wave_image import BarStyle, wave_image
from demixme.ui.wave_view import WaveView

_STYLE = BarStyle(3, 4)
_RIBBON = 4
_BELOW = 10
_DRAG_FROM = 4
_FAILED, _QUICK, _FULL = (int(q) + 1 for q in (Quality.FAILED, Quality.QUICK, Quality.FULL))


class Overview(WaveView):
    """The song from end to end; click seeks, dragging moves the stretch in view."""

    seek_requested = Signal(int)
    view_dragged = Signal(float)

    def __init__(self, look: Look, levels: SongLevels, parent: QWidget | None = None) -> None:
        super().__init__(look, levels, parent)
        self.view: tuple[float, float] | None = None
        self._press: QPointF | None = None
        self._dragging = False
        self.setFixedHeight(50)
        self.setAccessibleName(self.tr("Whole song"))

    def sizeHint(self) -> QSize:
        return QSize(600, 50)

    # ------------------------------------------------------------ what it shows
    def set_frames(self, frames: int) -> None:
        """Take the song's length."""
        if frames != self.frames:
            self.frames = frames
            self.repaint_all()

    def set_view(self, view: tuple[float, float] | None) -> None:
        """Frame the stretch in view."""
        if view != self.view:
            self.view = view
            self.repaint_all()

    def set_position(self, frame: int) -> None:
        """Move the play head: repaints only its old and its new column."""
        self.position = frame
        self.move_head()

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

    # ------------------------------------------------------------ the picture
    def picture_key(self) -> Any:
        return (
            self.levels.revision,
            self.frames,
            self.width(),
            self.height(),
            self._scale(),
            self.heard,
            self.look.theme.name,
        )

    def picture_job(self) -> Callable[[], Any]:
        picture, colours, scale = self.levels.picture(), self.colours(0.18), self._scale()
        size = (self.width(), self.height() - _BELOW - 6)
        per_pixel = max(1, self.frames) / max(1, self.width())
        return lambda: wave_image(picture, 0.0, per_pixel, size, scale, _STYLE, colours)

    def _scale(self) -> float:
        return self.devicePixelRatioF()

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

    # ------------------------------------------------------------ painting
    def paint_still(self, painter: QPainter) -> None:
        theme = self.look.theme
        self._paint_loop(painter, theme)
        if self._image is not None:
            painter.drawImage(QPointF(0, 3), self._image)
        self._paint_ribbon(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_view(painter, theme)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), 6, theme)

    def paint_head(self, painter: QPainter, x: int) -> None:
        head = QRect(x - 1, 1, 2, self.height() - _BELOW - 2)
        painter.fillRect(head, self.look.theme.tokens["text"])

    def _paint_loop(self, painter: QPainter, theme: Theme) -> None:
        if self.loop is not None:
            left, right = self.x_of(self.loop[0]), self.x_of(self.loop[1])
            area = QRectF(left, 0, max(2.0, right - left), self.height() - _BELOW)
            painter.fillRect(area, theme.colour("text", 0.14))

    def _paint_ribbon(self, painter: QPainter) -> None:
        where = QRectF(0, self.height() - _RIBBON, self.width(), _RIBBON)
        painter.drawImage(where, self._ribbon_image(round(where.width() * self._scale())))

    def _paint_view(self, painter: QPainter, theme: Theme) -> None:
        if self.view is None or not self.frames:
            return
        left, right = self.x_of(self.view[0]), self.x_of(min(self.view[1], self.frames))
        if right - left >= self.width() - 1:
            return
        box = QRectF(left, 0, max(8.0, right - left), self.height() - _BELOW)
        rounded(painter, box, 4, None, theme.tokens["text"], 1.4)


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
