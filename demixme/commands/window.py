"""`demixme [song]`: the window."""

import ctypes
import difflib
import importlib.util
import os
import socket
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from demixme import settings
from demixme.commands import machine, modelchoice, models
from demixme.commands.console import Console
from demixme.core.errors import FileMissing, NoWindow


def run(arguments: Namespace, console: Console) -> int:
    """Open the window, with a song if one is given."""
    if arguments.song is not None and not arguments.song.exists():
        raise FileMissing(arguments.song)
    reason = missing_display()
    if reason:
        raise NoWindow(reason)
    try:
        from demixme.ui.app import WindowOptions, run_window
    except ImportError as error:
        raise NoWindow(str(error)) from error
    from demixme.commands import doctor  # it looks at this module

    options = WindowOptions(
        make_engine=make_engine, models=model_choices, diagnostics=doctor.quick_report
    )
    return int(run_window(arguments.song, options))


def make_engine() -> Any:
    """Return the engine with the memory that the settings give it."""
    return machine.make_engine(store_bytes=round(settings.load().store_mb) << 20)


def model_choices() -> tuple[Any, ...]:
    """Return the models for the window's menu."""
    from demixme.ui.bridge import ModelChoice

    return tuple(
        ModelChoice(e.name, e.title, e.sentence, e.research_only, _card(e))
        for e in modelchoice.known_models()
    )


def _card(entry: Any) -> tuple[str, ...]:
    """Return what a model's sidecar says of it, line by line."""
    about = models.facts(entry)
    training = entry.spec.training_data if entry.spec is not None else ()
    return tuple(f"{label}: {text}" for label, text in models.card(about, training) if text)


def meant_command(text: str, commands: Iterable[str]) -> str | None:
    """Return the command somebody may have meant by a song that is not there."""
    if Path(text).suffix or os.sep in text:
        return None
    return next(iter(difflib.get_close_matches(text, commands, 1, 0.7)), None)


def missing_display() -> str:
    """Return why Qt could not open a window here, or "" if nothing speaks against it.

    Qt ends the process where it finds no display; so this asks before.
    """
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return ""
    if _wayland_answers():
        return ""
    if not _x11_answers():
        return "there is no display"
    return _missing_library()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _socket_answers(os.path.join(folder, name or ""))


def _x11_answers() -> bool:
    host, colon, number = os.environ.get("DISPLAY", "").rpartition(":")
    if not colon:
        return False
    if host not in ("", "unix"):
        return True  # another machine: Qt will see
    path = f"/tmp/.X11-unix/X{number.partition('.')[0]}"
    return _socket_answers(path) or _socket_answers("\0" + path)


def _socket_answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(1.0)
        try:
            s.connect(path)
        except (OSError, ValueError):
            return False
        return True


def _missing_library() -> str:
    """Return the system library that Qt's X11 plug-in misses, in the loader's words."""
    package = importlib.util.find_spec("PySide6")
    if package is None or not package.submodule_search_locations:
        return "PySide6 is not installed"
    plugin = Path(package.submodule_search_locations[0], "Qt/plugins/platforms/libqxcb.so")
    if plugin.is_file():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            return str(error)
    return ""
