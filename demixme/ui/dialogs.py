"""The dialogs that take a moment to make: each made once, in idle time or when first asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from demixme.ui.about_dialog import AboutDialog
from demixme.ui.bridge import Bridge
from demixme.ui.help_dialog import HelpDialog
from demixme.ui.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from demixme.ui.window import Window

_FIRST_MS, _NEXT_MS = 1500, 300
_NAMES = ("settings", "help", "about")


class Dialogs(QObject):
    """Settings, help and about; shown by `open()`, so the music never waits for them."""

    def __init__(self, window: "Window", bridge: Bridge) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._left = list(_NAMES)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._make_next)

    @cached_property
    def settings(self) -> SettingsDialog:
        """Return the settings dialog."""
        return SettingsDialog(self._window.look, self._bridge, self._window)

    @cached_property
    def help(self) -> HelpDialog:
        """Return manual and shortcuts."""
        window = self._window
        return HelpDialog(window.look, window.actions_table, self._bridge, window)

    @cached_property
    def about(self) -> AboutDialog:
        """Return the about box."""
        return AboutDialog(self._window.look, self._bridge, self._window)

    def make_later(self) -> None:
        """Make them one after the other once the window has come to rest."""
        self._timer.start(_FIRST_MS)

    def stop(self) -> None:
        """Make no more."""
        self._timer.stop()

    def _make_next(self) -> None:
        if self._left:
            getattr(self, self._left.pop(0))
            self._timer.start(_NEXT_MS)
