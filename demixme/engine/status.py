"""What the engine tells its listeners: one Status a poll, with the events since the last one.

Thread: made on the gui thread by `Engine.poll`; everything in it is immutable or read-only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import DemixError
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.track import SongInfo, Track
from demixme.separation.stemstore import LEVEL_FRAMES as LEVEL_FRAMES
from demixme.separation.stemstore import MEAN_SQUARE_OF_BYTE as MEAN_SQUARE_OF_BYTE
from demixme.separation.stemstore import PEAK_OF_BYTE as PEAK_OF_BYTE
from demixme.separation.stemstore import Quality as Quality
from demixme.separation.stemstore import StemStore as StemStore


@dataclass(frozen=True)
class DeviceInfo:
    """One output device, known by name and host API (indices change at every replug)."""

    name: str
    host_api: str
    channels: int
    default: bool = False


@dataclass(frozen=True)
class Meter:
    """Highest peak and mean square since the last poll, linear, one value a channel.

    `known` is False where the place is not separated yet: to be drawn hatched, not as silence.
    """

    peak: tuple[float, float] = (0.0, 0.0)
    mean_square: tuple[float, float] = (0.0, 0.0)
    known: bool = True


@dataclass(frozen=True, eq=False)
class Spectra:
    """Levels over frequency as heard now: each part after its strip, their sum after master.

    `bands_hz` and every level are [bands] float32; levels in dB, a sine of full scale is 0.
    `parts` is empty where the place is not separated yet; `total` is then the song's own.
    """

    bands_hz: NDArray[np.float32]
    parts: Mapping[str, NDArray[np.float32]]
    total: NDArray[np.float32]


# ---------------------------------------------------------------- events
@dataclass(frozen=True)
class Event:
    """Something happened since the last poll."""


@dataclass(frozen=True)
class SongOpened(Event):
    """The song can be played; decoding goes on."""

    info: SongInfo


@dataclass(frozen=True)
class SongFailed(Event):
    """The song could not be opened; whatever played keeps playing."""

    error: DemixError


@dataclass(frozen=True)
class DecodingEnded(Event):
    """The whole song is decoded: its length is exact. `error` when it broke off early."""

    frames: int
    repaired_frames: int = 0
    error: DemixError | None = None


@dataclass(frozen=True)
class ModelReady(Event):
    """A model is loaded and separating."""

    name: str
    parts: Parts


@dataclass(frozen=True)
class ModelFailed(Event):
    """A model could not be loaded; the one before stays."""

    error: DemixError


@dataclass(frozen=True)
class SeparationFailedAt(Event):
    """A place could not be separated, tried twice: silent there while parts differ."""

    first_frame: int
    frames: int
    error: DemixError


@dataclass(frozen=True)
class DeviceOpened(Event):
    """Sound goes to this device now."""

    device: DeviceInfo
    latency_s: float


@dataclass(frozen=True)
class DeviceFailed(Event):
    """No sound: the device would not open or was lost; playback is paused."""

    error: DemixError


@dataclass(frozen=True)
class BufferRaised(Event):
    """Drop-outs made the engine raise the device buffer."""

    buffer_ms: float


@dataclass(frozen=True)
class SongEnded(Event):
    """The song played to its end; the play head is back at 0, stopped."""


@dataclass(frozen=True)
class EngineFault(Event):
    """Something broke inside (callback or worker); `trace` is for the log."""

    where: str
    trace: str


# ---------------------------------------------------------------- status
@dataclass(frozen=True)
class Status:
    """The engine as it stands now.

    Frames are frames of the file. `position_frame` is what is heard now (latency taken off);
    `separated` is the share of the song that stands at full quality, 0…1; `speed` how many seconds
    of song are separated a second (0 when unknown); `separating` whether the worker is at it.
    """

    song: SongInfo | None = None
    track: Track | None = None
    store: StemStore | None = None
    parts: Parts | None = None
    mix: MixState | None = None
    model: str = ""
    original: bool = False
    playing: bool = False
    waiting: bool = False
    position_frame: int = 0
    frames: int = 0
    length_known: bool = False
    loop: tuple[int, int] | None = None
    volume: float = 1.0
    separated: float = 0.0
    separating: bool = False
    speed: float = 0.0
    meters: Mapping[str, Meter] = field(default_factory=dict)  # each part, and "master"
    device: DeviceInfo | None = None
    buffer_ms: float = 0.0
    latency_s: float = 0.0
    underruns: int = 0
    waits: int = 0
    events: tuple[Event, ...] = ()
