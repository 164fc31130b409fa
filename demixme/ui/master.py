"""The master channel: meters, fader, presets, reset, undo and Export."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QWidget

from demixme.core.mixstate import MASTER, MixState
from demixme.core.parts import Parts
from demixme.ui.button import Button
from demixme.ui.own_presets import OwnPreset
from demixme.ui.preset_menu import PresetMenu
from demixme.ui.presets import Preset, presets_for
from demixme.ui.strip import Channel
from demixme.ui.theme import Look

LEAST_WIDTH = 136
_CHIP = 36
_GAP = 8
_ROW_GAP = 6


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
        self.menu = PresetMenu(self)
        self.menu.chosen.connect(self.preset_chosen)
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
        for preset in presets_for(parts):
            chip = Button(self.look, preset.title, "chip", parent=self)
            chip.setCheckable(True)
            chip.setAccessibleName(self.tr("Preset {name}").format(name=preset.title))
            chip.clicked.connect(lambda _=False, p=preset: self._choose(p))
            self.presets.append((preset, chip))
        self._place()

    def _choose(self, preset: Preset) -> None:
        self.preset_chosen.emit(preset)

    def show_mix(self, mix: MixState, original: bool) -> None:
        """Show master's level, and light the preset that the mix is."""
        self.show_level(mix.master_db)
        self.fader.set_dim(original)
        self.menu.mix = mix
        for preset, chip in self.presets:
            chip.setChecked(preset.is_lit(mix))
        self._show_lit()

    def set_own_presets(self, own: tuple[OwnPreset, ...]) -> None:
        """Offer one's own presets in the menu."""
        self.menu.own = own
        self._show_lit()

    def _show_lit(self) -> None:
        """Name the preset that the mix is, where no chip does."""
        lit = self.menu.lit
        shown_by_chip = not self.folded and any(lit is p for p, _ in self.presets)
        self.fold.setText(lit.title if lit and not shown_by_chip else self.tr("Presets"))

    def _show_menu(self) -> None:
        self.menu.popup(self.fold.mapToGlobal(self.fold.rect().bottomLeft()))

    # ------------------------------------------------------------ places
    @property
    def folded(self) -> bool:
        """Say whether the presets stand in one button."""
        return not self._columns()

    def _beside(self) -> int:
        """Return where the room right of the fader begins."""
        return self.pad() + 22 + 4 + 92 + 34

    def _columns(self) -> int:
        room = self.width() - self.pad() - self._beside()
        room_high = self.buttons_top() - 12 - self._chips_top() + _ROW_GAP
        rows = room_high // (_CHIP + _ROW_GAP)
        for columns in (1, 2):
            width = (room - (columns - 1) * _GAP) // columns
            if width >= self._chip_width() and rows * columns >= len(self.presets):
                return columns
        return 0

    def _chips_top(self) -> int:
        return self.name_height() + 22

    def _chip_width(self) -> int:
        """Return the least width at which every preset's name can be read."""
        titles = [p.title for p, _ in self.presets]
        metrics = QFontMetricsF(self.presets[0][1].font() if titles else self.font())
        return round(max((metrics.horizontalAdvance(t) for t in titles), default=80)) + 14

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        columns = self._columns()
        pad, bottom = self.pad(), self.buttons_top()
        for _, chip in self.presets:
            chip.setVisible(bool(columns))
        roomy = self.width() - pad - self._beside() >= 100
        self.reset.setVisible(roomy)
        self.fold.kind = "flat" if columns else "normal"
        self._show_lit()
        self.undo.setVisible(roomy)
        self.redo.setVisible(roomy)
        self.export.setGeometry(pad, bottom, self.width() - 2 * pad, 38)
        if not roomy:
            self.fold.setGeometry(pad, bottom - 42, self.width() - 2 * pad, 36)
        fader_bottom = min(self.channel_bottom(), bottom - (8 if roomy else 48))
        fader_room = self._beside() - pad - 10 if roomy else self.width() - 2 * pad
        self.place_channel(fader_bottom, pad, fader_room)
        self.place_box()
        if roomy:
            self._place_beside(columns)
        self.update()

    def _place_beside(self, columns: int) -> None:
        pad, bottom, left = self.pad(), self.buttons_top(), self._beside()
        right = self.width() - pad
        row = bottom - 36 - 8
        self.undo.setGeometry(pad, row, 36, 36)
        self.redo.setGeometry(pad + 36, row, 36, 36)
        self.reset.setGeometry(pad + 72, row, left - pad - 78, 36)
        if not columns:
            self.fold.setGeometry(left, row, right - left, 36)
            return
        self.fold.setGeometry(left, self._chips_top() - 38, right - left, 36)
        rows = -(-len(self.presets) // columns)
        width = (right - left - (columns - 1) * _GAP) // columns
        top = bottom - 12 - rows * (_CHIP + _ROW_GAP) + _ROW_GAP
        for k, (_, chip) in enumerate(self.presets):
            column, line = divmod(k, rows)
            chip.setGeometry(
                left + column * (width + _GAP), top + line * (_CHIP + _ROW_GAP), width, _CHIP
            )

    def focus_order(self) -> tuple[QWidget, ...]:
        """Return the controls as Tab goes through them."""
        chips = tuple(chip for _, chip in self.presets)
        return (
            self.fader,
            self.box,
            self.fold,
            *chips,
            self.undo,
            self.redo,
            self.reset,
            self.export,
        )
