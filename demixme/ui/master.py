"""The master channel: meters, fader, presets, reset, undo and Export."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from demixme.core.mixstate import MASTER, MixState
from demixme.core.parts import Parts
from demixme.ui.button import Button
from demixme.ui.presets import Preset, presets_for
from demixme.ui.strip import Channel
from demixme.ui.theme import Look

LEAST_WIDTH = 136
_CHIP = 36
_GAP = 8


class Master(Channel):
    """Master's channel, and what concerns the whole mix."""

    preset_chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look, MASTER, self.tr("Master"), look.theme.part(MASTER))
        self.setAccessibleName(self.tr("Master"))
        self.presets: list[tuple[Preset, Button]] = []
        self.fold = Button(look, self.tr("Presets"), "normal", parent=self)
        self.fold.has_menu = True
        self.fold.clicked.connect(self._show_menu)
        self.menu = QMenu(self)
        self.reset = Button(look, self.tr("Reset mix"), "flat", parent=self)
        self.undo = Button(look, "", "icon", "undo", self)
        self.redo = Button(look, "", "icon", "redo", self)
        self.export = Button(look, self.tr("Export…"), "primary", parent=self)
        look.changed.connect(lambda: self.recolour(look.theme.part(MASTER)))

    # ------------------------------------------------------------ presets
    def set_parts(self, parts: Parts) -> None:
        """Offer the presets these parts allow."""
        for _, chip in self.presets:
            chip.setParent(None)
            chip.deleteLater()
        self.presets = []
        self.menu.clear()
        for preset in presets_for(parts):
            chip = Button(self.look, preset.title, "chip", parent=self)
            chip.setCheckable(True)
            chip.setAccessibleName(self.tr("Preset {name}").format(name=preset.title))
            chip.clicked.connect(lambda _=False, p=preset: self._choose(p))
            self.menu.addAction(preset.title).triggered.connect(
                lambda _=False, p=preset: self._choose(p)
            )
            self.presets.append((preset, chip))
        self._place()

    def _choose(self, preset: Preset) -> None:
        self.preset_chosen.emit(preset)

    def show_mix(self, mix: MixState, original: bool) -> None:
        """Show master's level, and light the preset that the mix is."""
        self.show_level(mix.master_db)
        self.fader.set_dim(original)
        lit = ""
        for preset, chip in self.presets:
            chip.setChecked(preset.is_lit(mix))
            lit = preset.title if chip.isChecked() else lit
        self.fold.setText(lit or self.tr("Presets"))

    def _show_menu(self) -> None:
        self.menu.popup(self.fold.mapToGlobal(self.fold.rect().bottomLeft()))

    # ------------------------------------------------------------ places
    @property
    def folded(self) -> bool:
        """Say whether the presets stand in one button."""
        return not self._columns()

    def _preset_left(self) -> int:
        return self.fader.geometry().right() + 18

    def _columns(self) -> int:
        room = self.width() - self.pad() - 178 - 18
        rows = (self._presets_bottom() - self._presets_top()) // (_CHIP + 6)
        for columns in (1, 2):
            width = (room - (columns - 1) * _GAP) // columns
            if width >= self._chip_width() and rows * columns >= len(self.presets):
                return columns
        return 0

    def _chip_width(self) -> int:
        metrics = QFontMetricsF(self.fold.font())
        return round(max((metrics.horizontalAdvance(p.title) for p, _ in self.presets), default=80))

    def _presets_top(self) -> int:
        return self.name_height() + 58

    def _presets_bottom(self) -> int:
        return self.height() - self.pad() - 38 - 12

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        columns = self._columns()
        for _, chip in self.presets:
            chip.setVisible(bool(columns))
        self.fold.setVisible(not columns)
        if columns:
            self._place_wide(columns)
        else:
            self._place_narrow()
        self.update()

    def _place_wide(self, columns: int) -> None:
        pad = self.pad()
        bottom = self.height() - pad - 38
        self.place_channel(bottom - 14, pad + 6 + 22 + 12 + 88)
        left, right = self._preset_left(), self.width() - pad
        self.place_box()
        rows = -(-len(self.presets) // columns)
        width = (right - left - (columns - 1) * _GAP) // columns
        top = self._presets_bottom() - rows * (_CHIP + 6) + 6
        for k, (_, chip) in enumerate(self.presets):
            column, row = divmod(k, rows)
            chip.setGeometry(left + column * (width + _GAP), top + row * (_CHIP + 6), width, _CHIP)
        self.undo.setGeometry(pad + 2, bottom, 36, 38)
        self.redo.setGeometry(pad + 40, bottom, 36, 38)
        reset_width = max(80, left - 8 - (pad + 82))
        self.reset.setGeometry(pad + 82, bottom, reset_width, 38)
        self.export.setGeometry(pad + 90 + reset_width, bottom, right - pad - 90 - reset_width, 38)
        self.reset.show()

    def _place_narrow(self) -> None:
        pad = self.pad()
        inner = self.width() - 2 * pad
        bottom = self.height() - pad - 38
        high = self.height() >= 300
        beside = inner >= 250
        self.place_channel(
            bottom - (52 if high and not beside else 8), pad + 6 + 22 + 12 + 88
        )
        self.place_box()
        if beside:
            left = self._preset_left()
            width = self.width() - pad - left
            middle = max(self._presets_top(), bottom - 3 * 42)
            self.fold.setGeometry(left, middle, width, 36)
            self.reset.setGeometry(left, middle + 40, width, 36)
        else:
            self.fold.setGeometry(pad, bottom - 44, inner, 36)
        self.reset.setVisible(beside)
        self.fold.setVisible(high or beside)
        arrows = inner >= 180
        self.undo.setVisible(arrows)
        self.redo.setVisible(arrows)
        self.undo.setGeometry(pad, bottom, 36, 38)
        self.redo.setGeometry(pad + 38, bottom, 36, 38)
        left = pad + (82 if arrows else 0)
        self.export.setGeometry(left, bottom, self.width() - pad - left, 38)

    def focus_order(self) -> tuple[QWidget, ...]:
        """Return the controls as Tab goes through them."""
        chips = tuple(chip for _, chip in self.presets)
        return (
            self.fader,
            self.box,
            *chips,
            self.fold,
            self.undo,
            self.redo,
            self.reset,
            self.export,
        )
