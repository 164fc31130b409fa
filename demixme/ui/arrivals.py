"""Files that come from outside while the window is open: a later start, or macOS opening them."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from demixme.ui.window import Window

#: Files opened together in a file manager come as one start each, this close to each other.
TOGETHER_S = 3.0


class Arrivals:
    """Plays what comes by itself at once; what comes right after it goes into the queue."""

    def __init__(self, window: Window, clock: Callable[[], float] = time.monotonic) -> None:
        self._window = window
        self._clock = clock
        self._last_s = -TOGETHER_S

    def take(self, paths: Sequence[str]) -> None:
        """Play or queue what another start hands over, and come to the front."""
        self.open([Path(path) for path in paths])
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()

    def open(self, files: Sequence[Path]) -> None:
        """Play or queue files."""
        if not files:
            return
        now_s = self._clock()
        together = now_s - self._last_s < TOGETHER_S
        self._last_s = now_s
        queue = self._window.commands.queue
        if together and queue.songs:
            queue.add(files)
        elif not queue.play(files):
            self._window.bridge.open(files[0])  # the error bar says what is wrong with it
