"""The menu beside the loop button: size, place, named loops and how often it plays."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from demixme.core.units import clock_text
from demixme.ui.loop_commands import LoopCommands

if TYPE_CHECKING:
    from demixme.ui.window import Window

_TIMES = (0, 2, 3, 4, 8, 16)
_TOOLS = ("loop_halve", "loop_double", "loop_earlier", "loop_later", "loop_back", "loop_on")


class LoopMenu(QMenu):
    """Filled when it is about to open."""

    def __init__(self, window: "Window", commands: LoopCommands) -> None:
        super().__init__(window)
        self.window_ = window
        self.commands = commands
        self.times = QMenu(self.tr("How often"), self)
        self.forget = QMenu(self.tr("Forget"), self)
        self.aboutToShow.connect(self._fill)

    def show_under(self) -> None:
        """Open above the button in the transport bar."""
        self._fill()
        button = self.window_.transport.loop_more
        corner = button.mapToGlobal(button.rect().topLeft())
        self.popup(corner - QPoint(0, self.sizeHint().height() + 4))

    def _fill(self) -> None:
        self.clear()
        by_id, desk = self.window_.actions_table.by_id, self.commands.desk
        for name in ("loop", "loop_start", "loop_end"):
            self.addAction(by_id[name])
        self.addSeparator()
        for name in _TOOLS:
            self.addAction(by_id[name])
        self._fill_times()
        self.addMenu(self.times)
        self.addSeparator()
        self.addAction(by_id["loop_keep"])
        self._fill_named()
        self.forget.menuAction().setVisible(bool(desk.named_loops))

    def _fill_times(self) -> None:
        self.times.clear()
        group = QActionGroup(self.times)
        for times in _TIMES:
            text = self.tr("{n} times").format(n=times) if times else self.tr("For ever")
            action = self.times.addAction(text)
            action.setCheckable(True)
            action.setChecked(times == self.commands.passes.times)
            group.addAction(action)
            action.triggered.connect(lambda _=False, n=times: self.commands.set_times(n))

    def _fill_named(self) -> None:
        desk = self.commands.desk
        song = self.commands.bridge.status.song
        rate = song.rate if song is not None else 44100
        self.forget.clear()
        for named in sorted(desk.named_loops, key=lambda n: n.first):
            first, last = (clock_text(f / rate, tenths=True) for f in named.region)
            action = self.addAction(f"{named.name}\t{first} – {last}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(named.region == desk.loop)
            action.triggered.connect(lambda _=False, n=named: self.commands.take(n))
            gone = self.forget.addAction(named.name.replace("&", "&&"))
            gone.triggered.connect(lambda _=False, n=named: desk.forget_loop(n))
        self.addMenu(self.forget)
