"""`demixme devices`: the outputs that sound can go to."""

from argparse import ArgumentParser, Namespace

from demixme.commands import machine
from demixme.commands.arguments import add_output
from demixme.commands.console import Console
from demixme.core.errors import NoDevice

SUMMARY = "list the sound outputs"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_output(parser)


def run(_arguments: Namespace, console: Console) -> int:
    """Print a line an output; no output at all is an error."""
    outputs = machine.outputs()
    if not outputs:
        raise NoDevice
    console.table(
        ("*" if d.default else " ", d.name, d.host_api, channels_text(d.channels)) for d in outputs
    )
    if any(d.default for d in outputs):
        console.tell("* is the system's own")
    console.answer(
        ok=True,
        devices=[
            {
                "name": d.name,
                "host_api": d.host_api,
                "channels": d.channels,
                "default": d.default,
            }
            for d in outputs
        ],
    )
    return 0


def channels_text(channels: int) -> str:
    """Return ``stereo``, ``mono`` or ``6 channels``."""
    return {1: "mono", 2: "stereo"}.get(channels, f"{channels} channels")
