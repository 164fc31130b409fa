"""Finds out which song a file is, in a thread of its own, while the music plays."""

import logging
import threading
from pathlib import Path

from demixme.audiofile.identity import song_digest
from demixme.core.errors import DemixError
from demixme.core.interrupt import Interrupt

_log = logging.getLogger(__name__)


class DigestTask:
    """One file; `digest` is "" until `done`, and where the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = ""
        self.done = False
        self._interrupt = Interrupt()
        self._thread = threading.Thread(target=self._work, name="demixme-identity", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self.digest = song_digest(self.path, self._interrupt)
        except (DemixError, OSError, ValueError) as error:
            _log.info("%s is not known by its sound: %r", self.path, error)
        finally:
            self.done = True

    def stop(self, patience_s: float = 0.0) -> None:
        """Let it end within a time, else stop it; returns when the thread has ended."""
        self._thread.join(patience_s)
        self._interrupt.set()
        self._thread.join()
