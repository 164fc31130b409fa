"""The spectrum: the parts and their sum as they sound now; made when it is first shown.

pyqtgraph draws it; of its own there is no mouse, no menu and no button.
"""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from demixme.core.parts import Parts
from demixme.engine.status import Spectra
from demixme.ui.part_names import part_title
from demixme.ui.theme import TINY, Look, font

# it prefers PyQt6 where it finds one
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import pyqtgraph as pg

_TOP_DB, _BOTTOM_DB = 25.0, -90.0  # above 0 stands the legend
_FALL_DB_S = 60.0
_WIDE = 430  # from here on the legend stands in one row
_TICKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
SUM = ""  # the name under which the sum is kept, which no part can have


class SpectrumView(QWidget):
    """Curves over a logarithmic axis; rises at once, falls 60 dB a second."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.levels: dict[str, NDArray[np.float32]] = {}
        self._drawn: dict[str, NDArray[np.float32]] = {}
        self._parts: Parts | None = None
        self.plot = pg.PlotWidget()
        self.curves: dict[str, Any] = {}
        self.setAccessibleName(self.tr("Spectrum"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.plot)
        self._set_up()
        look.changed.connect(self._recolour)

    def _set_up(self) -> None:
        plot, item = self.plot, self.plot.getPlotItem()
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.hideButtons()
        plot.setAcceptDrops(False)
        plot.viewport().setAcceptDrops(False)
        plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        item.setContentsMargins(0, 0, 0, 0)
        self.legend = item.addLegend(offset=(-4, 2), colCount=5, horSpacing=12)
        self.legend.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.setXRange(np.log10(30.0), np.log10(18_000.0), padding=0)
        plot.setYRange(_BOTTOM_DB, _TOP_DB, padding=0.02)
        texts = [(np.log10(hz), f"{hz}" if hz < 1000 else f"{hz // 1000}k") for hz in _TICKS_HZ]
        item.getAxis("bottom").setTicks([texts])
        plot.hideAxis("left")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.legend.setColumnCount(5 if self.width() >= _WIDE else 3)

    # ------------------------------------------------------------ what it shows
    def set_parts(self, parts: Parts) -> None:
        """Draw a curve a part, and the sum below them all."""
        self._parts = parts
        self.legend.clear()
        for curve in self.curves.values():
            self.plot.removeItem(curve)
        self.levels, self._drawn = {}, {}
        self.curves = {SUM: pg.PlotCurveItem(fillLevel=_BOTTOM_DB)}
        self.curves |= {name: pg.PlotCurveItem() for name in parts.mixer_order}
        for name, curve in self.curves.items():
            self.plot.addItem(curve)
            self.legend.addItem(curve, part_title(name) if name else self.tr("Sum"))
        self._recolour()

    def _recolour(self) -> None:
        theme = self.look.theme
        self.plot.setBackground(theme.tokens["panel"])
        small: QFont = font(TINY)
        axis = self.plot.getPlotItem().getAxis("bottom")
        axis.setPen(theme.tokens["line"])
        axis.setTextPen(theme.tokens["faint"])
        axis.setTickFont(small)
        if self._parts is None:
            return
        colours = theme.part_colours(self._parts.mixer_order)
        for name, curve in self.curves.items():
            if name:
                curve.setPen(colours[name], width=1)
            else:
                curve.setPen(theme.tokens["muted"], width=1)
                curve.setBrush(theme.colour("text", 0.10))
        self.legend.setLabelTextColor(theme.tokens["muted"])
        for _, label in self.legend.items:
            label.setText(label.text, size=f"{TINY * 0.75:.1f}pt")

    def feed(self, spectra: Spectra | None, passed_s: float) -> None:
        """Take the spectra of now; None is silence."""
        if spectra is not None:
            x = np.log10(spectra.bands_hz)
            for name in self.curves:
                now = spectra.parts.get(name) if name else spectra.total
                self._move(name, x, now, passed_s)
        elif self.levels:
            for name in self.curves:
                self._move(name, None, None, passed_s)

    def _move(
        self,
        name: str,
        x: NDArray[np.float32] | None,
        now: NDArray[np.float32] | None,
        passed_s: float,
    ) -> None:
        before = self.levels.get(name)
        if before is None:
            before = np.full(len(x) if x is not None else 0, _BOTTOM_DB, np.float32)
        fallen = np.maximum(before - np.float32(_FALL_DB_S * passed_s), np.float32(_BOTTOM_DB))
        level = fallen if now is None or not len(fallen) else np.maximum(fallen, now)
        self.levels[name] = level
        drawn = self._drawn.get(name)
        if drawn is None or not np.array_equal(drawn, level):
            self._drawn[name] = level
            axis = x if x is not None else self.curves[name].xData
            self.curves[name].setData(axis, level)
