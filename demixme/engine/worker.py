"""The worker: loads models and makes one call after the other, always the one needed most.

It is a job on the process's one worker thread that submits itself again while there is work, so it
blocks nobody and nothing blocks it. What must be known is published in this order: the worker
publishes a fresh Interrupt, then reads Play, then runs; the gui stores Play, then calls `news`,
which sets the Interrupt when the call under way is not what is needed now.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from queue import SimpleQueue
from typing import Any

from demixme.core.errors import Cancelled, DemixError, ModelError, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.lasting import WORKER
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.engine.feed import SlotFeed, is_full
from demixme.engine.graveyard import Graveyard
from demixme.engine.probe import Probe
from demixme.engine.scheduler import LEAD_QUICK, Order, Scene, lead, next_order
from demixme.engine.separating import Bench, Undecoded
from demixme.engine.status import EngineFault, Event, ModelFailed, SeparationFailedAt
from demixme.engine.transport import Play, PlayCell
from demixme.separation.separator import Separator, failed_slot, slot_levels
from demixme.separation.stemstore import Quality, Slot, StemStore


@dataclass(frozen=True)
class ModelLoaded:
    """A model is there; its parts are known."""

    name: str
    parts: Parts


@dataclass(frozen=True)
class StemsPrepared:
    """The model's separator for a song is there, and an empty store on its grid."""

    track: Track
    separator: Separator
    store: StemStore


@dataclass(frozen=True)
class _Task:
    """The call under way, as `news` sees it."""

    interrupt: Interrupt
    track: Track
    order: Order


class Worker:
    """Separates what `cell` asks for; `results` and `events` are drained by the gui's poll."""

    def __init__(
        self,
        cell: PlayCell,
        probe: Probe,
        load_model: Callable[[str], Any],
        limit_bytes: int = 512 << 20,
    ) -> None:
        self.results: SimpleQueue[ModelLoaded | StemsPrepared] = SimpleQueue()
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.running = False  # whether a stream runs: set by the gui, read when burying
        self.bench: Bench | None = None
        self.busy = False
        self._cell = cell
        self._probe = probe
        self._load_model = load_model
        self._limit_bytes = limit_bytes
        self._model: Any = None
        self._old: list[tuple[Any, Separator | None]] = []
        self._feeds: list[SlotFeed] = []
        self._feed_benches: dict[int, Bench] = {}
        self._graveyard = Graveyard()
        self._call_numbers = count(1)
        self._task: _Task | None = None
        self._pending = False
        self._closed = False

    # ------------------------------------------------------------ from the gui
    def load(self, name: str) -> None:
        """Load a model in place of the one that is there. Thread: gui."""
        self._interrupt()
        WORKER.submit(partial(self._guarded, name, partial(self._load, name)))

    def prepare(self, track: Track) -> None:
        """Make the model's separator for a song. Thread: gui."""
        WORKER.submit(partial(self._guarded, "", partial(self._prepare, track)))

    def feed(self, track: Track, store: StemStore) -> SlotFeed | None:
        """Return a new feed for an export, None without a separator. Thread: gui."""
        bench = self.bench
        if bench is None or bench.reader.track is not track:
            return None
        made = SlotFeed(track, bench.separator, store, self.wake)
        self._feeds = [*(f for f in self._feeds if not f.closed), made]
        return made

    def wake(self) -> None:
        """Look again whether there is something to do. Thread: any but audio."""
        if not self._pending and not self._closed:
            self._pending = True
            WORKER.submit(self._step)

    def news(self) -> None:
        """Play has changed: end the call under way if another is needed now. Thread: gui."""
        task, bench, play = self._task, self.bench, self._cell.play
        if task is not None:
            if task.track is not play.track:
                useless = not task.order.for_export
            else:
                useless = self._is_needed_elsewhere(task.order, bench, play)
            if useless:
                task.interrupt.set()
        self.wake()

    def close(self) -> None:
        """End the work, release model and separators; waits for the call under way. Thread: gui."""
        self._closed = True
        for feed in self._feeds:
            feed.close()
        self._interrupt()
        WORKER.submit(self._release)
        WORKER.finish()

    def _interrupt(self) -> None:
        task = self._task
        if task is not None:
            task.interrupt.set()

    def _is_needed_elsewhere(self, order: Order, bench: Bench | None, play: Play) -> bool:
        """Return whether the play head waits, or soon will, for what `order` does not make."""
        if bench is None or play.store is None or not play.needs_stems:
            return False
        scene = self._scene(play, play.store, bench)
        _, missing = lead(scene, bench.grid, LEAD_QUICK * bench.full_s)
        return missing is not None and not order.covers(missing)

    # ------------------------------------------------------------ models
    def _guarded(self, name: str, job: Callable[[], None]) -> None:
        """Do something with a model file, whatever that makes a library raise. Thread: worker."""
        if self._closed:
            return
        try:
            job()
        except DemixError as error:
            self.events.put(ModelFailed(error))
        except Exception as error:  # noqa: BLE001
            self._fault("loading a model")
            self.events.put(ModelFailed(ModelError(name, str(error))))

    def _load(self, name: str) -> None:
        """Thread: worker."""
        model = self._load_model(name)
        self._retire()
        self._model = model
        self.results.put(ModelLoaded(name, model.parts))
        track = self._cell.play.track
        if track is not None:
            self._prepare(track)

    def _prepare(self, track: Track) -> None:
        """Thread: worker."""
        if self._model is None:
            return
        if self.bench is not None and self.bench.reader.track is track:
            return  # asked for twice: by the song's opening and by the model's
        separator = self._model.separator(track.rate)
        self.bench = Bench.of(separator, track)
        store = StemStore(separator.parts, separator.slot_frames, self._limit_bytes)
        self.results.put(StemsPrepared(track, separator, store))

    def _retire(self) -> None:
        """Release models that no export uses any more. Thread: worker."""
        if self._model is not None:
            self._old.append((self._model, self.bench.separator if self.bench else None))
            self._model = self.bench = None
        used = {id(f.separator) for f in self._feeds if not f.closed}
        for entry in [e for e in self._old if id(e[1]) not in used]:
            self._old.remove(entry)
            if entry[1] is not None:
                entry[1].close()
            entry[0].close()

    def _release(self) -> None:
        """Thread: worker."""
        self._feeds = []
        self._retire()
        self._feed_benches.clear()

    # ------------------------------------------------------------ work
    def _step(self) -> None:
        """Make one call, if there is one to make. Thread: worker."""
        self._pending = False
        if self._closed:
            return
        try:
            probe = self._probe.head
            self._graveyard.sweep(probe.output_frame, self._rate(), self.running)
            self.busy = self._one_call()
        except Exception:  # noqa: BLE001  (the worker outlives whatever a call raises)
            self.busy = False
            self._fault("separation")
        if self.busy:
            self.wake()

    def _rate(self) -> int:
        return 48000 if self.bench is None else self.bench.separator.rate

    def _one_call(self) -> bool:
        interrupt = Interrupt()
        play, bench = self._cell.play, self.bench
        feed = next((f for f in self._feeds if f.next_slot() is not None), None)
        at_song = (
            bench is not None
            and play.track is bench.reader.track
            and play.store is not None
            and play.store.parts == bench.separator.parts
            and play.store.slot_frames == bench.separator.slot_frames
        )
        if at_song:
            assert bench is not None
            assert play.store is not None
            shared = feed is not None and feed.separator is bench.separator
            slot = feed.next_slot() if feed is not None and shared else None
            order = next_order(self._scene(play, play.store, bench, slot), bench.grid)
            calm = order is None or order.for_export or not play.needs_stems
            if feed is not None and not shared and calm:
                return self._feed_call(feed, interrupt)
            if order is None:
                return False
            return self._call(order, bench, play.store, interrupt, play.track)
        return feed is not None and self._feed_call(feed, interrupt)

    def _feed_call(self, feed: SlotFeed, interrupt: Interrupt) -> bool:
        """Make a call for an export of another song or model than the one that plays."""
        slot = feed.next_slot()
        if slot is None:
            return False
        key = id(feed)
        bench = self._feed_benches.get(key)
        if bench is None:
            bench = self._feed_benches[key] = Bench.of(feed.separator, feed.track)
        size = feed.separator.call_slots
        order = Order(False, slot // size * size, size, for_export=True)
        return self._call(order, bench, None, interrupt, feed.track)

    def _call(
        self,
        order: Order,
        bench: Bench,
        store: StemStore | None,
        interrupt: Interrupt,
        track: Track | None,
    ) -> bool:
        assert track is not None
        self._task = _Task(interrupt, track, order)
        try:
            # published: whatever Play says from now on reaches `interrupt` through `news`
            play = self._cell.play
            if store is not None and (play.track is not track or play.store is not store):
                return True
            if store is not None and self._is_needed_elsewhere(order, bench, play):
                return True
            slots = bench.run(order, interrupt, next(self._call_numbers))
        except Undecoded:
            return False  # woken by the decoding task
        except Cancelled:
            return True
        except SeparationFailed as error:
            self._failed(order, bench, store, track, error)
            return True
        finally:
            self._task = None
        self._put(order, bench, store, track, slots)
        return True

    def _put(
        self,
        order: Order,
        bench: Bench,
        store: StemStore | None,
        track: Track,
        slots: list[Slot],
    ) -> None:
        """Store a call's slots, drop what must go, hand them to exports."""
        if store is not None:
            for index in order.drop:
                self._bury(store.get(index))
                store.drop(index)
        last = -(-track.frames // bench.separator.slot_frames) if track.complete else None
        for index, slot in enumerate(slots, order.first_slot):
            if last is not None and index >= last:
                break
            if store is not None and order.kept:
                self._store(store, index, slot, bench, track)
            for feed in self._feeds:
                if feed.separator is bench.separator and is_full(slot, feed.model_id):
                    feed.put(index, slot)

    def _store(self, store: StemStore, index: int, slot: Slot, bench: Bench, track: Track) -> None:
        old = store.get(index)
        if old is not None and old.model == slot.model and old.quality > slot.quality:
            return
        size = store.slot_frames
        levels = slot_levels(slot, track.read(index * size, size), bench.separator.parts)
        self._bury(old)
        store.put(index, slot, levels)

    def _failed(
        self,
        order: Order,
        bench: Bench,
        store: StemStore | None,
        track: Track,
        error: SeparationFailed,
    ) -> None:
        """Have the call tried once more; then mark what is still missing there as failed."""
        if bench.count_failure(order) < 2:
            return
        for feed in self._feeds:
            slot = feed.next_slot()
            if feed.separator is bench.separator and slot is not None and order.covers(slot):
                feed.fail(error)
        if store is None:
            return
        number, size = next(self._call_numbers), store.slot_frames
        last = -(-track.frames // size)
        for index in range(order.first_slot, min(last, order.first_slot + order.slots)):
            if store.get(index) is None:
                store.put(index, failed_slot(bench.separator, number))
        if not order.quick:
            first = order.first_slot * size
            self.events.put(SeparationFailedAt(first, order.slots * size, error))

    # ------------------------------------------------------------ what is there
    def _scene(
        self, play: Play, store: StemStore, bench: Bench, export_slot: int | None = None
    ) -> Scene:
        head, track = self._probe.head, play.track
        assert track is not None
        here = head.generation == play.generation
        slot_bytes = _slot_bytes(bench.separator)
        return Scene(
            head_frame=head.song_frame if here else play.target_frame,
            readable_frames=track.decoded_frames,
            complete=track.complete,
            needs_stems=play.needs_stems,
            rank=partial(bench.rank, store),
            full_s=bench.full_s,
            quick_s=bench.quick_s,
            loop=play.loop,
            room_slots=store.limit_bytes // slot_bytes,
            used_slots=store.bytes_used // slot_bytes,
            stored=lambda: (k for k, s in enumerate(store.slots) if s is not None and s.nbytes),
            export_slot=export_slot,
        )

    def _bury(self, slot: Slot | None) -> None:
        self._graveyard.keep(slot, self._probe.head.output_frame)

    def _fault(self, where: str) -> None:
        self.events.put(EngineFault(where, traceback.format_exc()))


def _slot_bytes(separator: Separator) -> int:
    frames = separator.slot_frames + separator.tail_frames
    return frames * len(separator.parts.stored) * 2 * 2


def separated_share(bench: Bench | None, store: StemStore | None, frames: int) -> float:
    """Return the share of a song that stands at full quality, 0…1. Thread: gui."""
    if bench is None or store is None or not frames:
        return 0.0
    slots = -(-frames // store.slot_frames)
    model, full = bench.separator.model_id, Quality.FULL
    there = (s for s in store.slots[:slots] if s is not None and s.model == model)
    done = sum(s.quality is full for s in there)
    given_up = [call for (quick, call), n in list(bench.failures.items()) if n >= 2 and not quick]
    for call in given_up:
        for slot in store.slots[call : min(call + bench.separator.call_slots, slots)]:
            done += slot is not None and slot.model == model and slot.quality is not full
    return done / slots
