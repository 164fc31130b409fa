"""`demixme train`: pack songs, run a training, export; PyTorch is imported when needed."""

import argparse
import json
from pathlib import Path
from typing import Any

from demixme.core.errors import FileUnreadable, InvalidValue, MissingExtra

SMOKE_SONGS, SMOKE_SECONDS, SMOKE_MINUTES = 3, 12.0, 3.0
_RUN_CHANGES = (
    *("name", "folder", "network", "batch", "seconds", "steps", "minutes", "learning_rate"),
    *("precision", "accelerator", "devices", "nodes", "workers", "threads", "seed"),
    *("validate_every", "log_every", "save_every"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    smoke = tasks.add_parser("smoke", help="prove in five minutes that everything works")
    smoke.add_argument("--folder", type=Path, default=Path("out/smoke"))
    smoke.add_argument("--minutes", type=float, default=SMOKE_MINUTES)
    pack = tasks.add_parser("pack", help="turn song collections into a pack to train on")
    pack.add_argument("pack", type=Path, help="folder to write")
    pack.add_argument("collections", type=Path, nargs="+", metavar="COLLECTION")
    pack.add_argument("--subset", help="only this one: dev, test, train")
    pack.add_argument("--skip", nargs="*", default=[], metavar="SONG", help="leave these out")
    _add_run(tasks.add_parser("run", help="train"))
    out = tasks.add_parser("export", help="write a checkpoint as ONNX with its sidecar")
    out.add_argument("checkpoint", type=Path)
    out.add_argument("model", type=Path, help="the .onnx file to write")
    out.add_argument("--half", action="store_true", help="store the weights in half precision")
    out.add_argument("--notes", type=Path, help="JSON with more for the sidecar: title, licence")


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("config", type=Path, nargs="?", help="a TOML file (docs/TRAINING.md)")
    run.add_argument(
        "--data", type=Path, nargs="+", metavar="PACK", help="packs, instead of the file's"
    )
    run.add_argument(
        "--validation", type=Path, nargs="+", metavar="FOLDER", help="songs with stems"
    )
    run.add_argument("--resume", type=Path, metavar="CHECKPOINT", help="go on with a run")
    run.add_argument("--start-from", type=Path, metavar="CHECKPOINT", help="begin with its weights")
    run.add_argument("--compile-loss", action="store_true", default=None)
    numbers = {
        "batch": int,
        "steps": int,
        "nodes": int,
        "workers": int,
        "threads": int,
        "seed": int,
    }
    numbers |= {"validate_every": int, "log_every": int, "save_every": int}
    kinds: dict[str, Any] = {"minutes": float, "seconds": float, "learning_rate": float}
    for name in _RUN_CHANGES:
        kind = Path if name == "folder" else {**kinds, **numbers}.get(name, str)
        run.add_argument(f"--{name.replace('_', '-')}", type=kind)


def run(arguments: argparse.Namespace) -> int:
    """Do the task and return the exit code.

    Raises
    ------
    MissingExtra
        PyTorch or its companions are not installed.
    """
    try:
        import lightning_fabric  # noqa: F401
        import onnx  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtra("train", "training") from error
    tasks = {"smoke": _smoke, "pack": _pack, "run": _run, "export": _export}
    return tasks[arguments.task](arguments)


def _pack(arguments: argparse.Namespace) -> int:
    from demixme.audiofile.collections import find_songs
    from demixme.training.data.pack import write_pack
    from demixme.training.runlog import say

    songs = [s for folder in arguments.collections for s in find_songs(folder)]
    if arguments.subset:
        songs = [s for s in songs if s.subset == arguments.subset]
    songs = [s for s in songs if s.name not in arguments.skip]
    if not songs:
        raise FileUnreadable(arguments.collections[0], "no songs of that subset")
    count = write_pack(arguments.pack, songs, say)
    say(f"{arguments.pack}: {count} songs or clips")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from demixme.training.config import read_plan
    from demixme.training.data.mixes import Source
    from demixme.training.trainer import Trainer

    changes = {name: getattr(arguments, name) for name in (*_RUN_CHANGES, "compile_loss")}
    if arguments.data:
        changes["data"] = tuple(Source(folder) for folder in arguments.data)
    if arguments.validation:
        changes["validation"] = tuple(arguments.validation)
    if arguments.resume and arguments.start_from:
        raise InvalidValue("start-from", arguments.start_from.name, "given without resume")
    plan = read_plan(arguments.config, **changes)
    Trainer(plan, resume=arguments.resume, start=arguments.start_from).run()
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from demixme.training.checkpoint import load_network
    from demixme.training.export import export
    from demixme.training.runlog import say

    notes = {}
    if arguments.notes:
        try:
            notes = json.loads(arguments.notes.read_text("utf-8"))
        except ValueError as error:
            raise FileUnreadable(arguments.notes, "not JSON") from error
    design, network = load_network(arguments.checkpoint)
    spec = export(network, design, arguments.model, notes, arguments.half)
    size = arguments.model.stat().st_size
    say(f"{arguments.model}: {size / 1e6:.1f} MB, {spec.parameters / 1e6:.2f} M parameters")
    return 0


def _smoke(arguments: argparse.Namespace) -> int:
    """Make three short songs, train a tiny network on them, export it, separate with it."""
    from demixme.audiofile.collections import find_songs
    from demixme.training.config import Plan
    from demixme.training.data.mixes import Source
    from demixme.training.data.pack import write_pack
    from demixme.training.runlog import say
    from demixme.training.toysongs import write_songs
    from demixme.training.trainer import Trainer

    songs = arguments.folder / "songs"
    write_songs(songs, SMOKE_SONGS, SMOKE_SECONDS)
    write_pack(arguments.folder / "pack", find_songs(songs), say)
    plan = Plan(
        name="smoke",
        folder=arguments.folder,
        network="tiny",
        data=(Source(arguments.folder / "pack"),),
        minutes=arguments.minutes,
        learning_rate=3e-3,
        precision="32-true",
        accelerator="cpu",
        devices="1",
        workers=0,
        threads=1,  # a net this small only waits for a second one
        seconds=1.0,
        remeasure_batches=10,
        log_every=50,
        validation=(songs,),
    )
    slim = Trainer(plan).run()
    notes = argparse.Namespace(
        checkpoint=slim, model=arguments.folder / "smoke.onnx", half=False, notes=None
    )
    return _export(notes)
