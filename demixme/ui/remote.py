"""What the desktop sees of the player, and what it asks for: plain values for all media keys.

The gui thread writes `now`; a helper thread reads it and fills `asked`, which the tick drains.
"""

import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue

PLAY, PAUSE, PLAY_PAUSE, STOP = "play", "pause", "play_pause", "stop"
NEXT, PREVIOUS, SEEK_BY, SEEK_TO = "next", "previous", "seek_by", "seek_to"
VOLUME, RAISE, QUIT, OPEN = "volume", "raise", "quit", "open"


@dataclass(frozen=True)
class Now:
    """The player as it stood at `stamp_s` of the monotonic clock."""

    playing: bool = False
    title: str = ""
    artist: str = ""
    address: str = ""
    length_s: float = 0.0
    position_s: float = 0.0
    stamp_s: float = 0.0
    volume: float = 1.0
    has_next: bool = False
    has_previous: bool = False
    song: int = 0  # counts songs

    def position_now_s(self) -> float:
        """Return the place in the song at this moment."""
        if not self.playing:
            return self.position_s
        passed = time.monotonic() - self.stamp_s
        return max(0.0, min(self.length_s, self.position_s + passed))


class Remote:
    """The one place where both threads meet; every attribute is stored by one reference."""

    def __init__(self) -> None:
        self.now = Now()
        self.asked: SimpleQueue[tuple[str, float | str]] = SimpleQueue()

    def ask(self, what: str, value: float | str = 0.0) -> None:
        """Ask the player for something. Thread: helper."""
        self.asked.put((what, value))

    def taken(self) -> list[tuple[str, float | str]]:
        """Return what was asked since the last time. Thread: gui."""
        found = []
        while True:
            try:
                found.append(self.asked.get_nowait())
            except Empty:
                return found
