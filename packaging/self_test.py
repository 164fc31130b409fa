"""Runs the frozen programs' own self-test and holds the report against what must be in it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LIMIT_S = 180
WINDOWS, LINUX, MACOS = (sys.platform == s for s in ("win32", "linux", "darwin"))


class TestFailed(Exception):
    """A program does not do what it must; the text says what."""


def program(folder: Path, name: str) -> Path:
    """Return the path of one of the two programs."""
    return folder / (f"{name}.exe" if WINDOWS else name)


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of somebody who has nothing of ours: no Python, no display."""
    dropped = ("PYTHON", "QT_", "DISPLAY", "WAYLAND", "VIRTUAL_ENV", "LD_LIBRARY", "DEMIXME")
    return {k: v for k, v in os.environ.items() if not k.startswith(dropped)} | extra


def smoke_test(
    command: Iterable[object], report: Path, parts: Iterable[str], **extra: str
) -> dict[str, Any]:
    """Run `COMMAND --smoke-test REPORT` and return the report; TestFailed when it is not good."""
    nonce = secrets.token_hex(8)
    report.unlink(missing_ok=True)
    words = [*(str(word) for word in command), "--smoke-test", str(report), "--nonce", nonce]
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT_S,
            env=environment(**extra),
            cwd=report.parent,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TestFailed(f"{words[0]} did not end within {LIMIT_S} s") from late
    said = (done.stdout + done.stderr)[-2000:]
    if not report.is_file():
        raise TestFailed(f"{words[0]} ended with {done.returncode} and without a report\n{said}")
    content = json.loads(report.read_text("utf-8"))
    check(content, nonce, parts)
    if done.returncode:
        raise TestFailed(f"{words[0]} ended with {done.returncode}\n{said}")
    return content


def check(content: dict[str, Any], nonce: str, parts: Iterable[str]) -> None:
    """Raise TestFailed unless a report is this run's, whole, and good in all these parts."""
    if content.get("nonce") != nonce:
        raise TestFailed("the report is of another run")
    wrong = {name: row for name, row in content["parts"].items() if not row["ok"]}
    if wrong or not content["finished"] or not content["ok"]:
        shown = json.dumps({**content, "parts": wrong}, indent=1)
        raise TestFailed(f"the self-test failed:\n{shown}")
    missing = set(parts) - set(content["parts"])
    if missing:
        raise TestFailed(f"not tried: {', '.join(sorted(missing))}")


def run_all(folder: Path) -> None:
    """Test both programs of a folder, each in every way this machine offers."""
    without = {"versions", "child", "models", "engine", "resampling", "formats", "batch", "sound"}
    without |= {"no_qt"}
    with tempfile.TemporaryDirectory(prefix="demixme ñ 音 ") as place:
        report = Path(place, "report.json")
        content = smoke_test([program(folder, "demixme-cli")], report, without)
        say("demixme-cli", content)
        window = [program(folder, "DemixME")]
        content = smoke_test(window, report, {*without, "window"})
        say("DemixME", content)
        if LINUX and shutil.which("xvfb-run"):
            command = ["xvfb-run", "-a", *window]
            content = smoke_test(command, report, {"window"}, QT_QPA_PLATFORM="xcb")
            say("DemixME on X", content)
            if content["parts"]["window"]["said"]["platform"] != "xcb":
                raise TestFailed("the window did not open on the X display")


def say(name: str, content: dict[str, Any]) -> None:
    """Say in one line what a test took."""
    took = ", ".join(f"{part} {row['took_s']:.1f}" for part, row in content["parts"].items())
    print(f"package: {name} works: {took} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        run_all(Path(sys.argv[1]))
    except TestFailed as why:
        sys.exit(f"self-test: {why}")
