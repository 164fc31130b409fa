import mutagen
import numpy as np
import pytest

from demixme.audiofile.decode import open_song
from demixme.audiofile.tags import clean_text, read_tags
from tests.support import avsongs, songs

TAGGED = ["s16.flac", "vorbis.ogg", "opus.opus", "mp3.mp3", "s16.wav", "s16.aiff"]


def tagged(path, title, artist):
    file = mutagen.File(path, easy=True)
    if file.tags is None:
        file.add_tags()
    if path.suffix in (".wav", ".aiff"):
        file.tags.add(mutagen.id3.TIT2(encoding=3, text=title))
        file.tags.add(mutagen.id3.TPE1(encoding=3, text=artist))
    else:
        file["title"], file["artist"] = title, artist
    file.save()
    return path


@pytest.mark.parametrize("name", TAGGED)
def test_title_and_artist(tmp_path, name):
    path = songs.make_format(tmp_path, name, songs.tune(0.5, 48000), 48000)
    tagged(path, "Größe 日本", "Émile & Cie")
    decoder = open_song(path)
    decoder.close()
    assert (decoder.info.title, decoder.info.artist) == ("Größe 日本", "Émile & Cie")


@pytest.mark.parametrize(
    "name", ["aac.m4a", "wma.wma", "wavpack16.wv", "tta.tta", "opus.webm", "aac.mka", "aac.flv"]
)
def test_title_and_artist_of_what_ffmpeg_decodes(tmp_path, name):
    x = songs.tune(0.5, avsongs.rate_of(name))
    made = {"title": "Größe 日本", "artist": "Émile & Cie"}
    decoder = open_song(avsongs.make_format(tmp_path, name, x, tags=made))
    decoder.close()
    assert (decoder.info.title, decoder.info.artist) == tuple(made.values())


@pytest.mark.parametrize("encoding", [0, 1, 2, 3])  # Latin-1, UTF-16, UTF-16 big endian, UTF-8
def test_every_encoding_of_id3(tmp_path, encoding):
    path = songs.make_format(tmp_path, "mp3.mp3", songs.tune(0.5))
    text = "Größe" if encoding == 0 else "Größe 日本"
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=encoding, text=text))
    tags.save(path, v2_version=4)
    assert read_tags(path)[0] == text


def test_tags_of_a_video_that_are_no_text(tmp_path):
    path = avsongs.make_format(
        tmp_path, "aac.mka", songs.tune(0.5), tags={"title": "a\nb\tc" + "x" * 5000}
    )
    decoder = open_song(path)
    decoder.close()
    assert decoder.info.title.startswith("a b c")
    assert len(decoder.info.title) == 300


def test_riff_info_is_read_too(tmp_path):
    import soundfile as sf

    path = tmp_path / "a.wav"
    with sf.SoundFile(path, "w", 44100, 2, "PCM_16") as f:
        f.title, f.artist = "Of the INFO list", "Somebody"
        f.write(np.zeros((10, 2)))
    decoder = open_song(path)
    decoder.close()
    assert (decoder.info.title, decoder.info.artist) == ("Of the INFO list", "Somebody")


@pytest.mark.parametrize("name", songs.FORMATS)
def test_no_tags(tmp_path, name):
    assert read_tags(songs.make_format(tmp_path, name, songs.tune(0.1, 48000), 48000)) == ("", "")


@pytest.mark.parametrize("seed", range(12))
def test_broken_tags_never_keep_a_song_from_opening(tmp_path, seed):
    path = songs.make_format(tmp_path, "mp3.mp3", songs.tune(0.5))
    tagged(path, "t" * 200, "a" * 200)
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for at in rng.integers(10, 400, 20):  # inside the ID3 tag, after its own header
        data[at] = rng.integers(0, 256)
    path.write_bytes(data)
    decoder = open_song(path)
    assert sum(map(len, decoder.blocks())) == 22050
    decoder.close()


@pytest.mark.parametrize(
    "error", [ValueError, KeyError, MemoryError, EOFError, mutagen.MutagenError]
)
def test_whatever_mutagen_raises_is_no_tags(tmp_path, monkeypatch, error):
    def broken(*_, **__):
        raise error("broken")

    monkeypatch.setattr(mutagen, "File", broken)
    decoder = open_song(songs.write_song(tmp_path / "a.wav", songs.tune(0.1)))
    decoder.close()
    assert decoder.info.title == ""


def test_texts_are_made_one_line():
    assert clean_text(" a\n\tb\x00c\x1b[31m ") == "a b c [31m"
    assert len(clean_text("x" * 10000)) == 300
