"""`play`, `devices` and `nulltest` through the real engine, on a card that is none."""

import re
import time

import numpy as np
import pytest

from demixme import nulltest
from demixme.commands import machine, modelchoice, play
from demixme.core.errors import DeviceRefused
from demixme.engine.device import StreamFailed
from demixme.engine.nulldevice import NullDevice
from demixme.engine.status import DeviceInfo
from tests.support.separators import KnownModel, four_parts
from tests.support.songs import write_song

SECONDS = 1.5


class Card(NullDevice):
    outputs = (DeviceInfo("Speakers", "ALSA", 2, default=True), DeviceInfo("USB box", "ALSA", 6))

    def known(self):
        return self.outputs


@pytest.fixture
def known():
    return four_parts(SECONDS)


@pytest.fixture
def song(known, tmp_path):
    return write_song(tmp_path / "song.wav", known.mixture, known.rate, subtype="FLOAT")


@pytest.fixture
def card(known, monkeypatch):
    card = Card(clock=True, keep=True)
    monkeypatch.setattr(machine, "sound_card", lambda: card)
    monkeypatch.setattr(modelchoice, "load", lambda *_, **__: KnownModel(known))
    return card


def heard(card, known):
    """Return what was heard from the song's first frame on, as far as the song went."""
    recorded = card.recorded()
    first = int(np.flatnonzero(np.abs(recorded).max(axis=1))[0])
    return recorded[first : first + len(known.mixture)]


def test_a_song_without_a_mix_needs_no_model_and_is_bit_for_bit(
    demixme, card, song, known, monkeypatch
):
    monkeypatch.setattr(modelchoice, "load", None)
    said = demixme("play", song)
    assert (said.code, said.err) == (0, "song.wav\n")
    mixture = known.mixture[np.flatnonzero(np.abs(known.mixture).max(axis=1))[0] :]
    got = heard(card, known)[: len(mixture)]
    assert len(got) > known.rate
    assert np.array_equal(got, mixture[: len(got)])


def test_a_muted_part_is_not_heard(demixme, card, song, known):
    said = demixme("play", song, "--mute", "Vocals")
    assert said.code == 0
    assert "song.wav: vocals muted" in said.err
    wanted = known.mixture - known.stems["vocals"]
    recorded = card.recorded()
    # the song may be held while its first parts are made: the end of it must be there, unbroken
    tail = wanted[-known.rate // 2 : -known.rate // 10]
    last = int(np.flatnonzero(np.abs(recorded).max(axis=1))[-1]) + 1
    near = recorded[last - len(wanted) : last]
    shift = [k for k in range(-4, 5) if _fits(near, tail, known.rate, k)]
    assert shift


def _fits(near, tail, rate, k):
    first = len(near) - rate // 2 + k
    got = near[first : first + len(tail)]
    return len(got) == len(tail) and np.abs(got - tail).max() < 2e-4


def test_it_stops_after_the_seconds(demixme, card, song):
    began = time.monotonic()
    assert demixme("play", song, "--seconds", "0.3").code == 0
    assert time.monotonic() - began < 10
    assert card.render is None  # closed


def test_an_unknown_part(demixme, card, song):
    said = demixme("play", song, "--mute", "piano")
    assert said.code == 2
    assert "“piano”" in said.err
    assert not np.abs(card.recorded()).any()


def test_the_output_by_a_part_of_its_name(demixme, card, song, monkeypatch):
    wanted = []
    opened = card.open
    monkeypatch.setattr(card, "open", lambda w, *rest: (wanted.append(w), opened(w, *rest)))
    words = ("--device", "usb", "--buffer-ms", "80", "--seconds", "0.1")
    assert demixme("play", song, *words).code == 0
    assert wanted[-1].name == "USB box"
    assert card.buffer_ms == 80.0
    said = demixme("play", song, "--device", "nonsuch")
    assert said.code == 2
    assert "demixme devices" in said.err


def test_no_output_at_all(demixme, card, song, monkeypatch):
    monkeypatch.setattr(Card, "outputs", ())
    for words in (("play", song), ("devices",)):
        said = demixme(*words)
        assert (said.code, said.out) == (4, "")
        assert "There is no sound output" in said.err
        assert len(said.err.splitlines()) == 1
    assert demixme("devices", "--json").answer["kind"] == "NoDevice"


def test_an_output_that_will_not_open(demixme, card, song):
    card.refuse = StreamFailed(DeviceRefused("Speakers", "busy"))
    said = demixme("play", song)
    assert said.code == 1
    assert "“Speakers” would not open (busy)" in said.err


def test_a_song_that_is_none(demixme, card, tmp_path):
    (tmp_path / "text.wav").write_text("no sound" * 100)
    assert "is not audio" in demixme("play", tmp_path / "text.wav").err
    assert "There is no file" in demixme("play", tmp_path / "none.wav").err


def test_ctrl_c_stops_cleanly(demixme, card, song, monkeypatch):
    ticks = []

    def pressed(_seconds):
        ticks.append(1)
        time.sleep(0.01)
        if len(ticks) > 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(play, "_wait", pressed)
    said = demixme("play", song)
    assert said.code == 130
    assert said.err.splitlines()[-1] == "Stopped."
    assert card.render is None


def test_devices_are_a_table(demixme, card):
    said = demixme("devices", "--quiet")
    assert said.out == "*  Speakers  ALSA  stereo\n   USB box   ALSA  6 channels\n"
    listed = demixme("devices", "--json").answer["devices"]
    assert [d["name"] for d in listed] == ["Speakers", "USB box"]
    assert [d["default"] for d in listed] == [True, False]


# ---------------------------------------------------------------- nulltest
def test_the_null_test_passes_and_says_what_it_compared(demixme, card, song):
    said = demixme("nulltest", song, "--quiet")
    assert said.code == 0, said.out
    assert len(re.findall(r"  exact$", said.out, re.MULTILINE)) >= 3
    assert said.out.endswith("passed: it is the song, bit for bit\n")
    answer = demixme("nulltest", song, "--json").answer
    assert answer["ok"] is True
    assert answer["exported"] == answer["before_play"] == answer["while_playing"] == 0.0


def test_a_failed_null_test_is_an_error(demixme, card, song, monkeypatch):
    report = nulltest.NullReport(9, 44100, ("a", "b"), "pcm16", 0.0, 1e-3, 0.0, 9, 0.0)
    monkeypatch.setattr(nulltest, "null_test", lambda *_: report)
    said = demixme("nulltest", song)
    assert said.code == 1
    assert "differs by at most 1.0e-03" in said.out
    assert said.out.endswith("FAILED\n")
