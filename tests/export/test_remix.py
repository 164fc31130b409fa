import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from demixme.core.errors import Cancelled, CannotWrite, FileExists, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState, Strip
from demixme.core.parts import FOUR_PARTS
from demixme.export.remix import export_remix
from demixme.export.slots import DirectSlots
from demixme.export.song import load_song
from tests.export.conftest import loaded
from tests.support import separators, songs


def muted(separator, name="vocals"):
    return MixState(separator.parts, {name: Strip(mute=True)})


def exported(separator, track, mix, path, **options):
    return export_remix(track, mix, DirectSlots(separator, track.read), path, **options)


@pytest.mark.parametrize("rate", [44100, 48000, 22050])
@pytest.mark.parametrize("name", songs.FORMATS)
def test_the_untouched_song_comes_back_bit_for_bit(tmp_path, name, rate):
    if name == "opus.opus" and rate == 44100:
        rate = 24000  # libsndfile knows no Opus at 44.1 kHz
    if name == "opus.opus" and rate == 22050:
        rate = 16000
    x = songs.tune(1.0, rate, level=0.99)  # to full scale
    track = load_song(songs.make_format(tmp_path, name, x, rate)).track
    made = export_remix(track, MixState(FOUR_PARTS), None, tmp_path / "out.wav")
    again = load_song(made.path).track
    bits = songs.FORMATS[name][2]
    assert made.encoding == {8: "pcm16", 16: "pcm16", 24: "pcm24"}.get(bits, "float32")
    assert (again.frames, again.rate) == (track.frames, track.rate)
    np.testing.assert_array_equal(again.read(0, again.frames), track.read(0, track.frames))


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("rate", [8000, 11025, 12345, 32000, 88200, 96000, 192000])
def test_any_rate_comes_back_bit_for_bit_in_wav_and_flac(tmp_path, rate, subtype, channels):
    bits = int(subtype[4:])
    x = songs.on_grid(songs.tune(0.3, rate, channels, level=0.99), bits)
    track = load_song(songs.write_song(tmp_path / "song.wav", x, rate, subtype=subtype)).track
    for suffix in ("wav", "flac"):
        made = export_remix(track, MixState(FOUR_PARTS), None, tmp_path / f"out.{suffix}")
        got, got_rate = songs.read_all(made.path)
        assert (got_rate, made.file_rate, made.encoding) == (rate, rate, f"pcm{bits}")
        np.testing.assert_array_equal(got, x)


@pytest.mark.parametrize("channels", [3, 6, 8])
def test_many_channels_against_their_downmix(tmp_path, channels):
    path = songs.write_song(tmp_path / "song.wav", songs.tune(0.5, channels=channels))
    track = load_song(path).track
    made = export_remix(track, MixState(FOUR_PARTS), None, tmp_path / "out.wav")
    got, _ = songs.read_all(made.path)
    np.testing.assert_array_equal(got, track.read(0, track.frames))


def test_mono_stays_mono_unless_panned(tmp_path):
    x = songs.on_grid(songs.tune(0.5, channels=1), 16)
    track = load_song(songs.write_song(tmp_path / "song.wav", x)).track
    made = export_remix(track, MixState(FOUR_PARTS), None, tmp_path / "one.wav")
    got, _ = songs.read_all(made.path)
    assert made.channels == 1
    np.testing.assert_array_equal(got, x)
    mix = MixState(FOUR_PARTS, {n: Strip(pan=1.0) for n in FOUR_PARTS.names})
    made = export_remix(track, mix, None, tmp_path / "two.wav")
    got, _ = songs.read_all(made.path)
    np.testing.assert_array_equal(got, np.hstack([0 * x, x]))


def test_a_muted_part_is_gone(four, tmp_path):
    separator, track = four
    made = exported(separator, track, muted(separator), tmp_path / "out.wav")
    got, _ = songs.read_all(made.path)
    want = separator.mixture - separator.stems["vocals"]
    assert len(got) == len(want)
    assert np.abs(got - want).max() < 1e-5


@pytest.mark.parametrize("encoding", ["pcm16", "pcm24", "float32"])
def test_the_same_export_twice_is_the_same_file(four, tmp_path, encoding):
    separator, track = four
    digests = set()
    for k in range(2):
        path = tmp_path / f"{k}.wav"
        exported(separator, track, muted(separator), path, encoding=encoding)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
        time.sleep(1.05)
    assert len(digests) == 1


def test_clipping_is_counted(tmp_path):
    x = np.zeros((1000, 2))
    x[100:110] = 1.5
    track = load_song(songs.write_song(tmp_path / "song.wav", x, subtype="FLOAT")).track
    mix = MixState(FOUR_PARTS)
    assert export_remix(track, mix, None, tmp_path / "f.wav").clipped_frames == 0
    made = export_remix(track, mix, None, tmp_path / "i.wav", encoding="pcm16")
    assert made.clipped_frames == 10


def test_progress_is_told(four, tmp_path):
    separator, track = four
    separator.delay_s = 0.05
    told = []
    exported(
        separator, track, muted(separator), tmp_path / "out.wav", progress=lambda *a: told.append(a)
    )
    done, totals, speeds, left = zip(*told, strict=True)
    assert list(done) == sorted(done)
    assert done[-1] == track.frames
    assert set(totals) == {track.frames}
    assert speeds[-1] > 0
    assert left[-1] == 0
    assert any(s > 0 for s in left)


def test_failures_and_cancels_leave_nothing(tmp_path):
    separator, track = loaded(tmp_path, separators.four_parts(3.0, fail_calls={2}))
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(SeparationFailed):
        exported(separator, track, muted(separator), tmp_path / "out.wav")
    interrupt = Interrupt()
    with pytest.raises(Cancelled):
        exported(
            separator,
            track,
            muted(separator),
            tmp_path / "out.wav",
            interrupt=interrupt,
            progress=lambda *_: interrupt.set(),
        )
    assert sorted(os.listdir(tmp_path)) == before


def test_the_song_is_never_written_over(four, tmp_path):
    separator, track = four
    song = tmp_path / "song.wav"
    before = song.read_bytes()
    for overwrite, error in ((False, FileExists), (True, CannotWrite)):
        with pytest.raises((error, CannotWrite)):
            exported(separator, track, muted(separator), song, overwrite=overwrite)
    assert song.read_bytes() == before
    assert separator.calls == []


KILLED = """
import sys, time
from pathlib import Path
from demixme.core.mixstate import MixState
from demixme.core.parts import FOUR_PARTS
from demixme.export.remix import export_remix
from demixme.export.song import load_song
def told(done, *_):
    print(done, flush=True)
    time.sleep(0.2)
export_remix(load_song(sys.argv[1]).track, MixState(FOUR_PARTS), None, sys.argv[2], progress=told,
             overwrite=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
@pytest.mark.parametrize("there", [False, True])
def test_a_killed_export_leaves_the_name_as_it_was(tmp_path, there):
    song = songs.write_song(tmp_path / "song.wav", songs.tune(20.0))
    out = tmp_path / "out.wav"
    if there:
        out.write_bytes(b"what was there")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, song, out], stdout=subprocess.PIPE, text=True
    )
    for _ in range(3):
        assert int(child.stdout.readline()) > 0
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert out.exists() == there
    if there:
        assert out.read_bytes() == b"what was there"
    track = load_song(song).track
    export_remix(track, MixState(FOUR_PARTS), None, tmp_path / "next.wav")
    assert not [n for n in os.listdir(tmp_path) if n.endswith(".part")]


@pytest.mark.parametrize("name", songs.ODD_NAMES, ids=ascii)
def test_odd_names(tmp_path, name):
    song = songs.write_song(tmp_path / name, songs.tune(0.1))
    out = tmp_path / ("o" + Path(name).stem[:100] + ".wav")
    track = load_song(song).track
    made = export_remix(track, MixState(FOUR_PARTS), None, out)
    assert songs.read_all(made.path)[0].shape == (4410, 2)


def test_a_cut_song_is_exported_as_far_as_it_goes(tmp_path):
    song = songs.cut_file(songs.write_song(tmp_path / "song.wav", songs.tune(2.0)), 0.5)
    found = load_song(song)
    assert found.error is not None
    assert found.error.frames == found.track.frames > 40000
    made = export_remix(found.track, MixState(FOUR_PARTS), None, tmp_path / "out.wav")
    assert made.frames == found.track.frames
