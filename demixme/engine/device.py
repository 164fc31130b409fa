"""The door to the sound card: what the engine asks of an output."""

from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import DemixError
from demixme.engine.probe import Probe
from demixme.engine.status import DeviceInfo


class Render(Protocol):
    """What a device pulls: the callback of one song rate."""

    rate: int
    probe: Probe

    @property
    def silent(self) -> bool:
        """Return whether nothing of a song sounds now. Thread: any."""
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
