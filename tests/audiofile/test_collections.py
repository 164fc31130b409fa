"""Readers of every layout of song collections: what goes in comes out, at the right place."""

import json

import numpy as np
import pytest

from demixme.audiofile.collections import ACCOMPANIMENT, SoundSource, find_songs
from demixme.core.errors import FileMissing, FileUnreadable
from demixme.core.parts import STEMS
from tests.support import songsets
from tests.support.songsets import LEVELS, MIXTURE_LEVEL, RATE, write_sound, write_stems


@pytest.mark.parametrize(
    ("make", "subsets", "parts", "mixed"),
    [
        (songsets.dsd100, ["dev", "test"], set(STEMS), True),
        (songsets.musdb18_hq, ["train", "test"], set(STEMS), True),
        (songsets.folders, ["", ""], set(STEMS), False),
        (songsets.pairs, ["", ""], {"vocals", ACCOMPANIMENT}, False),
    ],
)
def test_every_layout_is_found(make, subsets, parts, mixed, tmp_path):
    found = find_songs(make(tmp_path))
    assert [s.subset for s in found] == subsets
    assert set(found[0].readers) == parts
    for part, reader in found[0].readers.items():
        heard, _ = reader()
        assert heard[-1, 0] == pytest.approx(LEVELS[part], abs=1e-3)
        assert heard[0, 1] == pytest.approx(LEVELS[part] / 2, abs=1e-3)
    assert all((s.mixture is not None) == mixed for s in found)
    if mixed:
        assert found[0].mixture()[0][-1, 0] == pytest.approx(MIXTURE_LEVEL, abs=1e-3)


def test_the_streams_of_a_musdb18_file(tmp_path):
    (song,) = find_songs(songsets.musdb18(tmp_path))
    assert (song.name, song.subset, set(song.readers)) == ("A - B", "train", set(STEMS))
    levels = LEVELS | {"mixture": MIXTURE_LEVEL}
    for part, reader in {**song.readers, "mixture": song.mixture}.items():
        heard, rate = reader()
        assert rate == RATE
        assert abs(len(heard) - RATE) < 4096
        assert np.abs(heard[8000:30000]).max() == pytest.approx(levels[part], rel=0.1)


def test_a_song_s_own_folder_is_a_collection_of_one(tmp_path):
    write_stems(tmp_path / "one", ("bass",))
    write_sound(tmp_path / "one" / "mixture.flac", songsets.ramp(0.5))
    (song,) = find_songs(tmp_path / "one")
    assert (song.name, set(song.readers)) == ("one", {"bass"})
    assert song.mixture == SoundSource(tmp_path / "one" / "mixture.flac")


def test_one_long_pair_brings_its_clips(tmp_path):
    write_stems(tmp_path, ("vocals", ACCOMPANIMENT))
    (tmp_path / "index.json").write_text(json.dumps({"list": [["a", 0.1, 0.2], ["b", 0.5, 0.4]]}))
    (song,) = find_songs(tmp_path)
    assert song.clips == ((0.1, pytest.approx(0.3)), (0.5, 0.9))


def test_nothing_to_find_is_said(tmp_path):
    with pytest.raises(FileMissing):
        find_songs(tmp_path / "no")
    with pytest.raises(FileUnreadable):
        find_songs(tmp_path)
