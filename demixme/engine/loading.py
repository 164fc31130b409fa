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
        try:
            decoder = self._open_song(self.path)
        except DemixError as error:
            self._tell(OpenFailed(self, error))
            return
        except Exception as error:  # noqa: BLE001  (task runner: whatever a library raises)
            self._tell(OpenFailed(self, NotAudio(self.path, repr(error))))
            return
        try:
            self._decode(decoder)
        finally:
            decoder.close()

    def _decode(self, decoder: Decoder) -> None:
        track = Track(decoder.info)
        opened = False
        woken = 0
        error: DemixError | None = None
        try:
            for block in decoder.blocks():
                if self.cancelled:
                    return
                track.append(block)
                if not opened and track.decoded_frames >= _FIRST_S * track.rate:
                    opened = True
                    self._tell(Opened(self, track))
                if track.decoded_frames - woken >= _WAKE_S * track.rate:
                    woken = track.decoded_frames
                    self._wake()
        except DemixError as broken:
            error = broken
        except Exception:  # noqa: BLE001  (task runner)
            error = NotAudio(self.path, traceback.format_exc(limit=-3))
        if not track.decoded_frames:
            self._tell(OpenFailed(self, error or FileEmpty(self.path)))
            return
        track.finish()
        if not opened:
            self._tell(Opened(self, track))
        self._tell(Decoded(self, track, decoder.repaired_frames, error))
        self._wake()

    def _tell(self, result: Opened | OpenFailed | Decoded) -> None:
        if not self.cancelled:
            self._results.put(result)
