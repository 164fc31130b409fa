"""The figures agree with museval's and with what a pencil says."""

import sys

import numpy as np
import pytest

from demixme.core.errors import MissingExtra
from demixme.evaluation import measures
from demixme.evaluation.measures import bss_frames, frame_sdr, global_sdr, level_below

RATE = 8000


def noise(seed, frames=3 * RATE, level=0.1):
    return level * np.random.default_rng(seed).standard_normal((frames, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def song():
    """Return two parts and estimates of them; the second second of one part is silent."""
    truths = {"bass": noise(1), "drums": noise(2)}
    made = {p: x + noise(7 + k, level=0.03) for k, (p, x) in enumerate(truths.items())}
    truths["drums"][RATE : 2 * RATE] = 0.0
    return truths, made


@pytest.fixture(scope="module")
def theirs(song):
    return bss_frames(*song, RATE)


def test_global_sdr_is_the_ratio_of_energies():
    truth = noise(0)
    assert global_sdr(truth, truth * np.float32(0.9)) == pytest.approx(20.0, abs=0.01)
    assert global_sdr(truth, np.zeros_like(truth)) == pytest.approx(0.0, abs=1e-6)
    assert global_sdr(truth, truth) > 100


def test_a_part_s_level_below_the_mixture():
    mixture = noise(0)
    assert level_below(mixture, mixture * np.float32(0.1)) == pytest.approx(20.0, abs=0.01)
    assert np.isfinite(level_below(mixture, np.zeros_like(mixture)))


def test_sdr_of_version_4_needs_no_museval_and_is_the_same(song, theirs):
    ours = frame_sdr(*song, RATE)
    for part in song[0]:
        assert ours[part].shape == (3,)
        assert np.array_equal(np.isnan(ours[part]), [False, True, False])
        np.testing.assert_allclose(ours[part], theirs[part]["sdr"], atol=1e-6)


def test_every_measure_is_museval_s_own_and_stands_by_its_part(song, theirs):
    truths, made = song
    wanted = measures.museval_metrics().bss_eval(
        np.stack(list(truths.values())).astype(float),
        np.stack(list(made.values())).astype(float),
        window=RATE,
        hop=RATE,
        framewise_filters=False,
    )
    for m, name in enumerate(("sdr", "isr", "sir", "sar")):
        for k, part in enumerate(truths):
            np.testing.assert_array_equal(theirs[part][name], wanted[m][k])
    # what is wrong is noise that no part holds: artifacts, hardly any interference
    assert np.nanmin(theirs["bass"]["sir"] - theirs["bass"]["sar"]) > 10


def test_a_song_shorter_than_a_frame_is_one_frame():
    truths, made = {"bass": noise(1, 4000)}, {"bass": noise(1, 4000) * np.float32(0.5)}
    assert frame_sdr(truths, made, RATE)["bass"] == pytest.approx([6.02], abs=0.01)


def test_a_silent_estimate_is_no_reason_to_fail(song):
    truths, made = song
    made = {**made, "drums": np.zeros_like(made["drums"])}
    assert all(np.isnan(x).all() for x in bss_frames(truths, made, RATE)["bass"].values())


def test_without_museval_a_sentence_says_what_to_install(monkeypatch):
    measures.museval_metrics.cache_clear()
    monkeypatch.setitem(sys.modules, "museval", None)
    monkeypatch.setattr(measures.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra):
        measures.museval_metrics()
