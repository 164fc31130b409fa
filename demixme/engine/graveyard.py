"""Keeps what was replaced until the audio thread can no longer be the last to hold it."""

from collections import deque


class Graveyard:
    """A dropped array must not be freed by the callback; it is kept for one more second of output.

    Thread: that of its one owner.
    """

    def __init__(self) -> None:
        self._kept: deque[tuple[int, object]] = deque()

    def keep(self, thing: object, output_frame: int) -> None:
        """Keep `thing`, replaced when the device had got `output_frame` frames."""
        if thing is not None:
            self._kept.append((output_frame, thing))

    def sweep(self, output_frame: int, rate: int, running: bool) -> None:
        """Let go of what a second of output has passed over, of everything when no stream runs."""
        while self._kept and (not running or output_frame - self._kept[0][0] > rate):
            self._kept.popleft()

    def __len__(self) -> int:
        return len(self._kept)
