"""A waveform as one image: bars stacked from the parts, made by numpy, drawn by Qt in one piece."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from demixme.core.parts import Parts
from demixme.ui.levels import Picture
from demixme.ui.theme import Theme, blend

#: From the middle outwards: low parts inside, voices outside, whatever else between.
_FROM_INSIDE = {"bass": 0, "drums": 1, "vocals": 3}


@dataclass(frozen=True)
class BarStyle:
    """How bars are drawn, in device-independent pixels."""

    width: float
    step: float


@dataclass(frozen=True)
class WaveColours:
    """The colours of a drawing: `order` are part numbers from the inside out."""

    order: tuple[int, ...]
    parts: tuple[QColor, ...]
    unknown: QColor


def wave_colours(
    theme: Theme, parts: Parts | None, heard: frozenset[str], soft: float = 0.0
) -> WaveColours:
    """Return the colours for a song's parts; those not heard are pale."""
    names = parts.names if parts is not None else ()
    ink = theme.part_colours(parts.mixer_order) if parts is not None else {}
    order = sorted(range(len(names)), key=lambda k: (_FROM_INSIDE.get(names[k], 2), k))
    panel = theme.tokens["panel"]
    colours = [blend(ink[names[k]], panel, soft if names[k] in heard else 0.68) for k in order]
    return WaveColours(tuple(order), tuple(colours), theme.tokens["unsep"])


def wave_image(
    levels: Picture,
    first_frame: float,
    frames_per_pixel: float,
    size: tuple[int, int],
    scale: float,
    style: BarStyle,
    colours: WaveColours,
) -> QImage:
    """Return the picture of a stretch of song; transparent where there is nothing."""
    step, width = max(2, round(style.step * scale)), max(1, round(style.width * scale))
    columns, rows = max(1, round(size[0] * scale)), max(2, round(size[1] * scale))
    count = -(-columns // step)
    heights, shares, known = levels.bars(first_frame, frames_per_pixel * step / scale, count)
    stacked = np.zeros((count, len(colours.order) + 1), np.float32)
    if colours.order and shares.shape[1] == len(colours.order):
        stacked[:, :-1] = shares[:, colours.order] * known[:, None]
    stacked[:, -1] = ~known | (stacked.sum(axis=1) == 0)
    half = rows // 2
    reach = np.maximum(heights * (half - 1), scale * 0.75)[:, None] * stacked.cumsum(axis=1)
    distance = np.arange(half, dtype=np.float32)[::-1] + 0.5
    index = (distance[:, None, None] >= reach[None]).sum(axis=2)
    top = _table((*colours.parts, colours.unknown))[index]
    picture = np.zeros((half * 2, count, step, 4), np.uint8)
    picture[:half, :, :width] = top[:, :, None]
    picture[half:] = picture[:half][::-1]
    made = QImage(
        picture.data,
        count * step,
        half * 2,
        count * step * 4,
        QImage.Format.Format_ARGB32_Premultiplied,
    ).copy()
    made.setDevicePixelRatio(scale)
    return made


def _table(colours: Sequence[QColor]) -> NDArray[np.uint8]:
    rows = [(c.blue(), c.green(), c.red(), 255) for c in colours]
    return np.array([*rows, (0, 0, 0, 0)], np.uint8)
