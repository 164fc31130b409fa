"""Child processes that each do one song after the other, every one with a model of its own."""

import json
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from demixme import children
from demixme.core.errors import WorkerDied
from demixme.export.batch import Job, Outcome, as_plain

VERB = "_worker"
_TRIES = 2  # a song that takes its worker with it twice is a failed one
_END_S = 5.0
Told = Callable[[str, int, int], None]  # song, done and total frames
Describe = Callable[[BaseException], str]
Heard = queue.SimpleQueue[tuple["_Child", dict[str, Any] | None]]


def run_in_children(
    jobs: Sequence[Job], count: int, describe: Describe, told: Told | None = None
) -> Iterator[Outcome]:
    """Yield the outcome of each job as it comes, from `count` children; they end with this."""
    pool = _Pool(jobs, told)
    try:
        pool.start(count)
        for _ in jobs:
            job, said = pool.ended()
            yield _outcome(job, said, describe)
    finally:
        pool.end()


class _Pool:
    """The children, and the jobs that wait for one."""

    def __init__(self, jobs: Sequence[Job], told: Told | None) -> None:
        self._waiting = deque((job, 1) for job in jobs)
        self._heard: Heard = queue.SimpleQueue()
        self._workers: list[_Child] = []
        self._told = told

    def start(self, count: int) -> None:
        """Start children, no more than there are jobs."""
        for _ in range(min(count, len(self._waiting))):
            self._start_one()

    def _start_one(self) -> None:
        child = _Child(self._heard)
        self._workers.append(child)
        child.give(*self._waiting.popleft())

    def ended(self) -> tuple[Job, dict[str, Any] | None]:
        """Return the next job that is over, and what its child said: None where it died of it."""
        while True:
            child, said = self._heard.get()
            job, tries = child.job, child.tries
            if said is None:
                self._bury(child)
                if job is not None and tries < _TRIES:
                    self._waiting.appendleft((job, tries + 1))
                    job = None
                if self._waiting:
                    self._start_one()
            elif "outcome" in said:
                child.job = None
                if self._waiting:
                    child.give(*self._waiting.popleft())
            else:
                if self._told is not None and job is not None:
                    self._told(job.song, said["done"], said["total"])
                continue
            if job is not None:
                return job, said

    def _bury(self, child: "_Child") -> None:
        self._workers.remove(child)
        child.end()

    def end(self) -> None:
        """End all children."""
        for child in self._workers:
            child.end()


def _outcome(job: Job, said: dict[str, Any] | None, describe: Describe) -> Outcome:
    if said is not None:
        return Outcome(**said["outcome"])
    error = WorkerDied(job.song)
    return Outcome(job.song, "failed", error=describe(error), kind=type(error).__name__)


class _Child:
    """One child; what it says goes into a queue, and None when it is gone."""

    def __init__(self, heard: "Heard") -> None:
        self.job: Job | None = None
        self.tries = 0
        self._heard = heard
        self._process = subprocess.Popen(
            children.command(VERB),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries print; our own words are in the log
            creationflags=children.NO_CONSOLE,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, name="demixme-worker", daemon=True)
        self._reader.start()

    def give(self, job: Job, tries: int) -> None:
        """Let it do a job; whether it lives is seen when it says nothing more."""
        self.job, self.tries = job, tries
        stdin = self._process.stdin
        with suppress(OSError, ValueError):
            if stdin is not None:
                stdin.write(json.dumps(as_plain(job)) + "\n")
                stdin.flush()

    def _read(self) -> None:
        stdout = self._process.stdout
        with suppress(OSError, ValueError):
            for line in stdout or ():
                with suppress(json.JSONDecodeError):
                    self._heard.put((self, json.loads(line)))
        self._heard.put((self, None))

    def end(self) -> None:
        """End it: at once where it has nothing to do, else as if by Ctrl+C."""
        process = self._process
        with suppress(OSError, ValueError):
            if process.stdin is not None:
                process.stdin.close()
        if self.job is not None:
            process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join(_END_S)
        if process.stdout is not None:
            process.stdout.close()
