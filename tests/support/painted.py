"""What our own widgets paint as text: the words, their colour, and the ground beneath them."""

from collections import Counter
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class PaintedText:
    text: str
    colour: QColor
    ground: QColor  # what lies most under it
    widget: QWidget


def painted_texts(window: QWidget) -> list[PaintedText]:
    """Paint a window without its texts and return them."""
    found: list[tuple[QWidget, str, QColor, QRectF]] = []
    really_draw = QPainter.drawText

    def note(painter: QPainter, *given: object) -> None:
        text = next(g for g in given if isinstance(g, str))
        widget = painter.device()
        if not isinstance(widget, QWidget):  # a picture kept for later paints, as in life
            really_draw(painter, *given)
            return
        where = given[0]
        if isinstance(where, QPointF | QPoint):
            box = QFontMetricsF(painter.font()).boundingRect(text).translated(QPointF(where))
        else:
            flags = next(
                (int(getattr(g, "value", g)) for g in given[1:] if not isinstance(g, str)), 0
            )
            box = QFontMetricsF(painter.font()).boundingRect(QRectF(where), flags, text)
        if text.strip():
            box = painter.deviceTransform().mapRect(box)
            found.append((widget, text, painter.pen().color(), box))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", note)
        image = window.grab().toImage()
    return [
        PaintedText(text, colour, ground_of(image, box), widget)
        for widget, text, colour, box in found
        if image.rect().contains(box.center().toPoint())
    ]


def ground_of(image: QImage, box: QRectF) -> QColor:
    """Return the colour that fills most of a part of a picture."""
    part = box.toAlignedRect().intersected(image.rect())
    counted = Counter(
        image.pixelColor(x, y).rgb()
        for y in range(part.top(), part.bottom() + 1, 2)
        for x in range(part.left(), part.right() + 1, 2)
    )
    return QColor.fromRgb(counted.most_common(1)[0][0])
