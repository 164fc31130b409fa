"""Lossy files: right, as long as what was written, at a rate the format holds."""

import numpy as np
import pytest

from demixme.audiofile.decode import open_song
from demixme.audiofile.encode import open_writer
from demixme.audiofile.formats import CONTAINERS, default_encoding, rate_in
from demixme.core.track import SongInfo
from demixme.dsp.resample import resampled_frames
from tests.support import songs

LOSSY = ("mp3", "ogg", "opus", "m4a")
LENGTHS = (44_100, 44_101, 30_007, 1_152, 700)


def written(path, x, rate, cut=10**9):
    encoding = CONTAINERS[path.suffix[1:]].encodings[0]
    with open_writer(path, rate, x.shape[1], encoding, frames=len(x)) as writer:
        for at in range(0, len(x), cut):
            writer.write(x[at : at + cut])
        writer.commit()
    return writer


def read(path):
    """Return a file's samples and rate, as a person's next song would be read."""
    decoder = open_song(path)
    try:
        x = np.concatenate(list(decoder.blocks()))
    finally:
        decoder.close()
    return x[:, : decoder.info.channels], decoder.info.rate


def smooth(frames, rate, channels=2):
    t = np.arange(frames) / rate
    tones = [0.4 * np.sin(2 * np.pi * (330 + 110 * k) * t) for k in range(channels)]
    return np.stack(tones, axis=1).astype(np.float32)


def noise_share(got, want):
    """Return the power of the difference as a share of the sound's, away from the ends."""
    inner = slice(len(want) // 8, -len(want) // 8)
    return np.square(got[inner] - want[inner]).mean() / np.square(want[inner]).mean()


@pytest.mark.parametrize("frames", LENGTHS)
@pytest.mark.parametrize("suffix", LOSSY)
def test_what_is_written_is_read_again_to_the_frame(tmp_path, suffix, frames):
    rate = 48000 if suffix == "opus" else 44100
    x = smooth(frames, rate)
    path = tmp_path / f"a.{suffix}"
    written(path, x, rate, cut=5000)
    got, got_rate = read(path)
    assert (got_rate, got.shape) == (rate, x.shape)
    if frames > 10_000:
        assert noise_share(got, x) < 0.002


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 11025, 37800, 44100, 88200, 96000, 192000])
@pytest.mark.parametrize("suffix", LOSSY)
def test_another_rate_where_the_format_lacks_the_songs(tmp_path, suffix, rate, channels):
    x = smooth(rate // 2 + 7, rate, channels)
    path = tmp_path / f"a.{suffix}"
    writer = written(path, x, rate, cut=8192)
    got, got_rate = read(path)
    assert got_rate == writer.rate == rate_in(suffix, rate)
    assert got.shape == (resampled_frames(len(x), rate, got_rate), channels)
    want = smooth(len(got), got_rate, channels)
    assert noise_share(got, want) < (0.03 if rate < 16_000 else 0.002)


@pytest.mark.parametrize(
    ("container", "rate", "want"),
    [
        ("mp3", 44100, 44100),
        ("mp3", 37800, 44100),
        ("mp3", 96000, 48000),
        ("opus", 44100, 48000),
        ("opus", 22050, 24000),
        ("m4a", 96000, 96000),
        ("m4a", 176400, 96000),
        ("ogg", 192000, 192000),
        ("flac", 192000, 192000),
        ("flac", 65_537, 65_540),
        ("wav", 12_345, 12_345),
    ],
)
def test_the_nearest_higher_rate_else_the_highest(container, rate, want):
    assert rate_in(container, rate) == want


def test_a_resampled_flac_takes_whole_numbers_too(tmp_path):
    x = smooth(33_000, 65_537)
    with open_writer(tmp_path / "a.flac", 65_537, 2, "pcm16") as writer:
        for at in range(0, len(x), 8192):
            writer.write_whole(np.rint(x[at : at + 8192] * 32768).astype(np.int32))
        writer.commit()
    got, rate = songs.read_all(tmp_path / "a.flac")
    assert (rate, len(got)) == (65_540, resampled_frames(33_000, 65_537, 65_540))
    assert np.abs(got[1000:-1000] - smooth(len(got), rate)[1000:-1000]).max() < 1e-3


@pytest.mark.parametrize("suffix", LOSSY)
def test_the_same_export_twice_is_the_same_sound(tmp_path, suffix):
    x = smooth(60_000, 48000)
    for name, cut in (("a", 8192), ("b", 999)):
        written(tmp_path / f"{name}.{suffix}", x, 48000, cut)
    a, b = (tmp_path / f"{n}.{suffix}" for n in "ab")
    np.testing.assert_array_equal(read(a)[0], read(b)[0])
    if suffix == "mp3":
        assert a.read_bytes() == b.read_bytes()


@pytest.mark.parametrize("suffix", LOSSY)
def test_what_is_too_loud_is_clipped_not_wrapped(tmp_path, suffix):
    x = 3.0 * smooth(48_000, 48000)
    path = tmp_path / f"a.{suffix}"
    written(path, x, 48000)
    got, _ = read(path)
    assert np.abs(got).max() < 2.0
    assert np.corrcoef(got[4000:-4000, 0], x[4000:-4000, 0])[0, 1] > 0.95


def test_a_lossy_container_has_one_encoding():
    info = SongInfo(songs.Path("a"), 44100, 2, 1, 16)
    assert [default_encoding(info, c) for c in LOSSY] == ["mp3", "vorbis", "opus", "aac"]
