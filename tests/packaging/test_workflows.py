"""The workflows: valid, pinned, and every step a script that is run here."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import release_steps
from ruamel.yaml import YAML

import dev

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^[\w-]+/[\w-]+@[0-9a-f]{40}$")


def jobs() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in FILES:
        for name, job in YAML(typ="safe").load(path)["jobs"].items():
            found.append((f"{path.stem} {name}", job))
    return found


def steps() -> list[dict[str, Any]]:
    return [step for _, job in jobs() for step in job["steps"]]


def test_the_schema_of_workflows_accepts_them() -> None:
    words = ["--builtin-schema", "vendor.github-workflows", *FILES]
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_run_is_one_call_of_a_script_of_ours() -> None:
    runs = [step["run"] for step in steps() if "run" in step]
    assert runs
    for line in runs:
        program, script, word, *_ = line.split()
        assert program == "python"
        assert not re.search(r"[;&|<>$`\n]", line)
        known = dev.VERBS if script == "dev.py" else release_steps.STEPS
        assert script in ("dev.py", "packaging/release_steps.py")
        assert word in known
    used = {line.split()[2] for line in runs if "release_steps" in line}
    assert used == set(release_steps.STEPS)


def test_actions_are_pinned_by_hash_and_images_are_named() -> None:
    for step in steps():
        if "uses" in step:
            assert PINNED.match(step["uses"]), step["uses"]
    for name, job in jobs():
        images = job.get("strategy", {}).get("matrix", {}).get("os", [job["runs-on"]])
        for image in images:
            assert re.fullmatch(r"(ubuntu|windows|macos)-[\d.]+", image), name
        assert job["timeout-minutes"] <= 45


def test_secrets_never_stand_in_a_condition_or_a_command() -> None:
    for step in steps():
        assert "secrets." not in str(step.get("if", ""))
        assert "secrets." not in str(step.get("run", ""))


# ---------------------------------------------------------------- the steps
def test_an_unknown_step_is_an_error() -> None:
    with pytest.raises(SystemExit):
        release_steps.main(["fly"])


def test_the_tag_must_be_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REF_NAME", f"v{release_steps.version_info.version()}")
    assert release_steps.main(["check-version"]) == 0
    monkeypatch.setenv("GITHUB_REF_NAME", "v99.0.0")
    assert release_steps.main(["check-version"]) == 1


def test_a_model_for_research_use_stops_the_release(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text("{}", "utf-8")
    assert release_steps.research_models(tmp_path) == []
    (tmp_path / "bad.json").write_text('{"research_only": true}', "utf-8")
    assert release_steps.research_models(tmp_path) == ["bad"]


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release in a folder of its own, with a program that is only a file."""
    for name in ("DIST", "FOLDER", "OUT"):
        at = {"DIST": "dist", "FOLDER": "dist/DemixME", "OUT": "out"}[name]
        monkeypatch.setattr(release_steps, name, tmp_path / at)
    (tmp_path / "dist" / "DemixME").mkdir(parents=True)
    (tmp_path / "dist" / "DemixME" / "DemixME").write_text("program", "utf-8")
    return tmp_path


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packs for this system")
def test_packs_the_folder_and_sums_it_up(release: Path) -> None:
    assert release_steps.main(["pack"]) == 0
    assert release_steps.main(["checksums"]) == 0
    (packed,) = (release / "out").glob("*.tar.xz")
    digest, name = (release / "out" / "SHA256SUMS").read_text("utf-8").split()
    assert name == packed.name
    assert len(digest) == 64


def test_without_a_certificate_nothing_is_signed(
    release: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIGN_COMMAND", raising=False)
    assert release_steps.main(["sign", str(release)]) == 0
    assert "nothing is signed" in capsys.readouterr().out


def test_signs_programs_and_libraries(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.exe", "b.dll", "c.pyd", "d.txt"):
        (release / name).touch()
    signed = []
    monkeypatch.setenv("SIGN_COMMAND", "signer /q")
    monkeypatch.setattr(
        release_steps.subprocess, "run", lambda words, **_: signed.append(Path(words[-1]).name)
    )
    assert release_steps.main(["sign", str(release)]) == 0
    assert signed == ["a.exe", "b.dll", "c.pyd"]


# ---------------------------------------------------------------- the self-test's report
def good() -> dict[str, Any]:
    return {"nonce": "1", "ok": True, "finished": True, "parts": {"models": {"ok": True}}}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"nonce": "0"}, "another run"),
        ({"finished": False}, "failed"),
        ({"ok": False}, "failed"),
        ({"parts": {"models": {"ok": False}}}, "failed"),
        ({"parts": {}}, "not tried: models"),
    ],
)
def test_a_report_that_is_not_good_fails(change: dict[str, Any], why: str) -> None:
    check = release_steps.self_test.check
    check(good(), "1", ["models"])
    with pytest.raises(release_steps.self_test.TestFailed, match=why):
        check(good() | change, "1", ["models"])
