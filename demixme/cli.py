"""The command `demixme`: opens the window, or runs one of the commands."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import demixme
from demixme import logs
from demixme.commands import (
    devices,
    doctor,
    evaluate,
    headless,
    models,
    nulltest,
    play,
    remix,
    separate,
    smoketest,
    train,
)
from demixme.commands import window as window_command
from demixme.commands.arguments import EXIT_CODES, Parser
from demixme.commands.console import Console, make_streams_safe
from demixme.core.errors import (
    DemixError,
    InvalidValue,
    MissingExtra,
    NoDevice,
    NoWindow,
    UnknownPart,
)
from demixme.messages import sentence

OK, FAILED, USAGE, SOME_FAILED, NOT_HERE, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 4, 130, 143

#: In the order of the help; each module has `SUMMARY`, `describe(parser)` and `run(…) -> code`.
COMMANDS: dict[str, ModuleType] = {
    "separate": separate,
    "remix": remix,
    "play": play,
    "nulltest": nulltest,
    "devices": devices,
    "models": models,
    "doctor": doctor,
    "headless": headless,
    "evaluate": evaluate,
    "train": train,
}

_log = logging.getLogger(__name__)


class Terminated(KeyboardInterrupt):
    """Another program asked this one to end."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `demixme` with these arguments (the process's own if None) and return its exit code."""
    make_streams_safe()
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == [smoketest.OPTION]:
        return _self_test(words[1:])
    try:
        arguments = parsed(words)
    except SystemExit as end:  # argparse has said why
        return end.code if isinstance(end.code, int) else USAGE
    logs.start()
    console = Console(
        quiet=getattr(arguments, "quiet", False), as_json=getattr(arguments, "json", False)
    )
    return _guarded(arguments, console)


def _self_test(words: Sequence[str]) -> int:
    try:
        return smoketest.run(words)
    except SystemExit as end:  # argparse has said why
        return end.code if isinstance(end.code, int) else USAGE


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments; `command` is the module that runs them."""
    if words and words[0] in COMMANDS:
        command = COMMANDS[words[0]]
        parser = Parser(
            prog=f"demixme {words[0]}",
            description=command.SUMMARY,
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.describe(parser)
        return parser.parse_args(words[1:], argparse.Namespace(command=command))
    return _parsed_window(words)


def _parsed_window(words: Sequence[str]) -> argparse.Namespace:
    rows = "\n".join(f"  {name:9} {command.SUMMARY}" for name, command in COMMANDS.items())
    parser = Parser(
        prog="demixme",
        usage="demixme [song]\n       demixme COMMAND …   (“demixme COMMAND --help” says more)",
        description="Play a finished song and remix its parts while it plays.",
        epilog=f"commands:\n{rows}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("song", nargs="?", type=Path, help="opens in the window")
    parser.add_argument("--version", action="version", version=f"DemixME {demixme.__version__}")
    if words and not words[0].startswith("-") and not Path(words[0]).exists():
        meant = window_command.meant_command(words[0], COMMANDS)
        if meant:
            parser.error(f"there is no command “{words[0]}”; did you mean “{meant}”?")
    return parser.parse_args(words, argparse.Namespace(command=window_command))


def _guarded(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command; whatever happens, a person reads at most one sentence."""
    former = _end_on_sigterm()
    try:
        return int(arguments.command.run(arguments, console))
    except KeyboardInterrupt as stop:
        console.tell("Stopped.")
        console.answer(ok=False, error="Stopped.", kind="Interrupted")
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: nobody is there to be told
        _close_stdout()
        return FAILED
    except (DemixError, OSError, MemoryError) as error:
        # what has a sentence of its own is no fault of ours: where it arose would only be noise
        expected = isinstance(error, DemixError)
        cause = error.__cause__
        _log.warning("%s: %r (%r)", type(error).__name__, error, cause, exc_info=not expected)
        return _failed(error, console)
    except Exception as error:  # noqa: BLE001 - the top hook: nobody may see a traceback
        _log.exception("a command broke")
        return _failed(error, console)
    finally:
        if former is not None:
            signal.signal(signal.SIGTERM, former)


def _failed(error: BaseException, console: Console) -> int:
    console.complain(sentence(error))
    console.answer(ok=False, error=sentence(error), kind=type(error).__name__)
    if isinstance(error, InvalidValue | UnknownPart):
        return USAGE
    return NOT_HERE if isinstance(error, NoDevice | NoWindow | MissingExtra) else FAILED


def _end_on_sigterm() -> Any:
    """Let SIGTERM unwind as Ctrl+C does, so that no half-written file stays behind."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    with suppress(ValueError, OSError):  # not in the main thread
        return signal.signal(signal.SIGTERM, end)
    return None


def _close_stdout() -> None:
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
