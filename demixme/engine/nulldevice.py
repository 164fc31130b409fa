"""A device without a card: pulled by a test, or by a clock of its own."""

import threading
import time
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from demixme.engine.device import Render, StreamFailed, StreamOpened
from demixme.engine.status import DeviceInfo


class NullDevice:
    """The face of a real device; plays into nothing, or into the caller's arrays.

    Parameters
    ----------
    clock : bool
        Pull blocks from a thread of its own at the song's rate, as a card would.
    block_frames : int
        Block of the clock.
    latency_s : float
        What it says its latency is.
    keep : bool
        Keep what the clock pulled, for `recorded`.
    """

    watched = False  # whoever pulls may stop for as long as he likes

    def __init__(
        self,
        *,
        clock: bool = False,
        block_frames: int = 512,
        latency_s: float = 0.0,
        keep: bool = False,
    ) -> None:
        self.events: SimpleQueue[StreamOpened | StreamFailed] = SimpleQueue()
        self.info = DeviceInfo("Null", "none", 2, default=True)
        self.refuse: StreamFailed | None = None  # set by a test: what `open` answers
        self.opened = 0
        self.buffer_ms = 0.0
        self.render: Render | None = None
        self._clock = clock
        self._block_frames = block_frames
        self._latency_s = latency_s
        self._kept: list[NDArray[np.float32]] | None = [] if keep else None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def known(self) -> tuple[DeviceInfo, ...]:
        """Return the one output there is. Thread: gui."""
        return (self.info,)

    def refresh(self) -> None:
        """Nothing to list anew. Thread: gui."""

    def open(self, wanted: DeviceInfo | None, buffer_ms: float, render: Render) -> None:
        """Take `render` as what is pulled from now on. Thread: gui."""
        self.close_stream()
        self.buffer_ms = buffer_ms
        if self.refuse is not None:
            self.events.put(self.refuse)
            return
        self.opened += 1
        self.render = render
        render.park(False)
        if self._clock:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="null-device", daemon=True)
            self._thread.start()
        self.events.put(StreamOpened(wanted or self.info, render.rate, self._latency_s))

    def close_stream(self) -> None:
        """Pull no more. Thread: gui."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None
        self.render = None

    def close(self) -> None:
        """Pull no more. Thread: gui."""
        self.close_stream()

    # ------------------------------------------------------------ pulling
    def pull(self, frames: int, block_frames: int | None = None) -> NDArray[np.float32]:
        """Return the next frames [frames, 2], pulled in blocks. Thread: audio (the test's own)."""
        out = np.zeros((frames, 2), np.float32)
        step = block_frames or frames
        for at in range(0, frames, step):
            self._pull_into(out[at : at + step])
        return out

    def recorded(self) -> NDArray[np.float32]:
        """Return what the clock has pulled, with `keep`. Thread: any."""
        kept = list(self._kept or ())
        return np.concatenate(kept) if kept else np.zeros((0, 2), np.float32)

    def _pull_into(self, out: NDArray[np.float32]) -> None:
        render = self.render
        if render is not None:
            render.probe.clock = (time.perf_counter(), render.probe.head.output_frame)
            render.render(out)

    def _run(self) -> None:
        """Pull block after block in time. Thread: audio (the clock's)."""
        render = self.render
        assert render is not None
        step_s = self._block_frames / render.rate
        due = time.perf_counter()
        while not self._stop.is_set():
            block = np.zeros((self._block_frames, 2), np.float32)
            self._pull_into(block)
            if self._kept is not None:
                self._kept.append(block)
            due += step_s
            late = time.perf_counter() - due
            if late < 0.0:
                self._stop.wait(-late)
            elif late > 1.0:
                due += late
