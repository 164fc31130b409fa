"""Icons drawn as paths: sharp at every scale, in the colour asked for."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from demixme.ui.theme import themes

#: The mark's bars in a 30 × 24 box: left edge, top, height, part.
_BARS = (
    (0.0, 10.0, 14.0, "vocals"),
    (8.0, 0.0, 24.0, "drums"),
    (16.0, 6.0, 18.0, "bass"),
    (24.0, 3.0, 21.0, "other"),
)


def paint_mark(painter: QPainter, rect: QRectF, dark: bool) -> None:
    """Paint the mark: four bars of different heights, faders seen from afar."""
    theme = themes()["dark" if dark else "light"]
    k = min(rect.width() / 29.0, rect.height() / 24.0)
    x0 = rect.center().x() - 14.5 * k
    y0 = rect.center().y() - 12.0 * k
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y, height, part in _BARS:
        painter.setBrush(theme.part(part))
        bar = QRectF(x0 + x * k, y0 + y * k, 5.0 * k, height * k)
        painter.drawRoundedRect(bar, 2.5 * k, 2.5 * k)


def program_icon() -> QIcon:
    """Return the mark on a rounded dark square, at the sizes window systems ask for."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#1B1E23"))
        painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.22, size * 0.22)
        inset = size * (0.12 if size < 32 else 0.2)
        paint_mark(painter, QRectF(0, 0, size, size).adjusted(inset, inset, -inset, -inset), True)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


# ---------------------------------------------------------------- single icons, in a 20 × 20 box
def _to_start(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawRoundedRect(QRectF(1.5, 2, 2.6, 16), 1, 1)
    p.drawPath(_triangle((18.5, 2), (18.5, 18), (5.8, 10)))


def _next(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawPath(_triangle((2.0, 3.2), (2.0, 16.8), (9.6, 10)))
    p.drawPath(_triangle((9.6, 3.2), (9.6, 16.8), (17.2, 10)))


def _spectrum(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    for k, height in enumerate((9, 16, 12, 7, 4)):
        p.drawRoundedRect(QRectF(1.5 + 3.6 * k, 18 - height, 2.4, height), 1, 1)


def _former(p: QPainter, colour: QColor) -> None:
    p.save()
    p.translate(20, 0)
    p.scale(-1, 1)
    _next(p, colour)
    p.restore()


def _play(p: QPainter, colour: QColor) -> None:
    p.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, _ROUND))
    p.setBrush(colour)
    p.drawPath(_triangle((5.4, 2.8), (5.4, 17.2), (17.4, 10)))


def _pause(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawRoundedRect(QRectF(3.6, 2, 4.6, 16), 1.4, 1.4)
    p.drawRoundedRect(QRectF(11.8, 2, 4.6, 16), 1.4, 1.4)


def _stop(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawRoundedRect(QRectF(3, 3, 14, 14), 2, 2)


def _loop(p: QPainter, colour: QColor) -> None:
    _line(p, colour, 1.5)
    path = QPainterPath(QPointF(1.5, 8.5))
    path.cubicTo(1.5, 5.4, 3.4, 4.5, 5.5, 4.5)
    path.lineTo(17.5, 4.5)
    path.moveTo(14.2, 1.2)
    path.lineTo(17.8, 4.5)
    path.lineTo(14.2, 7.8)
    path.moveTo(18.5, 11.5)
    path.cubicTo(18.5, 14.6, 16.6, 15.5, 14.5, 15.5)
    path.lineTo(2.5, 15.5)
    path.moveTo(5.8, 12.2)
    path.lineTo(2.2, 15.5)
    path.lineTo(5.8, 18.8)
    p.drawPath(path)


def _gear(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    teeth = QPainterPath()
    teeth.setFillRule(Qt.FillRule.WindingFill)
    p.save()
    p.translate(10, 10)
    for _ in range(8):
        p.drawRoundedRect(QRectF(-1.9, -9.2, 3.8, 5), 1, 1)
        p.rotate(45)
    ring = QPainterPath()
    ring.addEllipse(QPointF(0, 0), 6.7, 6.7)
    ring.addEllipse(QPointF(0, 0), 2.9, 2.9)
    p.drawPath(ring)
    p.restore()


def _undo(p: QPainter, colour: QColor) -> None:
    _line(p, colour, 1.7)
    path = QPainterPath(QPointF(6.6, 3.2))
    path.lineTo(2.6, 7.2)
    path.lineTo(6.6, 11.2)
    path.moveTo(3.2, 7.2)
    path.lineTo(12, 7.2)
    path.cubicTo(19, 7.2, 19, 16.4, 12, 16.4)
    path.lineTo(7.5, 16.4)
    p.drawPath(path)


def _redo(p: QPainter, colour: QColor) -> None:
    p.save()
    p.translate(20, 0)
    p.scale(-1, 1)
    _undo(p, colour)
    p.restore()


def _speaker(p: QPainter, colour: QColor) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    path = QPainterPath(QPointF(2.5, 7))
    for x, y in ((6.5, 7), (12.5, 1.8), (12.5, 18.2), (6.5, 13), (2.5, 13)):
        path.lineTo(x, y)
    path.closeSubpath()
    p.drawPath(path)


def _speaker_off(p: QPainter, colour: QColor) -> None:
    _speaker(p, colour)
    _line(p, colour, 1.6)
    p.drawLine(QPointF(15, 7.5), QPointF(19.5, 12.5))
    p.drawLine(QPointF(19.5, 7.5), QPointF(15, 12.5))


def _close(p: QPainter, colour: QColor) -> None:
    _line(p, colour, 1.7)
    p.drawLine(QPointF(5, 5), QPointF(15, 15))
    p.drawLine(QPointF(15, 5), QPointF(5, 15))


def _chevron(p: QPainter, colour: QColor) -> None:
    _line(p, colour, 1.8)
    path = QPainterPath(QPointF(5, 8))
    path.lineTo(10, 13)
    path.lineTo(15, 8)
    p.drawPath(path)


def _drop(p: QPainter, colour: QColor) -> None:
    _line(p, colour, 1.3)
    path = QPainterPath(QPointF(10, 2))
    path.lineTo(10, 12.5)
    path.moveTo(5.8, 8.6)
    path.lineTo(10, 12.8)
    path.lineTo(14.2, 8.6)
    path.moveTo(2, 13.5)
    path.lineTo(2, 17)
    path.lineTo(18, 17)
    path.lineTo(18, 13.5)
    p.drawPath(path)


_ROUND = Qt.PenJoinStyle.RoundJoin
_ICONS: dict[str, Callable[[QPainter, QColor], None]] = {
    "to_start": _to_start,
    "spectrum": _spectrum,
    "former": _former,
    "next": _next,
    "play": _play,
    "pause": _pause,
    "stop": _stop,
    "loop": _loop,
    "gear": _gear,
    "undo": _undo,
    "redo": _redo,
    "speaker": _speaker,
    "speaker_off": _speaker_off,
    "close": _close,
    "chevron": _chevron,
    "drop": _drop,
}


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paint an icon by name, fitted into `rect`."""
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 20.0, rect.height() / 20.0)
    _ICONS[name](painter, colour)
    painter.restore()


def _line(p: QPainter, colour: QColor, width: float) -> None:
    p.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, _ROUND))
    p.setBrush(Qt.BrushStyle.NoBrush)


def _triangle(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    path.closeSubpath()
    return path
