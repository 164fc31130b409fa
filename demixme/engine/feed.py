"""Full slots handed from worker to export: nothing can be dropped between test and use."""

import threading
from collections.abc import Callable

from demixme.core.errors import Cancelled, DemixError
from demixme.core.interrupt import Interrupt
from demixme.core.track import Track
from demixme.separation.separator import Separator
from demixme.separation.stemstore import Quality, Slot, StemStore

_CALLS_AHEAD = 2
_LOOK_S = 0.05


class SlotFeed:
    """One export's slots, of the one song and model it began with; the indices asked never fall.

    The worker fills at most two calls ahead of what was asked for.

    Attributes
    ----------
    track : Track
    parts : Parts
    slot_frames, tail_frames : int
    model_id : str
    """

    def __init__(
        self, track: Track, separator: Separator, store: StemStore, wake: Callable[[], None]
    ) -> None:
        self.track = track
        self.separator = separator
        self.store = store
        self.parts = separator.parts
        self.slot_frames = separator.slot_frames
        self.tail_frames = separator.tail_frames
        self.model_id = separator.model_id
        self.closed = False
        self._wake = wake
        self._wanted = 0
        self._started = False
        self._slots: dict[int, Slot] = {}
        self._error: DemixError | None = None
        self._news = threading.Event()

    # ------------------------------------------------------------ the export's side
    def take(self, index: int, interrupt: Interrupt) -> Slot:
        """Wait for the full slot `index`. Thread: the export's task.

        Raises
        ------
        SeparationFailed
            It failed twice.
        Cancelled
            The interrupt was set, or the engine closed.
        """
        self._wanted = index
        self._started = True
        for old in [k for k in self._slots if k < index]:
            del self._slots[old]
        while True:
            self._news.clear()
            slot = self._slots.get(index)
            if slot is not None:
                self._wake()  # room for another call, perhaps
                return slot
            if self._error is not None:
                raise self._error
            if self.closed:
                raise Cancelled
            interrupt.check()
            self._wake()
            self._news.wait(_LOOK_S)

    def close(self) -> None:
        """Say that no more slots are wanted. Thread: any."""
        self.closed = True
        self._news.set()

    # ------------------------------------------------------------ the worker's side
    def next_slot(self) -> int | None:
        """Return the first slot to be filled now, taking what the store has. Thread: worker."""
        if self.closed or not self._started or self._error is not None:
            return None
        first = self._wanted
        last = -(-self.track.frames // self.slot_frames)
        for index in range(first, min(last, first + _CALLS_AHEAD * self.separator.call_slots)):
            if index not in self._slots:
                slot = self.store.get(index)
                if slot is None or not is_full(slot, self.model_id):
                    return index
                self.put(index, slot)
        return None

    def put(self, index: int, slot: Slot) -> None:
        """Hand over a full slot. Thread: worker."""
        if index >= self._wanted:
            self._slots[index] = slot
            self._news.set()

    def fail(self, error: DemixError) -> None:
        """End the export with `error`. Thread: worker."""
        self._error = error
        self._news.set()


def is_full(slot: Slot, model_id: str) -> bool:
    """Return whether a slot is of full quality and of that model. Thread: any."""
    return slot.quality is Quality.FULL and slot.model == model_id and slot.stems is not None
