"""The same queue on a Dask cluster whose workers see the same folders: one song a task."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from demixme.commands.worker import Bench
from demixme.core.errors import InvalidValue, MissingExtra, NoWorkers, WorkerDied
from demixme.messages import sentence

if TYPE_CHECKING:
    from demixme.export.batch import Job, Outcome

LOCAL = "local:"
NO_WORKERS_S = 60.0  # so long without a single worker ends the run
_CONNECT_S = 20
_LOOK_S = 0.1

_bench = Bench()
_owner: ThreadPoolExecutor | None = None


def do_song(plain: dict[str, Any]) -> dict[str, Any]:
    """Do one job. Runs on a worker; returns the outcome in plain values.

    Dask may call from any of its threads, but a session belongs to one: ours, for the process.
    """
    global _owner
    from demixme.export.batch import Job, as_plain

    if _owner is None:
        _owner = ThreadPoolExecutor(1, thread_name_prefix="demixme-owner")
    outcome = _owner.submit(_bench.run, Job(**plain)).result()
    return as_plain(outcome)


def run_on_cluster(jobs: Sequence["Job"], address: str) -> Iterator["Outcome"]:
    """Yield the outcome of each job as it comes; NoWorkers when nobody is left to do them."""
    from demixme.export.batch import Outcome, as_plain

    if not jobs:
        return
    with _client(address) as client:
        import distributed

        completed: Any = distributed.as_completed
        waiting = {client.submit(do_song, as_plain(job), pure=False): job for job in jobs}
        ready = completed(list(waiting))
        seen_s = time.monotonic()
        while not ready.is_empty():
            if not ready.has_ready():
                if client.scheduler_info()["workers"]:
                    seen_s = time.monotonic()
                if time.monotonic() - seen_s > NO_WORKERS_S:
                    raise NoWorkers(address)
                time.sleep(_LOOK_S)
                continue
            future = next(ready)
            job = waiting.pop(future)
            error = future.exception()
            outcome = _lost(job, error) if error is not None else Outcome(**future.result())
            future.release()
            yield outcome


def _lost(job: "Job", error: BaseException) -> "Outcome":
    from demixme.export.batch import Outcome

    if type(error).__name__ == "KilledWorker":  # its worker died more often than Dask allows: 3
        error = WorkerDied(job.song)
    return Outcome(job.song, "failed", error=sentence(error), kind=type(error).__name__)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Connect to a cluster, or start one on this machine for ``local:N``."""
    try:
        import distributed
    except ImportError as e:
        raise MissingExtra("--cluster", "cluster") from e
    dask: Any = distributed
    with ExitStack() as stack:
        target: Any = address
        if address.startswith(LOCAL):
            number = address.removeprefix(LOCAL)
            if not number.isdigit() or not 1 <= int(number) <= 256:
                raise InvalidValue("--cluster", address, "local:1 … local:256")
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="demixme-", ignore_cleanup_errors=True)
            )
            cluster = dask.LocalCluster(
                n_workers=int(number),
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address=None,
                local_directory=folder,
            )
            target = stack.enter_context(cluster)
        try:
            client = dask.Client(target, timeout=_CONNECT_S)
        except (OSError, ValueError) as e:
            raise NoWorkers(address, str(e).split("\n")[0]) from e
        yield stack.enter_context(client)
