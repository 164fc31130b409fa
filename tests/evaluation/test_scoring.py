"""Songs through systems: what is scored and what is not, in any number of processes, resumed."""

import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from demixme.core.errors import FileUnreadable
from demixme.evaluation.reference import load_reference
from demixme.evaluation.results import ResultsFile
from demixme.evaluation.scores import scored
from demixme.evaluation.scoring import Evaluation, Settings
from demixme.evaluation.systems import Estimate, Floor, RatioMask

QUICK = Settings(quick=True)


@dataclass(frozen=True)
class Halves:
    """Returns half of every true part, 6.02 dB of SDR, and notes the songs it was asked for."""

    name: str = "halves"
    breaks_at: str = ""
    version: int = 1

    asked: ClassVar = []

    def identity(self):
        return {"kind": "model", "version": self.version}

    def estimate(self, reference, span=slice(None)):
        if reference.name == self.breaks_at:
            raise KeyboardInterrupt
        self.asked.append(reference.name)
        silent = {p: reference.mixture * np.float32(0.01) for p in reference.silent}
        return Estimate({p: reference.stems[p] / 2 for p in reference.sounding} | silent)


@pytest.fixture(autouse=True)
def _nothing_asked():
    Halves.asked.clear()


def test_a_part_without_a_file_is_not_scored_a_silent_one_by_its_level(songs):
    evaluation = Evaluation(songs, [Halves()], QUICK, ResultsFile(None))
    evaluation.run()
    a, b, c = evaluation.scores()
    assert [s.song for s in (a, b, c)] == ["a", "b", "c"]
    assert set(a.parts) == {"bass", "drums", "other", "vocals"}
    assert set(b.parts) == {"bass", "drums", "other"}
    assert b.below_db == {"vocals": pytest.approx(40.0, abs=0.01)}
    assert set(c.parts) == {"drums", "other", "vocals"}
    assert c.below_db == {}
    assert all(p.sdr_db == pytest.approx(6.02, abs=0.01) for p in a.parts.values())
    assert a.parts["bass"].median("sdr") == pytest.approx(6.02, abs=0.01)


def test_a_part_said_to_be_silent_is_scored_by_its_level(songs):
    settings = Settings(quick=True, silent=("bass",))
    evaluation = Evaluation(songs, [Halves()], settings, ResultsFile(None))
    evaluation.run()
    assert set(evaluation.scores()[2].below_db) == {"bass"}
    assert evaluation.scores()[0].below_db == {}


def test_only_the_first_seconds(songs):
    assert load_reference(songs[0], 1.5).seconds == 1.5
    assert load_reference(songs[0]).seconds == 3.0


def test_floor_and_ideal_mask_stand_where_they_must(songs):
    reference = load_reference(songs[0])
    floor, ideal = (
        scored("", s.name, reference, s.estimate(reference), quick=True)
        for s in (Floor(), RatioMask())
    )
    # parts of 0.05 0.10 0.15 0.20: a quarter of the mixture lies 20 log10(…) from each
    powers = np.square([0.05, 0.10, 0.15, 0.20])
    for k, part in enumerate(("bass", "drums", "other", "vocals")):
        noise = 9 / 16 * powers[k] + (powers.sum() - powers[k]) / 16
        wanted = 10 * np.log10(powers[k] / noise)
        assert floor.parts[part].sdr_db == pytest.approx(wanted, abs=0.2)
        assert ideal.parts[part].sdr_db > floor.parts[part].sdr_db + 1


def test_processes_score_as_one_does(songs, tmp_path):
    systems = [Floor(), RatioMask()]
    alone = Evaluation(songs, systems, QUICK, ResultsFile(None))
    alone.run()
    several = Evaluation(songs, systems, QUICK, ResultsFile(tmp_path / "r.json"))
    several.run(jobs=2)
    assert several.scores() == alone.scores()


def test_an_interrupted_run_goes_on(songs, tmp_path):
    path = tmp_path / "r.json"
    with pytest.raises(KeyboardInterrupt):
        Evaluation(songs, [Halves(breaks_at="c")], QUICK, ResultsFile(path)).run()
    assert json.loads(path.read_text())["complete"] is False
    Halves.asked.clear()
    told = []
    again = Evaluation(songs, [Halves()], QUICK, ResultsFile(path))
    again.run(told=lambda *news: told.append(news))
    assert Halves.asked == ["c"]
    assert told == [("c", 3, 3)]
    assert len(again.scores()) == 3


def test_what_changed_is_scored_again_and_the_rest_kept(songs, tmp_path):
    path = tmp_path / "r.json"
    Evaluation(songs, [Floor(), Halves()], QUICK, ResultsFile(path)).run()
    Halves.asked.clear()
    changed = Evaluation(songs, [Halves(version=2)], QUICK, ResultsFile(path))
    changed.run()
    assert Halves.asked == ["a", "b", "c"]
    kept = ResultsFile(path)
    assert sorted((s.song, s.system) for s in kept.scores.values()) == sorted(
        (song, system) for song in "abc" for system in ("halves", Floor().name)
    )
    longer = Evaluation(songs, [Halves(version=2)], Settings(1.0, quick=True), ResultsFile(path))
    assert len(longer.jobs()) == 3


def test_the_file_gives_back_what_was_scored(songs, tmp_path):
    path = tmp_path / "r.json"
    evaluation = Evaluation(songs, [Halves(), Floor()], QUICK, ResultsFile(path))
    evaluation.run()
    again = Evaluation(songs, [Halves(), Floor()], QUICK, ResultsFile(path))
    assert again.jobs() == []
    for one, other in zip(again.scores(), evaluation.scores(), strict=True):
        assert one.parts.keys() == other.parts.keys()
        assert one.mean_sdr_db == pytest.approx(other.mean_sdr_db, abs=1e-3)
    document = json.loads(path.read_text())
    assert document["made_by"]["demixme"]
    assert document["systems"]["halves"] == {"kind": "model", "version": 1}
    assert len(document["scores"][0]["parts"]["bass"]["bss_eval_v4"]["sdr_db"]) == 3


def test_another_file_of_that_name_is_not_replaced(tmp_path):
    path = tmp_path / "other.json"
    path.write_text("[1, 2]")
    with pytest.raises(FileUnreadable):
        ResultsFile(path)
    assert path.read_text() == "[1, 2]"
