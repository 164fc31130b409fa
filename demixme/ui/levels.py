"""The song's levels for drawing: mixture and parts, cell by cell, followed as they come."""

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.core.track import Track
from demixme.engine.status import LEVEL_FRAMES, MEAN_SQUARE_OF_BYTE, StemStore

#: Only the few loudest bars reach the edge: the rest of a song fills more of the height.
_HEADROOM = 1.2
#: A coarser level's cell holds so many of the finer one's.
_FOLD = 8
_DEPTH = 5
#: Cells a bar is made of at least, where a coarser level is chosen.
_CELLS_A_BAR = 4

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(eq=False)
class Cells:
    """One level: peak and mean square of the mixture, mean square of each part, what is known."""

    frames: int  # of song in a cell
    peak: Floats
    square: Floats
    parts: Floats  # [cells, parts]
    known: Flags

    @staticmethod
    def empty(frames: int, size: int, parts: int) -> "Cells":
        """Return a level with room for so many cells."""
        return Cells(
            frames,
            np.zeros(size, np.float32),
            np.zeros(size, np.float32),
            np.zeros((size, parts), np.float32),
            np.zeros(size, np.bool_),
        )

    def grown(self, size: int) -> "Cells":
        """Return the level with more room; whoever holds the old arrays keeps them as they are."""
        made = Cells.empty(self.frames, size, self.parts.shape[1])
        have = len(self.peak)
        made.peak[:have], made.square[:have] = self.peak, self.square
        made.parts[:have], made.known[:have] = self.parts, self.known
        return made


@dataclass(frozen=True, eq=False)
class Picture:
    """What a drawing is made from, in any thread: the levels as they stood at one revision."""

    levels: tuple[Cells, ...]
    cells: int  # of the finest level
    loudest: float

    def bars(
        self, first_frame: float, frames_per_bar: float, count: int
    ) -> tuple[Floats, Floats, Flags]:
        """Return heights 0…1 [count], the parts' shares [count, parts] and where they are known.

        Bars are made from the coarsest level that is fine enough: the cost follows from `count`.
        """
        level = self.levels[0]
        for coarser in self.levels[1:]:
            if coarser.frames * _CELLS_A_BAR <= frames_per_bar:
                level = coarser
        parts = level.parts.shape[1]
        heights, known = np.zeros(count, np.float32), np.zeros(count, np.bool_)
        shares = np.zeros((count, parts), np.float32)
        cells = -(-self.cells * self.levels[0].frames // level.frames)
        edges = (first_frame + np.arange(count + 1) * frames_per_bar) / level.frames
        starts = np.floor(edges).astype(np.int64)
        inside = (starts[:-1] >= 0) & (starts[:-1] < cells)
        at = starts[:-1][inside]
        if not len(at):
            return heights, shares, known
        first, end = int(at[0]), int(min(cells, max(starts[-1], at[-1] + 1)))
        offsets, used = at - first, slice(first, end)
        peak = np.maximum.reduceat(level.peak[used], offsets)
        lengths = np.diff(np.append(offsets, end - first))
        square = np.add.reduceat(level.square[used], offsets)
        rms = np.sqrt(square / np.maximum(1, lengths))
        top = max(self.loudest, 0.05)
        heights[inside] = np.minimum(1.0, _HEADROOM * (0.55 * peak + 0.75 * rms) / top)
        if parts:
            sums = np.sqrt(np.add.reduceat(level.parts[used], offsets, axis=0))
            total = sums.sum(axis=1, keepdims=True)
            shares[inside] = np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)
            known[inside] = np.logical_and.reduceat(level.known[used], offsets)
        return heights, shares, known


class SongLevels:
    """Peak and RMS of the mixture, RMS of each part, grown as the song is decoded and separated.

    `revision` counts what came; a drawing made at one revision is stale at the next.
    """

    def __init__(self) -> None:
        self.track: Track | None = None
        self.store: StemStore | None = None
        self.revision = 0
        self._forget()

    def _forget(self) -> None:
        parts = len(self.store.parts.names) if self.store is not None else 0
        self.cells = 0
        self.loudest = 0.0
        frames = [LEVEL_FRAMES * _FOLD**k for k in range(_DEPTH)]
        self._levels = [Cells.empty(f, 0, parts) for f in frames]
        self._dirty: tuple[int, int] | None = None
        self._seen: list[NDArray[np.uint8] | None] = []
        self._seen_slots: list[object] = []
        self.qualities: NDArray[np.uint8] = np.zeros(0, np.uint8)

    def follow(self, track: Track | None, store: StemStore | None) -> bool:
        """Take in what came since the last call; True if anything did."""
        before = self.revision
        if track is not self.track or store is not self.store:
            self.track, self.store = track, store
            self._forget()
            self.revision += 1
        if track is not None:
            self._follow_track(track)
        if store is not None and self.cells:
            self._follow_levels(store)
            self._follow_qualities(store)
        return self.revision != before

    # ------------------------------------------------------------ taking in
    def _follow_track(self, track: Track) -> None:
        have = track.decoded_frames // LEVEL_FRAMES
        if track.complete:
            have = -(-track.decoded_frames // LEVEL_FRAMES)
        if have == self.cells:
            return
        self._reserve(have)
        fine = self._levels[0]
        per_slot = len(track.levels[0])
        for index in range(self.cells // per_slot, -(-have // per_slot)):
            first, last = index * per_slot, min(have, (index + 1) * per_slot)
            levels = track.levels[index][: last - first]
            fine.peak[first:last] = levels[:, :, 0].max(axis=1)
            fine.square[first:last] = levels[:, :, 1].mean(axis=1)
        first = min(self.cells, have)
        loud = 0.55 * fine.peak[first:have] + 0.75 * np.sqrt(fine.square[first:have])
        self.loudest = max(self.loudest, float(loud.max(initial=0.0)))
        self.cells = have
        self._touch(first, have)

    def _reserve(self, cells: int) -> None:
        fine = self._levels[0]
        if cells > len(fine.peak):
            size = max(cells, len(fine.peak) * 2, _FOLD**_DEPTH)
            self._levels = [
                level.grown(-(-size // _FOLD**k)) for k, level in enumerate(self._levels)
            ]

    def _touch(self, first: int, last: int) -> None:
        old = self._dirty or (first, last)
        self._dirty = (min(old[0], first), max(old[1], last))
        self.revision += 1

    def _follow_levels(self, store: StemStore) -> None:
        fine, whole = self._levels[0], self._whole_cells()
        for index in _changed(self._seen, store.levels):
            came = store.levels[index]
            if came is None:
                continue
            first = index * store.slot_frames // LEVEL_FRAMES
            last = min(first + len(came), self.cells)
            if last < min(first + len(came), whole):
                continue  # the mixture there is not decoded yet: next time
            self._seen[index] = came
            squares = MEAN_SQUARE_OF_BYTE[came[: last - first, :, :, 1]]
            fine.parts[first:last] = squares.mean(axis=2)
            fine.known[first:last] = True
            self._touch(first, last)

    def _follow_qualities(self, store: StemStore) -> None:
        changed = _changed(self._seen_slots, store.slots)
        if not len(changed) and len(self.qualities) == len(self._seen_slots):
            return
        qualities = np.zeros(len(self._seen_slots), np.uint8)
        qualities[: len(self.qualities)] = self.qualities
        for index in changed:
            slot = store.slots[index]
            self._seen_slots[index] = slot
            qualities[index] = 0 if slot is None else int(slot.quality) + 1
        self.qualities = qualities
        self.revision += 1

    def _whole_cells(self) -> int:
        return 0 if self.track is None else self.track.frames // LEVEL_FRAMES

    # ------------------------------------------------------------ for drawing
    def picture(self) -> Picture:
        """Return what a drawing of now is made from; later changes leave it as it is, or better."""
        if self._dirty is not None:
            first, last = self._dirty
            for k in range(1, _DEPTH):
                first, last = first // _FOLD, -(-last // _FOLD)
                here = -(-self.cells // _FOLD ** (k - 1))
                _fold(self._levels[k - 1], self._levels[k], first, last, here)
            self._dirty = None
        return Picture(tuple(self._levels), self.cells, self.loudest)


def _changed(seen: list[Any], now: list[Any]) -> NDArray[np.int64]:
    """Return the places where another object stands now; makes `seen` as long as `now`."""
    count = len(now)
    seen.extend([None] * (count - len(seen)))
    other = np.fromiter(map(operator.is_not, seen, now), np.bool_, count)
    return np.flatnonzero(other)


def _fold(fine: Cells, coarse: Cells, first: int, last: int, cells: int) -> None:
    """Make the coarse cells `first` … `last` − 1 from the `cells` fine ones there are."""
    last = min(last, -(-cells // _FOLD))
    if last <= first:
        return
    offsets = np.arange(0, (last - first) * _FOLD, _FOLD)
    used, made = slice(first * _FOLD, min(cells, last * _FOLD)), slice(first, last)
    lengths = np.minimum(_FOLD, cells - np.arange(first, last) * _FOLD)
    coarse.peak[made] = np.maximum.reduceat(fine.peak[used], offsets)
    coarse.square[made] = np.add.reduceat(fine.square[used], offsets) / lengths
    coarse.parts[made] = np.add.reduceat(fine.parts[used], offsets, axis=0) / lengths[:, None]
    coarse.known[made] = np.logical_and.reduceat(fine.known[used], offsets)
