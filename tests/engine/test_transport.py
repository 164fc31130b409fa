"""Pause, seek, loop and end of song through Engine and NullDevice: lengths kept, nothing steps."""

import numpy as np
import pytest

from demixme.core.errors import InvalidValue
from demixme.engine import status as said
from tests.support.liveengine import Stage, told_fade_and_gains
from tests.support.livesongs import low_song, steps


def test_pause_play_and_seek_never_step():
    separator = low_song()
    with Stage.of(separator) as stage:
        stage.separated()
        engine, out = stage.engine, []
        engine.play()
        out.append(stage.device.pull(10_321, 512))
        engine.pause()
        out.append(stage.device.pull(5_000, 512))
        assert np.abs(out[-1][2000:]).max() == 0
        paused = stage.poll().position_frame
        engine.play()
        out.append(stage.device.pull(9_000, 512))
        engine.seek(100_003)
        out.append(stage.device.pull(9_001, 512))
        engine.seek(3_000)
        out.append(stage.device.pull(300))
        engine.pause()
        out.append(stage.device.pull(300))
        engine.play()
        out.append(stage.device.pull(9_000, 64))
        sound = np.concatenate(out)
        steepest = 0.5 * 2 * np.pi * 60 / 44100 + 0.5 / 1102
        assert steps(sound) <= 1.05 * steepest
        assert paused == 10_321 + round(0.025 * 44100)
        assert stage.status.position_frame > 0


@pytest.mark.parametrize("muted", [False, True])
def test_a_loop_is_exactly_as_long_as_it_says_and_has_no_dip_or_step(muted):
    separator = low_song()
    period = 735
    first, last = 10 * period, 40 * period
    with Stage.of(separator) as stage:
        stage.separated()
        if muted:
            stage.engine.set_strip("vocals", mute=True)
        stage.engine.set_loop(first, last)
        stage.engine.play()
        w = stage.delay
        sound = stage.device.pull(6 * last, 512)[w:]
        scale = 0.75 if muted else 1.0
        endless = separator.mixture[np.arange(len(sound)) % period] * np.float32(scale)
        assert np.abs(sound[period:] - endless[period:]).max() < 1e-4
        song, *_ = told_fade_and_gains(stage.probe, 6 * last, 4)
        wraps = np.flatnonzero(np.diff(song) < 0)
        assert (np.diff(wraps) == last - first).all()
        assert len(wraps) >= 4


def test_a_loop_that_ends_with_the_song_fades_out_instead():
    separator = low_song(1.0)
    with Stage.of(separator) as stage:
        stage.separated()
        stage.engine.set_loop(20_000, 44_100)
        stage.engine.play()
        stage.engine.seek(20_000)
        sound = stage.device.pull(100_000, 512)
        steepest = 0.5 * 2 * np.pi * 60 / 44100 + 0.5 / 1102
        assert steps(sound) <= 1.05 * steepest
        song, *_ = told_fade_and_gains(stage.probe, 100_000, 4)
        wraps = np.flatnonzero(np.diff(song) < 0)
        assert (np.diff(wraps) == 24_100).all()
        assert len(wraps) >= 3
        assert stage.poll().playing


def test_a_play_head_past_the_loop_plays_on_and_a_short_loop_is_refused():
    separator = low_song()
    with Stage.of(separator) as stage:
        stage.engine.seek(50_000)
        stage.engine.set_loop(10_000, 30_000)
        stage.engine.play()
        stage.device.pull(20_000, 512)
        assert stage.probe.head.song_frame > 60_000
        with pytest.raises(InvalidValue):
            stage.engine.set_loop(0, 4000)
        stage.engine.set_loop(None)
        assert stage.poll().loop is None


def test_the_song_ends_on_its_last_frame_and_stands_at_the_start_again():
    separator = low_song(1.0)
    with Stage.of(separator) as stage:
        stage.engine.play()
        w = stage.delay
        sound = stage.device.pull(44_100 + w + 3000, 512)
        assert np.array_equal(sound[w : w + 44_100], separator.mixture)
        assert (sound[w + 44_100 :] == 0).all()
        status = stage.poll()
        assert stage.happened(said.SongEnded)
        assert not status.playing
        assert status.position_frame == 0
        stage.engine.play()
        assert np.array_equal(stage.device.pull(5000)[w:], separator.mixture[: 5000 - w])
