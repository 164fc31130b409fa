"""Stem files and folders of parts: the song is the sum, and the parts can be read again."""

import os

import numpy as np
import pytest

from demixme.audiofile.ownparts import OWN_PARTS, OwnPartsDecoder, part_sources, parts_of
from demixme.audiofile.stemmp4 import StemWriter, manifest_of
from demixme.core.errors import FileTruncated, UnsupportedAudio
from tests.support import songs

RATE = 44100


def tones(frames=70_001):
    t = np.arange(frames)[:, None] / RATE
    return [(0.2 * np.sin(2 * np.pi * 200 * (k + 1) * t * [1, 1.1])).astype("f4") for k in range(4)]


def stem_file(path, names=("Drums", "Bass", "Other", "Vocals")):
    parts = tones()
    with StemWriter(path, RATE, manifest_of(names)) as writer:
        for at in range(0, len(parts[0]), 7000):
            blocks = [x[at : at + 7000] for x in parts]
            writer.write([np.sum(blocks, axis=0), *blocks])
        writer.commit()
    return path, parts


def opened(path, folder):
    decoder = OwnPartsDecoder(path, part_sources(path), folder)
    song = np.concatenate(list(decoder.blocks()))
    decoder.close()
    return decoder, song


def test_a_stem_file_is_the_sum_of_its_parts_to_the_frame(tmp_path):
    path, want = stem_file(tmp_path / "a.stem.mp4")
    decoder, song = opened(path, tmp_path / "cache")
    assert decoder.info.format_name == OWN_PARTS
    assert (decoder.info.rate, song.shape) == (RATE, want[0].shape)
    parts = decoder.sounds.read(0, len(song))
    np.testing.assert_array_equal(parts.sum(axis=1), song)
    for k, x in enumerate(want):
        error = np.square(parts[5000:-5000, k] - x[5000:-5000]).mean()
        assert error < 3e-3 * np.square(x[5000:-5000]).mean()
    decoder.sounds.close()
    assert os.listdir(tmp_path / "cache") == []
    assert not decoder.sounds.read(0, 10).any()


def test_names_and_colours_are_the_files_own(tmp_path):
    path, _ = stem_file(tmp_path / "a.stem.mp4", ("Kick", "Kick", "Böse Bässe", " "))
    sources = part_sources(path)
    assert [s.name for s in sources] == ["Kick", "Kick 2", "Böse Bässe", "part 4"]
    assert [s.stream for s in sources] == [1, 2, 3, 4]
    assert all(s.colour.startswith("#") for s in sources)
    assert parts_of(sources).rest == "part 4"


def test_a_folder_of_parts(tmp_path):
    folder = tmp_path / "song"
    folder.mkdir()
    drums, bass, other, _ = tones()
    songs.write_song(folder / "drums.wav", songs.on_grid(drums, 16))
    songs.write_song(folder / "bass.flac", songs.on_grid(bass[:30_000], 16), container="FLAC")
    songs.write_song(folder / "other.wav", other, subtype="FLOAT")
    songs.write_song(folder / "mixture.wav", other)
    sources = part_sources(folder)
    assert [s.name for s in sources] == ["bass", "drums", "other"]
    assert parts_of(sources).rest == "other"
    decoder, song = opened(folder, tmp_path / "cache")
    parts = decoder.sounds.read(0, len(song))
    np.testing.assert_array_equal(parts[:, 1], songs.on_grid(drums, 16).astype("f4"))
    assert not parts[30_000:, 0].any()
    np.testing.assert_array_equal(decoder.sounds.read(-5, 10)[:5], np.zeros((5, 3, 2)))
    decoder.sounds.close()


def test_parts_of_different_rates_are_refused(tmp_path):
    folder = tmp_path / "song"
    folder.mkdir()
    for name, rate in (("bass", 44100), ("drums", 48000)):
        songs.write_song(folder / f"{name}.wav", songs.tune(0.2, rate), rate)
    with pytest.raises(UnsupportedAudio):
        OwnPartsDecoder(folder, part_sources(folder), tmp_path / "cache")


def test_a_cut_part_is_said_and_silent_from_there(tmp_path):
    folder = tmp_path / "song"
    folder.mkdir()
    for name in ("bass", "drums"):
        songs.write_song(folder / f"{name}.wav", songs.tune(1.0))
    songs.cut_file(folder / "bass.wav", 0.5)
    decoder = OwnPartsDecoder(folder, part_sources(folder), tmp_path / "cache")
    with pytest.raises(FileTruncated) as caught:
        for _ in decoder.blocks():
            pass
    assert caught.value.frames == 44100
    decoder.close()
    decoder.sounds.close()


def test_other_songs_bring_no_parts(tmp_path):
    path = songs.write_song(tmp_path / "a.mp4", songs.tune(0.1))
    assert part_sources(path) == ()
    assert part_sources(tmp_path) == ()
    assert part_sources(tmp_path / "none") == ()
