"""The page holds its figures, pictures and sounds, and needs no other file."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from demixme.core.errors import MissingExtra
from demixme.evaluation import pictures
from demixme.evaluation.excerpts import MIXTURE, TRUTH, excerpts, loudest
from demixme.evaluation.pictures import bars, levels_db, spectrogram
from demixme.evaluation.report import write_report
from demixme.evaluation.results import ResultsFile
from demixme.evaluation.scoring import Evaluation, Settings
from demixme.evaluation.summary import compared, totals
from demixme.evaluation.systems import Floor, RatioMask

RATE = 8000


@pytest.fixture
def evaluation(songs):
    made = Evaluation(songs, [Floor("a <b>"), RatioMask()], Settings(quick=True), ResultsFile(None))
    made.run()
    return made


def test_one_page_that_needs_nothing_else(evaluation, tmp_path):
    scores = evaluation.scores()
    shown = excerpts(evaluation.songs, evaluation.systems, scores, evaluation.settings)
    assert [e.part for e in shown] == ["bass", "drums", "other", "vocals"]
    path = tmp_path / "report.html"
    comparisons = [compared(scores, RatioMask().name, "a <b>")]
    write_report(path, {"songs": 3}, totals(scores), comparisons, scores, shown)
    page = path.read_text("utf-8")
    assert re.findall(r'(?:src|href)="(?!data:|#)([^"]*)"', page) == []
    assert "a &lt;b&gt;" in page
    assert "<b>" not in page.replace("<body>", "")
    assert page.count("<audio") == page.count("<img") == 4 * 4
    sounds = re.findall(r"data:audio/mpeg;base64,([^\"]+)", page)
    assert all(len(base64.b64decode(s)) > 1000 for s in sounds)
    images = re.findall(r"data:image/png;base64,([^\"]+)", page)
    assert all(base64.b64decode(i).startswith(b"\x89PNG") for i in images)
    assert "ideal ratio mask above a &lt;b&gt;" in page
    for score in scores:
        assert f"{score.mean_sdr_db:.2f}".replace("-", "−") in page


def test_an_excerpt_is_of_the_middling_song_and_of_one_place(evaluation):
    shown = excerpts(evaluation.songs, evaluation.systems, evaluation.scores(), evaluation.settings)
    bass = shown[0]
    ranked = sorted(
        (s.parts["bass"].sdr_db, s.song)
        for s in evaluation.scores()
        if s.system == "a <b>" and "bass" in s.parts
    )
    assert bass.song == ranked[0][1]  # of two songs the lower one
    assert list(bass.sounds) == [MIXTURE, "a <b>", RatioMask().name, TRUTH]
    assert len({len(x) for x in bass.sounds.values()}) == 1
    share = bass.sounds[MIXTURE] / np.float32(4 - (bass.song == "b"))
    np.testing.assert_allclose(bass.sounds["a <b>"], share, atol=1e-6)


def test_the_loudest_place_is_found():
    sound = np.full((1000, 2), 0.1, np.float32)
    sound[600:700] = 0.9
    assert loudest(sound, 200, 50) == slice(500, 700)
    assert loudest(sound, 5000, 50) == slice(0, 1000)


def test_pictures_show_what_sounds(evaluation):
    scores = evaluation.scores()
    picture = ElementTree.fromstring(bars(totals(scores), scores))
    assert picture.tag.endswith("svg")
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)[:, None].repeat(2, 1)
    rows = levels_db(tone.astype(np.float32), RATE).mean(axis=1)
    frequencies = np.geomspace(40, 0.49 * RATE, len(rows))
    assert frequencies[np.argmax(rows)] == pytest.approx(1000, rel=0.03)
    assert spectrogram(tone.astype(np.float32), RATE, 0.0).startswith(b"\x89PNG")


def test_without_matplotlib_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(MissingExtra):
        pictures.check_matplotlib()
