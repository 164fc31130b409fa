"""Blocks to sound files: exact where the format is, whole or not there at all.

WAV, FLAC and MP3 are the same bytes every time.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from demixme.audiofile.aac import AacSink
from demixme.audiofile.formats import (
    BITS,
    CONTAINERS,
    PLAIN_ENCODINGS,
    check_encoding,
    container_of,
    rate_in,
)
from demixme.audiofile.partfile import PartFile
from demixme.audiofile.quantise import Quantiser
from demixme.audiofile.tagcopy import Tags, write_tags
from demixme.core.errors import InvalidValue
from demixme.dsp.resample import ResampleStream

BLOCK_FRAMES = 65536
#: What is longer becomes an RF64, without tags; the room below 4 GiB is for tags and a cover.
LONGEST_WAV_BYTES = (4 << 30) - (16 << 20)
_BYTES = {"pcm16": 2, "pcm24": 3, "float32": 4}
#: container → libsndfile's own name, and what else it is told
_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "wav": ("WAV", {}),
    "flac": ("FLAC", {}),
    "mp3": ("MP3", {"bitrate_mode": "CONSTANT", "compression_level": 0.0}),  # 320 kbit/s
    "ogg": ("OGG", {"compression_level": 0.2}),  # quality 8, about 256 kbit/s
    "opus": ("OGG", {"compression_level": 0.5}),  # about 256 kbit/s
}
_SUBTYPES = {
    "pcm16": "PCM_16",
    "pcm24": "PCM_24",
    "float32": "FLOAT",
    "mp3": "MPEG_LAYER_III",
    "vorbis": "VORBIS",
    "opus": "OPUS",
}
_SFC_SET_ADD_PEAK_CHUNK = 0x1050
# what libsndfile, soundfile and ffmpeg raise while they write; the cause is kept by the PartFile
_BROKEN = (sf.SoundFileError, RuntimeError, AssertionError, OSError, ValueError)


class Sink(Protocol):
    """What makes a file of blocks."""

    closed: bool

    def write(self, block: Any) -> None:
        """Append a block."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class AudioWriter:
    """An audio file being written; made by `open_writer`, ended by `commit` or `discard`.

    As a context manager it discards whatever was not committed.

    Attributes
    ----------
    path : Path
    encoding : str
    rate : int
        Of the file; where it is not the song's, what comes is converted.
    channels : int
    frames : int
        Frames taken so far, at the song's rate.
    is_rf64 : bool
    tags_lost : bool
        After `commit`: there were tags and they could not be written.
    """

    def __init__(
        self,
        part: PartFile,
        sink: Sink,
        encoding: str,
        rate: int,
        channels: int,
        *,
        stream: int = 0,
        resampler: ResampleStream | None = None,
        tags: Tags | None = None,
        is_rf64: bool = False,
    ) -> None:
        self.path = part.path
        self.encoding = encoding
        self.rate = rate
        self.channels = channels
        self.frames = 0
        self.is_rf64 = is_rf64
        self.tags_lost = False
        self._part = part
        self._sink = sink
        self._bits = BITS.get(encoding)
        self._quantiser = Quantiser(self._bits, stream) if self._bits else None
        self._resampler = resampler
        self._tags = None if is_rf64 else tags
        self._stored_frames = 0
        self._lossy = encoding not in PLAIN_ENCODINGS
        self._waiting: list[NDArray[np.float32]] = []  # of a lossy file, less than a block

    def write(self, block: NDArray[np.float32]) -> None:
        """Append sound; integer encodings clip and dither it (see `Quantiser`), float does not.

        Lossy encodings take what lies within full scale, and clip the rest.

        Parameters
        ----------
        block : np.ndarray [shape=(frames, channels), float32]

        Raises
        ------
        CannotWrite, DiskFull
        """
        self.frames += len(block)
        if self._resampler is not None:
            block = self._resampler.process(block)
        self._write(block)

    def _write(self, block: NDArray[np.float32]) -> None:
        if self._lossy:
            block = self._gathered(block)
        for at in range(0, len(block), BLOCK_FRAMES):
            piece: NDArray[Any] = block[at : at + BLOCK_FRAMES]
            if self._quantiser is not None:
                piece = self._packed(self._quantiser.whole(piece, self._stored_frames))
            self._store(np.ascontiguousarray(piece))

    def _gathered(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what can be coded in blocks of one size: Vorbis follows how it is fed."""
        self._waiting.append(np.clip(block, -1.0, 1.0))
        frames = sum(map(len, self._waiting))
        if frames < BLOCK_FRAMES:
            return block[:0]
        joined = np.concatenate(self._waiting)
        whole = frames - frames % BLOCK_FRAMES
        self._waiting = [joined[whole:]]
        return joined[:whole]

    def write_whole(self, block: NDArray[np.int32]) -> None:
        """Append whole numbers [frames, channels] in the range of the integer encoding."""
        if self._bits is None:
            raise InvalidValue("encoding", self.encoding, "pcm16, pcm24")
        if self._resampler is not None:
            self.write(np.multiply(block, 2.0 ** (1 - self._bits), dtype=np.float32))
            return
        self.frames += len(block)
        for at in range(0, len(block), BLOCK_FRAMES):
            self._store(self._packed(block[at : at + BLOCK_FRAMES]))

    def _packed(self, block: NDArray[np.int32]) -> NDArray[Any]:
        # libsndfile takes 24 bits as the upper ones of 32
        return block.astype(np.int16) if self._bits == 16 else block << 8

    def _store(self, piece: NDArray[Any]) -> None:
        try:
            self._sink.write(piece)
        except _BROKEN as e:
            self._part.error = self._part.error or OSError(0, str(e))
        self._part.check()
        self._stored_frames += len(piece)

    def commit(self) -> None:
        """Finish the file and give it its name; FileExists if the name was taken meanwhile."""
        if self._resampler is not None:
            self._write(self._resampler.finish())
        if self._waiting:
            self._store(np.concatenate(self._waiting))
        self._end_sound()
        if self._tags:
            tags, container = self._tags, container_of(self.path)
            self.tags_lost = not self._part.rewrite(lambda copy: write_tags(copy, container, tags))
        self._part.commit()

    def discard(self) -> None:
        """Remove what was written; the final name stays as it was. Harmless after `commit`."""
        self._end_sound()
        self._part.discard()

    def _end_sound(self) -> None:
        if not self._sink.closed:
            try:
                self._sink.close()
            except _BROKEN as e:
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
    tags: Tags | None = None,
) -> AudioWriter:
    """Begin an audio file beside its final name.

    Parameters
    ----------
    path : Path or str
        Its ending names the container, see `formats.CONTAINERS`.
    rate, channels : int
        Of what will be written; a container that cannot hold the rate gets another, see `rate_in`.
    encoding : str
        One of the container's.
    frames : int
        Length if known: a WAV that would pass 4 GiB − 16 MiB is written as RF64, without tags.
    overwrite : bool
        Whether a file of that name may be replaced.
    source : Path, optional
        The song it is made from, which is never replaced.
    stream : int
        Which dither; see `Quantiser`.
    tags : Tags, optional
        What to say about the song; a failure to write them costs them, never the file.

    Raises
    ------
    InvalidValue, CannotWrite, DiskFull, FileExists
    """
    path = Path(path)
    container = container_of(path)
    check_encoding(container, encoding)
    size = frames * channels * _BYTES.get(encoding, 0)
    is_rf64 = container == "wav" and size > LONGEST_WAV_BYTES
    file_rate = rate_in(container, rate)
    part = PartFile(path, overwrite, source)
    try:
        if container == "m4a":
            sink: Sink = AacSink(part, file_rate, channels)
        else:
            sink = _sound_file(part, file_rate, channels, container, encoding, is_rf64)
    except _BROKEN as e:
        part.discard()
        part.check()
        title = CONTAINERS[container].title
        raise InvalidValue("rate", rate, f"a rate that {title} can hold") from e
    resampler = ResampleStream(rate, file_rate, channels) if file_rate != rate else None
    return AudioWriter(
        part,
        sink,
        encoding,
        file_rate,
        channels,
        stream=stream,
        resampler=resampler,
        tags=tags,
        is_rf64=is_rf64,
    )


def _sound_file(
    part: PartFile, rate: int, channels: int, container: str, encoding: str, is_rf64: bool
) -> Sink:
    kind, options = _FORMATS[container]
    kind = "RF64" if is_rf64 else kind
    sound = sf.SoundFile(part, "w", rate, channels, _SUBTYPES[encoding], format=kind, **options)
    # the PEAK chunk holds the time of day: without it the same export is the same file
    sf._snd.sf_command(sound._file, _SFC_SET_ADD_PEAK_CHUNK, sf._ffi.NULL, 0)
    sink: Sink = sound
    return sink
