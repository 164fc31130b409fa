"""`demixme separate`: the parts of songs as files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demixme.commands import batchrun, modelchoice
from demixme.commands.arguments import (
    add_file_format,
    add_model,
    add_output,
    add_quality,
    parts_named,
)
from demixme.commands.console import Console
from demixme.core.errors import FileMissing, InvalidValue

if TYPE_CHECKING:
    from demixme.export.batch import Outcome

SUMMARY = "write the parts of songs as files that add up to the song again"

FORMATS = ("wav", "flac", "mp3", "ogg", "opus", "m4a")


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "songs", nargs="+", type=Path, metavar="song", help="songs, or folders of songs"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="parts go to DIR/<song>/<part>.wav, with the sub-folders of a folder (default: here)",
    )
    parser.add_argument(
        "--stems",
        action="append",
        metavar="PART,PART",
        help="only these parts, or “instrumental”; repeat the option or separate by commas",
    )
    parser.add_argument(
        "--format",
        choices=(*FORMATS, "stem.mp4"),
        default="wav",
        help="default wav; stem.mp4: song and four parts in one file, DIR/<song>.stem.mp4",
    )
    add_file_format(parser)
    batchrun.add_batch(parser, "{song}/{part}", "; {song} for stem.mp4")
    add_model(parser)
    add_quality(parser)
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Separate song after song; one that fails stops no other."""
    from demixme.export.batch import STEM_FILE, STEMS
    from demixme.export.stemnames import stem_names, wanted_stems

    one_file = arguments.format == STEM_FILE
    if one_file and (arguments.stems, arguments.encoding) != (None, None):
        raise InvalidValue("--format", STEM_FILE, "one without --stems and --encoding")
    arguments.name = arguments.name or ("{song}" if one_file else "{song}/{part}")
    with modelchoice.chosen(arguments) as model:
        only = None
        if arguments.stems is not None:
            only = parts_named(arguments.stems, stem_names(model.parts))
            wanted_stems(model.parts, only)
        options = {
            "format": arguments.format,
            "encoding": arguments.encoding,
            "first_s": arguments.first_s,
            "last_s": arguments.last_s,
            "stems": only,
            "quality": arguments.quality,
        }
        jobs = batchrun.jobs_of(arguments, STEMS, model, options)
        parts, name = model.parts, model.name
    if not jobs:
        raise FileMissing(arguments.songs[0], "no songs in it")

    special = batchrun.Remarks(console, arguments.format, True, len(jobs) == 1)

    def say(outcome: "Outcome") -> None:
        files = [Path(f) for f in outcome.files.values()]
        console.say(f"{files[0].parent}")
        console.say("  " + "  ".join(path.name for path in files))
        special.say(outcome)

    outcomes = batchrun.run_jobs(jobs, parts, arguments, console, say)
    code = batchrun.exit_code(outcomes)
    console.answer(ok=not code, model=name, songs=[answer(o) for o in outcomes])
    return code


def answer(outcome: "Outcome") -> dict[str, Any]:
    """Return the JSON object of one song."""
    if outcome.state == "failed":
        return {
            "song": outcome.song,
            "state": "failed",
            "error": outcome.error,
            "kind": outcome.kind,
        }
    speed = outcome.seconds / outcome.took_s if outcome.took_s else None
    return {
        "song": outcome.song,
        "state": outcome.state,
        "folder": Path(next(iter(outcome.files.values()))).parent,
        "files": outcome.files,
        "seconds": round(outcome.seconds, 3),
        "took_s": round(outcome.took_s, 3),
        "speed": None if speed is None else round(speed, 2),
        **outcome.details,
    }
