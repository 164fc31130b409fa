"""The render against the formula written out in numpy, without mixer, slots or limiter."""

import numpy as np
import pytest

from demixme.core.errors import Cancelled, InvalidValue, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.core.parts import Parts
from demixme.core.track import SongInfo, Track
from demixme.dsp.limiter import delay_frames
from demixme.dsp.mixer import RAMP_S
from demixme.export.render import render
from demixme.export.slots import DirectSlots
from tests.support import separators

SLOT_STEP = 0.13 / 32767  # half a step of the loudest part's 16 bits, with room for three parts


def rendered(separator, track, mix, **options):
    source = DirectSlots(separator, track.read)
    return np.concatenate(list(render(track, mix, source, **options)))


def gains_by_frame(mix, frames, rate):
    """Return [frames, parts, 2]: every move a straight line of one ramp; moves lie far apart."""
    ramp = max(1, round(RAMP_S * rate))
    out = np.empty((frames, len(mix.parts.names), 2))
    out[:] = mix.segments[0].gains if not mix.breaks or mix.breaks[0] > 0 else mix.at(0).gains
    for frame in mix.breaks:
        if 0 < frame < frames:
            new, old = mix.at(frame).gains, out[frame].copy()
            n = min(ramp, frames - frame)
            out[frame:] = new
            share = (np.arange(n) / ramp)[:, None, None]
            out[frame : frame + n] = old + share * (new - old)
    return out


def by_formula(separator, mix):
    x = np.stack([separator.stems[n] for n in separator.parts.names], 1).astype(np.float64)
    rest = separator.parts.names.index(separator.parts.rest)
    others = np.delete(x, rest, axis=1).sum(axis=1)
    x[:, rest] = separator.mixture - others
    return (x * gains_by_frame(mix, len(x), separator.rate)).sum(axis=1)


MAKERS = {2: separators.two_parts, 4: separators.four_parts, 6: separators.six_parts}


def moved(parts):
    a, b = parts.stored[0], parts.rest
    moves = (
        Move(0, a, Strip(-6.0)),
        Move(30_000, a, Strip(mute=True)),
        Move(40_001, b, Strip(-3.0, pan=0.5)),
        Move(55_555, MASTER, Strip(-2.0)),
        Move(70_000, a, Strip(0.0)),
        Move(10_000_000, b, Strip(mute=True)),  # beyond the end
    )
    return MixState(parts, {b: Strip(-1.0)}, moves=moves)


@pytest.mark.parametrize("count", MAKERS)
@pytest.mark.parametrize("rate", [44100, 48000])
def test_moves_sound_as_the_formula_says(tmp_path, count, rate):
    from tests.export.conftest import loaded

    separator, track = loaded(tmp_path, MAKERS[count](2.5, rate))
    mix = moved(separator.parts)
    got = rendered(separator, track, mix)
    want = by_formula(separator, mix)
    assert len(got) == len(want)
    assert np.abs(want).max() < 0.85  # the limiter rests
    assert np.abs(got - want).max() < SLOT_STEP * count


@pytest.mark.parametrize("block_frames", [1, 64, 512, 1000, 8193])
def test_block_size_never_matters(tmp_path, block_frames):
    from tests.export.conftest import loaded

    seconds = 0.5 if block_frames == 1 else 2.0
    separator, track = loaded(tmp_path, separators.four_parts(seconds, call_slots=2))
    mix = moved(separator.parts).with_master(9.0)  # the limiter works
    want = rendered(separator, track, mix)
    got = rendered(separator, track, mix, block_frames=block_frames)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-6)
    assert len(want) == track.frames


def test_equal_faders_need_no_separation_and_change_nothing(four):
    separator, track = four
    out = np.concatenate(list(render(track, MixState(separator.parts), None)))
    np.testing.assert_array_equal(out, track.read(0, track.frames))
    got = rendered(separator, track, MixState(separator.parts))
    np.testing.assert_array_equal(got, out)
    assert separator.calls == []


def test_only_the_calls_that_matter_are_made(four):
    separator, track = four
    size = separator.call_frames
    frame = size + separator.tail_frames + 2000  # well inside call 1
    last = size * 2 - 8192
    moves = (Move(frame, "vocals", Strip(mute=True)), Move(last, "vocals", Strip()))
    rendered(separator, track, MixState(separator.parts, moves=moves))
    assert [first for _, first, _ in separator.calls] == [separator.call_slots]


@pytest.mark.parametrize("frames", [0, 1, 100, delay_frames(44100), delay_frames(44100) + 1])
def test_a_song_shorter_than_the_limiters_window(frames):
    parts = Parts(("a", "b"), "b")
    track = Track(SongInfo(None, 44100, 2, frames))
    x = np.full((frames, 2), 0.9, np.float32)
    track.append(x)
    track.finish()
    out = np.concatenate(list(render(track, MixState(parts), None)))
    np.testing.assert_array_equal(out, x)


def test_a_song_mastered_to_the_top_passes_bit_for_bit():
    x = np.sign(np.random.default_rng(1).standard_normal((30000, 2))).astype(np.float32)
    x[::7] *= 1.7  # floats above full scale too
    track = Track(SongInfo(None, 44100, 2, len(x)))
    track.append(x)
    track.finish()
    out = np.concatenate(list(render(track, MixState(Parts(("a", "b"), "a")), None)))
    np.testing.assert_array_equal(out, x)


def test_what_is_too_loud_is_limited(four):
    separator, track = four
    mix = MixState(separator.parts, {"vocals": Strip(mute=True), "bass": Strip(10.0)}, 10.0)
    out = rendered(separator, track, mix)
    top = 10 ** (-1 / 20)
    assert np.abs(by_formula(separator, mix)).max() > 1.0
    assert 0.85 < np.abs(out).max() <= top + 1e-6


def test_a_failing_call_is_tried_once_more(tmp_path):
    from tests.export.conftest import loaded

    separator, track = loaded(tmp_path, separators.four_parts(2.0, fail_calls={1: 1}))
    mix = MixState(separator.parts, {"vocals": Strip(mute=True)})
    assert np.abs(rendered(separator, track, mix) - by_formula(separator, mix)).max() < 1e-4


def test_a_call_that_fails_twice_ends_the_export_only_where_it_matters(tmp_path):
    from tests.export.conftest import loaded

    separator, track = loaded(tmp_path, separators.four_parts(3.0, fail_calls={2}))
    with pytest.raises(SeparationFailed):
        rendered(separator, track, MixState(separator.parts, {"vocals": Strip(mute=True)}))
    moves = (Move(0, "vocals", Strip(mute=True)), Move(20_000, "vocals", Strip()))
    out = rendered(separator, track, MixState(separator.parts, moves=moves))
    assert len(out) == track.frames


def test_cancelling_is_heard_at_once(four):
    separator, track = four
    interrupt = Interrupt()
    mix = MixState(separator.parts, {"vocals": Strip(mute=True)})
    blocks = render(track, mix, DirectSlots(separator, track.read), interrupt)
    next(blocks)
    interrupt.set()
    with pytest.raises(Cancelled):
        next(blocks)


def test_what_cannot_be_rendered_is_refused(four):
    separator, track = four
    muted = MixState(separator.parts, {"vocals": Strip(mute=True)})
    with pytest.raises(InvalidValue):
        next(render(track, muted, None))
    other = MixState(Parts(("a", "b"), "b"))
    with pytest.raises(InvalidValue):
        next(render(track, other, DirectSlots(separator, track.read)))
    with pytest.raises(InvalidValue):
        next(render(Track(track.info), MixState(separator.parts), None))


def test_no_more_than_two_calls_are_kept(four):
    separator, track = four
    source = DirectSlots(separator, track.read)
    for index in range(12):
        source.take(index, Interrupt())
        assert len(source._calls) <= 2
    assert len(separator.calls) == 3
