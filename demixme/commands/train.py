"""`demixme train`: train networks of one's own; needs the extra [training]."""

from argparse import ArgumentParser, Namespace

from demixme.commands.console import Console

SUMMARY = "train a network: pack songs, run, export (docs/TRAINING.md)"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    from demixme.training.command import add_arguments

    add_arguments(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Do one of the training's tasks, which say themselves how far they are."""
    from demixme.training.command import run as run_task

    return run_task(arguments)
