"""`demixme doctor`: everything about this machine that somebody who helps would ask for."""

import importlib
import importlib.metadata
import logging
import os
import platform
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

import demixme
from demixme import logs, resources, settings
from demixme.commands import devices, machine, modelchoice, models, window
from demixme.commands.arguments import add_output, threads
from demixme.commands.console import Console
from demixme.core.errors import DemixError
from demixme.messages import sentence

SUMMARY = "describe this machine, as text to paste where you ask for help"

Rows = list[tuple[str, str]]

_PACKAGES = (
    *("numpy", "scipy", "soxr", "soundfile", "av", "mutagen", "platformdirs", "onnxruntime"),
    *("sounddevice", "PySide6-Essentials", "pyqtgraph"),
)
_log = logging.getLogger(__name__)


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "--threads", type=threads, default=1, metavar="N", help="threads of the network (default 1)"
    )
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Print section after section; one that breaks says so and stops no other."""
    sections: dict[str, Callable[[], Rows]] = {
        "DemixME": _program,
        "packages": _packages,
        "window": _window,
        "sound": _sound,
        "models": lambda: _models(arguments.threads),
        "folders": _folders,
    }
    answers: dict[str, dict[str, str]] = {}
    for name, section in sections.items():
        rows = _guarded(name, section)
        answers[name] = dict(rows)
        console.say(name)
        console.table(rows, indent="  ")
        console.say()
    console.answer(ok=True, **answers)
    return 0


def quick_report() -> str:
    """Return what can be said at once, for the window, which has a sound output of its own."""
    sections: dict[str, Callable[[], Rows]] = {
        "DemixME": _program,
        "packages": _packages,
        "models": lambda: [(e.name, e.title) for e in modelchoice.known_models()],
        "folders": _folders,
        "log": _last_lines,
    }
    lines = []
    for name, section in sections.items():
        lines.append(name)
        lines += [f"  {label}: {text}" for label, text in _guarded(name, section)]
    return "\n".join(lines) + "\n"


def _last_lines() -> Rows:
    try:
        text = logs.log_file().read_text("utf-8", errors="replace")
    except OSError:
        return []
    return [(str(k), line) for k, line in enumerate(text.splitlines()[-20:], 1)]


def _guarded(name: str, section: Callable[[], Rows]) -> Rows:
    try:
        return [(label, _without_home(text)) for label, text in section()]
    except DemixError as error:
        return [("not here", _without_home(sentence(error)))]
    except Exception as error:  # noqa: BLE001 - one broken part must not hide the others
        _log.exception("doctor: %s", name)
        return [("not here", _without_home(f"{type(error).__name__}: {error}"))]


def _without_home(text: str) -> str:
    home = str(Path.home())
    return " ".join(text.replace(home, "~").split()) if len(home) > 1 else text


# ---------------------------------------------------------------- sections
def _program() -> Rows:
    bits = "64 bit" if sys.maxsize > 1 << 32 else "32 bit"
    frozen = " (packaged)" if hasattr(sys, "_MEIPASS") else ""
    return [
        ("version", demixme.__version__ + frozen),
        ("Python", f"{platform.python_version()} {platform.python_implementation()}, {bits}"),
        ("system", _system()),
        ("processor", f"{platform.machine() or 'unknown'}, {os.cpu_count() or '?'} cores"),
    ]


def _system() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    return ", ".join(filter(None, (name, platform.platform())))


def _packages() -> Rows:
    return [(name, _version(name)) for name in _PACKAGES]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not here"


def _window() -> Rows:
    try:
        from demixme.ui import app  # noqa: F401 - whether it loads is the question

        qt = "loads"
    except ImportError as error:
        qt = f"not here: {error}"
    return [("Qt", qt), ("display", window.missing_display() or "there is one")]


def _sound() -> Rows:
    outputs = machine.outputs()
    return [
        (
            f"output {number}",
            f"{d.name} ({d.host_api}, {devices.channels_text(d.channels)})"
            + (", the system's own" if d.default else ""),
        )
        for number, d in enumerate(outputs, 1)
    ]


def _models(count: int) -> Rows:
    rows = [
        (entry.name, _model_line(models.facts(entry) | models.measured(entry, count)))
        for entry in modelchoice.known_models()
    ]
    return rows or [("not here", str(resources.models_folder()))]


def _model_line(measured: dict[str, object]) -> str:
    if "error" in measured:
        return str(measured["error"])
    return (
        f"{measured['title']}, {measured['speed']:.1f} × real time on this machine, "
        f"sha256 {str(measured['sha256'])[:12]}"
    )


def _folders() -> Rows:
    crash = logs.last_crash()
    rows = [
        ("settings", _folder(resources.config_folder())),
        ("cache", _folder(resources.cache_folder())),
        ("your models", _folder(resources.user_models_folder())),
        ("shipped models", _folder(resources.models_folder())),
        ("log", str(logs.log_file())),
    ]
    if crash is not None:
        when, trace = crash
        rows.append(("last crash", f"{when:%Y-%m-%d %H:%M}: {' '.join(trace.split())[:300]}"))
    chosen = settings.load()
    rows.append(
        ("chosen", f"device “{chosen.device or 'default'}”, buffer {chosen.buffer_ms:g} ms")
    )
    return rows


def _folder(path: Path) -> str:
    if not path.is_dir():
        return f"{path} (not made yet)"
    free = shutil.disk_usage(path).free / 1e9
    return f"{path} ({free:.0f} GB free)"
