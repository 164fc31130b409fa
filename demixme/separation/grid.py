"""The grid of calls, fixed in song time, that every separator stands on."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from demixme.core.interrupt import Interrupt
from demixme.core.parts import Parts
from demixme.separation.separator import Read


class GridSeparator(ABC):
    """A Separator that only has to say how the frames of one call are computed.

    `separate` keeps its last two calls by song (`read`) and grid number; nothing else is kept
    between calls, so no result depends on what was asked before. See `separator.Separator`.
    """

    quick_slots: tuple[int, ...] = ()

    def __init__(
        self,
        parts: Parts,
        model_id: str,
        rate: int,
        slot_frames: int,
        call_slots: int,
        tail_frames: int,
    ) -> None:
        self.parts = parts
        self.model_id = model_id
        self.rate = rate
        self.slot_frames = slot_frames
        self.call_slots = call_slots
        self.tail_frames = tail_frames
        self._memo: list[tuple[Read, int, NDArray[np.float32]]] = []

    @abstractmethod
    def compute(
        self, read: Read, first_frame: int, frames: int, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [frames, stored parts, 2] of one call that begins at `first_frame`."""

    @property
    def call_frames(self) -> int:
        """Return the length of a full call without its tail, in frames of the file."""
        return self.call_slots * self.slot_frames

    def full_call(self, read: Read, index: int, interrupt: Interrupt) -> NDArray[np.float32]:
        """Return [call_frames + tail_frames, stored parts, 2] of grid call `index`."""
        first = index * self.call_frames
        return self.compute(read, first, self.call_frames + self.tail_frames, interrupt)

    def quick_call(
        self, read: Read, first_slot: int, slots: int, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [slots * slot_frames + tail_frames, stored parts, 2] from `first_slot` on."""
        first = first_slot * self.slot_frames
        return self.compute(read, first, slots * self.slot_frames + self.tail_frames, interrupt)

    def separate(
        self, read: Read, first_frame: int, frames: int, interrupt: Interrupt | None = None
    ) -> NDArray[np.float32]:
        """Separate any cut of a song; neighbouring calls are cross-faded as in `StemStore`.

        Parameters
        ----------
        read : callable
            ``read(first, frames)`` gives the mixture [frames, 2], the same whenever asked.
        first_frame, frames : int
            In frames of the file; before frame 0 there is silence.
        interrupt : Interrupt, optional

        Returns
        -------
        np.ndarray [shape=(frames, parts, 2), float32]
            Parts in array order; they sum to the mixture, because the rest is what is left of it.
        """
        interrupt = interrupt or Interrupt()
        stored = np.zeros((frames, len(self.parts.stored), 2), np.float32)
        done = min(max(0, -first_frame), frames)
        while done < frames:
            index, at = divmod(first_frame + done, self.call_frames)
            n = min(self.call_frames - at, frames - done)
            self._piece(read, index, at, stored[done : done + n], interrupt)
            done += n
        rest = read(first_frame, frames) - stored.sum(axis=1)
        return np.insert(stored, self.parts.names.index(self.parts.rest), rest, axis=1)

    def _piece(
        self, read: Read, index: int, at: int, out: NDArray[np.float32], interrupt: Interrupt
    ) -> None:
        fading = index > 0 and at < self.tail_frames
        before = self._call(read, index - 1, interrupt) if fading else None
        out[...] = self._call(read, index, interrupt)[at : at + len(out)]
        if before is not None:
            n = min(len(out), self.tail_frames - at)
            k = np.arange(at + 1, at + n + 1, dtype=np.float32)
            rise = (k / np.float32(self.tail_frames + 1))[:, None, None]
            tail = before[self.call_frames + at : self.call_frames + at + n]
            out[:n] = rise * out[:n] + (np.float32(1.0) - rise) * tail

    def _call(self, read: Read, index: int, interrupt: Interrupt) -> NDArray[np.float32]:
        for entry in self._memo:
            if entry[1] == index and entry[0] == read:
                return entry[2]
        made = self.full_call(read, index, interrupt)
        self._memo = [*self._memo[-1:], (read, index, made)]
        return made

    def close(self) -> None:
        """Forget the memo."""
        self._memo = []
