"""Songs and folders from the command line to jobs, the queue that does them, and what is said."""

import json
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from demixme.commands.arguments import count
from demixme.commands.console import Console, speed_text
from demixme.commands.worker import Bench
from demixme.core.errors import FileExists, FileTruncated
from demixme.core.units import clock_text
from demixme.export.names import check_template
from demixme.messages import remarks, sentence

if TYPE_CHECKING:
    from demixme.core.parts import Parts
    from demixme.export.batch import Job, Outcome
    from demixme.separation.registry import Model

_FAILED, _SOME_FAILED = 1, 3
Say = Callable[["Outcome"], None]


def add_batch(parser: ArgumentParser, template: str, other: str = "") -> None:
    """Add what several songs need: names, how many at once, and what is looked at twice."""
    group = parser.add_argument_group("several songs, or folders of them")
    group.add_argument(
        "--name",
        metavar="TEMPLATE",
        help=f"names of the files, with {{song}} {{title}} {{artist}} {{part}} {{mix}} {{model}} "
        f"(default {template}{other})".replace("%", "%%"),
    )
    group.add_argument(
        "--jobs", type=count, default=1, metavar="N", help="songs at once, in processes (default 1)"
    )
    group.add_argument(
        "--verify",
        action="store_true",
        help="look into songs that are done already, not only at their size and time",
    )
    group.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="do the songs on a Dask cluster that sees the same folders; local:N starts N workers",
    )


def jobs_of(
    arguments: Namespace, what: str, model: "Model", options: Mapping[str, Any]
) -> list["Job"]:
    """Return a job for every song of the command line, folders searched."""
    from demixme.export.batch import Job, find_songs

    check_template(arguments.name)
    model_name = arguments.model
    if arguments.cluster and Path(model_name).is_file():
        model_name = str(Path(model_name).absolute())
    where = Path.absolute if arguments.cluster else Path  # a worker may stand in another folder
    plain = json.loads(json.dumps({**options, "name": arguments.name}))
    return [
        Job(
            str(where(song)),
            str(where(folder)),
            what,
            model_name,
            model.name,
            model.sha256,
            plain,
            arguments.overwrite,
            arguments.verify,
            arguments.threads,
            arguments.jobs == 1 and not arguments.cluster,
        )
        for song, folder in find_songs(arguments.songs, arguments.output)
    ]


def run_jobs(
    jobs: Sequence["Job"], parts: "Parts", arguments: Namespace, console: Console, say: Say
) -> list["Outcome"]:
    """Do all jobs; one that fails stops no other, but a single one says so itself, by raising."""
    from demixme.export.batch import Outcome

    outcomes, free = _without_clashes(jobs, parts)
    if len(jobs) == 1 and not arguments.cluster:
        outcomes = [_alone(jobs[0], console)]
        say(outcomes[0])
        return outcomes
    for outcome in outcomes:
        console.complain(outcome.error)
    began = time.perf_counter()
    with console.progress(f"0 of {len(jobs)} songs") as progress:
        for outcome in _queue(free, arguments, console, progress.update):
            outcomes.append(outcome)
            if outcome.state == "failed":
                console.complain(outcome.error)
            else:
                say(outcome)
            progress.stage(f"{len(outcomes)} of {len(jobs)} songs", len(outcomes) / len(jobs))
    order = {job.song: k for k, job in enumerate(jobs)}
    outcomes.sort(key=lambda o: order[o.song])
    assert all(isinstance(o, Outcome) for o in outcomes)
    _sum_up(outcomes, time.perf_counter() - began, console)
    return outcomes


def exit_code(outcomes: Sequence["Outcome"]) -> int:
    """Return 0, or what says that some or all failed."""
    failed = sum(o.state == "failed" for o in outcomes)
    return 0 if not failed else _FAILED if failed == len(outcomes) else _SOME_FAILED


def _without_clashes(jobs: Sequence["Job"], parts: "Parts") -> tuple[list["Outcome"], list["Job"]]:
    """Return the failed ones of songs that would write each other's files, and all other jobs."""
    from demixme.export.batch import Outcome

    taken: set[str] = set()
    failed, free = [], []
    for job in jobs:
        targets = list(job.targets(parts).values())
        names = {str(t.absolute()).casefold() for t in targets}
        if names & taken:
            error = FileExists(targets[0])
            kind = type(error).__name__
            failed.append(Outcome(job.song, "failed", error=sentence(error), kind=kind))
        else:
            taken |= names
            free.append(job)
    return failed, free


def _alone(job: "Job", console: Console) -> "Outcome":
    from demixme.commands.modelchoice import load
    from demixme.export.batch import run_job

    model = load(job.model, job.threads)
    try:
        verb = "separating" if job.what == "stems" else "mixing"
        with console.progress(f"{verb} {Path(job.song).name}") as progress:
            return run_job(job, model, progress.update)
    finally:
        model.close()


def _queue(
    jobs: Sequence["Job"], arguments: Namespace, console: Console, progress: Callable[..., None]
) -> Iterator["Outcome"]:
    if arguments.cluster:
        from demixme.commands.cluster import run_on_cluster

        yield from run_on_cluster(jobs, arguments.cluster)
    elif arguments.jobs > 1 and len(jobs) > 1:
        from demixme.export.pool import run_in_children

        yield from run_in_children(jobs, arguments.jobs, sentence)
    else:
        bench = Bench()
        try:
            for job in jobs:
                yield bench.run(job, progress)
        finally:
            bench.close()


class Remarks:
    """Tells what is special about outcomes; of several songs each thing once, for a table ends."""

    def __init__(self, console: Console, kind: str, common_gain: bool, alone: bool) -> None:
        self._console = console
        self._kind = kind
        self._common_gain = common_gain
        self._alone = alone
        self._told: set[str] = set()

    def say(self, outcome: "Outcome") -> None:
        """Tell what there is about one outcome."""
        told = outcome.details
        if outcome.state == "skipped":
            self._tell("  done before; nothing has changed")
            return
        if self._alone:
            self._tell(f"  {speed_text(outcome.seconds, outcome.took_s)}")
        if told.get("truncated"):
            self._tell(sentence(FileTruncated(outcome.song)))
        if told.get("repaired_frames"):
            n = told["repaired_frames"]
            self._tell(f"“{outcome.song}” held {n} broken samples; they are silent now.")
        made = SimpleNamespace(
            **{k: told[k] for k in ("tags_lost", "clipped_frames", "gain_db")},
            is_rf64=told["rf64"],
            rate=told["song_rate"],
            file_rate=told["rate"],
        )
        for remark in remarks(made, self._kind, common_gain=self._common_gain):
            self._tell(f"  {remark}")

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._console.tell(text)


def _sum_up(outcomes: Sequence["Outcome"], took_s: float, console: Console) -> None:
    """Print a table of all songs and how fast it went."""
    rows = [("song", "length", "time", "speed", "")]
    for o in outcomes:
        done = o.state == "done" and o.took_s > 0
        rows.append(
            (
                Path(o.song).name,
                clock_text(o.seconds) if done else "",
                f"{o.took_s:.1f} s" if done else "",
                f"{o.seconds / o.took_s:.1f} ×" if done else "",
                o.state,
            )
        )
    console.say()
    console.table(rows)
    failed = sum(o.state == "failed" for o in outcomes)
    total_s = sum(o.seconds for o in outcomes if o.state == "done")
    if total_s:
        console.tell(speed_text(total_s, took_s))
    if failed:
        console.complain(f"{failed} of {len(outcomes)} songs failed.")
