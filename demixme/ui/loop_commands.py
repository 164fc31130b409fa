"""What the loop actions do: ends, size, place, named loops and how often they play."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from demixme.core.session import NamedLoop
from demixme.ui import loops
from demixme.ui.bridge import Bridge
from demixme.ui.loops import LEAST_LOOP_S, PassCount, Region

if TYPE_CHECKING:
    from demixme.ui.window import Window

_FIRST_S = 8.0  # of a loop that is switched on where there was none
_AT_START_S = 0.5
NUDGE_S = 0.05


class LoopCommands(QObject):
    """The slots of the loop actions; also ends a loop that has been played often enough."""

    def __init__(self, window: "Window", bridge: Bridge) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = bridge
        self.desk = bridge.desk
        self.passes = PassCount()
        bridge.sought.connect(self.passes.sought)
        bridge.song_opened.connect(lambda _: self.set_times(0))

    @property
    def _rate(self) -> int:
        song = self.bridge.status.song
        return song.rate if song is not None else 44100

    @property
    def _least(self) -> int:
        return round(LEAST_LOOP_S * self._rate)

    # ------------------------------------------------------------ on, off, ends
    def toggle(self) -> None:
        """Loop on or off; the first time, the seconds from here on."""
        status = self.bridge.status
        if self.desk.loop is not None:
            self.desk.set_loop(None)
        elif status.song is not None:
            end = status.position_frame + round(_FIRST_S * self._rate)
            here = (status.position_frame, min(end, status.frames))
            wanted = self.desk.kept_loop or here
            if wanted[1] - wanted[0] >= self._least:
                self.desk.set_loop(wanted)

    def to_start(self) -> None:
        """Go to the loop's start, and from there to the song's."""
        loop, here = self.desk.loop, self.bridge.status.position_frame
        at_start = loop is not None and 0 <= here - loop[0] <= _AT_START_S * self._rate
        self.bridge.seek(loop[0] if loop is not None and not at_start else 0)

    def start_here(self) -> None:
        """Start the loop at the play head; an end before it moves away."""
        self._end_here(loops.begun_at)

    def end_here(self) -> None:
        """End the loop at the play head; a start behind it moves away."""
        self._end_here(loops.ended_at)

    def _end_here(self, moved: Callable[[Region, int, int, int, int], Region]) -> None:
        status, loop = self.bridge.status, self.desk.loop
        if status.song is not None and status.frames >= self._least:
            length = loop[1] - loop[0] if loop else round(_FIRST_S * self._rate)
            whole = (0, status.frames)
            here = status.position_frame
            self.desk.set_loop(moved(loop or whole, here, status.frames, self._least, length))

    # ------------------------------------------------------------ size and place
    def halve(self) -> None:
        """Leave the first half of the loop."""
        if self.desk.loop is not None:
            self.desk.set_loop(loops.halved(self.desk.loop, self._least))

    def double(self) -> None:
        """Make the loop twice as long."""
        if self.desk.loop is not None:
            self.desk.set_loop(loops.doubled(self.desk.loop, self.bridge.status.frames))

    def nudge(self, steps: int) -> None:
        """Move the loop a little, earlier or later."""
        self._shift(round(steps * NUDGE_S * self._rate))

    def shift(self, steps: int) -> None:
        """Move the loop by its own length, earlier or later."""
        if self.desk.loop is not None:
            self._shift(steps * (self.desk.loop[1] - self.desk.loop[0]))

    def _shift(self, frames: int) -> None:
        if self.desk.loop is not None:
            self.desk.set_loop(loops.shifted(self.desk.loop, frames, self.bridge.status.frames))

    # ------------------------------------------------------------ named loops
    def keep(self) -> None:
        """Keep the loop under a name that the person gives."""
        if self.desk.loop is not None:
            taken = {n.name for n in self.desk.named_loops}
            number = next(k for k in range(1, 10_000) if self._numbered(k) not in taken)
            self.window.ask_name(self.tr("Keep this loop"), self._numbered(number), self._keep)

    def _numbered(self, number: int) -> str:
        return self.tr("Loop {n}").format(n=number)

    def _keep(self, name: str) -> None:
        self.desk.keep_loop(name)

    def neighbour(self, step: int) -> None:
        """Take the next or the former named loop, and go there."""
        here = self.bridge.status.position_frame
        named = loops.neighbour(self.desk.named_loops, self.desk.loop, here, step)
        if named is not None:
            self.take(named)

    def take(self, named: NamedLoop) -> None:
        """Play a named loop from its start."""
        last = min(named.last, self.bridge.status.frames)
        if last - named.first >= self._least:
            self.desk.set_loop((named.first, last))
            self.bridge.seek(named.first)

    # ------------------------------------------------------------ how often
    def set_times(self, times: int) -> None:
        """Play the loop so often and go on; 0 is for ever."""
        self.passes.times = times
        self.passes.begin()
        self.window.show_loop()

    def follow(self) -> None:
        """Count the passes as they are heard; called at each tick."""
        done = self.passes.done
        if self.passes.follow(self.desk.loop, self.bridge.status.position_frame):
            self.desk.end_loop()
            self.passes.begin()
        if self.passes.done != done:
            self.window.show_loop()
