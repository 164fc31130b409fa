"""The child process of a batch: jobs as lines of JSON on stdin, what became of them on stdout."""

import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from demixme import logs
from demixme.core.errors import DemixError
from demixme.core.interrupt import Interrupt
from demixme.messages import sentence

if TYPE_CHECKING:
    from demixme.export.batch import Job, Outcome
    from demixme.export.progress import Progress
    from demixme.separation.registry import Model

_TELL_S = 0.2


class Bench:
    """A model kept from song to song, and the guard around each job."""

    def __init__(self) -> None:
        self._model: Model | None = None
        self._named: tuple[str, int] = ("", 0)

    def run(
        self, job: "Job", progress: "Progress | None" = None, interrupt: Interrupt | None = None
    ) -> "Outcome":
        """Do a job; what a person can meet is in its outcome."""
        from demixme.export.batch import Outcome, run_job

        try:
            return run_job(job, self._loaded(job.model, job.threads), progress, interrupt)
        except (DemixError, OSError, MemoryError) as error:
            kind = type(error).__name__
            return Outcome(job.song, "failed", error=sentence(error), kind=kind)

    def _loaded(self, name: str, threads: int) -> "Model":
        from demixme.commands.modelchoice import load

        if self._model is None or self._named != (name, threads):
            self.close()
            self._model, self._named = load(name, threads), (name, threads)
        return self._model

    def close(self) -> None:
        """Let go of the model."""
        if self._model is not None:
            self._model.close()
            self._model = None


def main() -> int:
    """Do jobs until stdin ends; ends too when nobody reads any more."""
    from demixme.export.batch import Job, as_plain

    signal.signal(signal.SIGTERM, _stop)
    logs.start()
    bench, interrupt = Bench(), Interrupt()
    try:
        for line in sys.stdin:
            outcome = bench.run(Job(**json.loads(line)), _teller(interrupt), interrupt)
            _say(outcome=as_plain(outcome))
    except (KeyboardInterrupt, BrokenPipeError):
        return 1
    finally:
        bench.close()
    return 0


def _stop(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt


def _teller(interrupt: Interrupt) -> Callable[[int, int, float, float], None]:
    said_s = 0.0

    def tell(done: int, total: int, _speed: float, _left_s: float) -> None:
        nonlocal said_s
        if time.monotonic() - said_s >= _TELL_S:
            said_s = time.monotonic()
            try:
                _say(done=done, total=total)
            except OSError:  # whoever asked is gone
                interrupt.set()

    return tell


_lock = threading.Lock()


def _say(**what: Any) -> None:
    with _lock, suppress(ValueError):
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()
