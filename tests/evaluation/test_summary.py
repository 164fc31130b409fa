"""Medians, means, and the interval of a paired difference."""

import numpy as np
import pytest

from demixme.evaluation.scores import PartScore, SongScore
from demixme.evaluation.summary import bootstrap, compared, totals


def score(song, system, processor_s=None, below=None, **parts):
    made = {p: PartScore(x, {"sdr": [x, None, x + 2]}) for p, x in parts.items()}
    return SongScore(f"{song} {system}", song, system, 10.0, made, below or {}, None, processor_s)


def test_medians_over_songs_and_the_mean_of_the_parts():
    scores = [
        score("a", "one", 1.0, bass=1.0, drums=5.0),
        score("b", "one", 3.0, bass=2.0),
        score("c", "one", 2.0, {"bass": 20.0}, drums=7.0),
        score("d", "one", 2.0, bass=9.0),
        score("a", "two", bass=3.0),
    ]
    one, two = totals(scores)
    assert one.global_db == {"bass": 2.0, "drums": 6.0, "mean": 4.0}
    assert one.bss_db["sdr"]["bass"] == 3.0  # frames 1 and 3 have the median 2, and so on
    assert one.below_db == {"bass": 20.0}
    assert one.real_time == pytest.approx(0.2)
    assert (two.system, two.songs, two.real_time) == ("two", 1, None)


def test_two_systems_are_compared_on_the_songs_they_share():
    scores = [score(str(k), "new", bass=k + 1.0, drums=3.0) for k in range(8)]
    scores += [score(str(k), "old", bass=float(k), drums=3.0) for k in range(6)]
    found = compared(scores, "new", "old")
    bass, drums, mean = found.differences
    assert (bass.part, bass.songs, bass.mean_db) == ("bass", 6, pytest.approx(1.0))
    assert (bass.low_db, bass.high_db) == (pytest.approx(1.0), pytest.approx(1.0))
    assert drums.mean_db == 0.0
    assert mean.mean_db == pytest.approx(0.5)
    assert found.songs == dict.fromkeys("012345", pytest.approx(0.5))


def test_one_song_has_no_interval():
    [bass, mean] = compared(
        [score("a", "b", bass=2.0), score("a", "c", bass=1.0)], "b", "c"
    ).differences
    assert (bass.mean_db, bass.low_db, mean.high_db) == (1.0, None, None)


def test_nothing_shared_gives_no_difference():
    assert compared([score("a", "new", bass=1.0)], "new", "old").differences == ()


def test_the_interval_holds_the_mean_as_often_as_it_says():
    rng = np.random.default_rng(5)
    values = rng.normal(0.3, 1.0, (400, 20))
    held = sum(low < 0.3 < high for low, high in map(bootstrap, values))
    assert 0.82 < held / 400 < 0.94  # a little under 0.9, as percentile intervals of 20 values are
    assert bootstrap(values[0]) == bootstrap(values[0])
