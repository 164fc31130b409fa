"""`demixme nulltest`: proof that with every fader at 0 dB the output is the song, bit for bit."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from demixme.commands import machine
from demixme.commands.arguments import add_model, add_output, add_song
from demixme.commands.console import Console
from demixme.core.units import clock_text

if TYPE_CHECKING:
    from demixme.engine.engine import Engine
    from demixme.engine.nulldevice import NullDevice
    from demixme.nulltest import NullReport

SUMMARY = "prove that with all faders at 0 dB the song passes bit for bit"

_FAILED = 1


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_song(parser)
    add_model(parser)
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Run the test and print every difference; 1 if one is not what it must be."""
    from demixme.nulltest import null_test

    engines: list[Engine] = []

    def make_engine(device: "NullDevice") -> "Engine":
        engines.append(machine.make_engine(arguments.threads, device))
        return engines[0]

    try:
        with console.progress("") as progress:
            report = null_test(arguments.song, arguments.model, make_engine, progress.stage)
    finally:
        for engine in engines:
            engine.close()
    _print(report, arguments, console)
    console.answer(ok=report.passed, song=arguments.song, **asdict(report))
    return 0 if report.passed else _FAILED


def _print(report: "NullReport", arguments: Namespace, console: Console) -> None:
    length = clock_text(report.frames / report.rate)
    console.say(f"{arguments.song.name}: {length}, {report.rate} Hz, {', '.join(report.parts)}")
    console.table(
        [
            (f"exported as {report.encoding}, read again", _exact(report.exported)),
            ("played, all controls moved and restored before", _exact(report.before_play)),
            (
                f"played, moved meanwhile, last {report.compared_frames} frames",
                _exact(report.while_playing),
            ),
            ("sum of the separated parts", _exact(report.stems_sum)),
        ],
        indent="  ",
    )
    console.say("passed: it is the song, bit for bit" if report.passed else "FAILED")


def _exact(difference: float) -> str:
    return "exact" if difference == 0.0 else f"differs by at most {difference:.1e}"
