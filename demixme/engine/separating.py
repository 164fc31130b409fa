"""One call, from an Order to slots in the store: timed, interruptible, tried twice."""

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import Cancelled, DemixError
from demixme.core.interrupt import Interrupt
from demixme.core.track import Track
from demixme.engine.scheduler import Grid, Order, Rank
from demixme.separation.separator import Separator, make_slots
from demixme.separation.stemstore import Quality, Slot, StemStore

_GUESS = 0.15  # of real time, until a call has been measured
_SMOOTHING = 0.3


class Undecoded(Exception):
    """A call read beyond what is decoded so far, to be made again later; stays in the worker."""


class Reader:
    """What a call reads the mixture through; remembers how far past its end calls read."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.reach_frames = 0
        self.call_end = 0

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """Return the mixture [frames, 2], zeros outside the song. Thread: worker."""
        track = self.track
        if not track.complete:
            self.reach_frames = max(self.reach_frames, first + frames - self.call_end)
            if track.available(first, frames) < frames:
                raise Undecoded
        return track.read(first, frames)


@dataclass
class Bench:
    """One separator at one song: its reader, measured times and failures. Thread: worker."""

    separator: Separator
    reader: Reader
    full_s: float = 0.0
    quick_s: dict[int, float] = field(default_factory=dict)
    failures: dict[tuple[bool, int], int] = field(default_factory=dict)
    measured: bool = False

    @staticmethod
    def of(separator: Separator, track: Track) -> "Bench":
        """Return a bench with guessed times. Thread: worker."""
        seconds = separator.call_slots * separator.slot_frames / separator.rate
        return Bench(separator, Reader(track), _GUESS * seconds)

    @property
    def grid(self) -> Grid:
        """Return the sizes the scheduler works with. Thread: any."""
        s = self.separator
        return Grid(s.rate, s.slot_frames, s.call_slots, s.quick_slots, self.reader.reach_frames)

    @property
    def speed(self) -> float:
        """Return seconds of song separated a second; 0 until measured. Thread: any."""
        s = self.separator
        if not self.measured:
            return 0.0
        return s.call_slots * s.slot_frames / s.rate / max(self.full_s, 1e-9)

    def rank(self, store: StemStore, index: int) -> Rank:
        """Return what stands at a slot. Thread: any."""
        slot = store.get(index)
        if slot is None:
            return Rank.MISSING
        if slot.model != self.separator.model_id:
            return Rank.THERE
        if slot.quality is Quality.FULL:
            return Rank.DONE
        call = index // self.separator.call_slots * self.separator.call_slots
        return Rank.DONE if self.failures.get((False, call), 0) >= 2 else Rank.THERE

    def run(self, order: Order, interrupt: Interrupt, call: int) -> list[Slot]:
        """Make the call; return its slots. Thread: worker.

        Raises
        ------
        Cancelled
            Interrupted.
        Undecoded
            It reads beyond what is decoded so far.
        SeparationFailed
            The network raised, or returned what are no numbers.
        """
        separator, reader = self.separator, self.reader
        reader.call_end = (order.first_slot + order.slots) * separator.slot_frames
        begun = time.perf_counter()
        try:
            if order.quick:
                stems = separator.quick_call(reader.read, order.first_slot, order.slots, interrupt)
            else:
                index = order.first_slot // separator.call_slots
                stems = separator.full_call(reader.read, index, interrupt)
        except Cancelled:
            raise
        except DemixError:
            interrupt.check()  # a terminated call is no failure, whatever was raised
            raise
        self._measure(order, time.perf_counter() - begun)
        quality = Quality.QUICK if order.quick else Quality.FULL
        return make_slots(stems, separator, quality, call)

    def _measure(self, order: Order, took_s: float) -> None:
        if order.quick:
            old = self.quick_s.get(order.slots, took_s)
            self.quick_s[order.slots] = old + _SMOOTHING * (took_s - old)
            return
        old = self.full_s if self.measured else took_s
        self.full_s = old + _SMOOTHING * (took_s - old)
        self.measured = True

    def count_failure(self, order: Order) -> int:
        """Note that a call failed; return how often it has. Thread: worker."""
        key = (order.quick, order.first_slot)
        self.failures[key] = self.failures.get(key, 0) + 1
        return self.failures[key]
