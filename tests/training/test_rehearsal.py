"""Validation during training: whole songs, separated as the app does it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from demixme.core.errors import FileUnreadable
from demixme.core.parts import STEMS
from demixme.training.catalogue import Design
from demixme.training.config import Plan
from demixme.training.rehearsal import Rehearsal
from demixme.training.validation import read_from, read_song, score, song_folders, summary
from tests.support.separators import KnownStems

pytestmark = pytest.mark.training

RATE = 44100


@pytest.mark.parametrize("design", [Design.named("tiny"), Design.named("seed2019", latent=8)])
def test_the_app_s_own_separator_is_scored(design: Design, songs: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    plan = Plan(name="x", folder=tmp_path, steps=1, validation=(songs,))
    weights = design.make().state_dict()
    found = Rehearsal(plan, design).scores(weights)
    assert set(found) == {f"sdr_{s}" for s in (*STEMS, "mean")}
    # untrained masks are about a quarter of the mixture each
    assert -6 < found["sdr_mean"] < 6
    assert found == Rehearsal(plan, design).scores(weights)


def test_songs_are_found_within_folders(songs: Path, tmp_path: Path) -> None:
    assert [f.name for f in song_folders([songs])] == ["toy 0", "toy 1"]
    assert song_folders([songs / "toy 1"]) == [songs / "toy 1"]
    with pytest.raises(FileUnreadable):
        song_folders([tmp_path])


def test_a_song_is_the_sum_of_its_stems(songs: Path) -> None:
    song = read_song(songs / "toy 0", seconds=1.5)
    assert song.mixture.shape == (int(1.5 * RATE), 2)
    np.testing.assert_allclose(sum(song.stems.values()), song.mixture, atol=1e-6)
    read = read_from(song.mixture)
    around = read(-10, 30)
    assert not around[:10].any()
    np.testing.assert_array_equal(around[10:], song.mixture[:20])
    assert not read(len(song.mixture), 5).any()


def test_summaries_are_means_of_medians() -> None:
    rows = [{"bass": 1.0, "drums": 4.0}, {"bass": 3.0, "drums": 6.0}, {"bass": 8.0}]
    assert summary(rows) == {"bass": 3.0, "drums": 5.0, "mean": 4.0}


def test_known_stems_score_high_and_silent_ones_by_their_level(songs: Path) -> None:
    song = read_song(songs / "toy 0", seconds=2.0)
    song.stems["vocals"][:] = 0.0
    separator = KnownStems(song.stems, "other")
    song = type(song)(song.name, separator.mixture, song.stems)
    found = score(song, separator)
    assert set(found) == {"bass", "drums", "other", "vocals_below"}
    assert min(found.values()) > 60
