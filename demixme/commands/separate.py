"""`demixme separate`: the parts of songs as files."""

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demixme.commands import modelchoice, songs
from demixme.commands.arguments import (
    add_file_format,
    add_model,
    add_output,
    add_quality,
    parts_named,
    span_of,
)
from demixme.commands.console import Console, speed_text
from demixme.core.errors import DemixError, FileExists
from demixme.messages import remarks, sentence

if TYPE_CHECKING:
    from demixme.separation.registry import Model

SUMMARY = "write the parts of songs as files that add up to the song again"

FORMATS = ("wav", "flac", "mp3", "ogg", "opus", "m4a")
_FAILED, _SOME_FAILED = 1, 3


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("songs", nargs="+", type=Path, metavar="song", help="one or more songs")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="parts go to DIR/<song>/<part>.wav (default: here)",
    )
    parser.add_argument(
        "--stems",
        action="append",
        metavar="PART,PART",
        help="only these parts, or “instrumental”; repeat the option or separate by commas",
    )
    parser.add_argument("--format", choices=FORMATS, default="wav", help="default wav")
    add_file_format(parser)
    add_model(parser)
    add_quality(parser)
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Separate song after song; one that fails stops no other."""
    from demixme.export.stemnames import stem_names

    done: list[dict[str, Any]] = []
    failed = 0
    with modelchoice.chosen(arguments) as model:
        only = None
        if arguments.stems is not None:
            only = parts_named(arguments.stems, stem_names(model.parts))
        for song in arguments.songs:
            try:
                done.append(_separate(song, only, model, arguments, console, done))
            except (DemixError, OSError, MemoryError) as error:
                if len(arguments.songs) == 1:
                    raise
                failed += 1
                console.complain(sentence(error))
                done.append({"song": song, "error": sentence(error), "kind": type(error).__name__})
    console.answer(ok=not failed, model=model.name, songs=done)
    if failed and not console.as_json:
        console.complain(f"{failed} of {len(arguments.songs)} songs failed.")
    return 0 if not failed else _FAILED if failed == len(arguments.songs) else _SOME_FAILED


def _separate(
    song: Path,
    only: list[str] | None,
    model: "Model",
    arguments: Namespace,
    console: Console,
    done: list[dict[str, Any]],
) -> dict[str, Any]:
    from demixme.export.stemnames import stem_paths
    from demixme.export.stems import export_stems

    folder = next(iter(stem_paths(arguments.output, song, model.parts, "wav").values())).parent
    if any(folder == before.get("folder") for before in done):  # two songs of one name in this run
        raise FileExists(folder)
    began = time.perf_counter()
    track = songs.loaded(song, console)
    with (
        modelchoice.slots_of(model, track, arguments.quality == "best") as source,
        console.progress(f"separating {song.name}") as progress,
    ):
        files = export_stems(
            track,
            source,
            arguments.output,
            only=only,
            container=arguments.format,
            encoding=arguments.encoding,
            span=span_of(arguments, track.rate, track.frames),
            overwrite=arguments.overwrite,
            progress=progress.update,
        )
    took_s, length_s = time.perf_counter() - began, files.frames / track.rate
    console.say(f"{folder}")
    console.say("  " + "  ".join(path.name for path in files.paths.values()))
    console.tell(f"  {speed_text(length_s, took_s)}")
    for remark in remarks(files, arguments.format, common_gain=True):
        console.tell(f"  {remark}")
    return {
        "song": song,
        "folder": folder,
        "files": files.paths,
        "seconds": round(length_s, 3),
        "took_s": round(took_s, 3),
        "speed": round(length_s / took_s, 2),
        "encoding": files.encoding,
        "rate": files.file_rate,
        "gain_db": round(files.gain_db, 2),
        "rf64": files.is_rf64,
        "tags_lost": files.tags_lost,
        "clipped_frames": files.clipped_frames,
    }
