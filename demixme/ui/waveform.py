"""The zoomed waveform: click to seek, drag to loop, wheel to zoom."""

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from demixme.core.units import clock_text
from demixme.ui.levels import SongLevels
from demixme.ui.loops import LEAST_LOOP_S
from demixme.ui.theme import TINY, Look, focus_ring, font, rounded
from demixme.ui.wave_image import BarStyle, wave_image
from demixme.ui.wave_view import WaveView

_RULER = 26
_STYLE = BarStyle(3, 4)
_TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_LEAST_S = 2.0
_FIRST_VIEW_S = 16.0
_DRAG_FROM = 4


class Waveform(WaveView):
    """A stretch of the song, seen as its parts. Frames are frames of the file."""

    seek_requested = Signal(int)
    loop_drawn = Signal(object)
    view_changed = Signal(float, float)

    head_reach = 7  # half the width of the play head's flag

    def __init__(self, look: Look, levels: SongLevels, parent: QWidget | None = None) -> None:
        super().__init__(look, levels, parent)
        self.rate = 44100
        self.first = 0.0
        self.frames_per_pixel = _FIRST_VIEW_S * self.rate / 1200
        self._span = _FIRST_VIEW_S * self.rate
        self.follows = True
        self._press: QPointF | None = None
        self._edge = 0  # which end of the loop is dragged: −1, 1, or 0 for a new one
        self._anchor = 0
        self._drawing: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(90)
        self.setAccessibleName(self.tr("Waveform"))

    def sizeHint(self) -> QSize:
        return QSize(600, 136)

    # ------------------------------------------------------------ the view
    def set_song(self, rate: int, frames: int) -> None:
        """Show another song from its start."""
        self.rate, self.frames = rate, frames
        self.position, self.first, self.follows = 0, 0.0, True
        self._span = min(_FIRST_VIEW_S * rate, max(rate, frames))
        self.frames_per_pixel = self._span / max(1, self.width())
        self._changed_view()

    def set_frames(self, frames: int) -> None:
        """Take the song's length as it becomes known."""
        if frames != self.frames:
            self.frames = frames
            self._changed_view()

    @property
    def span(self) -> float:
        """Return the frames in view."""
        return self._span

    def x_of(self, frame: float) -> float:
        """Return where a frame stands."""
        return (frame - self.first) / self.frames_per_pixel

    def frame_at(self, x: float) -> int:
        """Return the frame at a place, within the song."""
        return int(max(0, min(self.frames, self.first + x * self.frames_per_pixel)))

    def scroll_to(self, first: float) -> None:
        """Show the song from a frame on."""
        first = max(0.0, min(first, self.frames - self.span))
        if first != self.first:
            self.first = first
            self._changed_view()

    def scroll_by(self, share: float) -> None:
        """Scroll by a share of the view, as a person does: the view no longer follows."""
        self.follows = False
        self.scroll_to(self.first + share * self.span)

    def centre_on(self, frame: float) -> None:
        """Show the song around a frame, as a person does."""
        self.follows = False
        self.scroll_to(frame - self.span / 2)

    def follow_again(self) -> None:
        """Show the play head again, as after a person's jump."""
        self.follows = True

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Zoom in (factor < 1) or out around a place, or around the play head."""
        if not self.frames:
            return
        if x is None:
            x = self.x_of(self.position)
            x = x if 0 <= x <= self.width() else self.width() / 2
        frame = self.first + x * self.frames_per_pixel
        least, most = _LEAST_S * self.rate, max(self.rate, self.frames)
        self._span = max(min(least, most), min(most, self._span * factor))
        self.frames_per_pixel = self._span / max(1, self.width())
        self.first = max(0.0, min(frame - x * self.frames_per_pixel, self.frames - self.span))
        self._changed_view()

    def _changed_view(self) -> None:
        self.repaint_all()
        self.view_changed.emit(self.first, self.first + self.span)

    def set_position(self, frame: int) -> None:
        """Move the play head: repaints only its old and its new column; the view turns pages."""
        self.position = frame
        if 0 <= round(self.x_of(frame)) < self.width():
            self.follows = True
        elif self.follows and self.isVisible() and self._press is None:
            self.scroll_to(frame - 0.06 * self.span)
        self.move_head()

    # ------------------------------------------------------------ mouse
    def _edge_at(self, x: float, y: float) -> int:
        if self.loop is None or y > _RULER + 6:
            return 0
        for side, frame in ((-1, self.loop[0]), (1, self.loop[1])):
            if abs(x - self.x_of(frame)) <= 6:
                return side
        return 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.frames:
            return
        self._press = event.position()
        self._edge = self._edge_at(self._press.x(), self._press.y())
        self._anchor = self.frame_at(self._press.x())
        if self._edge and self.loop is not None:
            self._anchor = self.loop[1] if self._edge < 0 else self.loop[0]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            over = self._edge_at(event.position().x(), event.position().y())
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            return
        if self._drawing is None and abs(event.position().x() - self._press.x()) < _DRAG_FROM:
            return
        frame = self.frame_at(event.position().x())
        self._drawing = (min(self._anchor, frame), max(self._anchor, frame))
        self.repaint_all()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        drawn, self._drawing, edge = self._drawing, None, self._edge
        self._press, self._edge = None, 0
        if drawn is None:
            if not edge:
                self.seek_requested.emit(self.frame_at(event.position().x()))
        elif drawn[1] - drawn[0] >= LEAST_LOOP_S * self.rate:
            self.loop_drawn.emit(drawn)
        self.repaint_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if sideways or abs(turned.x()) > abs(turned.y()):
            delta = turned.x() or turned.y()
            self.scroll_by(-delta / 120.0 * 0.1)
        else:
            self.zoom(0.8 ** (turned.y() / 120.0), event.position().x())
        event.accept()

    # ------------------------------------------------------------ the picture
    def picture_key(self) -> Any:
        return (
            self.levels.revision,
            self.first,
            self.frames_per_pixel,
            self.width(),
            self.height(),
            self.devicePixelRatioF(),
            self.heard,
            self.look.theme.name,
        )

    def picture_job(self) -> Callable[[], Any]:
        picture, colours, scale = self.levels.picture(), self.colours(), self.devicePixelRatioF()
        first, per_pixel = self.first, self.frames_per_pixel
        size = (self.width(), self.height() - _RULER - 8)
        return lambda: (
            wave_image(picture, first, per_pixel, size, scale, _STYLE, colours),
            first,
            per_pixel,
        )

    # ------------------------------------------------------------ painting
    def paint_still(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ruler(painter)
        self._paint_loop(painter)
        if self._image is not None:
            self._paint_picture(painter)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), 6, self.look.theme)

    def _paint_picture(self, painter: QPainter) -> None:
        """Draw the picture where it belongs; stretched while the one of now is being made."""
        image, first, per_pixel = self._image
        top = _RULER + 4
        if (first, per_pixel) == (self.first, self.frames_per_pixel):
            painter.drawImage(QPointF(0, top), image)
            return
        width = image.width() / image.devicePixelRatio() * per_pixel / self.frames_per_pixel
        height = image.height() / image.devicePixelRatio()
        painter.drawImage(QRectF(self.x_of(first), top, width, height), image)

    def _paint_ruler(self, painter: QPainter) -> None:
        theme = self.look.theme
        seconds_per_pixel = self.frames_per_pixel / self.rate
        tick_s = next((t for t in _TICKS_S if t / seconds_per_pixel >= 96), _TICKS_S[-1])
        painter.setFont(font(TINY))
        k = math.floor(self.frame_at(-90) / self.rate / tick_s)
        while (x := self.x_of(k * tick_s * self.rate)) <= self.width() + 2:
            if k * tick_s * self.rate <= self.frames:
                painter.setPen(theme.mixed("panel", "line", 0.7))
                painter.drawLine(QLineF(x, 20, x, self.height() - 4))
                painter.setPen(theme.colour("faint"))
                text = clock_text(k * tick_s, tenths=tick_s < 1)
                painter.drawText(QPointF(x + 5, 14), text)
            k += 1

    def _paint_loop(self, painter: QPainter) -> None:
        loop = self._drawing or self.loop
        if loop is None:
            return
        theme = self.look.theme
        left, right = self.x_of(loop[0]), self.x_of(loop[1])
        area = QRectF(left, _RULER - 6, right - left, self.height() - _RULER + 2)
        painter.fillRect(area, theme.colour("text", 0.08))
        bar = QRectF(left, _RULER - 8, right - left, 5)
        rounded(painter, bar, 2.5, theme.colour("text", 0.9))

    def paint_head(self, painter: QPainter, x: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.look.theme.tokens["text"]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.fillRect(QRectF(x - 1, _RULER - 12, 2, self.height() - _RULER + 12), ink)
        left, right, top = QPointF(x - 5.5, _RULER - 14), QPointF(x + 5.5, _RULER - 14), _RULER - 7
        painter.drawPolygon(QPolygonF([left, right, QPointF(x, top)]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.frames_per_pixel = self._span / max(1, self.width())
        super().resizeEvent(event)
        self.scroll_to(self.first)
        self._changed_view()
