"""Songs, models and devices that change while sound runs, through Engine and NullDevice."""

import numpy as np

from demixme.core.errors import DeviceRefused, FileMissing, ModelCorrupt
from demixme.engine import status as said
from demixme.engine.device import StreamFailed
from demixme.engine.nulldevice import NullDevice
from tests.support.liveengine import ArrayDecoder, Stage
from tests.support.livesongs import low_song, steps, tones
from tests.support.separators import KnownStems, four_parts


def test_a_second_song_replaces_the_first_without_a_step_and_a_bad_one_changes_nothing():
    first, second = low_song(), low_song(2.0)
    songs = {
        "a": ArrayDecoder("a", first.mixture, 44100),
        "b": ArrayDecoder("b", second.mixture * np.float32(0.5), 44100),
        "bad": FileMissing("bad"),
    }
    with Stage(songs, {}) as stage:
        stage.engine.open("a")
        stage.engine.play()
        stage.until(lambda s: s.song is not None and s.length_known)
        out = [stage.device.pull(7_001, 512)]
        stage.engine.open("bad")
        stage.until(lambda s: any(isinstance(e, said.SongFailed) for e in stage.events))
        assert stage.status.playing
        out.append(stage.device.pull(7_001, 512))
        stage.engine.open("b")
        stage.engine.play()
        stage.until(lambda s: s.song.path.name == "b")
        out.append(stage.device.pull(12_000, 512))
        steepest = 0.5 * 2 * np.pi * 60 / 44100 + 0.5 / 1102
        assert steps(np.concatenate(out)) <= 1.05 * steepest
        w = stage.delay
        tail = out[-1][w + 1103 + 1 :]
        assert np.abs(tail).max() <= 0.2501
        assert np.abs(tail).max() > 0.2


def test_a_song_plays_while_it_is_decoded_and_waits_where_decoding_is_late():
    x = low_song().mixture
    song = ArrayDecoder("a", x, 44100, estimate=10, gate_frame=40_000)
    with Stage({"a": song}, {}) as stage:
        stage.engine.open("a")
        stage.engine.play()
        stage.until(lambda s: s.song is not None)
        w = stage.delay
        there = -(-40_000 // 4096) * 4096
        stage.until(lambda s: s.track.decoded_frames == there)
        assert not stage.status.length_known
        sound = stage.device.pull(60_000, 512)
        assert np.array_equal(sound[w : there - 1200], x[: there - 1200 - w])
        assert (sound[there + w :] == 0).all()
        assert stage.poll().waiting
        assert stage.status.waits == 1
        song.gate.set()
        stage.until(lambda s: s.length_known)
        assert stage.status.frames == len(x)
        assert np.abs(stage.device.pull(8000, 512)).max() > 0.4
        assert stage.happened(said.DecodingEnded)[0].frames == len(x)


def test_another_model_of_the_same_parts_keeps_the_old_slots_sounding():
    song = tones(4.0)
    old = KnownStems(song, "other", model_id="old", quick_slots=())
    silent = {n: (x if n == "other" else x * np.float32(0.5)) for n, x in song.items()}
    new = KnownStems(silent, "other", model_id="new", quick_slots=())
    new.delay_s = 1.5
    with Stage.of(old) as stage:
        stage.models["new"] = new
        stage.separated()
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.play()
        stage.device.pull(5000, 512)
        stage.engine.set_model("new")
        stage.until(lambda s: s.model == "new")
        heard = stage.device.pull(20_000, 512)
        expected = old.mixture - old.stems["vocals"]
        w = stage.delay
        assert np.abs(heard - expected[5000 - w : 25_000 - w]).max() < 1e-4
        assert stage.poll().waits == 0
        new.delay_s = 0.0
        stage.separated()
        assert stage.status.store.get(0).model == "new"
        stage.engine.seek(90_000)
        stage.device.pull(5000, 512)
        heard = stage.device.pull(20_000, 512)
        at = stage.probe.head.song_frame - 20_000 - w
        expected = old.mixture - new.stems["vocals"]
        assert np.abs(heard - expected[at : at + 20_000]).max() < 1e-4


def test_a_model_of_other_parts_takes_over_and_a_corrupt_one_changes_nothing():
    four = four_parts(3.0)
    names = ("voice", "band")
    two = KnownStems(
        {"voice": four.stems["vocals"], "band": four.mixture - four.stems["vocals"]},
        "band",
        model_id="two",
    )
    assert two.parts.names == names
    with Stage.of(four) as stage:
        stage.models.update(two=two, bad=ModelCorrupt("bad"))
        stage.separated()
        stage.engine.set_strip("vocals", mute=True)
        stage.engine.play()
        stage.device.pull(5000, 512)
        stage.engine.set_model("bad")
        stage.until(lambda s: any(isinstance(e, said.ModelFailed) for e in stage.events))
        assert stage.status.parts == four.parts
        assert stage.status.mix.strips["vocals"].mute
        stage.engine.set_model("two")
        stage.until(lambda s: s.parts == two.parts)
        stage.until(lambda s: s.separated >= 1.0, pull=64)
        stage.engine.set_strip("voice", mute=True)
        stage.device.pull(6000, 512)
        heard = stage.device.pull(10_000, 512)
        at = stage.probe.head.song_frame - 10_000 - stage.delay
        assert np.abs(heard - two.stems["band"][at : at + 10_000]).max() < 1e-4


def test_a_model_that_arrives_while_all_is_equal_is_not_heard():
    four = four_parts(3.0)
    song = ArrayDecoder("a", four.mixture, 44100)
    with Stage({"a": song}, {"known": four}) as stage:
        stage.engine.open("a")
        stage.engine.play()
        stage.until(lambda s: s.song is not None and s.length_known)
        heard = [stage.device.pull(5000, 512)]
        stage.engine.set_model("known")
        stage.until(lambda s: s.store is not None)
        heard.append(stage.device.pull(20_000, 512))
        w = stage.delay
        assert np.array_equal(np.concatenate(heard)[w:], four.mixture[: 25_000 - w])


def test_without_a_device_it_says_so_pauses_and_still_separates():
    device = NullDevice()
    device.refuse = StreamFailed(DeviceRefused("Card", "busy"))
    with Stage.of(four_parts(2.0), device=device) as stage:
        stage.engine.play()
        stage.until(lambda s: not s.playing)
        stage.separated()
        assert stage.happened(said.DeviceFailed)
        device.refuse = None
        stage.engine.play()
        assert np.abs(stage.device.pull(4000)).max() > 0
        assert stage.poll().playing


def test_songs_of_other_rates_follow_each_other():
    a, b = four_parts(2.0, 44100), four_parts(2.0, 48000)
    songs = {
        "a": ArrayDecoder("a", a.mixture, 44100),
        "b": ArrayDecoder("b", b.mixture, 48000),
    }
    with Stage(songs, {}) as stage:
        stage.engine.open("a")
        stage.engine.play()
        stage.until(lambda s: s.song is not None)
        stage.device.pull(3000, 512)
        stage.engine.open("b")
        stage.engine.play()
        stage.until(lambda s: s.song.rate == 48000 and s.length_known)
        assert stage.device.render.rate == 48000
        heard = stage.device.pull(5000, 512)
        w = stage.delay
        assert np.array_equal(heard[w:], b.mixture[: 5000 - w])
