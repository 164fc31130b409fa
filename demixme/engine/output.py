"""The engine's side of the sound card: what it pulls, whether it still does, and its buffer."""

import time

from demixme.core.errors import DeviceLost
from demixme.engine.callback import Callback
from demixme.engine.device import Device, StreamFailed, StreamOpened
from demixme.engine.probe import Probe
from demixme.engine.status import BufferRaised, DeviceFailed, DeviceInfo, DeviceOpened, Event
from demixme.engine.transport import PlayCell

LOWEST_MS, HIGHEST_MS = 20.0, 200.0
_SILENCE_S = 0.5  # no block for so long: the device is lost
_GRACE_S = 3.0  # some servers take their time to begin
_GROWTH = 1.5
_UNDERRUNS = 2  # so many within the span raise the buffer
_SPAN_S = 10.0


class Output:
    """Keeps one stream open at the song's rate. Thread: gui."""

    def __init__(self, device: Device, cell: PlayCell, probe: Probe) -> None:
        self.device = device
        self.info: DeviceInfo | None = None
        self.latency_s = 0.0
        self.buffer_ms = 50.0
        self.grows = True
        self.rate = 0
        self._cell = cell
        self._probe = probe
        self._wanted: DeviceInfo | None = None
        self._callback: Callback | None = None
        self._opened_s = 0.0
        self._opening = False
        self._reopening = False
        self._underruns: list[float] = []
        self._counted = 0

    @property
    def running(self) -> bool:
        """Return whether a stream is open. Thread: gui."""
        return self.info is not None

    @property
    def delay_frames(self) -> int:
        """Return the limiter's W at this rate. Thread: gui."""
        return 0 if self._callback is None else self._callback.delay_frames

    def open(self, rate: int) -> None:
        """Have a stream at `rate`; nothing happens where it is open already. Thread: gui."""
        if rate != self.rate or not (self.running or self._opening):
            self.rate = rate
            self._reopen()

    def set_wanted(self, wanted: DeviceInfo | None) -> None:
        """Choose the output; None is the system's own. Thread: gui."""
        if wanted != self._wanted:
            self._wanted = wanted
            if self.rate:
                self._reopen()

    def set_buffer_ms(self, buffer_ms: float) -> None:
        """Choose the buffer, within 20 … 200 ms. Thread: gui."""
        buffer_ms = min(HIGHEST_MS, max(LOWEST_MS, buffer_ms))
        if buffer_ms != self.buffer_ms:
            self.buffer_ms = buffer_ms
            if self.rate:
                self._reopen()

    def _reopen(self) -> None:
        if self._callback is None or self._callback.rate != self.rate:
            self._callback = Callback(self._cell, self.rate, self._probe)
        self._opening = True
        self.device.open(self._wanted, self.buffer_ms, self._callback)

    # ------------------------------------------------------------ polling
    def poll(self, events: list[Event]) -> bool:
        """Take what came of openings, see that blocks flow; return False if sound has failed.

        Thread: gui.
        """
        well = True
        while not self.device.events.empty():
            well = self._hear(self.device.events.get(), events) and well
        self._watch()
        self._grow(events)
        return well

    def _hear(self, said: StreamOpened | StreamFailed, events: list[Event]) -> bool:
        self._opening = False
        if isinstance(said, StreamFailed):
            error = said.error
            if self._reopening:
                name = "" if self.info is None else self.info.name
                error = DeviceLost(name, getattr(error, "reason", ""))
            self.info, self._reopening = None, False
            events.append(DeviceFailed(error))
            return False
        former = self.info
        self.info, self.latency_s = said.device, said.latency_s
        self._opened_s = time.perf_counter()
        events.append(DeviceOpened(said.device, said.latency_s))
        if self._reopening:
            self._reopening = False
            if former is not None and former.name != said.device.name:
                # never play on from loudspeakers because the headphones were pulled out
                events.append(DeviceFailed(DeviceLost(former.name)))
                return False
        return True

    def _watch(self) -> None:
        if not (self.device.watched and self.running) or self._opening:
            return
        now_s = time.perf_counter()
        if now_s - max(self._opened_s + _GRACE_S, self._probe.clock[0]) > _SILENCE_S:
            self._reopening = True
            self._reopen()

    def _grow(self, events: list[Event]) -> None:
        """Raise the buffer after repeated underruns, and say so."""
        now_s = time.perf_counter()
        new = self._probe.underruns - self._counted
        self._counted = self._probe.underruns
        recent = [t for t in self._underruns if now_s - t < _SPAN_S]
        self._underruns = recent + [now_s] * new if self.grows else []
        if len(self._underruns) >= _UNDERRUNS and self.buffer_ms < HIGHEST_MS:
            self._underruns = []
            self.set_buffer_ms(self.buffer_ms * _GROWTH)
            events.append(BufferRaised(self.buffer_ms))

    def close(self) -> None:
        """Close the stream and wait until it is closed. Thread: gui."""
        self.device.close()
        self.info = None
