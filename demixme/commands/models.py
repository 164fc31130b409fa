"""`demixme models`: what separates, under which licence, how well and how fast here."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from demixme.commands import modelchoice
from demixme.commands.arguments import add_output, threads
from demixme.commands.console import Console
from demixme.core.errors import DemixError
from demixme.messages import sentence
from demixme.resources import models_folder, user_models_folder

if TYPE_CHECKING:
    from demixme.separation.registry import ModelEntry

SUMMARY = "list the models, with licence, quality and speed on this machine"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--no-speed", action="store_true", help="do not measure the speed")
    parser.add_argument(
        "--threads", type=threads, default=1, metavar="N", help="threads of the network (default 1)"
    )
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Print a paragraph a model."""
    found = []
    for entry in modelchoice.known_models():
        about = facts(entry)
        if not arguments.no_speed and entry.error is None:
            about |= measured(entry, arguments.threads)
        found.append(about)
        _print(about, console)
    if not found and not console.as_json:
        console.say(f"There are no models in {models_folder()}.")
    console.tell(f"Models of your own go into {user_models_folder()}")
    console.answer(ok=True, models=found, folder=user_models_folder())
    return 0


def facts(entry: "ModelEntry") -> dict[str, Any]:
    """Return what a model says about itself, or why nothing can be known."""
    about = {
        "name": entry.name,
        "title": entry.title,
        "sentence": entry.sentence,
        "licence": entry.licence,
        "research_only": entry.research_only,
        "file": str(entry.path),
    }
    if entry.error is not None:
        about["error"] = sentence(entry.error)
    if entry.spec is not None:
        about |= {
            "parts": list(entry.spec.parts.mixer_order),
            "rest": entry.spec.parts.rest,
            "sdr_db": dict(entry.spec.sdr_db),
            "sdr_set": entry.spec.sdr_set,
            "rate_hz": entry.spec.sample_rate,
            "parameters": entry.spec.parameters,
            "sha256": entry.spec.sha256,
        }
    return about


def measured(entry: "ModelEntry", threads: int) -> dict[str, Any]:
    """Return the speed of a model here, or the sentence that says why it does not run."""
    try:
        model = modelchoice.load(str(entry.path), threads)
        try:
            return {"speed": round(modelchoice.measured_speed(model), 2)}
        finally:
            model.close()
    except DemixError as error:
        return {"error": sentence(error)}


def _print(about: dict[str, Any], console: Console) -> None:
    mark = "   [research use]" if about["research_only"] else ""
    console.say(f"{about['name']}: {about['title']}{mark}")
    if about["sentence"]:
        console.say(f"  {about['sentence']}")
    console.table(
        [(label, text) for label, text in _rows(about) if text],
        indent="  ",
    )
    console.say()


def card(about: dict[str, Any], training: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return label and text of what a model's card says."""
    return [*_rows(about), ("trained on", "; ".join(training))]


def _rows(about: dict[str, Any]) -> list[tuple[str, str]]:
    measured_sdr, names = about.get("sdr_db", {}), about.get("parts", ())
    parts = [p + (" (the rest)" if p == about["rest"] else "") for p in names]
    quality = ", ".join(f"{p} {measured_sdr[p]:.1f}" for p in names if p in measured_sdr)
    if quality:
        quality = f"{quality} dB" + (f" ({about['sdr_set']})" if about["sdr_set"] else "")
    speed = f"{about['speed']:.1f} × real time on this machine" if "speed" in about else ""
    return [
        ("parts", ", ".join(parts)),
        ("licence", about["licence"]),
        ("SDR", quality),
        ("speed", speed),
        ("problem", about.get("error", "")),
    ]
