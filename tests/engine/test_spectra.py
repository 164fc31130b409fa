"""Spectra: each part's tone where it belongs, after its strip; the sum after master."""

import numpy as np
import pytest

from demixme.core.mixstate import MixState
from demixme.core.parts import FOUR_PARTS
from demixme.engine.spectra import FLOOR_DB, spectra_of
from demixme.engine.transport import Play
from tests.support.liveengine import Stage
from tests.support.separators import four_parts

RATE = 44100


@pytest.fixture(scope="module")
def stage():
    with Stage.of(four_parts(4.0)) as made:
        made.separated()
        yield made


def play_of(stage, mix=None, **changes):
    status = stage.status
    mix = mix or MixState(FOUR_PARTS)
    return Play(track=status.track, store=status.store, mix=mix, playing=True, **changes)


def loudest_hz(spectra, level):
    return float(spectra.bands_hz[int(np.argmax(level))])


def test_each_part_has_its_own_tone(stage):
    spectra = spectra_of(play_of(stage), 2 * RATE)
    for k, name in enumerate(FOUR_PARTS.names):
        level = spectra.parts[name]
        assert loudest_hz(spectra, level) == pytest.approx(110 * (k + 1), rel=0.07)
        assert -40 < level.max() < -15
        assert level[-1] < -70  # nothing at 18 kHz
    assert spectra.total.max() >= max(v.max() for v in spectra.parts.values()) - 0.5
    assert spectra.total.dtype == np.float32


def test_parts_are_seen_after_their_strips_and_the_sum_after_master(stage):
    plain = spectra_of(play_of(stage), 2 * RATE)
    mix = MixState(FOUR_PARTS).with_strip("drums", level_db=-10.0).with_strip("vocals", mute=True)
    moved = spectra_of(play_of(stage, mix.with_master(-6.0)), 2 * RATE)
    assert moved.parts["drums"].max() == pytest.approx(plain.parts["drums"].max() - 10, abs=0.1)
    assert moved.parts["vocals"].max() == FLOOR_DB
    assert moved.parts["bass"].max() == pytest.approx(plain.parts["bass"].max(), abs=0.01)
    assert moved.total.max() == pytest.approx(plain.total.max() - 6.0, abs=0.3)
    untouched = spectra_of(play_of(stage, mix, original=True), 2 * RATE)
    np.testing.assert_allclose(untouched.total, plain.total, atol=0.01)


def test_where_nothing_is_separated_there_is_the_song_alone(stage):
    play = play_of(stage)
    bare = spectra_of(Play(track=play.track, mix=play.mix, playing=True), 2 * RATE)
    assert bare.parts == {}
    np.testing.assert_allclose(bare.total, spectra_of(play, 2 * RATE).total, atol=0.5)
    assert spectra_of(Play(), 0) is None


def test_before_the_song_there_is_silence(stage):
    assert spectra_of(play_of(stage), 0).total.max() == FLOOR_DB


def test_the_engine_gives_spectra_while_it_sounds(stage):
    stage.engine.pause()
    stage.device.pull(8192, 512)
    assert stage.engine.spectra() is None
    stage.engine.play()
    stage.device.pull(RATE, 512)
    spectra = stage.engine.spectra()
    assert set(spectra.parts) == set(FOUR_PARTS.names)
    assert spectra.total.max() > -40
