"""The program starts itself again: from any folder, whatever lies there, frozen or not."""

import subprocess
import sys
from pathlib import Path

import pytest

import demixme
from demixme import children
from demixme.__main__ import DECODE


def run(*words: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        children.command(*words),
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
        creationflags=children.NO_CONSOLE,
    )


def test_a_child_runs_in_any_folder_whatever_lies_there(tmp_path: Path) -> None:
    for name in ("demixme", "numpy", "logging"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')", "utf-8")
    done = run("--version", folder=tmp_path)
    assert done.stdout.decode().strip() == f"DemixME {demixme.__version__}"
    assert done.returncode == 0


def test_a_child_returns_the_exit_code_and_takes_words_as_they_are(tmp_path: Path) -> None:
    done = run("nulltest", "no “such” $(song) ü.wav", folder=tmp_path)
    assert done.returncode != 0
    assert "no “such” $(song) ü.wav" in done.stderr.decode()


def test_a_child_needs_no_installed_package(tmp_path: Path) -> None:
    words = children.command("--version")
    isolated = [words[0], "-S", *words[1:]]  # no site-packages, so no checkout on the path
    done = subprocess.run(isolated, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert b"No module named 'demixme'" not in done.stderr


@pytest.mark.parametrize("suffix", ["", ".exe"])
def test_a_frozen_child_is_the_program_with_a_console(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, console = tmp_path / f"DemixME{suffix}", tmp_path / f"demixme-cli{suffix}"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(window))
    assert children.command("separate", "a b") == [str(window), "separate", "a b"]
    console.touch()
    assert children.command("separate", "a b") == [str(console), "separate", "a b"]


def test_the_frozen_program_begins_where_children_do(tmp_path: Path) -> None:
    entry = Path(__file__).parents[1] / "packaging" / "entry.py"
    words = [sys.executable, str(entry), DECODE, str(tmp_path / "none.m4a")]
    done = subprocess.run(words, input=b"", capture_output=True, timeout=60, check=False)
    assert b"unrecognized" not in done.stderr
