"""`demixme remix`: a song with some parts louder, softer or gone, as a file."""

import time
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from demixme.commands import batchrun, modelchoice, songs
from demixme.commands.arguments import (
    add_file_format,
    add_mix,
    add_model,
    add_output,
    add_quality,
    span_of,
)
from demixme.commands.console import Console, speed_text
from demixme.commands.mixing import is_mixed, mix_of, mix_text
from demixme.commands.separate import FORMATS, answer
from demixme.core.errors import FileExists, FileMissing
from demixme.core.units import level_text
from demixme.messages import remarks

if TYPE_CHECKING:
    from demixme.export.batch import Outcome
    from demixme.export.remix import RemixFile

BEST_DIFFERS = "  separated in best quality, which differs from what is heard live"
SUMMARY = "write a song with some parts louder, softer or gone"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "songs", nargs="+", type=Path, metavar="song", help="a song, or several, or folders"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE|DIR",
        help="one song: a .wav, .flac, .mp3, .ogg, .opus or .m4a; else the folder of the results",
    )
    parser.add_argument("--format", choices=FORMATS, default="wav", help="in a folder; default wav")
    add_mix(parser)
    parser.add_argument(
        "--level",
        choices=("heard", "normalise", "limit"),
        default="heard",
        help="heard: the limiter of live sound (default); normalise: scaled to -1 dBTP; limit: "
        "limited to -1 dBTP; both before lossy coding, which moves peaks a little",
    )
    add_file_format(parser)
    batchrun.add_batch(parser, "{song} ({mix})")
    add_model(parser)
    add_quality(parser)
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Write the remix, whole or not at all; or that of many songs."""
    folders = [song for song in arguments.songs if song.is_dir()]
    if len(arguments.songs) > 1 or folders or arguments.cluster or arguments.output.is_dir():
        return _run_many(arguments, console)
    return _run_one(arguments, arguments.songs[0], console)


def _run_many(arguments: Namespace, console: Console) -> int:
    from demixme.export.batch import REMIX

    arguments.name = arguments.name or "{song} ({mix})"
    with modelchoice.chosen(arguments) as model:
        mix = mix_of(arguments, model.parts)
        strips = {
            n: [str(s.level_db), s.mute, s.solo, s.pan] for n, s in sorted(mix.strips.items())
        }
        options = {
            "format": arguments.format,
            "encoding": arguments.encoding,
            "first_s": arguments.first_s,
            "last_s": arguments.last_s,
            "level": arguments.level,
            "quality": arguments.quality,
            "strips": strips,
            "master_db": str(mix.master_db),
            "mix": mix_text(mix) if is_mixed(arguments) else "remix",
        }
        jobs = batchrun.jobs_of(arguments, REMIX, model, options)
        parts, name = model.parts, model.name
    if not jobs:
        raise FileMissing(arguments.songs[0], "no songs in it")

    special = batchrun.Remarks(console, arguments.format, False, len(jobs) == 1)

    def say(outcome: "Outcome") -> None:
        console.say(outcome.files["mix"])
        special.say(outcome)

    outcomes = batchrun.run_jobs(jobs, parts, arguments, console, say)
    code = batchrun.exit_code(outcomes)
    songs_done = [answer(o) for o in outcomes]
    console.answer(ok=not code, model=name, mix=mix_text(mix), songs=songs_done)
    return code


def _run_one(arguments: Namespace, song: Path, console: Console) -> int:
    from demixme.audiofile.formats import CONTAINERS, container_of
    from demixme.audiofile.partfile import make_folder
    from demixme.export.remix import export_remix
    from demixme.export.render import Level

    kind = CONTAINERS[container_of(arguments.output)].title
    if arguments.output.exists() and not arguments.overwrite:  # before minutes of work
        raise FileExists(arguments.output)
    began = time.perf_counter()
    with ExitStack() as stack:
        model = stack.enter_context(modelchoice.chosen(arguments))
        mix = mix_of(arguments, model.parts)
        track = songs.loaded(song, console)
        source = None
        if mix.needs_stems:
            best = arguments.quality == "best"
            source = stack.enter_context(modelchoice.slots_of(model, track, best))
        progress = stack.enter_context(console.progress(f"mixing {song.name}"))
        make_folder(arguments.output.absolute().parent)
        made = export_remix(
            track,
            mix,
            source,
            arguments.output,
            encoding=arguments.encoding,
            span=span_of(arguments, track.rate, track.frames),
            level=Level(arguments.level),
            overwrite=arguments.overwrite,
            progress=progress.update,
        )
    took_s, length_s = time.perf_counter() - began, made.frames / track.rate
    console.say(str(made.path))
    console.tell(f"  {mix_text(mix)}")
    console.tell(f"  {speed_text(length_s, took_s)}")
    if arguments.quality == "best" and mix.needs_stems:
        console.tell(BEST_DIFFERS)
    console.tell(f"  {loudness_text(made)}")
    for remark in remarks(made, kind):
        console.tell(f"  {remark}")
    console.answer(
        ok=True,
        song=song,
        file=made.path,
        mix=mix_text(mix),
        model=model.name,
        seconds=round(length_s, 3),
        took_s=round(took_s, 3),
        speed=round(length_s / took_s, 2),
        encoding=made.encoding,
        rate=made.file_rate,
        channels=made.channels,
        loudness_lufs=round(made.loudness.lufs, 2),
        true_peak_dbtp=round(made.loudness.true_peak_db, 2),
        gain_db=round(made.gain_db, 2),
        rf64=made.is_rf64,
        tags_lost=made.tags_lost,
        clipped_frames=made.clipped_frames,
    )
    return 0


def loudness_text(made: "RemixFile") -> str:
    """Return how loud a file is: ``−14.2 LUFS, true peak −1.0 dBTP, scaled by +2.1 dB``."""
    told = made.loudness
    text = f"{level_text(told.lufs)} LUFS, true peak {level_text(told.true_peak_db)} dBTP"
    return f"{text}, scaled by {level_text(made.gain_db)} dB" if made.gain_db else text
