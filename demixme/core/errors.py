"""Every error a person can meet, with fields; the sentences are made in `demixme.messages`."""

from pathlib import Path


class DemixError(Exception):
    """Base of all errors that have a sentence of their own."""


class Cancelled(DemixError):
    """The person asked for the work to stop; never shown."""


# ---------------------------------------------------------------- files
class FileError(DemixError):
    """Something about one file; `reason` is the library's or the system's own word, for the log."""

    def __init__(self, path: Path | str, reason: str = "") -> None:
        super().__init__(str(path), reason)
        self.path = Path(path)
        self.reason = reason


class FileMissing(FileError):
    """There is no such file."""


class FileUnreadable(FileError):
    """The file is there but may not be opened (permissions, a folder, a device)."""


class NotAudio(FileError):
    """No decoder knows what is in the file."""


class FileEmpty(FileError):
    """The file holds no audio at all."""


class FileTruncated(FileError):
    """The file breaks off or is damaged; its first `frames` frames were decoded."""

    def __init__(self, path: Path | str, reason: str = "", frames: int = 0) -> None:
        super().__init__(path, reason)
        self.frames = frames


class UnsupportedAudio(FileError):
    """Audio, but of a kind that cannot be played (rate or channel count out of range)."""


class CannotWrite(FileError):
    """The file or its folder cannot be written."""


class DiskFull(CannotWrite):
    """No space left while writing."""


class FileExists(CannotWrite):
    """The file is there already and nobody said to replace it."""


class SessionDamaged(FileError):
    """A session document that is none, or that is damaged."""


class SessionTooNew(FileError):
    """A session document that a later DemixME wrote."""


# ---------------------------------------------------------------- parts and models
class InvalidParts(DemixError):
    """A list of part names that cannot be mixed."""

    def __init__(self, names: object, rest: object) -> None:
        super().__init__(names, rest)
        self.names = names
        self.rest = rest


class UnknownPart(DemixError):
    """A part that this song or model has not."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name = name
        self.known = known


class ModelError(DemixError):
    """Something about one model; `reason` says what, in words for a person."""

    def __init__(self, name: str, reason: str = "") -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason


class ModelMissing(ModelError):
    """No model of that name or at that path."""


class ModelCorrupt(ModelError):
    """The model file or its sidecar cannot be read."""


class ModelMismatch(ModelError):
    """Sidecar and graph differ; `reason` says in what."""


class SeparationFailed(ModelError):
    """The network raised while separating."""


# ---------------------------------------------------------------- devices
class DeviceError(DemixError):
    """Something about one output device; `reason` is PortAudio's own word."""

    def __init__(self, device: str = "", reason: str = "") -> None:
        super().__init__(device, reason)
        self.device = device
        self.reason = reason


class NoDevice(DeviceError):
    """No output device at all, or PortAudio itself is missing."""


class DeviceRefused(DeviceError):
    """The device is there but would not open."""


class DeviceLost(DeviceError):
    """The device stopped answering while it played."""


# ---------------------------------------------------------------- use
class InvalidValue(DemixError):
    """A value out of its range; `what` names it."""

    def __init__(self, what: str, value: object, allowed: str) -> None:
        super().__init__(what, value, allowed)
        self.what = what
        self.value = value
        self.allowed = allowed


class MissingExtra(DemixError):
    """A command needs an optional set of packages that is not installed."""

    def __init__(self, command: str, extra: str) -> None:
        super().__init__(command, extra)
        self.command = command
        self.extra = extra


class WorkerUnfit(DemixError):
    """A worker has another version or model than who asked; both are named."""

    def __init__(self, here: str, wanted: str) -> None:
        super().__init__(here, wanted)
        self.here = here
        self.wanted = wanted


class WorkerDied(FileError):
    """The process that worked on a song died, more than once."""


class NoWorkers(DemixError):
    """No worker of the cluster answers any more; `address` is the cluster's."""

    def __init__(self, address: str, reason: str = "") -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason


class NoWindow(DemixError):
    """No window can be opened: no display, or Qt's libraries are missing; `reason` says which."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
