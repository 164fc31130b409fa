"""FFmpeg decodes in a child process: the same song, gapless, and an end to every child."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from demixme import children
from demixme.audiofile import avdecoder, childlimits
from demixme.audiofile.avdecoder import AvDecoder, samples_of
from demixme.audiofile.decode import open_song
from demixme.audiofile.downmix import downmix_matrix
from demixme.audiofile.sndfile import SndFileDecoder
from demixme.core.errors import FileTruncated, NotAudio, UnsupportedAudio
from tests.support import avsongs, songs

FRAMES = 50_123  # no multiple of any packet's length
LATE_FRAMES = 4096  # what an encoder that says nothing about it may put before the song


def decoded(decoder):
    """Return all blocks of an open song in one."""
    try:
        return np.concatenate(list(decoder.blocks()))
    finally:
        decoder.close()


def as_float(x):
    return x / 32768.0 if x.dtype == np.int16 else x.astype(np.float64)


# ---------------------------------------------------------------- the same song
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("name", avsongs.FORMATS)
def test_every_format_reads_back(tmp_path, name, channels):
    _, sample_format, _, largest, gapless = avsongs.FORMATS[name]
    rate = avsongs.rate_of(name)
    x = songs.on_grid(songs.tune(2.0, rate, channels)[:FRAMES], 16)
    decoder = open_song(avsongs.make_format(tmp_path, name, x))
    info, got = decoder.info, as_float(decoded(decoder))
    want = x if channels == 2 else np.repeat(x, 2, axis=1)
    assert (info.rate, info.channels) == (rate, channels)
    assert info.bits == (16 if "s16" in sample_format else 24 if "s32" in sample_format else None)
    if not gapless:
        lost = 2048 if name == "wma.wma" else 0  # its first and last packet are for themselves
        want = want[lost : len(want) - lost]
        late = min(range(LATE_FRAMES), key=lambda at: _unlikeness(got[at:], want))
        got = got[late : late + len(want)]
    assert len(got) == len(want)
    if largest is None:
        assert min(range(-3, 4), key=lambda at: _unlikeness(got[3 + at :], want[3:])) == 0
        assert _unlikeness(got, want) < 0.2
    else:
        assert np.abs(got - want).max() <= largest


def _unlikeness(got, want):
    """Return the error's share of the sound, in a piece from the middle."""
    got, want = got[20_000:24_000], want[20_000:24_000]
    return float(np.sqrt(np.square(got - want).mean() / np.square(want).mean()))


@pytest.mark.parametrize("name", [*songs.FORMATS, "alac.caf"])
def test_both_libraries_give_the_same_length_and_first_sample(tmp_path, name):
    rate = songs.OPUS_RATE if "opus" in name else 44100
    x = songs.tune(2.0, rate)[:FRAMES]
    if name in songs.FORMATS:
        path = songs.make_format(tmp_path, name, x, rate)
    else:
        path = songs.write_song(tmp_path / name, x, rate, "CAF", "ALAC_16")
    ours = as_float(decoded(SndFileDecoder(path, path.stat().st_size)))
    theirs = as_float(decoded(AvDecoder(path)))
    assert len(ours) == len(theirs) == FRAMES
    largest = 1e-4 if songs.FORMATS.get(name, (0, 0, 16, 0))[2] is None else 2.0**-24
    assert np.abs(ours - theirs).max() <= largest


def test_itunes_says_the_length_of_a_song(tmp_path):
    import mutagen.mp4

    x = songs.tune(2.0)[:FRAMES]
    path = avsongs.write(tmp_path / "a.m4a", "aac", x)
    tags = mutagen.mp4.MP4(path)
    tags["----:com.apple.iTunes:iTunSMPB"] = [
        f" 00000000 {1024:08X} {0:08X} {FRAMES - 500:016X} 00000000".encode()
    ]
    tags.save()
    assert len(decoded(open_song(path))) == FRAMES - 500


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 48000, 96000])
def test_the_file_keeps_its_own_rate(tmp_path, rate):
    x = songs.tune(0.5, rate)
    decoder = open_song(avsongs.write(tmp_path / "a.m4a", "aac", x, rate))
    assert decoder.info.rate == rate
    assert len(decoded(decoder)) == len(x)


def test_the_sound_of_a_video(tmp_path):
    x = songs.tune(1.0, 48000)
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width = picture.height = 64
        sound = container.add_stream("aac", rate=48000, layout="stereo")
        for k in range(25):
            image = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 9 * k, np.uint8), "rgb24")
            container.mux(picture.encode(image))
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(x.T, np.float32), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(sound.encode(frame))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    decoder = open_song(path)
    got = decoded(decoder)
    assert len(got) == len(x)
    assert _unlikeness(got, x) < 0.2


# ---------------------------------------------------------------- many channels
@pytest.mark.parametrize("name", ["surround.m4a", "surround.ogg", "surround.opus", "surround.flac"])
def test_more_than_two_channels_come_by_their_names(tmp_path, name):
    rate = 48000
    x = songs.tune(0.5, rate, 6)
    want = x @ downmix_matrix(6).T
    if name.endswith("ogg"):
        # libsndfile knows no layouts: Vorbis has its own order (front, centre, right, back, LFE)
        path = songs.write_song(tmp_path / name, x[:, [0, 2, 1, 4, 5, 3]], rate, "OGG", "VORBIS")
    else:
        codec = {"m4a": "aac", "opus": "libopus", "flac": "flac"}[name.rpartition(".")[2]]
        layout = "5.1(side)" if codec == "flac" else "5.1"
        path = avsongs.write(tmp_path / name, codec, x, rate, layout=layout)
    decoder = open_song(path)
    assert decoder.info.channels == 6
    got = decoded(decoder)
    assert got.dtype == np.float32
    assert len(got) == len(want)
    for side in (0, 1):
        assert np.corrcoef(got[:, side], want[:, side])[0, 1] > 0.97


def test_samples_in_every_form():
    x = np.array([[0.5, -0.25], [0.125, -1.0], [0.0, 0.75]])
    for name, scale, dtype in (
        ("s16", 2**15, "i2"),
        ("s32", 2**31, "i4"),
        ("s64", 2**63, "i8"),
        ("flt", 1, "f4"),
        ("dbl", 1, "f8"),
    ):
        raw = (x * float(scale)).astype(dtype)
        packed = samples_of(raw.tobytes(), name, 2)
        planar = samples_of(np.ascontiguousarray(raw.T).tobytes(), name + "p", 2)
        assert packed.dtype == planar.dtype == (np.int16 if name == "s16" else np.float32)
        np.testing.assert_array_equal(as_float(packed), x)
        np.testing.assert_array_equal(as_float(planar), x)
    np.testing.assert_array_equal(
        as_float(samples_of(b"\x80\xc0\x00\x80", "u8", 2)), [[0, 0.5], [-1, 0]]
    )


# ---------------------------------------------------------------- what is no song
@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:1,\n{song}\n",
        "ffconcat version 1.0\nfile '{song}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 5004 RTP/AVP 0\n",
        "<?xml version='1.0'?><MPD><Period><AdaptationSet><BaseURL>{song}</BaseURL>",
        "# a text",
    ],
)
@pytest.mark.parametrize("ending", ["m4a", "mp4", "m3u8"])
def test_a_text_that_names_another_file_opens_nothing(tmp_path, text, ending):
    song = avsongs.write(tmp_path / "song.ts", "aac", songs.tune(0.3))
    path = tmp_path / f"list.{ending}"
    path.write_text(text.format(song=song), "utf-8")
    with pytest.raises(NotAudio):
        open_song(path)


def test_a_film_without_sound_is_no_song(tmp_path):
    path = tmp_path / "mute.mp4"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width = picture.height = 64
        image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        container.mux(picture.encode(image))
        container.mux(picture.encode(None))
    with pytest.raises(NotAudio):
        open_song(path)


@pytest.mark.parametrize("name", songs.ODD_NAMES)
def test_any_name(tmp_path, name):
    made = avsongs.write(tmp_path / "a.m4a", "aac", songs.tune(0.2))
    odd = os.path.join(
        os.fsencode(tmp_path), name if isinstance(name, bytes) else os.fsencode(name)
    )
    os.replace(made, odd)
    assert len(decoded(open_song(os.fsdecode(odd)))) == len(songs.tune(0.2))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a setting of the system there")
@pytest.mark.parametrize("name", ["aac.m4a", "s16.wav"])
def test_paths_longer_than_260_characters(tmp_path, name):
    folder = tmp_path.joinpath(*["été " * 12] * 6)
    folder.mkdir(parents=True)
    made = avsongs.make_format if name in avsongs.FORMATS else songs.make_format
    path = made(folder, name, songs.tune(0.2))
    assert len(str(path)) > 300
    assert len(decoded(open_song(path))) == len(songs.tune(0.2))


# ---------------------------------------------------------------- the child's life
def _fake(monkeypatch, program):
    """Let this Python program take the child's place."""
    words = [sys.executable, "-c", program]
    monkeypatch.setattr(avdecoder.children, "command", lambda *_: words)


SPEAKING = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from demixme.audiofile.pipe import *
out = sys.stdout.buffer
write_facts(out, INFO, frames=10, codec="x")
write_facts(out, FORMAT, rate=44100, layout=["FL", "FR"], sample_format="flt")
write_message(out, BLOCK, bytes(80))
"""


def test_a_child_that_says_nothing_is_ended(tmp_path, monkeypatch):
    _fake(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(NotAudio, match="no sound for"):
        AvDecoder(tmp_path / "a.m4a", longest_silence_s=0.3)
    assert "demixme-av" not in {t.name for t in threading.enumerate()}


@pytest.mark.parametrize(
    "then",
    [
        "time.sleep(600)",
        "import os; os.abort()",
        "out.write(b'junk' * 100)",
        "write_facts(out, FORMAT, rate='much')",
        "write_facts(out, FORMAT, rate=48000, layout=['FL', 'FR'], sample_format='flt')",
        "write_message(out, END, b'{')",
        "write_facts(out, END, damaged=True, reason='bad')",
        "pass",
    ],
)
def test_whatever_a_child_does_the_song_ends_with_a_sentence(tmp_path, monkeypatch, then):
    _fake(monkeypatch, SPEAKING + then)
    decoder = AvDecoder(tmp_path / "a.m4a", longest_silence_s=0.5)
    with pytest.raises(FileTruncated) as broken:
        list(decoder.blocks())
    decoder.close()
    assert broken.value.frames == 10


@pytest.mark.parametrize(
    "facts",
    [
        "rate=100, layout=['FL'], sample_format='flt'",
        "rate=44100, layout=[], sample_format='flt'",
        "rate=44100, layout=['FL'] * 99, sample_format='flt'",
        "rate=44100, layout=['FL'], sample_format='f16'",
    ],
)
def test_what_cannot_be_played_is_refused(tmp_path, monkeypatch, facts):
    head = SPEAKING[: SPEAKING.index("write_facts(out, FORMAT")]
    _fake(monkeypatch, head + f"write_facts(out, FORMAT, {facts})")
    with pytest.raises(UnsupportedAudio):
        AvDecoder(tmp_path / "a.m4a")


def test_closing_ends_the_child_at_once(tmp_path):
    path = avsongs.write(tmp_path / "a.m4a", "aac", songs.tune(60.0))
    decoder = AvDecoder(path)
    process = decoder._child._process
    next(iter(decoder.blocks()))
    decoder.close()
    assert process.poll() is not None
    assert list(decoder.blocks()) == []
    decoder.close()


def _start_child(path):
    return subprocess.Popen(
        children.command(avdecoder.VERB, str(path)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_the_child_ends_with_its_parent(tmp_path):
    path = avsongs.write(tmp_path / "a.m4a", "aac", songs.tune(60.0))
    with _start_child(path) as child:  # nobody reads what it says, so it waits
        child.stdout.read(1)
        child.stdin.close()
        assert child.wait(20) == 9


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is watched")
def test_the_child_may_not_take_more_than_its_memory(tmp_path):
    code = (
        "import os; from demixme.audiofile import childlimits\n"
        "childlimits.hold_limits(os.fdopen(os.pipe()[0], 'rb'))\n"
        "try:\n    bytearray(1 << 30)\nexcept MemoryError:\n    print('refused')\n"
        "os.write(os.open('x', os.O_CREAT | os.O_WRONLY), b'x')\n"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["refused"]
    assert done.returncode != 0  # a decoder may not write files either
    assert (tmp_path / "x").stat().st_size == 0


def test_memory_that_is_watched(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(childlimits, "memory_bytes", lambda: childlimits.MOST_BYTES + 1)
    monkeypatch.setattr(childlimits.os, "_exit", lambda code: ended.set())
    childlimits._watch_memory()
    assert ended.is_set()
    assert childlimits._Counters._fields_[0][0] == "size"


def test_this_process_knows_its_memory():
    assert 10 << 20 < childlimits.memory_bytes() < 1 << 40
