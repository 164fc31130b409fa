"""Songs of every collection become a mixture and the truth about its parts."""

import numpy as np
import pytest

from demixme.audiofile.collections import find_songs
from demixme.core.errors import FileEmpty
from demixme.core.parts import STEMS
from demixme.evaluation.reference import fingerprint, fitted, label, load_reference
from tests.support import songsets
from tests.support.songsets import LEVELS, MIXTURE_LEVEL, RATE, ramp, write_sound


@pytest.mark.parametrize("make", [songsets.dsd100, songsets.musdb18, songsets.musdb18_hq])
def test_a_collection_s_own_mixture_is_separated(make, tmp_path):
    song = find_songs(make(tmp_path))[0]
    reference = load_reference(song)
    assert reference.name == f"{song.subset}/{song.name}"
    assert np.abs(reference.mixture).max() == pytest.approx(MIXTURE_LEVEL, rel=0.1)
    assert reference.sounding == STEMS
    for part in STEMS:
        assert np.abs(reference.stems[part]).max() == pytest.approx(LEVELS[part], rel=0.1)
        assert len(reference.stems[part]) == len(reference.mixture)


def test_without_one_the_song_is_the_sum_of_its_parts(tmp_path):
    one, two = map(load_reference, find_songs(songsets.folders(tmp_path)))
    assert one.mixture[-1, 0] == pytest.approx(sum(LEVELS[p] for p in STEMS), abs=1e-3)
    assert two.sounding == ("drums", "vocals")
    assert two.silent == ()


def test_the_accompaniment_of_a_pair_sounds_but_is_no_part(tmp_path):
    song = find_songs(songsets.pairs(tmp_path))[0]
    reference = load_reference(song)
    assert (reference.rate, reference.sounding, label(song)) == (16000, ("vocals",), "one")
    whole = LEVELS["vocals"] + LEVELS[songsets.ACCOMPANIMENT]
    assert reference.mixture[-1, 1] == pytest.approx(whole, abs=1e-3)


def test_parts_of_other_lengths_and_rates_are_fitted_to_the_mixture(tmp_path):
    write_sound(tmp_path / "song" / "mixture.wav", ramp(0.5, RATE))
    write_sound(tmp_path / "song" / "bass.wav", ramp(0.5, RATE // 2))
    write_sound(tmp_path / "song" / "drums.wav", ramp(0.5, 48000), 48000)
    reference = load_reference(find_songs(tmp_path)[0])
    assert reference.rate == RATE
    assert {len(x) for x in reference.stems.values()} == {RATE}
    assert not reference.stems["bass"][RATE // 2 :].any()
    there = reference.stems["drums"][RATE // 2, 0]
    assert there == pytest.approx(reference.mixture[RATE // 2, 0], abs=1e-3)
    assert len(fitted(ramp(0.5, 100), 40)) == 40


def test_a_song_of_no_length_is_said(tmp_path):
    write_sound(tmp_path / "song" / "bass.wav", ramp(0.5, 1000))
    with pytest.raises(FileEmpty):
        load_reference(find_songs(tmp_path)[0], seconds=1e-9)


def test_other_sound_is_another_song(tmp_path):
    first, second = find_songs(songsets.folders(tmp_path))
    assert fingerprint(first) != fingerprint(second)
    before = fingerprint(second)
    (tmp_path / "two" / "drums.wav").unlink()
    write_sound(tmp_path / "two" / "drums.wav", ramp(0.21))
    assert fingerprint(second) != before
