"""The song's levels for drawing: mixture and parts, cell by cell, followed as they come."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.track import Track
from demixme.engine.status import LEVEL_FRAMES, MEAN_SQUARE_OF_BYTE, StemStore

#: Only the few loudest bars reach the edge: the rest of a song fills more of the height.
_HEADROOM = 1.2

Floats = NDArray[np.float32]


class SongLevels:
    """Peak and RMS of the mixture, RMS of each part, grown as the song is decoded and separated.

    `revision` counts what came; a drawing made at one revision is stale at the next.
    """

    def __init__(self) -> None:
        self.track: Track | None = None
        self.store: StemStore | None = None
        self.revision = 0
        self.cells = 0
        self.qualities: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._forget()

    def _forget(self) -> None:
        parts = len(self.store.parts.names) if self.store is not None else 0
        self.cells = 0
        self.loudest = 0.0
        self._peak: Floats = np.zeros(0, np.float32)
        self._square: Floats = np.zeros(0, np.float32)
        self._parts: Floats = np.zeros((0, parts), np.float32)
        self._known: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._seen: list[NDArray[np.uint8] | None] = []
        self.qualities = np.zeros(0, np.uint8)

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
            self._follow_store(store)
        return self.revision != before

    def _follow_track(self, track: Track) -> None:
        have = track.decoded_frames // LEVEL_FRAMES
        if track.complete:
            have = -(-track.decoded_frames // LEVEL_FRAMES)
        if have == self.cells:
            return
        self._reserve(have)
        per_slot = len(track.levels[0])
        for index in range(self.cells // per_slot, -(-have // per_slot)):
            first, last = index * per_slot, min(have, (index + 1) * per_slot)
            levels = track.levels[index][: last - first]
            self._peak[first:last] = levels[:, :, 0].max(axis=1)
            self._square[first:last] = levels[:, :, 1].mean(axis=1)
        new = slice(self.cells, have)
        loud = 0.55 * self._peak[new] + 0.75 * np.sqrt(self._square[new])
        self.loudest = max(self.loudest, float(loud.max(initial=0.0)))
        self.cells = have
        self.revision += 1

    def _reserve(self, cells: int) -> None:
        if cells <= len(self._peak):
            return
        size = max(cells, len(self._peak) * 2, 4096)
        for name in ("_peak", "_square", "_parts", "_known"):
            old = getattr(self, name)
            new = np.zeros((size, *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def _follow_store(self, store: StemStore) -> None:
        levels = store.levels
        count = len(levels)
        seen = self._seen
        seen.extend([None] * (count - len(seen)))
        for index in range(count):
            came = levels[index]
            if came is not None and came is not seen[index]:
                first = index * store.slot_frames // LEVEL_FRAMES
                last = min(first + len(came), self.cells)
                if last < min(first + len(came), self._whole_cells()):
                    continue  # the mixture there is not decoded yet: next time
                seen[index] = came
                squares = MEAN_SQUARE_OF_BYTE[came[: last - first, :, :, 1]]
                self._parts[first:last] = squares.mean(axis=2)
                self._known[first:last] = True
                self.revision += 1
        qualities = np.array(
            [0 if slot is None else int(slot.quality) + 1 for slot in store.slots], np.uint8
        )
        if not np.array_equal(qualities, self.qualities):
            self.qualities = qualities
            self.revision += 1

    def _whole_cells(self) -> int:
        return 0 if self.track is None else self.track.frames // LEVEL_FRAMES

    # ------------------------------------------------------------ for drawing
    def bars(
        self, first_frame: float, frames_per_bar: float, count: int
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return heights 0…1 [count], the parts' shares [count, parts] and where they are known."""
        parts = self._parts.shape[1]
        heights = np.zeros(count, np.float32)
        shares = np.zeros((count, parts), np.float32)
        known = np.zeros(count, np.bool_)
        if not self.cells:
            return heights, shares, known
        edges = (first_frame + np.arange(count + 1) * frames_per_bar) / LEVEL_FRAMES
        starts = edges.astype(np.int64)
        inside = (starts[:-1] >= 0) & (starts[:-1] < self.cells)
        at = starts[:-1][inside]
        if not len(at):
            return heights, shares, known
        end = int(min(self.cells, max(starts[-1], at[-1] + 1)))
        cells = slice(int(at[0]), end)
        offsets = at - at[0]
        peak = np.maximum.reduceat(self._peak[cells], offsets)
        square = np.add.reduceat(self._square[cells], offsets)
        lengths = np.diff(np.append(offsets, end - int(at[0])))
        rms = np.sqrt(square / np.maximum(1, lengths))
        top = max(self.loudest, 0.05)
        heights[inside] = np.minimum(1.0, _HEADROOM * (0.55 * peak + 0.75 * rms) / top)
        if parts:
            sums = np.sqrt(np.add.reduceat(self._parts[cells], offsets, axis=0))
            total = sums.sum(axis=1, keepdims=True)
            shares[inside] = np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)
            known[inside] = np.logical_and.reduceat(self._known[cells], offsets)
        return heights, shares, known
