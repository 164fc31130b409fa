"""The self-test `--smoke-test`: what it reports, and that it touches nothing of the person's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from demixme import cli
from demixme.commands import smokeparts, smoketest
from demixme.resources import HOME_VARIABLE


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, os.environ[HOME_VARIABLE])  # the test changes it


def read(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))


def test_reports_each_part_and_the_nonce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoketest, "_parts", lambda: ["versions", "good"])
    monkeypatch.setitem(smokeparts.PARTS, "good", lambda folder: {"there": folder.is_dir()})
    report = tmp_path / "report ñ.json"
    assert cli.main(["--smoke-test", str(report), "--nonce", "abc"]) == 0
    content = read(report)
    assert content["nonce"] == "abc"
    assert content["ok"]
    assert content["finished"]
    assert content["parts"]["good"]["said"] == {"there": True}
    assert content["parts"]["versions"]["said"]["packages"]["numpy"] != "not here"


def test_a_part_that_breaks_is_told_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path) -> dict:
        raise smokeparts.Wrong("no sound in it")

    monkeypatch.setattr(smoketest, "_parts", lambda: ["broken", "good"])
    monkeypatch.setitem(smokeparts.PARTS, "broken", broken)
    monkeypatch.setitem(smokeparts.PARTS, "good", lambda folder: {})
    report = tmp_path / "report.json"
    assert cli.main(["--smoke-test", str(report)]) == 1
    content = read(report)
    assert not content["ok"]
    assert content["parts"]["broken"]["error"] == "Wrong: no sound in it"
    assert "Traceback" in content["parts"]["broken"]["trace"]
    assert content["parts"]["good"]["ok"]


def test_a_hanging_part_is_ended_with_its_stack_in_the_report(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from demixme.commands import smokeparts, smoketest\n"
        "smoketest.LIMIT_S = 0.3\n"
        "smokeparts.PARTS['versions'] = lambda folder: time.sleep(60)\n"
        "sys.exit(smoketest.run([sys.argv[1], '--only', 'versions']))\n"
    )
    report = tmp_path / "report.json"
    done = subprocess.run([sys.executable, "-c", code, report], check=False, timeout=50)
    assert done.returncode == smoketest.TOO_LATE
    content = read(report)
    assert not content["finished"]
    assert "<lambda>" in content["watchdog"]


def test_no_setting_of_the_person_is_touched(tmp_path: Path) -> None:
    home = Path(os.environ[HOME_VARIABLE])
    before = sorted(home.rglob("*")) if home.exists() else []
    assert cli.main(["--smoke-test", str(tmp_path / "r.json"), "--only", "sound"]) == 0
    after = sorted(home.rglob("*")) if home.exists() else []
    assert after == before


@pytest.mark.parametrize("name", ["child", "models", "engine", "formats", "resampling"])
def test_the_parts_are_good_here(name: str, tmp_path: Path) -> None:
    smokeparts.PARTS[name](tmp_path)
