"""The choice of the next call: properties that hold for any song, place and time."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from demixme.engine.scheduler import (
    KEEP_S,
    LEAD_OTHER,
    LEAD_QUICK,
    Grid,
    Rank,
    Scene,
    lead,
    next_order,
)
from demixme.engine.transport import Loop

SIZE = 8192
GRID = Grid(44100, SIZE, 4, (1, 2))


class Store:
    """Ranks by slot, filled as a worker would."""

    def __init__(self, slots):
        self.ranks = [Rank.MISSING] * slots

    def rank(self, index):
        return self.ranks[index] if index < len(self.ranks) else Rank.MISSING

    def make(self, order):
        for index in order.drop:
            self.ranks[index] = Rank.MISSING
        for index in range(order.first_slot, order.first_slot + order.slots):
            if index < len(self.ranks):
                better = Rank.THERE if order.quick else Rank.DONE
                self.ranks[index] = max(self.ranks[index], better)

    @property
    def used(self):
        return sum(r > 0 for r in self.ranks)

    def stored(self):
        return (k for k, r in enumerate(self.ranks) if r)


def scene_of(store, **changes):
    told = {
        "head_frame": 0,
        "readable_frames": len(store.ranks) * SIZE,
        "complete": True,
        "needs_stems": True,
        "rank": store.rank,
        "full_s": 0.3,
        "used_slots": store.used,
        "stored": store.stored,
    }
    return Scene(**{**told, **changes})


slots = st.integers(1, 120)
ranks = st.lists(st.sampled_from(list(Rank)), min_size=1, max_size=120)


@st.composite
def scenes(draw):
    store = Store(0)
    store.ranks = draw(ranks)
    frames = len(store.ranks) * SIZE
    loop = None
    if draw(st.booleans()) and frames > 20_000:
        first = draw(st.integers(0, frames - 10_000))
        loop = Loop(first, draw(st.integers(first + 4410, frames)))
    complete = draw(st.booleans())
    return store, scene_of(
        store,
        head_frame=draw(st.integers(0, frames - 1)),
        needs_stems=draw(st.booleans()),
        complete=complete,
        readable_frames=frames if complete else draw(st.integers(0, frames)),
        full_s=draw(st.floats(0.01, 3.0)),
        loop=loop,
        export_slot=draw(st.none() | st.integers(0, len(store.ranks) - 1)),
    )


@given(scenes())
def test_every_order_is_a_call_that_can_be_made_and_does_something(drawn):
    store, scene = drawn
    order = next_order(scene, GRID)
    if order is None:
        if scene.complete:
            assert all(r is Rank.DONE for r in store.ranks)
            assert scene.export_slot is None
        return
    first, last = order.first_slot, order.first_slot + order.slots
    assert 0 <= first < len(store.ranks)
    assert scene.complete or last * SIZE <= scene.readable_frames
    if order.quick:
        assert order.slots in GRID.quick_slots
        assert store.rank(first) is Rank.MISSING
    else:
        assert first % GRID.call_slots == 0
        assert order.slots == GRID.call_slots
    if not order.for_export:
        assert any(store.rank(k) is not Rank.DONE for k in range(first, last))


@given(scenes())
def test_while_the_play_head_is_short_of_stems_nothing_else_is_made(drawn):
    _, scene = drawn
    order = next_order(scene, GRID)
    lead_s, missing = lead(scene, GRID, LEAD_OTHER * scene.full_s)
    if order is None or not scene.needs_stems or missing is None:
        return
    assert order.covers(missing)
    assert not order.for_export
    if order.quick:
        assert lead_s < LEAD_QUICK * scene.full_s


@given(slots, st.integers(0, 119), st.booleans(), st.booleans())
def test_a_song_is_done_in_the_end_and_no_full_call_is_made_twice(count, head, needs, looped):
    store = Store(count)
    head = min(head, count - 1)
    loop = Loop(head * SIZE // 2, head * SIZE + SIZE) if looped else None
    made = []
    while True:
        scene = scene_of(store, head_frame=head * SIZE, needs_stems=needs, loop=loop)
        order = next_order(scene, GRID)
        if order is None:
            break
        store.make(order)
        made.append(order)
        assert len(made) <= 4 * count
    assert all(r is Rank.DONE for r in store.ranks)
    full = [o.first_slot for o in made if not o.quick]
    assert len(full) == len(set(full))
    assert needs or not any(o.quick for o in made)


def test_first_after_a_jump_comes_a_quick_call_then_longer_ones_then_full_ones():
    store = Store(60)
    kinds = []
    for _ in range(6):
        order = next_order(scene_of(store, head_frame=22 * SIZE, full_s=0.6), GRID)
        kinds.append((order.quick, order.first_slot, order.slots))
        store.make(order)
    assert kinds[0] == (True, 22, 1)
    assert not kinds[-1][0]
    lengths = [slots for quick, _, slots in kinds if quick]
    assert lengths == sorted(lengths)
    covered = {s for _, first, n in kinds for s in range(first, first + n)}
    assert set(range(22, 27)) <= covered


def test_with_equal_gains_there_are_full_calls_from_the_head_on_then_behind():
    store = Store(20)
    made = []
    while order := next_order(scene_of(store, head_frame=9 * SIZE, needs_stems=False), GRID):
        store.make(order)
        made.append(order.first_slot)
    assert made == [8, 12, 16, 4, 0]


def test_a_loop_is_gone_round_before_anything_else():
    store = Store(40)
    made = []
    loop = Loop(8 * SIZE, 17 * SIZE)
    while order := next_order(
        scene_of(store, head_frame=13 * SIZE, needs_stems=False, loop=loop), GRID
    ):
        store.make(order)
        made.append(order.first_slot)
    assert made[:3] == [12, 16, 8]
    assert made[3] == 20


def test_an_export_waits_for_a_lead_but_not_where_no_stems_are_needed():
    store = Store(40)
    scene = scene_of(store, export_slot=30)
    assert not next_order(scene, GRID).for_export
    assert next_order(replace(scene, needs_stems=False), GRID).for_export
    for k in range(8):
        store.ranks[k] = Rank.DONE
    order = next_order(scene, GRID)
    assert order.for_export
    assert order.first_slot == 28


@given(st.integers(0, 299), st.integers(120, 200), st.booleans())
def test_memory_is_bounded_and_what_is_near_is_never_dropped(head, room, needs):
    store = Store(300)
    keep = int(KEEP_S * 44100)
    for _ in range(2):  # the second time somewhere else
        for _ in range(400):
            scene = scene_of(store, head_frame=head * SIZE, needs_stems=needs, room_slots=room)
            order = next_order(scene, GRID)
            if order is None:
                break
            for index in order.drop:
                assert abs(index * SIZE - head * SIZE) >= keep - SIZE
            store.make(order)
            assert store.used <= room
        else:
            raise AssertionError("never rests")
        assert store.used > room - 4 * GRID.call_slots
        assert store.rank(head) is Rank.DONE
        head = 299 - head


def test_what_is_not_decoded_yet_is_not_ordered():
    store = Store(40)
    scene = scene_of(store, complete=False, readable_frames=10 * SIZE, full_s=1.0)
    grid = replace(GRID, reach_frames=SIZE)
    made = []
    while order := next_order(scene, grid):
        store.make(order)
        made.append(order)
    assert max(o.first_slot + o.slots for o in made) == 9
