"""The door to PortAudio, with a stand-in for sounddevice that refuses every thread but its own."""

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from demixme.core.errors import DeviceLost, DeviceRefused, NoDevice
from demixme.engine import device
from demixme.engine import status as said
from demixme.engine.device import SoundCard
from demixme.engine.status import DeviceInfo
from tests.support.liveengine import Stage
from tests.support.separators import four_parts


class PortAudioError(Exception):
    pass


class FakeLibrary:
    """`sounddevice` as far as it is used; streams are pulled by the test."""

    PortAudioError = PortAudioError

    def __init__(self, outputs=("Speakers", "Headphones"), rates=(44100, 48000)):
        self.outputs = list(outputs)
        self.rates = rates
        self.channels = 2
        self.streams = []
        self.threads = set()
        self.initialised = 0
        self.listed = tuple(outputs)
        self.default = SimpleNamespace(device=(-1, 0))

    def _touch(self):
        self.threads.add(threading.current_thread().name)

    def _terminate(self):
        self._touch()

    def _initialize(self):
        self._touch()
        self.initialised += 1
        self.listed = tuple(self.outputs)
        self.default = SimpleNamespace(device=(-1, 0 if self.outputs else -1))

    def query_hostapis(self):
        self._touch()
        return [{"name": "ALSA", "default_output_device": 0 if self.listed else -1}]

    def query_devices(self):
        self._touch()
        return [
            {"name": n, "hostapi": 0, "max_output_channels": self.channels} for n in self.listed
        ]

    def OutputStream(self, **options):
        self._touch()
        name = self.listed[options["device"]]
        if name not in self.outputs:
            raise PortAudioError("device unavailable")
        if options["samplerate"] not in self.rates:
            raise PortAudioError("Invalid sample rate")
        stream = FakeStream(self, options)
        self.streams.append(stream)
        return stream


class FakeStream:
    def __init__(self, library, options):
        self.library, self.options = library, options
        self.latency = options["latency"]
        self.running = False
        self.played_out = False

    def start(self):
        self.library._touch()
        self.running = True

    def stop(self, ignore_errors=True):
        self.library._touch()
        self.played_out = True

    def close(self, ignore_errors=True):
        self.library._touch()
        self.running = False

    def pull(self, frames, underflow=False):
        out = np.zeros((frames, self.options["channels"]), np.float32)
        flags = SimpleNamespace(output_underflow=underflow)
        self.options["callback"](out, frames, None, flags)
        return out


@pytest.fixture
def library():
    return FakeLibrary()


@pytest.fixture
def stage(library):
    with Stage.of(four_parts(2.0), device=SoundCard(library)) as stage:
        stage.until(lambda s: s.device is not None or stage.happened(said.DeviceFailed))
        yield stage


def test_plays_through_the_default_output_from_one_thread_undithered(library, stage):
    assert stage.status.device.name == "Speakers"
    assert stage.status.latency_s == 0.05
    stream = library.streams[-1]
    assert stream.options["dither_off"]
    stage.engine.play()
    w = stage.delay
    assert np.array_equal(stream.pull(3000)[w:], four_parts(2.0).mixture[: 3000 - w])
    stage.engine.set_device(DeviceInfo("Headphones", "ALSA", 2))
    stage.until(lambda s: s.device.name == "Headphones")
    assert not stream.running
    assert library.streams[-1].running
    assert [d.name for d in stage.engine.devices()] == ["Speakers", "Headphones"]
    assert library.threads == {"demixme-portaudio"}


def test_a_stream_fades_out_before_it_is_closed(library, stage, monkeypatch):
    monkeypatch.setattr(device, "_FADE_OUT_S", 20.0)  # this machine may be busy
    stage.engine.play()
    stream = library.streams[-1]
    stream.pull(4000)
    stage.engine.set_buffer_ms(100.0)
    heard = []
    while stream.running:
        heard.append(stream.pull(256))
        time.sleep(0.001)
    sound = np.concatenate(heard)
    assert np.abs(np.diff(sound, axis=0)).max() < 0.05
    assert (sound[-1] == 0).all()
    assert stream.played_out  # else the fade itself is thrown away
    stage.until(lambda s: s.buffer_ms == 100.0 and len(library.streams) == 2)
    assert library.streams[-1].options["latency"] == 0.1
    assert np.abs(library.streams[-1].pull(4000)).max() > 0.05  # it plays on


def test_underruns_are_counted_and_raise_the_buffer_unless_told_not_to(library, stage):
    stream = library.streams[-1]
    stage.engine.set_buffer_growth(False)
    for _ in range(3):
        stream.pull(64, underflow=True)
    assert stage.poll().underruns == 3
    assert stage.status.buffer_ms == 50.0
    stage.engine.set_buffer_growth(True)
    stage.poll()
    for _ in range(2):
        stream.pull(64, underflow=True)
    stage.until(lambda s: s.buffer_ms == 75.0)
    assert stage.happened(said.BufferRaised)


def test_a_mono_output_gets_the_mean(library):
    library.channels = 1
    with Stage.of(four_parts(2.0), device=SoundCard(library)) as stage:
        stage.until(lambda s: s.device is not None)
        stage.engine.play()
        w = stage.delay
        heard = library.streams[-1].pull(9000)
        mean = four_parts(2.0).mixture.mean(axis=1)[: 9000 - w]
        assert heard.shape == (9000, 1)
        assert np.abs(heard[w:, 0] - mean).max() < 1e-6


def test_a_lost_output_pauses_and_says_so_rather_than_play_through_another(library, stage):
    stage.engine.play()
    library.streams[-1].pull(4000)
    library.outputs.remove("Speakers")
    output = stage.engine._output
    output._opened_s -= 10.0  # half a second without a block, long after the opening
    stage.engine._probe.clock = (time.perf_counter() - 1.0, 0)
    stage.until(lambda s: stage.happened(said.DeviceFailed))
    assert not stage.status.playing
    assert isinstance(stage.happened(said.DeviceFailed)[0].error, DeviceLost)
    assert stage.status.device.name == "Headphones"  # offered, silent until play
    stage.engine.play()
    assert np.abs(library.streams[-1].pull(8000)).max() > 0.05


def test_a_stalled_output_that_is_still_there_plays_on(library, stage):
    stage.engine.play()
    library.streams[-1].pull(4000)
    stage.engine._output._opened_s -= 10.0
    stage.engine._probe.clock = (time.perf_counter() - 1.0, 0)
    stage.until(lambda s: len(library.streams) == 2)
    stage.poll()
    assert stage.status.playing
    assert not stage.happened(said.DeviceFailed)
    assert library.initialised >= 2


def test_a_rate_that_is_refused_is_named(library):
    library.rates = (48000,)
    with Stage.of(four_parts(2.0), device=SoundCard(library)) as stage:
        stage.until(lambda s: stage.happened(said.DeviceFailed))
        error = stage.happened(said.DeviceFailed)[0].error
        assert isinstance(error, DeviceRefused)
        assert "44100" in error.reason
        stage.separated()


def test_no_output_at_all_is_no_device(library):
    library.outputs.clear()
    library.listed = ()
    card = SoundCard(library)
    with Stage.of(four_parts(2.0), device=card) as stage:
        stage.until(lambda s: stage.happened(said.DeviceFailed))
        assert isinstance(stage.happened(said.DeviceFailed)[0].error, NoDevice)
        assert stage.engine.devices() == ()


def test_a_missing_portaudio_is_no_device(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sounddevice", None)
    card = SoundCard()
    card.refresh()
    with Stage.of(four_parts(2.0), device=card) as stage:
        stage.until(lambda s: stage.happened(said.DeviceFailed))
        assert isinstance(stage.happened(said.DeviceFailed)[0].error, NoDevice)
