"""Loops as plain values: named ones, and what moves and cuts them. Frames are the file's."""

from collections.abc import Sequence

from demixme.core.session import NamedLoop

LEAST_LOOP_S = 0.1

Region = tuple[int, int]


def shifted(loop: Region, by: int, frames: int) -> Region:
    """Return the loop moved, as far as the song reaches; its length stays."""
    first, last = loop
    by = max(-first, min(by, frames - last))
    return first + by, last + by


def halved(loop: Region, least: int) -> Region:
    """Return the first half of the loop, never shorter than `least`."""
    first, last = loop
    return first, min(last, first + max(least, (last - first) // 2))


def doubled(loop: Region, frames: int) -> Region:
    """Return the loop twice as long from its start on, as far as the song reaches."""
    first, last = loop
    return first, min(frames, first + 2 * (last - first))


def ended_at(loop: Region, here: int, frames: int, least: int, length: int) -> Region:
    """Return the loop ending here; a start that is not before it moves away."""
    last = min(frames, max(here, least))
    first = loop[0]
    return first if last - first >= least else max(0, last - max(least, length)), last


def begun_at(loop: Region, here: int, frames: int, least: int, length: int) -> Region:
    """Return the loop beginning here; an end that is not behind it moves away."""
    first = max(0, min(here, frames - least))
    last = loop[1]
    return first, last if last - first >= least else min(frames, first + max(least, length))


def neighbour(
    named: Sequence[NamedLoop], loop: Region | None, position: int, step: int
) -> NamedLoop | None:
    """Return the named loop after (1) or before (−1) the present one, round and round.

    Without a present one it is the next that begins after `position`, or the last before it.
    """
    ordered = sorted(named, key=lambda n: (n.first, n.last, n.name))
    if not ordered:
        return None
    regions = [n.region for n in ordered]
    if loop in regions:
        return ordered[(regions.index(loop) + step) % len(ordered)]
    if step > 0:
        return next((n for n in ordered if n.first > position), ordered[0])
    return next((n for n in reversed(ordered) if n.first < position), ordered[-1])


class PassCount:
    """Counts how often a loop was heard; says when it has been often enough.

    The wrap is seen by the place that is heard, 30 times a second: exact for loops that are longer
    than the sound is late.
    """

    def __init__(self) -> None:
        self.times = 0  # 0 is for ever
        self.done = 0
        self._loop: Region | None = None
        self._position = -1

    def begin(self) -> None:
        """Count from the first pass again."""
        self.done, self._position = 0, -1

    def sought(self) -> None:
        """Take no jump of a person for the end of a pass."""
        self._position = -1

    def follow(self, loop: Region | None, position: int) -> bool:
        """Take the place that is heard; True when the last pass has begun."""
        if loop != self._loop:
            self._loop = loop
            self.begin()
        before, self._position = self._position, position
        if loop is None or not self.times:
            return False
        if before > position and loop[0] <= position < loop[1] and before >= loop[0]:
            self.done += 1
        return self.done >= self.times - 1 and loop[0] <= position < loop[1]
