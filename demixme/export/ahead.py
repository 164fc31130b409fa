"""Two calls at once: one in the thread that writes, the next in a helper beside it."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager

from demixme.core.interrupt import Interrupt
from demixme.core.track import Track
from demixme.export.slots import DirectSlots
from demixme.separation.registry import Model
from demixme.separation.separator import Read, Separator
from demixme.separation.stemstore import Slot

_LOOK_S = 0.05


class AheadSlots(DirectSlots):
    """Separates every second call in a helper thread, with a separator of its own.

    A call depends on nothing but the song, so the slots are those of `DirectSlots`.
    """

    def __init__(self, separator: Separator, helper: Separator, read: Read, frames: int) -> None:
        super().__init__(separator, read)
        self._beside = DirectSlots(helper, read)
        self._last_call = (frames - 1) // (separator.slot_frames * separator.call_slots)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="demixme-ahead")
        self._ahead: dict[int, Future[list[Slot]]] = {}
        self._interrupt = Interrupt()

    def _made(self, call: int, interrupt: Interrupt) -> list[Slot]:
        begun = self._ahead.pop(call, None)
        if begun is not None:
            return self._waited(begun, interrupt)
        if call < self._last_call:
            self._ahead[call + 1] = self._executor.submit(
                self._beside._made, call + 1, self._interrupt
            )
        return super()._made(call, interrupt)

    def _waited(self, begun: "Future[list[Slot]]", interrupt: Interrupt) -> list[Slot]:
        while True:
            interrupt.check()
            try:
                return begun.result(_LOOK_S)
            except NotYet:
                continue

    def close(self) -> None:
        """Stop the helper; the separators stay their owner's."""
        self._interrupt.set()
        self._executor.shutdown(cancel_futures=True)
        self._ahead.clear()
        super().close()


@contextmanager
def open_slots(
    model: Model, track: Track, best: bool = False, alone: bool = True
) -> Iterator[DirectSlots]:
    """Give the slots of a decoded song, separated when asked for.

    `alone` says that nothing else works on this machine for us, so a second core may help.
    """
    separator = model.separator(track.rate, best)
    helper = model.separator(track.rate, best) if alone and cores() > 1 else None
    source = (
        DirectSlots(separator, track.read)
        if helper is None
        else AheadSlots(separator, helper, track.read, track.frames)
    )
    try:
        yield source
    finally:
        source.close()
        for each in (separator, helper):
            if each is not None:
                each.close()


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
