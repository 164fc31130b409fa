"""`demixme headless`: what can be shown of the program where there is no display."""

import os
import subprocess
import time
from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path

from demixme import children, resources
from demixme.commands import machine, modelchoice, songs, window
from demixme.commands.arguments import add_model, add_output
from demixme.commands.console import Console, speed_text
from demixme.commands.mixing import mix_text
from demixme.core.errors import FileMissing, NoWindow
from demixme.core.mixstate import MixState

SUMMARY = "without a display: separate, remix, measure, and draw the window into a file"

_SCREENSHOT = "window.png"
_SCREENSHOT_S = 120.0


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("song", nargs="?", type=Path, help="default: our own demo song")
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("demixme-out"), metavar="FOLDER", help="goes here"
    )
    # the window is drawn in a process of its own: Qt ends a process that lacks its libraries
    parser.add_argument("--only-screenshot", action="store_true", help=SUPPRESS)
    add_model(parser)
    add_output(parser, json=False)


def run(arguments: Namespace, console: Console) -> int:
    """Do the job; the last line of stdout is the folder."""
    song = arguments.song or resources.demo_song()
    folder: Path = arguments.output
    if song is None or not song.exists():
        raise FileMissing(song or resources.assets_folder() / "demo")
    if arguments.only_screenshot:
        return _draw(song, folder / _SCREENSHOT)
    if window.missing_display():
        console.say("There is no display here, so no window; the rest works without.")
    _remix(song, arguments, console)
    console.say(_screenshot(song, folder))
    console.say(str(folder.resolve()))
    return 0


def _remix(song: Path, arguments: Namespace, console: Console) -> None:
    from demixme.audiofile.partfile import make_folder
    from demixme.audiofile.paths import safe_name
    from demixme.export.remix import export_remix

    with modelchoice.chosen(arguments) as model:
        part = "vocals" if "vocals" in model.parts.names else model.parts.mixer_order[0]
        mix = MixState(model.parts).with_strip(part, mute=True)
        path = arguments.output / safe_name(f"{song.stem} (no {part}).wav")
        make_folder(arguments.output)
        began = time.perf_counter()
        track = songs.loaded(song, console)
        with (
            modelchoice.slots_of(model, track) as source,
            console.progress(f"separating {song.name}") as progress,
        ):
            made = export_remix(track, mix, source, path, overwrite=True, progress=progress.update)
    took_s = time.perf_counter() - began
    console.say(f"{song.name}: {mix_text(mix)}, {speed_text(made.frames / track.rate, took_s)}")
    console.say(f"  {path.name}")


def _screenshot(song: Path, folder: Path) -> str:
    """Let a process of its own draw the window; return a line that says how it went."""
    words = ["headless", str(song), "-o", str(folder), "--only-screenshot"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    try:
        drawn = subprocess.run(
            children.command(*words),
            env=environment,
            capture_output=True,
            timeout=_SCREENSHOT_S,
            check=False,
            creationflags=children.NO_CONSOLE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"  no picture of the window: {type(error).__name__}"
    if drawn.returncode == 0 and (folder / _SCREENSHOT).is_file():
        return f"  {_SCREENSHOT}"
    said = drawn.stderr.decode("utf-8", errors="replace").strip().splitlines()
    last = said[-1].removeprefix("demixme: ") if said else f"exit code {drawn.returncode}"
    return f"  no picture of the window: {last}"


def _draw(song: Path, path: Path) -> int:
    try:
        from demixme.ui.app import WindowOptions, screenshot
    except ImportError as error:
        raise NoWindow(str(error)) from error
    from demixme.engine.nulldevice import NullDevice

    options = WindowOptions(
        make_engine=lambda: machine.make_engine(device=NullDevice(clock=True)),
        models=window.model_choices,
        settings_path=path.with_name(".settings.json"),  # not the person's own
    )
    try:
        screenshot(path, song, options)
    finally:
        path.with_name(".settings.json").unlink(missing_ok=True)
    return 0
