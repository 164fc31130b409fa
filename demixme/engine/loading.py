"""Opens and decodes one song in a task of its own."""

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from demixme.core.errors import DemixError, FileEmpty, NotAudio
from demixme.core.track import Decoder, Track

_FIRST_S = 0.5  # decoded before the song counts as open
_WAKE_S = 1.0


@dataclass(frozen=True)
class Opened:
    """The first blocks are there."""

    loading: "Loading"
    track: Track


@dataclass(frozen=True)
class OpenFailed:
    """The song cannot be played."""

    loading: "Loading"
    error: DemixError


@dataclass(frozen=True)
class Decoded:
    """The song's end is reached, or `error` broke it off."""

    loading: "Loading"
    track: Track
    repaired_frames: int
    error: DemixError | None


class Loading:
    """One opening: may be cancelled, reports into `results`."""

    def __init__(
        self,
        path: Path,
        open_song: Callable[[Path], Decoder],
        results: "SimpleQueue[Opened | OpenFailed | Decoded]",
        wake: Callable[[], None],
    ) -> None:
        self.path = path
        self.cancelled = False
        self._open_song = open_song
        self._results = results
        self._wake = wake
        self._decoder: Decoder | None = None
        self._track: Track | None = None
        self._opened = False
        self._thread = threading.Thread(target=self._run, name="demixme-decode", daemon=True)

    def start(self) -> None:
        """Begin. Thread: gui."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop decoding; nothing more is reported. Thread: gui."""
        self.cancelled = True

    def join(self, timeout_s: float) -> None:
        """Wait until the task has ended. Thread: gui."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        """Thread: decode."""
        error: DemixError | None = None
        try:
            self._decoder = self._open_song(self.path)
            self._decode(self._decoder)
        except DemixError as broken:
            error = broken
        except Exception:  # noqa: BLE001  (task runner: whatever a library raises)
            error = NotAudio(self.path, traceback.format_exc(limit=-3))
        finally:
            if self._decoder is not None:
                self._decoder.close()
        self._finish(error)

    def _decode(self, decoder: Decoder) -> None:
        track = self._track = Track(decoder.info)
        woken = 0
        for block in decoder.blocks():
            if self.cancelled:
                return
            track.append(block)
            if not self._opened and track.decoded_frames >= _FIRST_S * track.rate:
                self._opened = True
                self._tell(Opened(self, track))
            if track.decoded_frames - woken >= _WAKE_S * track.rate:
                woken = track.decoded_frames
                self._wake()

    def _finish(self, error: DemixError | None) -> None:
        track = self._track
        if self.cancelled:
            return
        if track is None or self._decoder is None or not track.decoded_frames:
            self._tell(OpenFailed(self, error or FileEmpty(self.path)))
            return
        track.finish()
        if not self._opened:
            self._tell(Opened(self, track))
        self._tell(Decoded(self, track, self._decoder.repaired_frames, error))
        self._wake()

    def _tell(self, result: Opened | OpenFailed | Decoded) -> None:
        if not self.cancelled:
            self._results.put(result)
