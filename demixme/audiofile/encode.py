"""Blocks to WAV and FLAC files: exact, the same bytes every time, whole or not there at all."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from demixme.audiofile.partfile import PartFile
from demixme.audiofile.quantise import Quantiser
from demixme.core.errors import InvalidValue
from demixme.core.track import SongInfo

BLOCK_FRAMES = 65536
_SUBTYPES = {"pcm16": "PCM_16", "pcm24": "PCM_24", "float32": "FLOAT"}
_BYTES = {"pcm16": 2, "pcm24": 3, "float32": 4}
ENCODINGS = tuple(_SUBTYPES)
CONTAINERS = ("wav", "flac")
_LONGEST_WAV_BYTES = 0xFFFF0000
_SFC_SET_ADD_PEAK_CHUNK = 0x1050


def container_of(path: Path | str) -> str:
    """Return ``"wav"`` or ``"flac"`` by the name's ending; InvalidValue for any other."""
    suffix = Path(path).suffix.lower().lstrip(".")
    if suffix not in CONTAINERS:
        raise InvalidValue("file name", str(path), "a name that ends in .wav or .flac")
    return suffix


def default_encoding(info: SongInfo, container: str = "wav") -> str:
    """Return the encoding that keeps a song as it is: its own depth for 8, 16 and 24 bits.

    All else becomes 32-bit float: float and lossy sources, and those of more than two channels,
    whose down-mix lies between the steps of their depth. In FLAC, which has no floats, 24 bits.
    """
    if info.bits is not None and info.channels <= 2 and info.bits <= 24:
        return "pcm16" if info.bits <= 16 else "pcm24"
    return "pcm24" if container == "flac" else "float32"


class AudioWriter:
    """An audio file being written; made by `open_writer`, ended by `commit` or `discard`.

    As a context manager it discards whatever was not committed.
    """

    def __init__(self, part: PartFile, sound: Any, encoding: str, stream: int) -> None:
        self.path = part.path
        self.encoding = encoding
        self.frames = 0
        self._part = part
        self._sound = sound
        self._bits = {"pcm16": 16, "pcm24": 24}.get(encoding)
        self._quantiser = Quantiser(self._bits, stream) if self._bits else None

    def write(self, block: NDArray[np.float32]) -> None:
        """Append sound; integer encodings clip and dither it (see `Quantiser`), float does not.

        Parameters
        ----------
        block : np.ndarray [shape=(frames, channels), float32]

        Raises
        ------
        CannotWrite, DiskFull
        """
        if self._quantiser is None:
            self._store(np.ascontiguousarray(block, np.float32))
            return
        for at in range(0, len(block), BLOCK_FRAMES):
            piece = block[at : at + BLOCK_FRAMES]
            self.write_whole(self._quantiser.whole(piece, self.frames))

    def write_whole(self, block: NDArray[np.int32]) -> None:
        """Append whole numbers [frames, channels] in the range of the integer encoding."""
        if self._bits is None:
            raise InvalidValue("encoding", self.encoding, "pcm16, pcm24")
        if self._bits == 16:
            self._store(block.astype(np.int16))
        else:
            self._store(block << 8)  # libsndfile takes 24 bits as the upper ones of 32

    def _store(self, block: NDArray[Any]) -> None:
        for at in range(0, len(block), BLOCK_FRAMES):
            piece = block[at : at + BLOCK_FRAMES]
            try:
                self._sound.write(piece)
            except (sf.SoundFileError, RuntimeError, AssertionError) as e:
                self._part.error = self._part.error or OSError(0, str(e))
            self._part.check()
            self.frames += len(piece)

    def commit(self) -> None:
        """Finish the file and give it its name; FileExists if the name was taken meanwhile."""
        self._end_sound()
        self._part.commit()

    def discard(self) -> None:
        """Remove what was written; the final name stays as it was. Harmless after `commit`."""
        self._end_sound()
        self._part.discard()

    def _end_sound(self) -> None:
        if not self._sound.closed:
            try:
                self._sound.close()
            except (sf.SoundFileError, RuntimeError) as e:
                self._part.error = self._part.error or OSError(0, str(e))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()


def open_writer(
    path: Path | str,
    rate: int,
    channels: int,
    encoding: str,
    *,
    frames: int = 0,
    overwrite: bool = False,
    source: Path | None = None,
    stream: int = 0,
) -> AudioWriter:
    """Begin an audio file beside its final name.

    Parameters
    ----------
    path : Path or str
        Ends in ``.wav`` or ``.flac``.
    rate, channels : int
    encoding : str
        ``"pcm16"``, ``"pcm24"`` or, in WAV, ``"float32"``.
    frames : int
        Length if known: a WAV beyond 4 GB is written as RF64.
    overwrite : bool
        Whether a file of that name may be replaced.
    source : Path, optional
        The song it is made from, which is never replaced.
    stream : int
        Which dither; see `Quantiser`.

    Raises
    ------
    InvalidValue, CannotWrite, DiskFull, FileExists
    """
    path = Path(path)
    container = container_of(path)
    if encoding not in _SUBTYPES or (container == "flac" and encoding == "float32"):
        raise InvalidValue("encoding", encoding, "pcm16, pcm24" + ", float32 in WAV")
    long = frames * channels * _BYTES[encoding] > _LONGEST_WAV_BYTES
    kind = "FLAC" if container == "flac" else "RF64" if long else "WAV"
    part = PartFile(path, overwrite, source)
    try:
        sound = sf.SoundFile(part, "w", rate, channels, _SUBTYPES[encoding], format=kind)
    except (sf.SoundFileError, RuntimeError) as e:
        part.discard()
        part.check()
        raise InvalidValue("rate", rate, f"a rate that {kind} can hold") from e
    # the PEAK chunk holds the time of day: without it the same export is the same file
    sf._snd.sf_command(sound._file, _SFC_SET_ADD_PEAK_CHUNK, sf._ffi.NULL, 0)
    return AudioWriter(part, sound, encoding, stream)
