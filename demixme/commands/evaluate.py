"""`demixme evaluate`: how well models, and other programs, separate songs whose parts are known."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from demixme.commands.arguments import number_between, threads
from demixme.commands.console import Console
from demixme.commands.scoretables import say_comparison, say_songs, say_totals
from demixme.core.errors import FileUnreadable, InvalidValue
from demixme.core.parts import STEMS

if TYPE_CHECKING:
    from demixme.audiofile.collections import Song
    from demixme.evaluation.scores import SongScore
    from demixme.evaluation.scoring import Evaluation
    from demixme.evaluation.summary import Comparison, Total
    from demixme.evaluation.systems import System

SUMMARY = "score models or other programs' stems on songs whose parts are known"
MOST_SECONDS = 86400.0


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "songs",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="folders with one file per part, or DSD100, MUSDB18, MUSDB18-HQ",
    )
    _add_systems(parser)
    _add_choice(parser)
    out = parser.add_argument_group("results")
    out.add_argument(
        "--json",
        dest="results",
        type=Path,
        metavar="FILE",
        help="write every figure here, song by song; what it holds already is not done again",
    )
    out.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write a page with bars, spectrograms and excerpts to listen to",
    )
    out.add_argument(
        "--quick", action="store_true", help="SDR only; without SIR, SAR, ISR it needs no museval"
    )
    out.add_argument("--quiet", action="store_true", help="no progress, no remarks")


def _add_systems(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what is scored (repeat the options)")
    group.add_argument(
        "--model",
        dest="models",
        action="append",
        metavar="NAME|FILE.onnx",
        help="model by name or file; the first is what others are compared with",
    )
    group.add_argument(
        "--quality",
        choices=("normal", "best", "both"),
        default="normal",
        help="how models separate: as heard live (normal, default), as for files, or each",
    )
    group.add_argument(
        "--estimates",
        action="append",
        default=[],
        type=Path,
        metavar="DIR",
        help="stems of another program: DIR/<song>/<part>.wav, also as Demucs and UVR name them",
    )


def _add_choice(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("songs")
    group.add_argument("--subset", metavar="NAME", help="only this one: dev, train, test, valid")
    group.add_argument(
        "--seconds",
        type=number_between(1.0, MOST_SECONDS, "seconds"),
        default=0.0,
        metavar="N",
        help="only the first N seconds of each song",
    )
    group.add_argument(
        "--silent",
        action="append",
        default=[],
        choices=STEMS,
        metavar="PART",
        help="where there is no file of this part it never sounds (otherwise: hides in another)",
    )
    group.add_argument(
        "--jobs", type=threads, default=1, metavar="N", help="songs at a time (default 1)"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Score, song by song, and print tables."""
    from demixme.evaluation.results import ResultsFile
    from demixme.evaluation.scoring import Evaluation, Settings
    from demixme.evaluation.summary import compared

    _check_packages(arguments)
    songs = _songs(arguments)
    systems = _systems(arguments, songs)
    settings = Settings(arguments.seconds, tuple(arguments.silent), arguments.quick)
    results = ResultsFile(arguments.results)
    evaluation = Evaluation(songs, systems, settings, results)
    with console.progress("scoring") as progress:
        progress.stage("scoring", 0.0)
        evaluation.run(
            arguments.jobs, lambda name, done, of: progress.stage(f"scored {name}", done / of)
        )
    scores = evaluation.scores()
    _say_missing(evaluation, console)
    found = _totals(scores, systems, arguments)
    first, *others = [s.name for s in evaluation.rated]
    comparisons = [compared(scores, other, first) for other in others]
    results.write(
        systems=evaluation.identities,
        complete=True,
        settings={**vars(settings), "subset": arguments.subset},
        totals=[t.as_json() for t in found],
        comparisons=[c.as_json() for c in comparisons],
    )
    if arguments.html is not None:
        _write_report(arguments.html, evaluation, found, comparisons)
    say_songs(scores, console)
    say_totals(found, console)
    for comparison in comparisons:
        say_comparison(comparison, console)
    if arguments.html is not None:
        console.say(f"\n{arguments.html}")
    return 0


def _say_missing(evaluation: "Evaluation", console: Console) -> None:
    of = len(evaluation.songs)
    for system in evaluation.rated:
        there = sum(s.system == system.name for s in evaluation.scores())
        if there < of:
            console.tell(f"“{system.name}” has parts of {there} of {of} songs.")


def _check_packages(arguments: Namespace) -> None:
    """Say what is missing before minutes of work."""
    from demixme.evaluation.measures import museval_metrics
    from demixme.evaluation.pictures import check_matplotlib

    if not arguments.quick:
        museval_metrics()
    if arguments.html is not None:
        check_matplotlib()


def _totals(
    scores: "list[SongScore]", systems: "list[System]", arguments: Namespace
) -> "list[Total]":
    from demixme.evaluation.footprint import peak_memory
    from demixme.evaluation.summary import totals
    from demixme.evaluation.systems import ModelSystem

    models = {s.name: s for s in systems if isinstance(s, ModelSystem)}
    return [
        replace(total, memory_bytes=peak_memory(models[total.system]))
        if total.system in models and not arguments.quick
        else total
        for total in totals(scores)
    ]


def _write_report(
    path: Path,
    evaluation: "Evaluation",
    found: "list[Total]",
    comparisons: "list[Comparison]",
) -> None:
    from demixme.evaluation.excerpts import excerpts
    from demixme.evaluation.report import write_report
    from demixme.evaluation.results import made_by

    scores = evaluation.scores()
    facts = {"songs": len(evaluation.songs), **made_by()}
    if evaluation.settings.seconds:
        facts["of each song"] = f"the first {evaluation.settings.seconds:g} s"
    for system in evaluation.rated:
        facts[system.name] = ", ".join(
            f"{k} {v}" for k, v in evaluation.identities[system.name].items()
        )
    shown = excerpts(evaluation.songs, evaluation.rated, scores, evaluation.settings)
    write_report(path, facts, found, comparisons, scores, shown)


def _songs(arguments: Namespace) -> "list[Song]":
    from demixme.audiofile.collections import find_songs
    from demixme.evaluation.reference import label

    songs = [song for folder in arguments.songs for song in find_songs(folder)]
    if arguments.subset:
        songs = [s for s in songs if s.subset == arguments.subset]
    if not songs:
        raise FileUnreadable(arguments.songs[0], "no songs of that subset")
    labels = [label(song) for song in songs]
    twice = next((n for n in labels if labels.count(n) > 1), None)
    if twice is not None:
        raise InvalidValue("DIR", twice, "songs with names of their own")
    return songs


def _systems(arguments: Namespace, songs: "list[Song]") -> "list[System]":
    from demixme.evaluation.reference import label
    from demixme.evaluation.systems import Floor, ModelSystem, RatioMask, files_system
    from demixme.separation.registry import DEFAULT_MODEL, load_model

    models = arguments.models or ([] if arguments.estimates else [DEFAULT_MODEL])
    found: list[System] = []
    for text in models:
        model = load_model(text)  # a model that does not load is said before any song
        if arguments.quality in ("normal", "both"):
            found.append(ModelSystem(model.name, model.entry.path))
        if arguments.quality in ("best", "both"):
            found.append(ModelSystem(f"{model.name}, best", model.entry.path, best=True))
        model.close()
    names = {label(song): song.name for song in songs}
    found += [files_system(folder.resolve().name, folder, names) for folder in arguments.estimates]
    taken = [s.name for s in found]
    if len(set(taken)) < len(taken):
        raise InvalidValue("--model", ", ".join(taken), "models and folders of different names")
    return [Floor(), *found, RatioMask()]
