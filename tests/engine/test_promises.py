"""What a person hears of a fader and of a seek: how soon, and that their order changes nothing."""

import numpy as np
import pytest

from demixme.separation.registry import load_model
from demixme.separation.stemstore import Quality
from tests.support import networks
from tests.support.liveengine import ArrayDecoder, Stage
from tests.support.livesongs import tones
from tests.support.separators import KnownStems
from tests.support.songs import tune

RAMP_FRAMES = round(0.025 * 44100)


@pytest.mark.parametrize("block", [64, 512, 1000])
def test_a_fader_is_heard_after_the_limiters_delay_and_is_complete_one_ramp_later(block):
    """Besides what the device keeps, a hand waits for the block under way, W and the ramp."""
    separator = KnownStems(tones(4.0), "other")
    with Stage.of(separator) as stage:
        stage.separated()
        stage.engine.play()
        before = stage.device.pull(20 * block, block)
        stage.engine.set_strip("vocals", mute=True)  # between two blocks: the next one has it
        after = stage.device.pull(RAMP_FRAMES + 10 * block, block)
        w, first = stage.delay, len(before) - stage.delay
        song = separator.mixture[first : first + len(after)]
        without = song - separator.stems["vocals"][first : first + len(after)]
        assert np.array_equal(after[:w], song[:w])
        assert np.abs(after[w : w + 200] - song[w : w + 200]).max() > 1e-3
        assert np.abs(after[w + RAMP_FRAMES :] - without[w + RAMP_FRAMES :]).max() <= 1e-4


class NetworkStage(Stage):
    """A stage with a small network in place of known stems."""

    def _load(self, name):
        return load_model(self.models[name])


def separated_store(path, x, seeks):
    """Return the slots of a song, all of full quality, separated while `seeks` are made."""
    song = ArrayDecoder("song.wav", x, 44100)
    with NetworkStage({"song.wav": song}, {"small": path}) as stage:
        stage.engine.set_model("small")
        stage.engine.open("song.wav")
        stage.until(lambda s: s.store is not None and s.length_known)
        if seeks:
            stage.engine.set_strip("vocals", mute=True)
            stage.engine.play()
        for frame in seeks:
            stage.engine.seek(frame)
            stage.device.pull(256)
            stage.poll()
        stage.separated()
        return stage.status.store.slots[: -(-len(x) // stage.status.store.slot_frames)]


@pytest.mark.parametrize("make", [networks.mask_model, networks.seed_model])
def test_full_slots_are_the_same_whatever_the_order_of_seeks(make, tmp_path):
    path, x = make(tmp_path), tune(8.0).astype(np.float32)
    rng = np.random.default_rng(2)
    in_order = separated_store(path, x, [])
    at_random = separated_store(path, x, [int(f) for f in rng.integers(0, len(x), 12)])
    assert len(in_order) == len(at_random) > 20
    for one, other in zip(in_order, at_random, strict=True):
        assert one.quality is other.quality is Quality.FULL
        difference = one.stems * one.scale[:, None] - other.stems * other.scale[:, None]
        assert np.abs(difference).max() <= 1e-4
