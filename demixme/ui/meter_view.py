"""Level meters: peak with hold and RMS, −60 … 0 dBFS, a clip light until clicked."""

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent
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


class MeterView(QWidget):
    """Two bars, left and right; paints only when a bar moved by a pixel."""

    clips_cleared = Signal()

    def __init__(self, look: Look, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.colour = colour
        self.bars = (Ballistics(), Ballistics())
        self.known = True
        self.dim = False
        self.clipped = [False, False]
        self._drawn: tuple[object, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(2 * BAR_WIDTH + _BAR_GAP)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 220)

    # ------------------------------------------------------------ feeding
    def feed(self, meter: Meter | None, passed_s: float) -> None:
        """Take what the engine measured since the last call; None is silence."""
        meter = meter or Meter()
        self.known = meter.known
        for k, bar in enumerate(self.bars):
            bar.feed(meter.peak[k], meter.mean_square[k], passed_s)
            self.clipped[k] |= meter.peak[k] > 1.0
        if self._state() != self._drawn:
            self.update()

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

    # ------------------------------------------------------------ painting
    def _height_of(self, level_db: float) -> int:
        room = self.height() - 2 * _INSET
        return round(room * min(1.0, 1.0 - level_db / _FLOOR_DB))

    def _state(self) -> tuple[object, ...]:
        heights = tuple(
            self._height_of(level)
            for bar in self.bars
            for level in (bar.peak_db, bar.rms_db, bar.held_db)
        )
        return (self.known, self.dim, *self.clipped, *heights)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._drawn = self._state()
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(event.rect(), theme.tokens["panel"])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for k, bar in enumerate(self.bars):
            self._paint_bar(painter, k * (BAR_WIDTH + _BAR_GAP), bar, self.clipped[k])

    def _paint_bar(self, painter: QPainter, x: int, bar: Ballistics, clipped: bool) -> None:
        theme = self.look.theme
        bottom = self.height() - _INSET
        slot = QRect(x, _INSET, BAR_WIDTH, bottom - _INSET)
        rounded(painter, QRectF(slot), 4, theme.colour("raised"))
        light = QRectF(x, _INSET - _CLIP_HEIGHT - 4, BAR_WIDTH, _CLIP_HEIGHT)
        rounded(painter, light, 2, theme.colour("clip" if clipped else "raised"))
        if not self.known:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(theme.colour("faint"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(QRectF(slot), 4, 4)
            return
        strong = blend(self.colour, theme.tokens["panel"], 0.65) if self.dim else self.colour
        soft = blend(strong, theme.tokens["raised"], 0.45)
        peak, rms = self._height_of(bar.peak_db), self._height_of(bar.rms_db)
        painter.setClipRect(QRect(x, bottom - peak, BAR_WIDTH, peak))
        rounded(painter, QRectF(slot), 4, soft)
        painter.setClipRect(QRect(x, bottom - rms, BAR_WIDTH, rms))
        rounded(painter, QRectF(slot), 4, strong)
        painter.setClipping(False)
        held = self._height_of(bar.held_db)
        if held > 1:
            ink = theme.colour("muted" if self.dim else "text")
            painter.fillRect(QRectF(x, bottom - held, BAR_WIDTH, 2), ink)
