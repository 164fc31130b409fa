import os
import struct
import sys

import numpy as np
import pytest
import soundfile as sf

from demixme.audiofile.decode import BLOCK_FRAMES, open_song
from demixme.core.errors import (
    FileEmpty,
    FileMissing,
    FileTruncated,
    FileUnreadable,
    NotAudio,
    UnsupportedAudio,
)
from demixme.core.track import Track
from tests.support import songs


def decoded(path):
    """Return info, all blocks in one, the decoder's count of repaired frames."""
    decoder = open_song(path)
    try:
        blocks = list(decoder.blocks())
        assert all(0 < len(b) <= BLOCK_FRAMES for b in blocks)
        assert len({b.dtype for b in blocks}) == 1
        return decoder.info, np.concatenate(blocks), decoder.repaired_frames
    finally:
        decoder.close()


def as_float(x):
    return x / 32768.0 if x.dtype == np.int16 else x.astype(np.float64)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("name", songs.FORMATS)
def test_every_format_reads_back(tmp_path, name, channels):
    _, subtype, bits, largest = songs.FORMATS[name]
    rate = songs.OPUS_RATE if subtype == "OPUS" else 44100
    x = songs.tune(2.0, rate, channels)
    x = songs.on_grid(x, bits) if bits else x.astype(np.float32)
    info, got, repaired = decoded(songs.make_format(tmp_path, name, x, rate))
    assert (info.rate, info.channels, info.bits) == (rate, channels, bits)
    assert info.frames == len(got) == len(x)
    assert got.shape[1] == 2
    assert got.dtype == (np.int16 if bits in (8, 16) else np.float32)
    want = x if channels == 2 else np.repeat(x, 2, axis=1)
    assert np.abs(as_float(got) - want).max() <= largest
    if channels == 1:
        assert (got[:, 0] == got[:, 1]).all()
    assert repaired == 0


@pytest.mark.parametrize("name", ["vorbis.ogg", "mp3.mp3", "opus.opus", "s16.flac"])
def test_reading_in_blocks_equals_reading_at_once(tmp_path, name):
    path = songs.make_format(tmp_path, name, songs.tune(4.0, 48000), 48000)
    _, got, _ = decoded(path)
    want, _ = sf.read(path, dtype="float32")
    np.testing.assert_array_equal(as_float(got), want)


@pytest.mark.parametrize("frames", [1, 2, BLOCK_FRAMES - 1, BLOCK_FRAMES, BLOCK_FRAMES + 1])
def test_lengths_at_block_edges(tmp_path, frames):
    x = songs.on_grid(songs.tune(3.0)[:frames], 16)
    _, got, _ = decoded(songs.write_song(tmp_path / "a.wav", x))
    np.testing.assert_array_equal(as_float(got), x)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 32000, 44100, 48000, 88200, 96000, 192000])
def test_the_file_keeps_its_own_rate(tmp_path, rate):
    path = songs.write_song(tmp_path / "a.wav", songs.tune(0.1, rate), rate)
    assert decoded(path)[0].rate == rate


@pytest.mark.parametrize("rate", [1000, 7999, 192001, 384000])
def test_other_rates_are_refused(tmp_path, rate):
    path = songs.write_song(tmp_path / "a.wav", songs.tune(0.1, 8000), rate)
    with pytest.raises(UnsupportedAudio, match=str(rate)):
        open_song(path)


def test_too_many_channels_are_refused(tmp_path):
    path = songs.write_song(tmp_path / "a.wav", np.zeros((10, 19)), 44100, "WAV", "PCM_16")
    with pytest.raises(UnsupportedAudio, match="19 channels"):
        open_song(path)


# ---------------------------------------------------------------- what cannot be opened
def test_missing(tmp_path):
    for name in ("no.wav", "no/no.wav", "n" * 300 + ".wav", "nul\0.wav"):
        with pytest.raises(FileMissing):
            open_song(tmp_path / name)
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(FileMissing):
        open_song(tmp_path / "file" / "inside.wav")


def test_folder(tmp_path):
    with pytest.raises(FileUnreadable, match="folder"):
        open_song(tmp_path)


def test_no_permission(open_folder, ordinary_user):
    path = songs.write_song(open_folder / "a.wav", songs.tune(0.1))
    path.chmod(0)
    with pytest.raises(FileUnreadable):
        open_song(path)


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs on Windows")
@pytest.mark.timeout(10)
def test_what_would_hang_is_not_opened(tmp_path):
    fifo = tmp_path / "fifo.wav"
    os.mkfifo(fifo)
    for path in (fifo, "/dev/zero", "/dev/tty"):
        if os.path.exists(path):
            with pytest.raises(FileUnreadable):
                open_song(path)


def test_a_loop_of_links(tmp_path):
    (tmp_path / "a.wav").symlink_to(tmp_path / "b.wav")
    (tmp_path / "b.wav").symlink_to(tmp_path / "a.wav")
    with pytest.raises(FileMissing):
        open_song(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg", "a"])
def test_zero_bytes(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(FileEmpty):
        open_song(tmp_path / name)


@pytest.mark.parametrize("name", ["s16.wav", "s16.aiff", "f32.wav"])
def test_zero_frames(tmp_path, name):
    path = songs.make_format(tmp_path, name, np.zeros((0, 2)))
    with pytest.raises(FileEmpty):
        open_song(path)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


@pytest.mark.parametrize("ending", [".wav", ".mp3", ".flac", ".ogg", ".aiff", ".vox", ".au", ""])
@pytest.mark.parametrize(
    "content", [b"hello, this is text\n" * 400, PNG, b"\0" * 5000, b"RIFF", b"x"]
)
def test_not_audio(tmp_path, ending, content):
    path = tmp_path / ("file" + ending)
    path.write_bytes(content)
    with pytest.raises(NotAudio):
        open_song(path)


@pytest.mark.parametrize("name", songs.FORMATS)
@pytest.mark.parametrize("seed", range(3))
def test_garbage_after_a_good_header_never_escapes_typed_errors(tmp_path, name, seed):
    x = songs.tune(0.5, 48000)
    path = songs.make_format(tmp_path, name, x, 48000)
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    at = int(rng.integers(4, len(data) // 2))
    data[at : at + 500] = rng.bytes(500)
    path.write_bytes(data)
    try:
        _, got, _ = decoded(path)
    except (NotAudio, FileTruncated, FileEmpty, UnsupportedAudio):
        return
    assert np.isfinite(got).all()


# ---------------------------------------------------------------- lengths that lie
def cut_and_decoded(path):
    decoder = open_song(path)
    got = []
    with pytest.raises(FileTruncated) as caught:
        got.extend(decoder.blocks())
    decoder.close()
    got = np.concatenate(got)
    assert caught.value.frames == len(got)
    return got


@pytest.mark.parametrize("name", ["s16.wav", "s24.wav", "f32.wav", "s16.aiff", "s24.aiff"])
def test_a_cut_file_plays_as_far_as_it_goes(tmp_path, name):
    bits = songs.FORMATS[name][2]
    x = songs.tune(4.0)
    x = songs.on_grid(x, bits) if bits else x.astype(np.float32)
    path = songs.cut_file(songs.make_format(tmp_path, name, x), 0.6)
    got = cut_and_decoded(path)
    assert 0.55 * len(x) < len(got) < 0.65 * len(x)
    np.testing.assert_array_equal(as_float(got), x[: len(got)])


def test_a_cut_flac_plays_as_far_as_it_goes(tmp_path):
    x = songs.on_grid(songs.tune(4.0), 16)
    got = cut_and_decoded(songs.cut_file(songs.make_format(tmp_path, "s16.flac", x), 0.6))
    assert len(got) > 0.4 * len(x)
    np.testing.assert_array_equal(as_float(got), x[: len(got)])


@pytest.mark.parametrize("name", ["mp3.mp3", "vorbis.ogg", "opus.opus"])
@pytest.mark.parametrize("keep", [0.4, 0.6, 0.9])
def test_a_cut_lossy_file_plays_as_far_as_it_goes(tmp_path, name, keep):
    path = songs.make_format(tmp_path, name, songs.tune(8.0, 48000), 48000)
    whole = decoded(path)[1]
    got = cut_and_decoded(songs.cut_file(path, keep))
    assert (keep - 0.3) * len(whole) < len(got) < len(whole)
    sure = len(got) - 8000  # the last frames decoded may lack their neighbours
    np.testing.assert_array_equal(got[:sure], whole[:sure])


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFDB])
def test_a_wav_written_into_a_pipe_is_whole(tmp_path, size):
    x = songs.on_grid(songs.tune(0.5), 16)
    path = songs.write_song(tmp_path / "a.wav", x)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[4:8] = data[at : at + 4] = struct.pack("<I", size)
    path.write_bytes(data)
    _, got, _ = decoded(path)
    np.testing.assert_array_equal(as_float(got), x)


def flac_with_total(tmp_path, x, total):
    path = songs.make_format(tmp_path, "s16.flac", x)
    data = bytearray(path.read_bytes())
    # STREAMINFO: 4 magic, 4 block header, 10 sizes, then 20+3+5 bits, then 36 bits of total samples
    packed = int.from_bytes(data[18:26], "big") >> 36 << 36 | total
    data[18:26] = packed.to_bytes(8, "big")
    path.write_bytes(data)
    return path


def test_a_flac_that_does_not_know_its_length(tmp_path):
    x = songs.on_grid(songs.tune(3.0), 16)
    _, got, _ = decoded(flac_with_total(tmp_path, x, 0))
    np.testing.assert_array_equal(as_float(got), x)


def test_a_flac_that_promises_the_moon(tmp_path):
    x = songs.on_grid(songs.tune(3.0), 16)
    path = flac_with_total(tmp_path, x, (1 << 36) - 1)
    np.testing.assert_array_equal(as_float(cut_and_decoded(path)), x)


# ---------------------------------------------------------------- samples that are none
def test_samples_that_are_no_sound_become_zero(tmp_path):
    x = songs.tune(2.0).astype(np.float32)
    bad = [(3, 0, np.nan), (70000, 1, np.inf), (70000, 0, -np.inf), (80001, 1, 1000.5)]
    for frame, channel, value in bad:
        x[frame, channel] = value
    x[5] = (1000.0, -1000.0)  # absurd, but still sound
    _, got, repaired = decoded(songs.write_song(tmp_path / "a.wav", x, subtype="FLOAT"))
    assert repaired == 3
    for frame, channel, _ in bad:
        x[frame, channel] = 0.0
    np.testing.assert_array_equal(got, x)


def test_floats_above_full_scale_stay(tmp_path):
    x = (songs.tune(0.5) * 9).astype(np.float32)
    assert np.abs(x).max() > 2
    _, got, repaired = decoded(songs.write_song(tmp_path / "a.wav", x, subtype="FLOAT"))
    np.testing.assert_array_equal(got, x)
    assert repaired == 0


# ---------------------------------------------------------------- names
@pytest.mark.parametrize("name", songs.ODD_NAMES, ids=ascii)
def test_odd_names(tmp_path, name):
    x = songs.on_grid(songs.tune(0.05), 16)
    try:
        path = songs.write_song(tmp_path / name, x)
    except (OSError, sf.SoundFileError):
        pytest.skip("this system has no such names")
    info, got, _ = decoded(path)
    assert info.path == path
    np.testing.assert_array_equal(as_float(got), x)


def test_a_path_of_300_characters(tmp_path):
    folder = tmp_path
    while len(str(folder)) < 300:
        folder /= "f" * 60
    try:
        folder.mkdir(parents=True)
    except OSError:
        pytest.skip("this system has no such names")
    path = songs.write_song(folder / "a.wav", songs.tune(0.05))
    assert len(decoded(str(path))[1])


# ---------------------------------------------------------------- with the rest of the program
def test_a_track_takes_the_blocks(tmp_path):
    x = songs.on_grid(songs.tune(4.0), 16)
    decoder = open_song(songs.write_song(tmp_path / "a.wav", x))
    track = Track(decoder.info)
    for block in decoder.blocks():
        track.append(block)
    track.finish()
    decoder.close()
    np.testing.assert_array_equal(track.read(0, len(x)), x.astype(np.float32))


def test_closing_ends_the_blocks(tmp_path):
    decoder = open_song(songs.write_song(tmp_path / "a.wav", songs.tune(4.0)))
    blocks = decoder.blocks()
    next(blocks)
    decoder.close()
    assert list(blocks) == []
