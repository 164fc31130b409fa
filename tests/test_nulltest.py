"""The null test passes on the real callback, and finds the smallest fault put into it."""

import numpy as np
import pytest

from demixme import nulltest
from demixme.core.errors import Cancelled, FileMissing
from demixme.core.interrupt import Interrupt
from demixme.engine.nulldevice import NullDevice
from demixme.nulltest import null_test
from tests.support import separators, songs
from tests.support.liveline import LiveLine

MAKERS = {2: separators.two_parts, 4: separators.four_parts, 6: separators.six_parts}


def song(folder, separator, subtype="PCM_16", gain=1.0):
    x = separator.mixture * gain / np.abs(separator.mixture).max()  # mastered to 0 dBFS
    return songs.write_song(folder / "song.wav", x, separator.rate, "WAV", subtype)


@pytest.mark.parametrize("count", MAKERS)
@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_a_song_passes_bit_for_bit(tmp_path, count, rate, subtype):
    separator = MAKERS[count](2.0, rate)
    told = []
    report = null_test(
        song(tmp_path, separator, subtype, gain=1.5 if subtype == "FLOAT" else 1.0),
        "",
        lambda device: LiveLine(device, separator),
        lambda *a: told.append(a),
    )
    assert report.passed
    assert (report.exported, report.before_play, report.while_playing) == (0.0, 0.0, 0.0)
    assert report.stems_sum <= 1e-6
    assert report.encoding == {"PCM_16": "pcm16", "PCM_24": "pcm24"}.get(subtype, "float32")
    assert report.frames == 2 * rate
    assert report.compared_frames > rate
    assert {what for what, _ in told} >= {"reading", "playing", "moving controls"}
    assert all(0 <= share <= 1 for _, share in told)


@pytest.mark.parametrize("frames", [1, 100, 5000, 20000])
def test_short_songs(tmp_path, frames):
    separator = separators.two_parts(1.0)
    path = songs.write_song(tmp_path / "a.wav", separator.mixture[:frames])
    report = null_test(path, "", lambda device: LiveLine(device, separator))
    assert report.passed
    assert report.frames == frames


def test_many_channels_against_their_downmix(tmp_path):
    separator = separators.two_parts(1.0)
    path = songs.write_song(tmp_path / "a.wav", songs.tune(1.0, channels=6))
    assert null_test(path, "", lambda device: LiveLine(device, separator)).passed


class Faulty(NullDevice):
    """Changes one sample by one step of 24 bits, `at` frames after a start."""

    def __init__(self, at):
        super().__init__()
        self.at = at
        self.begun = 0

    def pull(self, frames, block_frames=None):
        out = super().pull(frames, block_frames)
        if 0 <= self.at - self.begun < frames:
            out[self.at - self.begun, 1] += 2.0**-23
        self.begun += frames
        return out


def test_the_smallest_fault_is_found(tmp_path, monkeypatch):
    separator = separators.two_parts(2.0)
    path = song(tmp_path, separator)
    monkeypatch.setattr(nulltest, "NullDevice", lambda: Faulty(30_000))
    report = null_test(path, "", lambda device: LiveLine(device, separator))
    assert report.before_play == pytest.approx(2.0**-23)
    assert report.while_playing == 0.0
    assert not report.passed
    monkeypatch.setattr(nulltest, "NullDevice", lambda: Faulty(88200 + 220 * 5 + 60_000))
    report = null_test(path, "", lambda device: LiveLine(device, separator))
    assert report.before_play == 0.0
    assert report.while_playing == pytest.approx(2.0**-23)
    assert not report.passed


def test_parts_that_do_not_add_up_are_found(tmp_path, monkeypatch):
    separator = separators.two_parts(1.0)
    real = nulltest.export_stems

    def leaky(*args, **options):
        made = real(*args, **options)
        x, rate = songs.read_all(made.paths["voice"])
        x[1000] += 1e-4
        songs.write_song(made.paths["voice"], x, rate, subtype="FLOAT")
        return made

    monkeypatch.setattr(nulltest, "export_stems", leaky)
    report = null_test(song(tmp_path, separator), "", lambda d: LiveLine(d, separator))
    assert report.stems_sum == pytest.approx(1e-4, rel=0.01)
    assert not report.passed


def test_errors_come_through(tmp_path):
    separator = separators.two_parts(1.0)
    with pytest.raises(FileMissing):
        null_test(tmp_path / "no.wav", "", lambda d: LiveLine(d, separator))
    interrupt = Interrupt()
    interrupt.set()
    with pytest.raises(Cancelled):
        null_test(
            song(tmp_path, separator), "", lambda d: LiveLine(d, separator), interrupt=interrupt
        )
