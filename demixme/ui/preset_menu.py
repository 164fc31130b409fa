"""The menu of presets: the built-in ones, one's own, and keeping the mix as one more."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from demixme.core.mixstate import MixState
from demixme.ui.own_presets import OwnPreset
from demixme.ui.presets import Preset, presets_for


class PresetMenu(QMenu):
    """Filled when it is about to open."""

    chosen = Signal(object)
    keep_asked = Signal()
    forgotten = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.mix: MixState | None = None
        self.own: tuple[OwnPreset, ...] = ()
        self.forget = QMenu(self.tr("Forget"), self)
        self.aboutToShow.connect(self.fill)

    @property
    def lit(self) -> Preset | OwnPreset | None:
        """Return the preset that the mix is."""
        mix = self.mix
        if mix is None:
            return None
        presets: tuple[Preset | OwnPreset, ...] = (*self.own, *presets_for(mix.parts))
        return next((p for p in presets if p.is_lit(mix)), None)

    def fill(self) -> None:
        """List what fits the song."""
        self.clear()
        self.forget.clear()
        mix = self.mix
        if mix is None:
            return
        for preset in presets_for(mix.parts):
            self._add(preset, mix)
        self.addSeparator()
        for own in self.own:
            if own.fits(mix.parts):
                self._add(own, mix)
            gone = self.forget.addAction(own.title.replace("&", "&&"))
            gone.triggered.connect(lambda _=False, p=own: self.forgotten.emit(p))
        self.addAction(self.tr("Keep this mix…")).triggered.connect(lambda: self.keep_asked.emit())
        self.addMenu(self.forget).setVisible(bool(self.own))

    def _add(self, preset: Preset | OwnPreset, mix: MixState) -> QAction:
        action = self.addAction(preset.title.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(preset.is_lit(mix))
        action.triggered.connect(lambda: self.chosen.emit(preset))
        return action
