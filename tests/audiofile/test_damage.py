"""Damaged files and files in a chain play as far as they can, and say what is wrong with them."""

import numpy as np
import pytest

from demixme.audiofile.avdecoder import AvDecoder
from demixme.audiofile.chains import goes_on
from demixme.audiofile.decode import open_song
from demixme.core.errors import FileTruncated, NotAudio
from tests.support import avsongs, songs

RATE = 48000
SECONDS = 5


def gathered(path):
    """Return the whole song and whether it ended with FileTruncated."""
    decoder, blocks, error = open_song(path), [], None
    try:
        for block in decoder.blocks():
            blocks.append(block)
    except FileTruncated as e:
        error = e
    decoder.close()
    assert len({b.dtype for b in blocks}) == 1
    whole = np.concatenate(blocks)
    assert error is None or error.frames == len(whole)
    return whole / 32768.0 if whole.dtype == np.int16 else whole, error


def make(folder, name, x):
    if name in avsongs.FORMATS:
        return avsongs.make_format(folder, name, x)
    return songs.make_format(folder, name, x, RATE)


def wounded(path, at, size=500):
    """Overwrite `size` bytes of a file at the share `at` of its length."""
    data = bytearray(path.read_bytes())
    first = int(len(data) * at)
    data[first : first + size] = np.random.default_rng(1).bytes(size)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "name", ["s16.flac", "vorbis.ogg", "opus.opus", "mp3.mp3", "opus.webm", "tta.tta", "alac16.m4a"]
)
def test_behind_a_wound_the_song_goes_on(tmp_path, name):
    x = songs.tune(15 if name == "opus.webm" else SECONDS, RATE)  # it finds back after 5 s
    got, error = gathered(wounded(make(tmp_path, name, x), 0.45))
    assert error is not None
    assert len(got) > 0.7 * len(x)
    rate_by_name = avsongs.rate_of(name) if name in avsongs.FORMATS else RATE
    last = got[-rate_by_name:]
    assert np.sqrt(np.square(last).mean()) > 0.5 * np.sqrt(np.square(x).mean())


def test_a_wound_at_the_start_of_a_flac(tmp_path):
    x = songs.on_grid(songs.tune(SECONDS, RATE), 16)
    got, error = gathered(wounded(songs.make_format(tmp_path, "s16.flac", x, RATE), 0.002))
    assert error is not None
    np.testing.assert_array_equal(got[-RATE:], x[-RATE:])


def test_what_was_lost_in_a_lossless_file_is_silence_of_its_length(tmp_path):
    x = songs.on_grid(songs.tune(SECONDS), 16)
    path = wounded(avsongs.make_format(tmp_path, "tta.tta", x), 0.45)
    got, error = gathered(path)
    assert error is not None
    assert len(got) == len(x)
    same = (got == x).all(axis=1)
    assert same.mean() > 0.7
    assert (got[~same] == 0).mean() > 0.9


@pytest.mark.parametrize("name", ["s16.flac", "mp3.mp3", "vorbis.ogg", "opus.opus", "aac.mka"])
def test_a_cut_file_plays_to_the_cut(tmp_path, name):
    x = songs.tune(SECONDS, RATE if name in songs.FORMATS else 44100)
    got, error = gathered(songs.cut_file(make(tmp_path, name, x), 0.5))
    assert error is not None
    assert 0.35 * len(x) < len(got) < 0.65 * len(x)


@pytest.mark.parametrize("name", ["vorbis.ogg", "opus.opus", "mp3.mp3"])
@pytest.mark.parametrize("serial", ["other", "same"])
def test_two_songs_in_one_file_are_played_both(tmp_path, name, serial):
    one, two = songs.tune(2.0, RATE, seed=1), songs.tune(3.0, RATE, seed=2)
    first = songs.make_format(tmp_path, name, one, RATE).read_bytes()
    second = songs.make_format(tmp_path, name, two, RATE).read_bytes()
    path = tmp_path / f"chain.{name}"
    path.write_bytes(first + (second if serial == "other" else first))
    assert goes_on(path, path.stat().st_size)
    got, _ = gathered(path)
    want = len(one) + (len(two) if serial == "other" else len(one))
    assert abs(len(got) - want) < 5000  # the coder's own delay at the seam


@pytest.mark.parametrize("name", songs.FORMATS)
def test_a_song_alone_does_not_go_on(tmp_path, name):
    path = songs.make_format(tmp_path, name, songs.tune(1.0, RATE), RATE)
    assert not goes_on(path, path.stat().st_size)


def test_tags_behind_an_mp3_are_no_second_song(tmp_path):
    path = songs.make_format(tmp_path, "mp3.mp3", songs.tune(1.0, RATE), RATE)
    path.write_bytes(path.read_bytes() + b"APETAGEX" + bytes(9000) + b"TAG" + bytes(125))
    assert not goes_on(path, path.stat().st_size)
    got, _ = gathered(path)
    assert len(got) == RATE


@pytest.mark.parametrize("size", [0, 1, 3, 27, 40, 5000])
@pytest.mark.parametrize("start", [b"OggS", b"OggS\0\2", b"ID3", b"\xff\xfb\x90\x64", b""])
def test_odd_files_are_looked_at_without_harm(tmp_path, start, size):
    path = tmp_path / "a"
    path.write_bytes(start + b"\xff" * size)
    goes_on(path, len(start) + size)


def test_what_ffmpeg_cannot_open_either_keeps_the_first_reason(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(b"fLaC" + bytes(3000))
    with pytest.raises(NotAudio):
        open_song(path)


def test_a_whole_file_says_nothing(tmp_path):
    path = avsongs.make_format(tmp_path, "aac.m4a", songs.tune(1.0))
    decoder = AvDecoder(path)
    list(decoder.blocks())
    decoder.close()
