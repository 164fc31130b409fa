"""Which call the worker makes next: a pure function of what is there and where the music plays.

What the play head needs comes first, then what lies ahead, then what lies behind. Thread: worker
(and gui, to see whether the work under way is still the right one).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import chain

from demixme.engine.transport import Loop

LEAD_QUICK = 1.5  # below this many full calls of lead, quick calls fill the gap
LEAD_OTHER = 2.5  # from this lead on the worker may do what the play head does not need
KEEP_S = 10.0  # nothing is dropped so near to play head, target and loop start
BEHIND_COST = 2  # a slot behind counts as twice as far as one ahead


class Rank(IntEnum):
    """What stands at a slot, as the scheduler sees it."""

    MISSING = 0
    THERE = 1  # quick, of another model, or failed and to be tried again: to be replaced
    DONE = 2  # full quality of the wanted model, or failed for good


@dataclass(frozen=True)
class Grid:
    """The separator's sizes. `reach_frames`: how far past its end a call reads."""

    rate: int
    slot_frames: int
    call_slots: int
    quick_slots: tuple[int, ...] = ()
    reach_frames: int = 0


@dataclass(frozen=True)
class Scene:
    """Everything the choice depends on.

    `readable_frames` is how much of the song is decoded; `room_slots` how many slots memory holds;
    `full_s` and `quick_s` how long calls took. `export_slot` is the first slot an export waits for.
    """

    head_frame: int
    readable_frames: int
    complete: bool
    needs_stems: bool
    rank: Callable[[int], Rank]
    full_s: float
    quick_s: Mapping[int, float] = field(default_factory=dict)
    loop: Loop | None = None
    room_slots: int = 1 << 30
    used_slots: int = 0
    stored: Callable[[], Iterator[int]] = lambda: iter(())
    export_slot: int | None = None


@dataclass(frozen=True)
class Order:
    """One call: `slots` slots from `first_slot` on, after dropping others.

    `kept` is False for an export's call that memory has no room for: handed over, not stored.
    """

    quick: bool
    first_slot: int
    slots: int
    for_export: bool = False
    drop: tuple[int, ...] = ()
    kept: bool = True

    def covers(self, slot: int) -> bool:
        """Return whether the call fills `slot`. Thread: any."""
        return self.first_slot <= slot < self.first_slot + self.slots


def lead(scene: Scene, grid: Grid, most_s: float) -> tuple[float, int | None]:
    """Return the seconds that can be played from the play head, and the slot missing behind them.

    Thread: any. Looks no further than `most_s`; the slot is None when nothing is missing until
    there.
    """
    most = int(most_s * grid.rate)
    frames = -(scene.head_frame % grid.slot_frames)
    for slot in _ahead(scene, grid):
        if frames >= most:
            break
        if scene.rank(slot) is Rank.MISSING:
            return max(0, frames) / grid.rate, slot
        frames += grid.slot_frames
    return most_s, None


def next_order(scene: Scene, grid: Grid) -> Order | None:
    """Return the call to make now, or None: then the worker rests. Thread: worker."""
    lead_s, missing = lead(scene, grid, LEAD_OTHER * scene.full_s)
    calm = not scene.needs_stems or missing is None
    if not calm and missing is not None:
        if lead_s < LEAD_QUICK * scene.full_s:
            return _fitting(_urgent(scene, grid, missing, lead_s), scene, grid)
        return _fitting(_full(missing, scene, grid), scene, grid)
    if scene.export_slot is not None:
        order = _full(scene.export_slot, scene, grid, for_export=True)
        if order is not None:
            return _fitting(order, scene, grid) or replace(order, kept=False)
    for slot in chain(_ahead(scene, grid), _behind(scene, grid)):
        if scene.rank(slot) is not Rank.DONE:
            order = _fitting(_full(slot, scene, grid), scene, grid)
            if order is not None:
                return order
            if scene.used_slots + grid.call_slots > scene.room_slots:
                return None  # what is nearest does not fit: nothing farther will
    return None


# ---------------------------------------------------------------- paths
def _slots(scene: Scene, grid: Grid) -> int:
    return -(-scene.readable_frames // grid.slot_frames)


def _ahead(scene: Scene, grid: Grid) -> Iterator[int]:
    """Yield the slots in the order in which they will be played, each once."""
    count, size = _slots(scene, grid), grid.slot_frames
    head = scene.head_frame // size
    loop = scene.loop
    if loop is None or scene.head_frame >= loop.last:
        yield from range(head, count)
        return
    last = min(count, -(-(loop.last + grid.rate // 100) // size))  # its cross-fade belongs to it
    yield from range(head, last)
    yield from range(loop.first // size, min(head, last))
    yield from range(max(last, head), count)


def _behind(scene: Scene, grid: Grid) -> Iterator[int]:
    return iter(range(min(scene.head_frame // grid.slot_frames, _slots(scene, grid)) - 1, -1, -1))


# ---------------------------------------------------------------- calls
def _readable(first_slot: int, slots: int, scene: Scene, grid: Grid) -> bool:
    end = (first_slot + slots) * grid.slot_frames + grid.reach_frames
    return scene.complete or end <= scene.readable_frames


def _full(slot: int, scene: Scene, grid: Grid, for_export: bool = False) -> Order | None:
    first = slot // grid.call_slots * grid.call_slots
    if not _readable(first, grid.call_slots, scene, grid):
        return None
    return Order(False, first, grid.call_slots, for_export)


def _urgent(scene: Scene, grid: Grid, slot: int, lead_s: float) -> Order | None:
    """Return the longest quick call that lands in time, a full one where that is no slower."""
    sizes = [q for q in grid.quick_slots if _readable(slot, q, scene, grid)]
    if not sizes:
        return _full(slot, scene, grid)
    shortest_s = _quick_s(sizes[0], scene, grid)
    full = _full(slot, scene, grid)
    if full is not None and scene.full_s <= max(1.2 * shortest_s, 0.7 * lead_s):
        return full
    in_time = [q for q in sizes if _quick_s(q, scene, grid) <= 0.7 * lead_s]
    return Order(True, slot, in_time[-1] if in_time else sizes[0])


def _quick_s(slots: int, scene: Scene, grid: Grid) -> float:
    """Return how long a quick call takes: measured, else guessed with its context."""
    guess_s = scene.full_s * min(1.0, 1.5 * slots / grid.call_slots)
    return scene.quick_s.get(slots, guess_s)


# ---------------------------------------------------------------- memory
def _fitting(order: Order | None, scene: Scene, grid: Grid) -> Order | None:
    """Return the order with what must be dropped for it; None when it would be dropped first."""
    if order is None:
        return None
    slots = range(order.first_slot, order.first_slot + order.slots)
    added = [_farness(s, scene, grid) for s in slots if scene.rank(s) is Rank.MISSING]
    excess = scene.used_slots + len(added) - scene.room_slots
    if excess <= 0:
        return order
    farthest = max(added, default=0)
    candidates = [
        (_farness(s, scene, grid), s)
        for s in scene.stored()
        if s not in slots and not _protected(s, scene, grid)
    ]
    farther = sorted((c for c in candidates if c[0] > farthest), reverse=True)
    if len(farther) < excess:
        return None
    drop = tuple(s for _, s in farther[:excess])
    return replace(order, drop=drop)


def _farness(slot: int, scene: Scene, grid: Grid) -> int:
    """Return how late a slot will be played, in slots."""
    head = scene.head_frame // grid.slot_frames
    loop = scene.loop
    if loop is not None and scene.head_frame < loop.last:
        first, last = loop.first // grid.slot_frames, loop.last // grid.slot_frames
        if first <= slot <= last and slot < head:
            return last - head + slot - first
    return slot - head if slot >= head else BEHIND_COST * (head - slot)


def _protected(slot: int, scene: Scene, grid: Grid) -> bool:
    reach = int(KEEP_S * grid.rate)
    first, last = slot * grid.slot_frames, (slot + 1) * grid.slot_frames
    places = [scene.head_frame]
    if scene.loop is not None:
        places.append(scene.loop.first)
    return any(first - reach < p < last + reach for p in places)
