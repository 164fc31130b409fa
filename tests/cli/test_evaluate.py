"""`demixme evaluate` on songs of a second, with models and with other programs' stems."""

import json

import numpy as np
import pytest

from tests.support.songsets import musdb18_hq, write_sound

RATE = 44100


def noise(seed, frames=RATE):
    return 0.1 * np.random.default_rng(seed).standard_normal((frames, 2)).astype(np.float32)


@pytest.fixture
def songs(tmp_path):
    """Return a folder of two songs with two parts each."""
    for k, song in enumerate(("one", "two")):
        for j, part in enumerate(("bass", "vocals")):
            write_sound(tmp_path / "songs" / song / f"{part}.wav", noise(10 * k + j))
    return tmp_path / "songs"


@pytest.fixture
def better(songs, tmp_path):
    """Return a folder of stems that lie 20 dB above what is wrong with them."""
    for song in ("one", "two"):
        for j, part in enumerate(("bass", "vocals")):
            truth = noise(10 * (song == "two") + j)
            wrong = truth + np.float32(0.1) * noise(99)
            write_sound(tmp_path / "better" / song / f"{part}.wav", wrong)
    return tmp_path / "better"


def test_a_model_between_floor_and_ceiling(demixme, songs):
    said = demixme("evaluate", songs, "--quick", "--quiet")
    assert said.code == 0, said.err
    for row in ("mixture ÷ parts", "default", "ideal ratio mask", "one", "two"):
        assert row in said.out
    assert "BSS Eval v4 SDR" in said.out
    assert "SIR" not in said.out
    assert "MB" not in said.out
    assert said.err == ""


def test_a_model_against_another_program(demixme, songs, better, tmp_path):
    out = tmp_path / "r.json"
    words = ("--model", "default", "--estimates", better, "--quick", "--json", out)
    said = demixme("evaluate", songs, *words)
    assert said.code == 0, said.err
    assert "better above default" in said.out
    document = json.loads(out.read_text("utf-8"))
    assert document["complete"] is True
    found = {t["system"]: t["global_db"]["mean"] for t in document["totals"]}
    assert found["better"] == pytest.approx(20.0, abs=0.3)
    assert found["mixture ÷ parts"] < found["better"]
    assert document["systems"]["default"]["sha256"]
    [comparison] = document["comparisons"]
    assert comparison["songs"].keys() == {"one", "two"}
    before = out.read_text("utf-8")
    assert demixme("evaluate", songs, *words).out == said.out
    assert json.loads(before)["scores"] == json.loads(out.read_text("utf-8"))["scores"]


def test_all_of_bss_eval(demixme, tmp_path):
    write_sound(tmp_path / "song" / "vocals.wav", noise(1, 8000), 8000)
    write_sound(tmp_path / "theirs" / "song" / "vocals.wav", noise(2, 8000), 8000)
    out = tmp_path / "r.json"
    page = tmp_path / "r.html"
    words = ("--estimates", tmp_path / "theirs", "--json", out, "--html", page)
    said = demixme("evaluate", tmp_path / "song", *words)
    assert said.code == 0, said.err
    assert said.out.rstrip().endswith(str(page))
    assert page.read_text("utf-8").count("<audio") == 3
    for measure in ("SDR", "SIR", "SAR", "ISR"):
        assert f"BSS Eval v4 {measure}" in said.out
    frames = json.loads(out.read_text("utf-8"))["scores"][1]["parts"]["vocals"]["bss_eval_v4"]
    assert set(frames) == {"sdr_db", "isr_db", "sir_db", "sar_db"}


def test_one_subset_of_a_data_set(demixme, tmp_path):
    songs = musdb18_hq(tmp_path / "set")
    estimates = tmp_path / "theirs" / "test" / "A - B"
    write_sound(estimates / "drums.wav", noise(1))
    words = ("--estimates", tmp_path / "theirs", "--quick", "--quiet")
    said = demixme("evaluate", songs, "--subset", "test", *words)
    assert said.code == 0, said.err
    assert "test/A - B" in said.out
    assert "train" not in said.out
    said = demixme("evaluate", songs, "--subset", "no", *words)
    assert said.code == 1
    assert "no songs of that subset" in said.err


def test_what_is_wrong_is_said_in_a_sentence(demixme, songs, tmp_path):
    assert "none" in demixme("evaluate", tmp_path / "none", "--quick").err
    assert demixme("evaluate", songs, songs, "--quick").code == 2
    assert demixme("evaluate", songs, "--quick", "--model", "nothing").code == 1
    assert demixme("evaluate", songs, "--quick", "--model=default", "--model=default").code == 2
    assert demixme("evaluate", songs, "--seconds", "0", "--quick").code == 2
    (tmp_path / "r.json").write_text("{}")
    said = demixme("evaluate", songs, "--quick", "--json", tmp_path / "r.json")
    assert said.code == 1
    assert "not a results file" in said.err


def test_without_its_packages_a_sentence_says_what_to_install(demixme, songs, monkeypatch):
    from demixme.evaluation import measures

    measures.museval_metrics.cache_clear()
    monkeypatch.setattr(measures.importlib.util, "find_spec", lambda name: None)
    said = demixme("evaluate", songs)
    assert said.code == 4
    assert "demixme[evaluation]" in said.err
