"""The worker behind an Engine: interrupts, memory, feeds."""

import threading
import time

import numpy as np
import pytest

from demixme.core.errors import Cancelled, ModelMissing, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.engine import status as said
from demixme.separation.stemstore import Quality
from tests.support.liveengine import ArrayDecoder, Stage
from tests.support.separators import KnownStems, known_song

NAMES = ("bass", "drums", "other", "vocals")


def separator_of(seconds=8.0, **options):
    return KnownStems(known_song(NAMES, "other", seconds), "other", **options)


def wait_for(condition, timeout_s=10.0):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_a_seek_ends_the_call_under_way_and_the_new_place_comes_first():
    separator = separator_of(quick_slots=(1,), delay_s=5.0)
    with Stage.of(separator) as stage:
        stage.engine.set_strip("vocals", mute=True)
        wait_for(lambda: separator.calls)
        separator.delay_s = 0.05
        before = len(separator.calls)
        stage.engine.seek(5 * 44100)
        wait_for(lambda: len(separator.calls) > before)
        assert separator.cancelled >= 1
        slot = 5 * 44100 // separator.slot_frames
        assert separator.calls[before] == ("quick", slot, 1)
        wait_for(lambda: stage.status.store.get(slot) is not None)


def test_a_call_that_covers_the_new_target_runs_on():
    separator = separator_of(quick_slots=(1,), delay_s=0.3)
    with Stage.of(separator) as stage:
        wait_for(lambda: separator.calls)
        stage.engine.seek(100)
        stage.engine.set_strip("vocals", mute=True)
        stage.until(lambda s: s.store.quality_at(0) is Quality.FULL)
        assert separator.cancelled == 0
        assert separator.calls[0] == ("full", 0, 4)


def test_a_mute_ends_a_call_that_it_cannot_use():
    separator = separator_of(quick_slots=(1,), delay_s=2.0)
    with Stage.of(separator) as stage:
        wait_for(lambda: separator.calls)
        stage.engine.seek(6 * 44100)  # equal gains: nothing is needed, the call runs on
        time.sleep(0.05)
        assert separator.cancelled == 0
        stage.engine.set_strip("vocals", mute=True)
        wait_for(lambda: separator.cancelled)


def test_memory_stays_bounded_and_what_was_dropped_comes_back():
    separator = separator_of(40.0, quick_slots=())
    slot_bytes = (separator.slot_frames + separator.tail_frames) * 3 * 4
    limit = 130 * slot_bytes
    with Stage.of(separator, store_bytes=limit) as stage:
        store = stage.status.store
        stage.until(lambda s: not s.separating and s.store.bytes_used > limit - 5 * slot_bytes)
        assert store.bytes_used <= limit
        assert store.get(210) is None
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.seek(39 * 44100)
        stage.device.pull(100)
        stage.until(lambda s: s.store.get(210) is not None)
        assert store.bytes_used <= limit
        assert store.levels[0] is not None
        stage.engine.seek(0)
        stage.device.pull(4096)
        stage.until(lambda s: s.store.get(0) is not None)


def test_what_is_replaced_is_kept_for_a_second_of_output():
    with Stage.of(separator_of(3.0)) as stage:
        stage.models["new"] = separator_of(3.0, model_id="new")
        stage.separated()
        stage.engine.set_model("new")
        stage.until(lambda s: s.model == "new")
        stage.separated()
        graveyard = stage.engine._worker._graveyard
        assert len(graveyard) == len(stage.status.store.slots)
        stage.engine.play()
        for _ in range(100):
            stage.device.pull(512)
        stage.until(lambda s: len(graveyard) == 0)


# ---------------------------------------------------------------- export
def taken(feed, slots, interrupt=None):
    return [feed.take(k, interrupt or Interrupt()) for k in slots]


def test_a_feed_hands_out_full_slots_though_memory_cannot_hold_the_song():
    separator = separator_of(20.0, quick_slots=())
    with Stage.of(separator, store_bytes=120 * 8704 * 12 // 2) as stage:
        feed = stage.engine.feed()
        result = []
        task = threading.Thread(target=lambda: result.extend(taken(feed, range(108))))
        task.start()
        stage.until(lambda s: not task.is_alive())
        feed.close()
        made = np.concatenate([s.stems[:8192] * s.scale[:, None] for s in result])[: 20 * 44100]
        for k, name in enumerate(separator.parts.stored):
            assert np.abs(made[:, k] - separator.stems[name]).max() < 1e-4
        assert all(s.quality is Quality.FULL for s in result)
        assert stage.status.store.bytes_used <= stage.status.store.limit_bytes


def test_a_feed_goes_on_with_its_own_model_and_song():
    old = separator_of(4.0, model_id="old", delay_s=0.1)
    new = KnownStems(
        {n: x * np.float32(0.5) for n, x in old.stems.items()}, "other", model_id="new"
    )
    with Stage.of(old) as stage:
        stage.models["new"] = new
        stage.songs["b"] = ArrayDecoder("b", new.mixture, 44100)
        feed = stage.engine.feed()
        stage.engine.set_model("new")
        stage.until(lambda s: s.model == "new")
        stage.engine.open("b")
        stage.until(lambda s: s.song.path.name == "b")
        slots = taken(feed, range(22))
        assert {s.model for s in slots} == {"old"}
        feed.close()
        stage.separated()
        assert stage.status.store.get(0).model == "new"


def test_a_feed_ends_with_an_error_where_a_call_fails_twice():
    separator = separator_of(4.0, quick_slots=(), fail_calls={2})
    with Stage.of(separator) as stage:
        feed = stage.engine.feed()
        with pytest.raises(SeparationFailed):
            taken(feed, range(22))
        feed.close()


def test_a_feed_can_be_cancelled_and_ends_with_the_engine():
    separator = separator_of(4.0, delay_s=30.0)
    with Stage.of(separator) as stage:
        feed = stage.engine.feed()
        interrupt = Interrupt()
        threading.Timer(0.1, interrupt.set).start()
        with pytest.raises(Cancelled):
            feed.take(0, interrupt)
        threading.Timer(0.1, feed.close).start()
        with pytest.raises(Cancelled):
            feed.take(0, Interrupt())


def test_there_is_no_feed_without_song_or_model():
    with Stage({}, {}) as stage, pytest.raises(ModelMissing):
        stage.engine.feed()


def test_a_separator_that_breaks_in_an_unforeseen_way_is_told_and_survived():
    separator = separator_of(3.0, quick_slots=())
    whole = separator.compute
    broken = {"left": 1}

    def compute(*arguments):
        if broken["left"]:
            broken["left"] -= 1
            raise RuntimeError("out of memory")
        return whole(*arguments)

    separator.compute = compute
    with Stage.of(separator) as stage:
        stage.until(lambda s: stage.happened(said.EngineFault))
        stage.separated()
