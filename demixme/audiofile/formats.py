"""The kinds of files we write: which samples they hold, and at which rates."""

from dataclasses import dataclass
from pathlib import Path

from demixme.core.errors import InvalidValue
from demixme.core.track import SongInfo

_MPEG_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_MOST_FLAC_ODD_HZ = 65535  # above it FLAC holds only multiples of 10 Hz


@dataclass(frozen=True)
class Container:
    """A kind of file: its ending, its encodings (the first is usual), its rates if they are few."""

    suffix: str
    title: str
    encodings: tuple[str, ...]
    rates: tuple[int, ...] = ()


CONTAINERS = {
    c.suffix: c
    for c in (
        Container("wav", "WAV", ("float32", "pcm24", "pcm16")),
        Container("flac", "FLAC", ("pcm24", "pcm16")),
        Container("mp3", "MP3", ("mp3",), _MPEG_RATES),
        Container("ogg", "Ogg Vorbis", ("vorbis",)),
        Container("opus", "Opus", ("opus",), (8000, 12000, 16000, 24000, 48000)),
        Container("m4a", "M4A", ("aac",), (*_MPEG_RATES, 64000, 88200, 96000)),
    )
}
#: Encodings in whole numbers, and their bits.
BITS = {"pcm16": 16, "pcm24": 24}
#: Encodings that keep every sample as it is, or nearly; the others are lossy.
PLAIN_ENCODINGS = ("pcm16", "pcm24", "float32")


def container_of(path: Path | str) -> str:
    """Return ``"wav"``, ``"flac"``, … by the name's ending; InvalidValue for one we cannot write.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    str
        A key of `CONTAINERS`.
    """
    suffix = Path(path).suffix.lower().lstrip(".")
    if suffix not in CONTAINERS:
        endings = ", ".join(f".{s}" for s in CONTAINERS)
        raise InvalidValue("file name", str(path), f"a name that ends in one of {endings}")
    return suffix


def default_encoding(info: SongInfo, container: str = "wav") -> str:
    """Return the encoding that keeps a song as it is: its own depth for 8, 16 and 24 bits.

    All else becomes 32-bit float: float and lossy sources, and those of more than two channels,
    whose down-mix lies between the steps of their depth. In FLAC, which has no floats, 24 bits;
    a lossy container has one encoding.

    Parameters
    ----------
    info : SongInfo
    container : str
        A key of `CONTAINERS`.

    Returns
    -------
    str
    """
    encodings = CONTAINERS[container].encodings
    if "pcm16" in encodings and info.bits is not None and info.channels <= 2 and info.bits <= 24:
        return "pcm16" if info.bits <= 16 else "pcm24"
    return encodings[0]


def check_encoding(container: str, encoding: str) -> None:
    """Raise InvalidValue where a container does not hold an encoding."""
    allowed = CONTAINERS[container].encodings
    if encoding not in allowed:
        title = CONTAINERS[container].title
        raise InvalidValue("encoding", encoding, f"{', '.join(allowed)} in {title}")


def rate_in(container: str, rate: int) -> int:
    """Return the rate at which a container holds a song: its own, the next higher, or the highest.

    Parameters
    ----------
    container : str
        A key of `CONTAINERS`.
    rate : int
        The song's, in Hz.

    Returns
    -------
    int
        Hz.
    """
    rates = CONTAINERS[container].rates
    if container == "flac" and rate > _MOST_FLAC_ODD_HZ:
        return -(-rate // 10) * 10
    return min((r for r in rates if r >= rate), default=max(rates, default=rate))
