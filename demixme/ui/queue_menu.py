"""The menu of the play queue: its songs, next and previous, and its two switches."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from demixme.ui import doors
from demixme.ui.play_queue import PlayQueue

if TYPE_CHECKING:
    from demixme.ui.window import Window

_MOST_SHOWN = 25


class QueueMenu(QMenu):
    """Filled when it is about to open; also keeps the button in the header true."""

    def __init__(self, window: "Window", queue: PlayQueue) -> None:
        super().__init__(self.tr("Play queue"), window)
        self.window_ = window
        self.queue = queue
        self.aboutToShow.connect(self._fill)
        queue.changed.connect(self._show_button)
        window.header.queue.clicked.connect(self.show_under)
        self._show_button()

    def show_under(self) -> None:
        """Open under the button in the header."""
        button = self.window_.header.queue
        self.popup(button.mapToGlobal(button.rect().bottomLeft()) + QPoint(0, 4))

    def _show_button(self) -> None:
        queue, header = self.queue, self.window_.header
        count = len(queue.songs)
        header.show_queue(queue.index + 1, count)
        self.window_.transport.show_queue(queue.index > 0, queue.following is not None, count > 1)

    def _fill(self) -> None:
        self.clear()
        by_id = self.window_.actions_table.by_id
        self._fill_songs()
        self.addSeparator()
        for name in ("song_former", "song_next"):
            self.addAction(by_id[name])
        self.addSeparator()
        settings = self.queue.bridge.settings
        for text, field in (
            (self.tr("Stop between songs"), "stop_between"),
            (self.tr("Keep this mix for the next song"), "keep_mix"),
        ):
            switch = self.addAction(text)
            switch.setCheckable(True)
            switch.setChecked(getattr(settings, field))
            switch.toggled.connect(
                lambda on, name=field: self.queue.bridge.change_settings(**{name: on})
            )
        self.addSeparator()
        self.addAction(self.tr("Add songs…")).triggered.connect(self.choose)
        if len(self.queue.songs) > 1:
            self.addAction(self.tr("Clear the queue")).triggered.connect(self.queue.clear)

    def _fill_songs(self) -> None:
        """List the songs around the present one."""
        queue, group = self.queue, QActionGroup(self)
        first = max(0, min(queue.index - 5, len(queue.songs) - _MOST_SHOWN))
        shown = queue.songs[first : first + _MOST_SHOWN]
        for index, path in enumerate(shown, first):
            name = path.stem.replace("&", "&&")
            action = self.addAction(f"{index + 1}  {name}")
            action.setCheckable(True)
            action.setChecked(index == queue.index)
            group.addAction(action)
            action.triggered.connect(lambda _=False, k=index: queue.jump(k))

    def choose(self) -> None:
        """Let the person choose files for the queue."""
        current = self.queue.current
        folder = str(current.parent) if current else ""
        kinds = f"{self.window_.song_kinds()};;{self.tr('All files')} (*)"
        paths: list[Path] = doors.choose_files(self.window_, self.tr("Add songs"), folder, kinds)
        if paths:
            self.queue.add(paths)
