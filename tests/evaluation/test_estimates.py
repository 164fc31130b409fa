"""Other programs' files are found under the names they give."""

import numpy as np
import pytest

from demixme.core.errors import FileMissing
from demixme.evaluation.estimates import find_estimates, read_estimate
from demixme.evaluation.reference import load_reference
from demixme.evaluation.systems import files_system
from tests.support.songsets import ramp, write_sound

SONG = "Artist - Sông (live)"


@pytest.mark.parametrize(
    "name",
    [
        f"{SONG}/vocals.wav",
        f"htdemucs/{SONG}/vocals.flac",
        f"test/{SONG}/vocals.wav",
        f"{SONG}/{SONG}_(Vocals).wav",
        f"1_{SONG}_(Vocals).wav",
        f"{SONG}_(Vocals)_UVR-MDX-NET-Inst_HQ_3.flac",
        f"{SONG}.vocals.wav",
        f"{SONG} - Vocals.wav",
    ],
)
def test_names_of_every_program(name, tmp_path):
    write_sound(tmp_path / name, ramp(0.5, 100))
    write_sound(tmp_path / "another song_(Vocals).wav", ramp(0.1, 100))
    assert find_estimates(tmp_path, SONG) == {"vocals": tmp_path / name}


def test_what_is_no_part_of_this_song_is_left(tmp_path):
    write_sound(tmp_path / f"{SONG}_(Instrumental).wav", ramp(0.5, 100))
    write_sound(tmp_path / f"{SONG}, the end_(Vocals).wav", ramp(0.5, 100))
    assert find_estimates(tmp_path, SONG) == {}
    with pytest.raises(FileMissing):
        find_estimates(tmp_path / "none", SONG)


def test_files_of_other_lengths_and_rates_are_fitted(songs, tmp_path):
    reference = load_reference(songs[0])
    stem = reference.stems["bass"]
    write_sound(tmp_path / "out" / "a" / "bass.wav", stem[:-500], reference.rate, "float32")
    t = np.arange(48000 * 3) / 48000
    tone = np.sin(2 * np.pi * 440 * t)[:, None].repeat(2, 1).astype(np.float32)
    write_sound(tmp_path / "out" / "a" / "drums.wav", 0.5 * tone, 48000, "float32")
    system = files_system("out", tmp_path / "out", {"a": "a", "b": "b"})
    made = system.estimate(reference).stems
    assert np.array_equal(made["bass"][:-500], stem[:-500])
    assert not made["bass"][-500:].any()
    assert made["drums"].shape == stem.shape
    there = np.sin(2 * np.pi * 440 * np.arange(len(stem)) / reference.rate)
    np.testing.assert_allclose(made["drums"][200:-200, 0], 0.5 * there[200:-200], atol=1e-3)
    assert system.estimate(load_reference(songs[1])) is None


def test_an_estimate_is_read_at_the_wanted_rate(tmp_path):
    write_sound(tmp_path / "x.wav", ramp(0.5, 48000), 48000)
    assert len(read_estimate(tmp_path / "x.wav", 8000)) == 8000
