"""The door to the sound card: what the engine asks of an output, and PortAudio behind it.

Every call of PortAudio but the callback's is made on the one device thread, which lives as long as
the process (COM on Windows belongs to a thread). `sounddevice` is imported there, and nowhere else.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import DemixError, DeviceRefused, NoDevice
from demixme.core.lasting import DEVICE
from demixme.engine.probe import Probe
from demixme.engine.status import DeviceInfo

_FADE_OUT_S = 0.2  # longest wait for silence before a stream is closed
_LOOK_S = 0.005
_MOST_CHANNELS = 8
_WINDOWS = os.name == "nt"


class Render(Protocol):
    """What a device pulls: the callback of one song rate."""

    rate: int
    probe: Probe

    @property
    def silent(self) -> bool:
        """Return whether nothing of a song is put out any more. Thread: any."""
        ...

    def render(self, out: NDArray[np.float32]) -> None:
        """Fill [frames, 2] float32. Thread: audio."""
        ...

    def park(self, parked: bool) -> None:
        """Fade to silence and stay there, or come back. Thread: device."""
        ...


@dataclass(frozen=True)
class StreamOpened:
    """Frames flow to `device`."""

    device: DeviceInfo
    rate: int
    latency_s: float


@dataclass(frozen=True)
class StreamFailed:
    """No stream: `error` says why."""

    error: DemixError


class Device(Protocol):
    """An output. Every call returns at once; what came of it stands in `events`."""

    events: SimpleQueue[StreamOpened | StreamFailed]
    watched: bool  # whether half a second without a block means that the device is lost

    def known(self) -> tuple[DeviceInfo, ...]:
        """Return the outputs as last listed. Thread: gui."""
        ...

    def refresh(self) -> None:
        """List the outputs anew. Thread: gui."""
        ...

    def open(self, wanted: DeviceInfo | None, buffer_ms: float, render: Render) -> None:
        """Open a stream on the wanted output (None: the system's own) at the render's rate.

        Thread: gui. A stream that is open fades out and is closed first.
        """
        ...

    def close_stream(self) -> None:
        """Fade out and close the stream. Thread: gui."""
        ...

    def close(self) -> None:
        """Close the stream and wait until it is. Thread: gui."""
        ...


class SoundCard:
    """The real outputs, through PortAudio.

    Parameters
    ----------
    library : module, optional
        A stand-in for `sounddevice`, for tests.
    """

    watched = True

    def __init__(self, library: Any = None) -> None:
        self.events: SimpleQueue[StreamOpened | StreamFailed] = SimpleQueue()
        self._library = library
        self._known: tuple[DeviceInfo, ...] = ()
        self._stream: Any = None
        self._render: Render | None = None
        self._timed = False

    # ------------------------------------------------------------ from the gui
    def known(self) -> tuple[DeviceInfo, ...]:
        """Return the outputs as last listed. Thread: gui."""
        return self._known

    def refresh(self) -> None:
        """List the outputs anew; a stream that is open goes on with the old list. Thread: gui."""
        DEVICE.submit(self._list_anew)

    def open(self, wanted: DeviceInfo | None, buffer_ms: float, render: Render) -> None:
        """Open a stream; see `Device.open`. Thread: gui."""
        DEVICE.submit(partial(self._open, wanted, buffer_ms, render))

    def close_stream(self) -> None:
        """Fade out and close the stream. Thread: gui."""
        DEVICE.submit(self._stop)

    def close(self) -> None:
        """Close the stream and wait until it is. Thread: gui."""
        DEVICE.submit(self._stop)
        DEVICE.finish()

    # ------------------------------------------------------------ on the device thread
    def _portaudio(self) -> Any:
        """Return `sounddevice`; raises NoDevice where PortAudio is missing. Thread: device."""
        if self._library is None:
            try:
                import sounddevice
            except (ImportError, OSError) as error:
                raise NoDevice(reason=str(error)) from error
            self._library = sounddevice
        return self._library

    def _list_anew(self) -> None:
        """Thread: device."""
        try:
            library = self._portaudio()
            if self._stream is None:  # PortAudio's list is frozen until it is initialised again
                library._terminate()
                library._initialize()
            self._known = _listed(library)
        except _errors(self._library):
            self._known = ()

    def _open(self, wanted: DeviceInfo | None, buffer_ms: float, render: Render) -> None:
        """Thread: device."""
        name = "" if wanted is None else wanted.name
        lost = self._close()
        try:
            library = self._portaudio()
            if lost or not self._known:
                self._list_anew()
            index, info = self._found(library, wanted)
            self._start(library, index, info, buffer_ms / 1000.0, render)
        except DemixError as error:
            self.events.put(StreamFailed(error))
        except _errors(self._library) as error:
            self._drop_stream()
            reason = f"{error} (at {render.rate} Hz)"
            self.events.put(StreamFailed(DeviceRefused(name, reason)))

    def _found(self, library: Any, wanted: DeviceInfo | None) -> tuple[int, DeviceInfo]:
        """Return index and description of an output by name and host API. Thread: device."""
        described = list(_described(library))
        if not described:
            raise NoDevice(reason="no output")
        for index, info in described:
            same = wanted is not None and (info.name, info.host_api) == (
                wanted.name,
                wanted.host_api,
            )
            if same or (wanted is None and info.default):
                return index, info
        if wanted is not None:
            raise DeviceRefused(wanted.name, "it is not there any more")
        return described[0]

    def _start(
        self, library: Any, index: int, info: DeviceInfo, buffer_s: float, render: Render
    ) -> None:
        """Thread: device."""
        channels = 1 if info.channels == 1 else 2
        extra = None
        if _WINDOWS and "WASAPI" in info.host_api:
            extra = library.WasapiSettings(auto_convert=True)  # else only the mixer's own rate
        render.park(False)
        stream = library.OutputStream(
            samplerate=render.rate,
            device=index,
            channels=channels,
            dtype="float32",
            latency=buffer_s,
            callback=_Puller(render, channels),
            dither_off=True,
            extra_settings=extra,
        )
        self._stream, self._render = stream, render
        if _WINDOWS:
            self._set_timer(True)
        stream.start()
        self.events.put(StreamOpened(info, render.rate, float(stream.latency)))

    def _stop(self) -> None:
        """Thread: device."""
        self._close()

    def _close(self) -> bool:
        """Fade out and close; return whether there was a stream that had died. Thread: device."""
        stream, render = self._stream, self._render
        if stream is None:
            return False
        assert render is not None
        begun = time.perf_counter()
        before = render.probe.head.output_frame
        render.park(True)
        while not render.silent and time.perf_counter() - begun < _FADE_OUT_S:
            time.sleep(_LOOK_S)
        died = not render.silent and render.probe.head.output_frame == before
        died = died or begun - render.probe.clock[0] > _FADE_OUT_S
        if not died:
            stream.stop(ignore_errors=True)  # closing alone throws away what is still to be played
        self._drop_stream()
        return died

    def _drop_stream(self) -> None:
        """Thread: device."""
        stream, self._stream, self._render = self._stream, None, None
        if stream is not None:
            try:
                stream.close(ignore_errors=True)
            finally:
                if _WINDOWS:
                    self._set_timer(False)

    def _set_timer(self, fine: bool) -> None:
        """Ask Windows for a clock of 1 ms while a stream runs. Thread: device."""
        if not _WINDOWS or fine == self._timed:
            return
        import ctypes

        winmm: Any = ctypes.CDLL("winmm")
        (winmm.timeBeginPeriod if fine else winmm.timeEndPeriod)(1)
        self._timed = fine


class _Puller:
    """PortAudio's callback around a Render. Thread: audio; the rules of `callback.py` hold."""

    def __init__(self, render: Render, channels: int) -> None:
        self._render = render
        self._channels = channels
        self._stereo = np.zeros((8192, 2), np.float32)

    def __call__(self, out: NDArray[np.float32], frames: int, _time: Any, flags: Any) -> None:
        render = self._render
        probe = render.probe
        probe.clock = (time.perf_counter(), probe.head.output_frame)
        if flags.output_underflow:
            probe.underruns += 1
        if self._channels == 2:
            render.render(out)
            return
        for at in range(0, frames, len(self._stereo)):
            piece = out[at : at + len(self._stereo)]
            stereo = self._stereo[: len(piece)]
            render.render(stereo)
            np.add(stereo[:, :1], stereo[:, 1:], out=piece)
            np.multiply(piece, 0.5, out=piece)


def _errors(library: Any) -> tuple[type[Exception], ...]:
    """Return what PortAudio's wrapper raises. Thread: device."""
    own = () if library is None else (library.PortAudioError,)
    return (*own, NoDevice, ValueError, OSError)


def _described(library: Any) -> Iterator[tuple[int, DeviceInfo]]:
    """Yield index and description of every output. Thread: device."""
    apis = library.query_hostapis()
    default = library.default.device[1]
    if default is None or default < 0:
        default = next((a["default_output_device"] for a in apis), -1)
    for index, found in enumerate(library.query_devices()):
        channels = int(found["max_output_channels"])
        if channels > 0:
            api = apis[found["hostapi"]]["name"]
            info = DeviceInfo(found["name"], api, min(channels, _MOST_CHANNELS), index == default)
            yield index, info


def _listed(library: Any) -> tuple[DeviceInfo, ...]:
    """Return every output, the default one first. Thread: device."""
    return tuple(sorted((i for _, i in _described(library)), key=lambda d: not d.default))
