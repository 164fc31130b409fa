"""Tags and cover go from a song into what is made of it, and nothing that would be false."""

import errno
import os
import shutil

import mutagen
import numpy as np
import pytest
from mutagen import flac, id3, mp3, mp4, wave

from demixme.audiofile import encode, partfile, tagcopy
from demixme.audiofile.encode import open_writer
from demixme.audiofile.formats import CONTAINERS
from demixme.audiofile.tagcopy import FIELDS, Cover, Tags, read_all_tags
from tests.support import songs

TEXTS = {
    "title": ("Söng – 夜",),
    "artist": ("One", "Two"),
    "album": ("Album",),
    "albumartist": ("Various",),
    "track": ("3/12",),
    "disc": ("1/2",),
    "date": ("2019-05-01",),
    "genre": ("Funk",),
    "composer": ("C",),
    "comment": ("said so",),
    "lyrics": ("la\nla",),
}
PICTURE = b"\x89PNG\r\n" + bytes(range(256)) * 20
ALL = Tags(TEXTS, Cover("image/png", PICTURE))
X = songs.tune(0.5, 48000).astype(np.float32)


def written(path, tags, **options):
    encoding = CONTAINERS[path.suffix[1:]].encodings[0]
    with open_writer(path, 48000, 2, encoding, tags=tags, **options) as writer:
        writer.write(X)
        writer.commit()
    return writer


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_every_field_and_the_cover_are_read_again(tmp_path, suffix):
    plain, path = tmp_path / f"plain.{suffix}", tmp_path / f"a.{suffix}"
    written(plain, None)
    assert not written(path, ALL).tags_lost
    found = read_all_tags(path)
    assert dict(found.texts) == TEXTS
    assert found.cover == ALL.cover
    assert sorted(os.listdir(tmp_path)) == [path.name, plain.name]
    if suffix != "m4a":
        np.testing.assert_array_equal(songs.read_all(path)[0], songs.read_all(plain)[0])


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3"])
def test_the_same_tags_give_the_same_bytes(tmp_path, suffix):
    for name in "ab":
        written(tmp_path / f"{name}.{suffix}", ALL)
    a, b = (tmp_path / f"{n}.{suffix}" for n in "ab")
    assert a.read_bytes() == b.read_bytes()


def test_what_would_be_false_of_a_remix_stays_behind(tmp_path):
    path = tmp_path / "a.mp3"
    written(path, Tags({"title": ("T",)}))
    file = mp3.MP3(path)
    for frame in (
        id3.COMM(lang="eng", desc="iTunSMPB", text=["00000000 00000210"]),
        id3.COMM(lang="eng", desc="iTunNORM", text=["0000"]),
        id3.TXXX(desc="REPLAYGAIN_TRACK_GAIN", text=["-7 dB"]),
        id3.TXXX(desc="Acoustid Id", text=["x"]),
        id3.TLEN(text=["1000"]),
        id3.TSRC(text=["XX0000000000"]),
        id3.TSSE(text=["an encoder"]),
        id3.UFID(owner="http://musicbrainz.org", data=b"x"),
    ):
        file.tags.add(frame)
    file.save()
    assert dict(read_all_tags(path).texts) == {"title": ("T",)}
    written(tmp_path / "b.mp3", read_all_tags(path))
    assert list(mp3.MP3(tmp_path / "b.mp3").tags) == ["TIT2"]


def test_itunes_own_figures_in_an_m4a_stay_behind(tmp_path):
    path = tmp_path / "a.m4a"
    written(path, Tags({"title": ("T",)}))
    file = mp4.MP4(path)
    file["----:com.apple.iTunes:iTunSMPB"] = [b"00000000"]
    file["\xa9too"] = ["an encoder"]
    file.save()
    written(tmp_path / "b.m4a", read_all_tags(path))
    assert [k for k in mp4.MP4(tmp_path / "b.m4a").tags if k != "\xa9too"] == ["\xa9nam"]


def test_other_spellings_are_understood(tmp_path):
    path = tmp_path / "a.flac"
    written(path, Tags({"title": ("T",)}))
    file = flac.FLAC(path)
    file.update({"TRACKNUMBER": ["4"], "TOTALTRACKS": ["9"], "DESCRIPTION": ["words"]})
    file.save()
    found = read_all_tags(path).texts
    assert (found["track"], found["comment"]) == (("4/9",), ("words",))


def test_a_wavs_own_list_of_words_is_read(tmp_path):
    path = tmp_path / "a.wav"
    with songs.sf.SoundFile(path, "w", 44100, 1, "PCM_16") as file:
        file.title, file.artist = "T", "A"
        file.write(np.zeros(10))
    found = read_all_tags(path).texts
    assert (found["title"], found["artist"]) == (("T",), ("A",))


def test_a_title_takes_what_the_name_says_more():
    assert ALL.titled("(no vocals)").texts["title"] == ("Söng – 夜 (no vocals)",)
    assert ALL.titled("") is ALL
    assert Tags({}).titled("(x)").texts == {}


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_a_failure_costs_the_tags_and_never_the_export(tmp_path, suffix, monkeypatch):
    written(tmp_path / f"plain.{suffix}", None)

    def broken(path, tags):
        path.write_bytes(b"half of it")
        raise mutagen.MutagenError

    monkeypatch.setattr(tagcopy, "_WRITERS", dict.fromkeys(CONTAINERS, broken))
    assert written(tmp_path / f"a.{suffix}", ALL).tags_lost
    assert sorted(os.listdir(tmp_path)) == [f"a.{suffix}", f"plain.{suffix}"]
    a, plain = ((tmp_path / f"{n}.{suffix}").read_bytes() for n in ("a", "plain"))
    assert len(a) == len(plain)
    assert a[:4] == plain[:4]


def test_no_room_for_the_copy_costs_the_tags_only(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(partfile.shutil, "copyfile", full)
    assert written(tmp_path / "a.flac", ALL).tags_lost
    assert read_all_tags(tmp_path / "a.flac").texts == {}
    assert os.listdir(tmp_path) == ["a.flac"]


def test_covers_have_a_limit(tmp_path, monkeypatch):
    written(tmp_path / "a.mp3", ALL)
    monkeypatch.setattr(tagcopy, "MOST_COVER_BYTES", len(PICTURE) - 1)
    found = read_all_tags(tmp_path / "a.mp3")
    assert found.cover is None
    assert dict(found.texts) == TEXTS


def test_a_cover_too_large_for_the_container_alone_stays_behind(tmp_path):
    large = Tags(TEXTS, Cover("image/png", bytes((16 << 20) - 10)))
    assert not written(tmp_path / "a.flac", large).tags_lost
    found = read_all_tags(tmp_path / "a.flac")
    assert (dict(found.texts), found.cover) == (TEXTS, None)


def test_a_long_wav_becomes_rf64_without_tags(tmp_path, monkeypatch):
    monkeypatch.setattr(encode, "LONGEST_WAV_BYTES", 1000)
    writer = written(tmp_path / "a.wav", ALL, frames=len(X))
    assert (writer.is_rf64, writer.tags_lost) == (True, False)
    data = (tmp_path / "a.wav").read_bytes()
    assert data[:4] == b"RF64"
    assert b"id3 " not in data
    np.testing.assert_array_equal(songs.read_all(tmp_path / "a.wav")[0], X)


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_damaged_tags_are_no_tags(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    written(path, ALL)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    damaged = tmp_path / f"b.{suffix}"
    for _ in range(40):
        data = bytearray(whole)
        for at in rng.integers(0, min(len(data), 4000), 20):
            data[at] = rng.integers(256)
        damaged.write_bytes(data[: rng.integers(10, len(data))])
        assert set(read_all_tags(damaged).texts) <= set(FIELDS)


def test_nothing_is_found_in_what_is_no_song(tmp_path):
    for name, data in (("a.mp3", b""), ("b.wav", b"RIFF"), ("c", b"x" * 1000)):
        (tmp_path / name).write_bytes(data)
        assert not read_all_tags(tmp_path / name)
    assert not read_all_tags(tmp_path / "none.mp3")


def test_tags_of_an_aiff_and_a_wav_with_id3(tmp_path):
    path = tmp_path / "a.wav"
    written(path, ALL)
    assert wave.WAVE(path).tags["TPE1"].text == ["One", "Two"]
    shutil.copy(path, tmp_path / "copy.wav")
    assert dict(read_all_tags(tmp_path / "copy.wav").texts) == TEXTS
