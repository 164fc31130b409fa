"""Level meters: peak with hold and RMS, −60 … 0 dBFS, a clip light until clicked."""

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from demixme.engine.status import Meter
from demixme.ui.theme import Look, blend, rounded

_FLOOR_DB = -60.0
_DECAY_DB_S = 20.0
_HOLD_S = 1.5
BAR_WIDTH = 9
_BAR_GAP = 4
_INSET = 15  # so that the bars stand level with the fader's way
_CLIP_HEIGHT = 5
_SILENCE = Meter()


class Ballistics:
    """One bar's movement: rises at once, falls 20 dB a second, its peak held for 1.5 s."""

    def __init__(self) -> None:
        self.peak_db = self.rms_db = self.held_db = _FLOOR_DB
        self._held_s = 0.0

    def feed(self, peak: float, mean_square: float, passed_s: float) -> None:
        """Take the highest peak and the mean square of the time that has passed."""
        fall = _DECAY_DB_S * passed_s
        self.peak_db = max(_db(peak, 20.0), self.peak_db - fall, _FLOOR_DB)
        self.rms_db = max(_db(mean_square, 10.0), self.rms_db - fall, _FLOOR_DB)
        self._held_s += passed_s
        if self.peak_db >= self.held_db:
            self.held_db, self._held_s = self.peak_db, 0.0
        elif self._held_s > _HOLD_S:
            self.held_db = max(self.peak_db, self.held_db - fall)


def _db(value: float, factor: float) -> float:
    return factor * math.log10(value) if value > 1e-12 else -200.0


def _pixels(level_db: float, room: int) -> int:
    return round(room * min(1.0, 1.0 - level_db / _FLOOR_DB))


class MeterView(QWidget):
    """Two bars, left and right; repaints only the rows in which a bar moved."""

    clips_cleared = Signal()

    def __init__(self, look: Look, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.colour = colour
        self.bars = (Ballistics(), Ballistics())
        self.known = True
        self.dim = False
        self.clipped = [False, False]
        self._heights = [(0, 0, 0), (0, 0, 0)]  # peak, RMS and held peak of each bar, in pixels
        self._bodies: tuple[QPixmap, ...] = ()  # an empty bar, one full of peak, one full of RMS
        self._bodies_key: tuple[object, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(2 * BAR_WIDTH + _BAR_GAP)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 220)

    # ------------------------------------------------------------ feeding
    def feed(self, meter: Meter | None, passed_s: float) -> None:
        """Take what the engine measured since the last call; None is silence."""
        meter = meter or _SILENCE
        if meter.known != self.known:
            self.known = meter.known
            self.update()
        room = self.height() - 2 * _INSET
        for k, bar in enumerate(self.bars):
            peak = meter.peak[k]
            bar.feed(peak, meter.mean_square[k], passed_s)
            if peak > 1.0 and not self.clipped[k]:
                self.clipped[k] = True
                self.update()
            heights = (
                _pixels(bar.peak_db, room),
                _pixels(bar.rms_db, room),
                _pixels(bar.held_db, room),
            )
            if heights != self._heights[k]:
                self._move_bar(k, heights)

    def _move_bar(self, k: int, heights: tuple[int, int, int]) -> None:
        """Repaint the rows between where a bar stood and where it stands."""
        both = zip(self._heights[k], heights, strict=True)
        moved = [y for old, new in both if old != new for y in (old, new)]
        self._heights[k] = heights
        bottom = self.height() - _INSET
        top = bottom - max(moved) - 1
        self.update(k * (BAR_WIDTH + _BAR_GAP), top, BAR_WIDTH, max(moved) - min(moved) + 4)

    def clear_clips(self) -> None:
        """Put the clip lights out."""
        if any(self.clipped):
            self.clipped = [False, False]
            self.update()

    def set_dim(self, dim: bool) -> None:
        """Paint the bars dimmed."""
        if dim != self.dim:
            self.dim = dim
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clear_clips()
        self.clips_cleared.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._heights = [(0, 0, 0), (0, 0, 0)]
        self.feed(Meter(known=self.known), 0.0)

    # ------------------------------------------------------------ painting
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        whole = event.rect().top() < _INSET
        if whole:
            painter.fillRect(event.rect(), theme.tokens["panel"])
        empty, soft, strong = self._made_bodies()
        bottom = self.height() - _INSET
        for k, (peak, rms, held) in enumerate(self._heights):
            x = k * (BAR_WIDTH + _BAR_GAP)
            if whole:
                self._paint_light(painter, x, self.clipped[k])
            painter.drawPixmap(x, _INSET, empty)
            if not self.known:
                continue
            for body, height in ((soft, peak), (strong, rms)):
                if height > 0:
                    painter.setClipRect(x, bottom - height, BAR_WIDTH, height)
                    painter.drawPixmap(x, _INSET, body)
            painter.setClipping(False)
            if held > 1:
                ink = theme.tokens["muted" if self.dim else "text"]
                painter.fillRect(x, bottom - held, BAR_WIDTH, 2, ink)

    def _paint_light(self, painter: QPainter, x: int, clipped: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        light = QRectF(x, _INSET - _CLIP_HEIGHT - 4, BAR_WIDTH, _CLIP_HEIGHT)
        rounded(painter, light, 2, self.look.theme.tokens["clip" if clipped else "raised"])

    def _made_bodies(self) -> tuple[QPixmap, ...]:
        """Return the bar's pictures, made anew where size, colour or look are others."""
        theme, scale = self.look.theme, self.devicePixelRatioF()
        key = (self.height(), scale, self.colour.rgb(), self.dim, self.known, theme.name)
        if key != self._bodies_key:
            strong = blend(self.colour, theme.tokens["panel"], 0.65) if self.dim else self.colour
            soft = blend(strong, theme.tokens["raised"], 0.45)
            empty = self._body(theme.tokens["raised"], scale)
            if not self.known:
                painter = QPainter(empty)
                hatched = QBrush(theme.colour("faint"), Qt.BrushStyle.BDiagPattern)
                painter.fillRect(QRect(0, 0, BAR_WIDTH, self.height()), hatched)
                painter.end()
            self._bodies = (empty, self._body(soft, scale), self._body(strong, scale))
            self._bodies_key = key
        return self._bodies

    def _body(self, colour: QColor, scale: float) -> QPixmap:
        height = max(1, self.height() - 2 * _INSET)
        made = QPixmap(round(BAR_WIDTH * scale), round(height * scale))
        made.setDevicePixelRatio(scale)
        made.fill(self.look.theme.tokens["panel"])
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rounded(painter, QRectF(0, 0, BAR_WIDTH, height), 4, colour)
        painter.end()
        return made
