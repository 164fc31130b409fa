"""`demixme remix`: a song with some parts louder, softer or gone, as a file."""

import time
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

from demixme.commands import modelchoice, songs
from demixme.commands.arguments import add_file_format, add_mix, add_model, add_output, add_song
from demixme.commands.console import Console, speed_text
from demixme.commands.mixing import mix_of, mix_text
from demixme.core.errors import FileExists

SUMMARY = "write a song with some parts louder, softer or gone"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_song(parser)
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=".wav or .flac"
    )
    add_mix(parser)
    add_file_format(parser)
    add_model(parser)
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Write the remix, whole or not at all."""
    from demixme.audiofile.encode import container_of
    from demixme.audiofile.partfile import make_folder
    from demixme.export.remix import export_remix

    container_of(arguments.output)
    if arguments.output.exists() and not arguments.overwrite:  # before minutes of work
        raise FileExists(arguments.output)
    began = time.perf_counter()
    with ExitStack() as stack:
        model = stack.enter_context(modelchoice.chosen(arguments))
        mix = mix_of(arguments, model.parts)
        track = songs.loaded(arguments.song, console)
        source = None
        if mix.needs_stems:
            source = stack.enter_context(modelchoice.slots_of(model, track))
        progress = stack.enter_context(console.progress(f"mixing {arguments.song.name}"))
        make_folder(arguments.output.absolute().parent)
        made = export_remix(
            track,
            mix,
            source,
            arguments.output,
            encoding=arguments.encoding,
            overwrite=arguments.overwrite,
            progress=progress.update,
        )
    took_s, length_s = time.perf_counter() - began, made.frames / track.rate
    console.say(str(made.path))
    console.tell(f"  {mix_text(mix)}")
    console.tell(f"  {speed_text(length_s, took_s)}")
    if made.clipped_frames:
        console.tell(f"  {made.clipped_frames} samples were too loud for {made.encoding}")
    console.answer(
        ok=True,
        song=arguments.song,
        file=made.path,
        mix=mix_text(mix),
        model=model.name,
        seconds=round(length_s, 3),
        took_s=round(took_s, 3),
        speed=round(length_s / took_s, 2),
        encoding=made.encoding,
        clipped_frames=made.clipped_frames,
    )
    return 0
