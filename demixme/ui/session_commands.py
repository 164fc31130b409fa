"""What the session actions do: save it as a file, find a moved song, forget."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from demixme.core.session import SUFFIX
from demixme.ui import doors
from demixme.ui.bridge import Bridge

if TYPE_CHECKING:
    from demixme.ui.window import Window


class SessionCommands(QObject):
    """The slots of the session actions."""

    def __init__(self, window: "Window", bridge: Bridge) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = bridge
        bridge.memory.find_song = self.find_song

    def save(self) -> None:
        """Save mix, loops and place as a small file, without the song."""
        song = self.bridge.status.song
        if song is None:
            return
        proposed = str(song.path.with_suffix(SUFFIX))
        kinds = f"{self.tr('Sessions')} (*{SUFFIX})"
        path = doors.choose_new_file(self.window, self.tr("Save the session"), proposed, kinds)
        if path is not None:
            if path.suffix.lower() != SUFFIX:
                path = path.with_name(path.name + SUFFIX)
            self.bridge.memory.save_as(path)

    def find_song(self, name: str) -> Path | None:
        """Ask where a session's song lies."""
        title = self.tr("Where is “{name}”?").format(name=name)
        recent = self.bridge.settings.recent
        folder = str(Path(recent[0]).parent) if recent else ""
        return doors.choose_file(self.window, title, folder, self.window.song_kinds())
