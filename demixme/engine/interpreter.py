"""What the interpreter must do so that the audio thread gets its turn in time."""

import gc
import sys

_SWITCH_S = 0.0005  # a pure-Python thread delays a waiting one by 5 ms at the default
_SWITCH_WINDOWS_S = 0.001  # CPython cuts it to whole milliseconds there, and 0 means polling
_YOUNG_TICKS = 15
_OLDER_TICKS = 150
_ALL_TICKS = 900


class Interpreter:
    """Switch interval and garbage collection, as long as an engine lives. Thread: gui.

    Collection happens in `tick` alone: an automatic one takes too long while music plays, and it
    runs in whatever thread is just allocating, where it would destroy the window's objects.
    """

    def __init__(self) -> None:
        self._former_s = sys.getswitchinterval()
        self._collected = gc.isenabled()
        self._frozen = False
        self._playing = False
        self._ticks = 0
        gc.disable()
        sys.setswitchinterval(_SWITCH_WINDOWS_S if sys.platform == "win32" else _SWITCH_S)

    def set_playing(self, playing: bool) -> None:
        """Collect no more than a few young generations while music plays. Thread: gui."""
        self._playing = playing
        if playing and not self._frozen:  # what start-up made stays: never look at it again
            gc.freeze()
            self._frozen = True

    def tick(self) -> None:
        """Collect a generation now and then. Thread: gui, 30 times a second."""
        self._ticks += 1
        if not self._playing and self._ticks % _ALL_TICKS == 0:
            gc.collect()
        elif self._ticks % _YOUNG_TICKS == 0:
            gc.collect(1 if self._ticks % _OLDER_TICKS == 0 else 0)

    def restore(self) -> None:
        """Leave everything as it was. Thread: gui."""
        if self._frozen:
            gc.unfreeze()
        if self._collected:
            gc.enable()
        sys.setswitchinterval(self._former_s)
