"""Threads that live as long as the process and do one job after the other.

The worker must be one thread for good because onnxruntime's handling of denormals belongs to the
thread of the process's first session; the device thread because COM belongs to a thread on Windows.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue


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
