"""The fader: −∞ … +10 dB, a scale that is fine around 0, a cap to drag."""

from bisect import bisect_right
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from demixme.core.units import FADER_BOTTOM_DB, FADER_TOP_DB, SILENCE_DB, level_text
from demixme.ui.slider import PaintedSlider
from demixme.ui.spoken import spoken_level
from demixme.ui.theme import TINY, Look, blend, bold, focus_ring, font, rounded

#: The law: dB and way from the top; below the last one there is silence.
_LAW = (
    (10.0, 0.0),
    (5.0, 0.10),
    (0.0, 0.22),
    (-5.0, 0.36),
    (-10.0, 0.50),
    (-20.0, 0.70),
    (-40.0, 0.90),
    (-60.0, 0.98),
)
_WAYS = [way for _, way in _LAW]
_MARKS = (10, 5, 0, -5, -10, -20, -40)
_SILENT_WAY = 0.99
_TENTHS = 10
_SILENT_PLACE = round(FADER_BOTTOM_DB * _TENTHS) - 1
_SILENT_VALUE = round(FADER_BOTTOM_DB) - 1

CAP_WIDTH, CAP_HEIGHT = 52.0, 26.0
_SLIM_CAP, _SLIM = 44.0, 88  # where the fader is narrower than this, so is its cap
_TRACK_WIDTH = 6.0


def way_of_level(level_db: float) -> float:
    """Return the way from the top at which a level stands, 0…1."""
    if level_db == SILENCE_DB:
        return 1.0
    level_db = min(FADER_TOP_DB, max(FADER_BOTTOM_DB, level_db))
    for (high, above), (low, below) in pairwise(_LAW):
        if level_db >= low:
            return above + (below - above) * (high - level_db) / (high - low)
    return _WAYS[-1]


def level_at_way(way: float) -> float:
    """Return the level at a way from the top, to a tenth of a decibel."""
    if way >= _SILENT_WAY:
        return SILENCE_DB
    k = min(len(_LAW) - 2, max(0, bisect_right(_WAYS, way) - 1))
    (high, above), (low, below) = _LAW[k], _LAW[k + 1]
    level = high + (low - high) * (way - above) / (below - above)
    return round(max(FADER_BOTTOM_DB, level), 1) + 0.0


def place_of_level(level_db: float) -> int:
    """Return the fader's place for a level: tenths of a decibel."""
    return max(_SILENT_PLACE, round(level_db * _TENTHS)) if level_db > SILENCE_DB else _SILENT_PLACE


def level_of_place(place: int) -> float:
    """Return the level of a fader's place."""
    return SILENCE_DB if place <= _SILENT_PLACE else place / _TENTHS


class Fader(PaintedSlider):
    """One channel's fader with its scale.

    Places are tenths of a decibel, the lowest is silence; the value that screen readers are told
    is the level in whole decibels, −61 for silence.
    """

    key_step = 5
    page_step = 30

    def __init__(self, look: Look, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(look, Qt.Orientation.Vertical, parent)
        self.colour = colour
        self.set_places(_SILENT_PLACE, round(FADER_TOP_DB * _TENTHS))
        self.setSingleStep(1)
        self.setPageStep(3)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def level_db(self) -> float:
        """Return the level the cap stands at."""
        return level_of_place(self.place)

    def set_level(self, level_db: float) -> None:
        """Put the cap at a level, without saying that a person moved it."""
        self.set_place(place_of_level(level_db))

    def value_of(self, place: int) -> int:
        return _SILENT_VALUE if place <= _SILENT_PLACE else round(place / _TENTHS)

    def place_of(self, value: int) -> int:
        return _SILENT_PLACE if value <= _SILENT_VALUE else value * _TENTHS

    def value_text(self) -> str:
        return f"{level_text(self.level_db)} dB"

    def spoken_text(self) -> str:
        return spoken_level(self.level_db)

    # ------------------------------------------------------------ the way
    def length(self) -> float:
        return max(1.0, self.height() - CAP_HEIGHT - 4)

    def way_of(self, place: int) -> float:
        return way_of_level(level_of_place(place))

    def place_at(self, way: float) -> int:
        return place_of_level(level_at_way(way))

    def _stepped(self, step: int) -> int:
        return self.place + step if self.place > _SILENT_PLACE or step < 0 else -600

    def sizeHint(self) -> QSize:
        return QSize(92, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(74, 78)

    # ------------------------------------------------------------ painting
    def _cap(self) -> QRectF:
        y = 2 + self.way_of(self.place) * self.length()
        width = self._cap_width()
        return QRectF(self.width() - width - 2, y, width, CAP_HEIGHT)

    def _cap_width(self) -> float:
        return CAP_WIDTH if self.width() >= _SLIM else _SLIM_CAP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        colour = blend(self.colour, theme.tokens["panel"], 0.6) if self.dim else self.colour
        centre = self.width() - self._cap_width() / 2 - 2
        top = 2 + CAP_HEIGHT / 2
        self._paint_scale(painter, centre, top)
        track = QRectF(centre - _TRACK_WIDTH / 2, top, _TRACK_WIDTH, self.length())
        rounded(painter, track, _TRACK_WIDTH / 2, theme.colour("raised"))
        cap = self._cap()
        filled = QRectF(track)
        filled.setTop(min(track.bottom(), cap.center().y()))
        rounded(painter, filled, _TRACK_WIDTH / 2, blend(colour, theme.tokens["panel"], 0.45))
        near = self.underMouse() or self.isSliderDown()
        edge = theme.mixed("line", "text", 0.35) if near else theme.tokens["line"]
        fill = theme.tokens["raised"] if theme.is_dark else theme.tokens["panel"]
        rounded(painter, cap, 7, fill, edge, 1.3)
        line = QRectF(cap.left() + 6, cap.center().y() - 1.5, cap.width() - 12, 3)
        rounded(painter, line, 1.5, colour)
        if self.hasFocus():
            focus_ring(painter, cap, 7, theme)

    def _paint_scale(self, painter: QPainter, centre: float, top: float) -> None:
        theme = self.look.theme
        room = self.length() / 30.0
        left = self.width() - self._cap_width() - 5
        for mark in (*_MARKS, None):
            if (mark in (5, -5) and room < 5) or (mark == -40 and room < 4.4):
                continue
            level = SILENCE_DB if mark is None else float(mark)
            y = top + way_of_level(level) * self.length()
            strong = mark == 0
            ink = theme.tokens["text" if strong and not self.dim else "faint"]
            painter.setPen(QPen(theme.mixed("line", "faint", 0.55 if strong else 0.15), 1.2))
            for side in (-1, 1):
                painter.drawLine(QLineF(centre + side * 9, y, centre + side * 17, y))
            painter.setFont(bold(TINY) if strong else font(TINY))
            painter.setPen(ink)
            text = (
                "−∞" if mark is None else f"+{mark}" if mark > 0 else f"−{-mark}" if mark else "0"
            )
            box = QRectF(0, y - 8, left, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
