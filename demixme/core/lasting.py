"""Threads that live as long as the process and do one job after the other.

The worker must be one thread for good because onnxruntime's handling of denormals belongs to the
thread of the process's first session; the device thread because COM belongs to a thread on Windows.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")
_LOOK_S = 0.1


class LastingThread:
    """Started by its first job; daemonic, so that it never keeps the process alive."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, job: Callable[[], None]) -> None:
        """Have `job` done after those before it; it must not raise. Thread: any but audio."""
        self._jobs.put(job)
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                    self._thread.start()

    def finish(self, timeout_s: float = 10.0) -> bool:
        """Wait until every job submitted so far is done. Thread: any but this one and audio."""
        done = threading.Event()
        self.submit(done.set)
        return done.wait(timeout_s)

    def call(self, job: Callable[[], _T]) -> _T:
        """Return what `job` returns, or raise what it raises, done on this thread.

        Thread: any but audio. Ctrl+C reaches a caller on the main thread while it waits.
        """
        if self.is_current:
            return job()
        future: Future[_T] = Future()

        def run() -> None:
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001  (task runner: raised again below)
                future.set_exception(error)

        self.submit(run)
        while True:
            try:
                return future.result(_LOOK_S)
            except TimeoutError:
                if future.done():
                    raise  # the job's own

    @property
    def is_current(self) -> bool:
        """Return whether the caller runs on this thread. Thread: any."""
        return threading.current_thread() is self._thread

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            job()
            del job


WORKER = LastingThread("demixme-worker")
DEVICE = LastingThread("demixme-portaudio")
