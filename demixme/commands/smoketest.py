"""`--smoke-test REPORT.json`: the program tries out its own parts and says how that went.

It works in a folder of its own: no setting, session or log of the person is touched, and no
running DemixME is asked. Whatever happens, the report says it: it is written again after each part,
so that a crash shows where it came.
"""

import argparse
import faulthandler
import json
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import demixme
from demixme import logs
from demixme.commands import smokeparts
from demixme.commands.arguments import EXIT_CODES, Parser
from demixme.resources import HOME_VARIABLE

OPTION = "--smoke-test"
LIMIT_S = 120.0
OK, FAILED, TOO_LATE = 0, 1, 5


def run(words: Sequence[str]) -> int:
    """Run the parts that the words ask for and return the exit code."""
    arguments = _parsed(words)
    report = Report(arguments.report, arguments.nonce)
    report.write()
    with tempfile.TemporaryDirectory(prefix="demixme-", ignore_cleanup_errors=True) as folder:
        os.environ[HOME_VARIABLE] = str(Path(folder, "home"))
        logs.start()
        watch = _watchdog(report, Path(folder))
        try:
            for name in arguments.only or _parts():
                report.add(name, Path(folder))
        finally:
            watch.cancel()
            logs.stop()
    report.finish()
    return OK if report.content["ok"] else FAILED


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog=f"demixme {OPTION}", description=__doc__, epilog=EXIT_CODES)
    parser.add_argument("report", type=Path, help="JSON file that is written")
    parser.add_argument("--nonce", default="", help="comes back in the report")
    parser.add_argument(
        "--only", action="append", choices=smokeparts.PARTS, help="this part alone; repeatable"
    )
    return parser.parse_args(words)


def _parts() -> list[str]:
    """Return the parts of this program: demixme-cli has no window."""
    console_only = Path(sys.executable).stem == "demixme-cli"
    return list(smokeparts.WITHOUT_WINDOW if console_only else smokeparts.PARTS)


class Report:
    """What is known so far, as a file."""

    def __init__(self, path: Path, nonce: str) -> None:
        self._path = path.absolute()
        self._began = time.monotonic()
        self.content: dict[str, Any] = {
            "ok": False,
            "finished": False,
            "nonce": nonce,
            "version": demixme.__version__,
            "program": sys.executable,
            "frozen": bool(getattr(sys, "frozen", False)),
            "platform": sys.platform,
            "parts": {},
        }

    def add(self, name: str, folder: Path) -> None:
        """Run one part and write down how it went."""
        began = time.monotonic()
        row: dict[str, Any] = {"ok": False}
        self.content["parts"][name] = row
        self.write()
        try:
            row["said"] = smokeparts.PARTS[name](folder)
            row["ok"] = True
        except BaseException as error:  # noqa: BLE001 - a top hook: the report is where it is told
            row["error"] = f"{type(error).__name__}: {error}"
            row["trace"] = traceback.format_exc()
        row["took_s"] = round(time.monotonic() - began, 3)
        self.write()

    def finish(self) -> None:
        """Say that the program came to its end."""
        self.content["finished"] = True
        self.content["ok"] = all(row["ok"] for row in self.content["parts"].values())
        self.write()

    def write(self) -> None:
        """Write the file as things stand, in one step."""
        self.content["took_s"] = round(time.monotonic() - self._began, 3)
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        text = json.dumps(self.content, indent=1, default=str) + "\n"
        part.write_text(text, encoding="utf-8")
        os.replace(part, self._path)


def _watchdog(report: Report, folder: Path) -> threading.Timer:
    """End the process when it hangs, with the stack of each thread in the report."""

    def end() -> None:
        path = folder / "stacks.txt"
        with path.open("w", encoding="utf-8") as file:
            faulthandler.dump_traceback(file)
        report.content["watchdog"] = path.read_text("utf-8", errors="replace")
        with suppress(OSError):
            report.write()
        os._exit(TOO_LATE)

    timer = threading.Timer(LIMIT_S, end)
    timer.daemon = True
    timer.start()
    return timer
