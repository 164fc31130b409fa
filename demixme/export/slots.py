"""Where an export takes its full slots from, and how it reads stems out of them."""

from collections import OrderedDict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.parts import Parts
from demixme.separation.separator import Read, Separator, make_slots
from demixme.separation.stemstore import Quality, Slot, StemStore

_CALLS_KEPT = 2


class SlotSource(Protocol):
    """Hands out full slots of one model, one after the other.

    `DirectSlots` separates in the calling thread; `Engine.feed()` returns one that its worker
    fills. The indices asked for never fall.
    """

    parts: Parts
    slot_frames: int
    tail_frames: int  # how far a slot fades into the next

    def take(self, index: int, interrupt: Interrupt) -> Slot:
        """Wait for the full slot `index`.

        Raises
        ------
        SeparationFailed
            It failed twice.
        Cancelled
            The interrupt was set.
        """
        ...

    def close(self) -> None:
        """Say that no more slots are wanted."""
        ...


class DirectSlots:
    """Separates in the calling thread, one call after the other; keeps two calls at most."""

    def __init__(self, separator: Separator, read: Read) -> None:
        self.parts = separator.parts
        self.slot_frames = separator.slot_frames
        self.tail_frames = separator.tail_frames
        self._separator = separator
        self._read = read
        self._calls: OrderedDict[int, list[Slot]] = OrderedDict()

    def take(self, index: int, interrupt: Interrupt) -> Slot:
        """Return the full slot `index`, separating its call if that is not at hand."""
        call, at = divmod(index, self._separator.call_slots)
        if call not in self._calls:
            while len(self._calls) >= _CALLS_KEPT:
                self._calls.popitem(last=False)
            self._calls[call] = self._made(call, interrupt)
        return self._calls[call][at]

    def _made(self, call: int, interrupt: Interrupt) -> list[Slot]:
        interrupt.check()
        try:
            stems = self._separator.full_call(self._read, call, interrupt)
        except SeparationFailed:  # once more, as live; the second failure is final
            interrupt.check()
            stems = self._separator.full_call(self._read, call, interrupt)
        return make_slots(stems, self._separator, Quality.FULL, call)

    def close(self) -> None:
        """Forget the calls at hand; the separator stays its owner's."""
        self._calls.clear()


class StemReader:
    """Reads the stored parts from a source's slots, front to back, blended exactly as live."""

    def __init__(self, source: SlotSource, interrupt: Interrupt) -> None:
        self._source = source
        self._interrupt = interrupt
        self._store = StemStore(source.parts, source.slot_frames)
        self._next = 0  # the first slot that was not taken yet
        self._lowest = 0  # slots below are dropped

    def read_into(self, out: NDArray[np.float32], first: int) -> None:
        """Write the stored parts [frames, stored parts, 2] at song frame `first` ≥ 0 into `out`."""
        if not len(out):
            return
        size = self._store.slot_frames
        index, at = divmod(first, size)
        fading = index > 0 and at < self._source.tail_frames  # out of the slot before
        lowest = index - 1 if fading else index
        for index in range(max(self._next, lowest), (first + len(out) - 1) // size + 1):
            slot = self._source.take(index, self._interrupt)
            if slot.quality is not Quality.FULL:
                raise SeparationFailed(slot.model, f"at slot {index}")
            self._store.put(index, slot)
            self._next = index + 1
        for index in range(self._lowest, lowest):
            self._store.drop(index)
        self._lowest = lowest
        self._store.read_into(out, first)
