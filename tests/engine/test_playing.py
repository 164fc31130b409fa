"""Live sound through Engine and NullDevice with stems that are known."""

import time

import numpy as np
import pytest

from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.engine import status as said
from tests.support.liveengine import Stage, told_fade_and_gains
from tests.support.livesongs import tones
from tests.support.separators import KnownStems, four_parts, six_parts, two_parts


def moves_of(parts):
    a, b = parts.stored[0], parts.rest
    return MixState(
        parts,
        {},
        0.0,
        (
            Move(20_000, a, Strip(mute=True)),
            Move(20_600, b, Strip(-9.0)),  # within the ramp of the one before
            Move(41_003, b, Strip(2.0, pan=-0.5)),
            Move(60_000, MASTER, Strip(-3.0)),
            Move(77_777, a, Strip(-1.0)),
        ),
    )


def loud(separator):
    """Scale a known song so that its mixture is mastered to exactly 0 dBFS."""
    scale = np.float32(1.0 / np.abs(separator.mixture).max())
    stems = {n: x * scale for n, x in separator.stems.items()}
    again = KnownStems(stems, separator.parts.rest, separator.rate)
    again.mixture = np.clip(again.mixture * np.float32(1.2), -1, 1)
    return again


# ---------------------------------------------------------------- null
@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("mastered", [False, True])
def test_everything_moved_and_restored_before_play_is_the_song_bit_for_bit(rate, mastered):
    separator = four_parts(3.0, rate)
    separator = loud(separator) if mastered else separator
    with Stage.of(separator) as stage:
        stage.separated()
        parts = separator.parts
        stage.engine.set_mix(moves_of(parts).with_strip("drums", level_db=-5.0, pan=0.3))
        stage.engine.set_volume(0.2)
        stage.engine.set_original(True)
        stage.poll()
        stage.engine.set_mix(MixState(parts))
        stage.engine.set_volume(1.0)
        stage.engine.set_original(False)
        stage.engine.play()
        w = stage.delay
        heard = stage.device.pull(len(separator.mixture) + w, 512)
        assert np.abs(separator.mixture).max() > (0.99 if mastered else 0.1)
        assert np.array_equal(heard[w:], separator.mixture)


@pytest.mark.parametrize("rate", [44100, 48000])
def test_moved_and_restored_while_playing_is_exact_from_one_ramp_and_w_after_the_last_move(rate):
    separator = loud(four_parts(3.0, rate))
    with Stage.of(separator) as stage:
        stage.separated()
        engine, parts = stage.engine, separator.parts
        engine.play()
        heard = [stage.device.pull(8000, 500)]
        for part in parts.names:
            engine.set_strip(part, level_db=-7.0, pan=0.4, mute=part == "vocals")
            heard.append(stage.device.pull(777))
        engine.set_master(6.0)
        engine.set_volume(0.5)
        heard.append(stage.device.pull(9000, 512))
        engine.set_mix(MixState(parts))
        engine.set_volume(1.0)
        moved = sum(map(len, heard))
        w = stage.delay
        heard.append(stage.device.pull(len(separator.mixture) + w - moved, 512))
        sound = np.concatenate(heard)[w:]
        settled = moved + round(0.025 * rate)
        assert np.array_equal(sound[settled:], separator.mixture[settled:])
        assert not np.array_equal(sound[8000:settled], separator.mixture[8000:settled])


# ---------------------------------------------------------------- blocks, parts
@pytest.mark.parametrize("make", [two_parts, four_parts, six_parts])
def test_any_block_size_gives_the_same_and_it_is_the_formula(make):
    separator = make(2.2)
    mix = moves_of(separator.parts)
    heard = {}
    for block in (512, 1, 64, 1000, 8193):
        with Stage.of(separator) as stage:
            stage.separated()
            stage.engine.set_mix(mix)
            stage.engine.play()
            heard[block] = stage.device.pull(len(separator.mixture), block)
            parts = len(separator.parts.names)
            song, _, fade, gains = told_fade_and_gains(stage.probe, len(separator.mixture), parts)
            w = stage.delay
            assert stage.status.waits == 0
        stems = np.stack([separator.stems[n] for n in separator.parts.names], 1)
        expected = (gains[:-w] * stems[song[:-w]]).sum(axis=1) * fade[:-w, None]
        assert np.abs(heard[block][w:] - expected).max() < 1e-4
    for block, x in heard.items():
        assert np.abs(x - heard[512]).max() <= 1e-6, block


# ---------------------------------------------------------------- nothing leaks
def leak(stage, separator, heard):
    """Return how far sound is from fade × Σ gains · stems, by what the journal says."""
    names = separator.parts.names
    song, moving, fade, gains = told_fade_and_gains(stage.probe, len(heard), len(names))
    stems = np.stack([separator.stems[n] for n in names], 1)
    stems = np.concatenate([stems, np.zeros((4096, *stems.shape[1:]), np.float32)])
    w = stage.delay
    expected = (gains * stems[np.clip(song, 0, len(stems) - 1)]).sum(axis=1) * fade[:, None]
    return np.abs(heard[w:] - expected[:-w]).max(), fade, moving


def pull_in_time(stage, seconds, block=512):
    """Pull about as fast as a card would, polling meanwhile."""
    rate, out = stage.status.track.rate, []
    due = time.perf_counter()
    for _ in range(round(seconds * rate / block)):
        out.append(stage.device.pull(block))
        stage.poll()
        due += block / rate
        time.sleep(max(0.0, due - time.perf_counter()))
    return np.concatenate(out)


def test_a_muted_part_never_leaks_across_late_slots_seeks_and_loops():
    separator = KnownStems(tones(), "other", delay_s=0.15, quick_slots=(1, 2))
    with Stage.of(separator) as stage:
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.play()
        heard = [pull_in_time(stage, 0.6)]
        stage.engine.seek(5 * 44100)
        heard.append(pull_in_time(stage, 0.6))
        stage.engine.seek(44100)
        stage.engine.set_loop(60_000, 80_000)
        heard.append(pull_in_time(stage, 1.2))
        sound = np.concatenate(heard)
        song, moving, fade, gains = told_fade_and_gains(stage.probe, len(sound), 4)
        names = separator.parts.names
        assert (gains[:, names.index("vocals")] == 0).all()
        # what a wrap's cross-fade sounds like is judged by the loop's own test
        wraps = np.flatnonzero((np.diff(song) < 0) & (moving[1:] == 1) & (fade[1:] == 1))
        assert len(wraps)
        stems = np.stack([separator.stems[n] for n in names], 1)
        expected = (gains * stems[song]).sum(axis=1) * fade[:, None]
        clear = np.ones(len(sound), bool)
        for at in wraps:
            clear[at : at + 500] = False
        w = stage.delay
        difference = np.abs(sound[w:] - expected[:-w])[clear[:-w]]
        assert difference.max() <= 1e-4
        assert stage.poll().waits >= 1
        assert np.abs(sound).max() > 0.05


def test_waits_are_counted_and_the_song_stands_still_meanwhile():
    separator = KnownStems(tones(4.0), "other", delay_s=0.0, quick_slots=())
    separator.delay_s = 0.4
    with Stage.of(separator) as stage:
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.play()
        heard = stage.device.pull(4096, 512)
        assert (heard == 0).all()
        assert stage.poll().waiting
        assert stage.status.waits == 1
        assert stage.status.position_frame == 0
        separator.delay_s = 0.0
        stage.separated()
        w = stage.delay
        heard = stage.device.pull(20_000, 512)
        expected = separator.mixture - separator.stems["vocals"]
        assert np.abs(heard[w:] - expected[: 20_000 - w]).max() < 1e-4
        assert not stage.poll().waiting
        assert stage.status.waits == 1


def test_with_silence_chosen_the_song_goes_on_unheard_until_its_parts_are_there():
    separator = KnownStems(tones(4.0), "other", delay_s=0.4, quick_slots=())
    with Stage.of(separator) as stage:
        stage.engine.set_silent_when_late(True)
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.play()
        assert (stage.device.pull(4096, 512) == 0).all()
        assert stage.poll().waiting
        assert stage.status.waits == 1
        separator.delay_s = 0.0
        stage.separated()
        heard = stage.device.pull(20_000, 512)
        assert not stage.poll().waiting
        expected = separator.mixture - separator.stems["vocals"]
        faded_in = 2 * round(0.025 * 44100)
        sound = heard[stage.delay + faded_in :]
        at = 4096 + faded_in
        assert np.abs(sound - expected[at : at + len(sound)]).max() < 1e-4
        assert stage.status.waits == 1


def test_a_mute_on_a_place_not_separated_leaks_for_one_ramp_only():
    separator = KnownStems(tones(4.0), "other", delay_s=60.0, quick_slots=())
    with Stage.of(separator) as stage:
        stage.engine.play()
        before = stage.device.pull(10_000, 512)
        stage.engine.set_strip("vocals", mute=True)
        after = stage.device.pull(10_000, 512)
        w, ramp = stage.delay, round(0.025 * 44100)
        assert np.array_equal(before[w:], separator.mixture[: 10_000 - w])
        assert (after[w + ramp :] == 0).all()
        assert np.abs(after[:ramp]).max() > 0.01
        stage.engine.set_strip("vocals", mute=False)  # all equal again: no stems needed
        again = stage.device.pull(10_000, 512)
        at = 10_000 + 2 * ramp  # it faded out for one ramp, and in for another
        rest = again[w + ramp :]
        assert np.array_equal(rest, separator.mixture[at : at + len(rest)])
        assert stage.poll().waits == 1


def test_a_failed_call_is_tried_once_more_then_silent_while_gains_differ():
    separator = KnownStems(tones(4.0), "other", quick_slots=(), fail_calls={1})
    with Stage.of(separator) as stage:
        stage.until(lambda s: s.separated >= 1.0)
        assert len(stage.happened(said.SeparationFailedAt)) == 1
        assert separator.calls.count(("full", 4, 4)) == 2
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.play()
        sound = stage.device.pull(100_000, 512)
        error, fade, moving = leak(stage, separator, sound)
        assert error <= 1e-4
        call = slice(32768, 65536)
        song, *_ = told_fade_and_gains(stage.probe, len(sound), 4)
        inside = (song >= call.start) & (song < call.stop)
        assert inside.sum() == 32768  # the song goes on through it
        assert (fade[inside] == 0).all()
        assert (moving > 0).all()
        assert stage.poll().waits == 0
        # all equal: the song is heard there too
        stage.engine.set_strip("vocals", mute=False)
        stage.engine.stop()
        stage.device.pull(4000)
        stage.engine.play()
        w = stage.delay
        assert np.array_equal(stage.device.pull(70_000, 512)[w:], separator.mixture[: 70_000 - w])


def test_a_call_that_fails_once_leaves_no_trace():
    separator = KnownStems(tones(4.0), "other", quick_slots=(), fail_calls={1: 1})
    with Stage.of(separator) as stage:
        stage.separated()
        assert not stage.happened(said.SeparationFailedAt)
        assert stage.status.store.quality_at(5) == 2


def test_equal_gains_never_wait_for_separation():
    separator = four_parts(3.0, delay_s=60.0)
    with Stage.of(separator) as stage:
        stage.engine.set_master(-6.0)
        stage.engine.play()
        w = stage.delay
        stage.device.pull(10_000, 512)
        stage.engine.seek(100_000)
        stage.device.pull(6_000, 512)
        heard = stage.device.pull(5000, 512)
        at = stage.probe.head.song_frame - 5000 - w
        half = separator.mixture[at : at + 5000] * 10 ** (-6 / 20)
        assert np.abs(heard - half).max() < 1e-6
        assert stage.poll().waits == 0
