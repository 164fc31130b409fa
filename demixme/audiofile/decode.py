"""Any song to stereo blocks at its own rate: WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF and kin."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from demixme.audiofile.downmix import MOST_CHANNELS, downmix, downmix_matrix
from demixme.audiofile.paths import check_regular_file, system_path
from demixme.audiofile.promised import ogg_breaks_off, promised_frames
from demixme.audiofile.tags import clean_text, read_tags
from demixme.core.errors import FileEmpty, FileTruncated, NotAudio, UnsupportedAudio
from demixme.core.track import SongInfo

BLOCK_FRAMES = 65536
LOWEST_RATE_HZ = 8000
HIGHEST_RATE_HZ = 192000
LOUDEST = 1000.0  # beyond this a float sample is garbage, not sound
_LONGEST_FRAMES = 1 << 40  # what libsndfile reports beyond this is "unknown"
_BITS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32} | {
    f"ALAC_{bits}": bits for bits in (16, 20, 24, 32)
}

Block = NDArray[np.int16] | NDArray[np.float32]


class SoundFileDecoder:
    """A song read through libsndfile; made by `open_song`.

    Integer sources of 8 and 16 bits with one or two channels come as int16, which holds them
    exactly; all others as float32, which holds 24 bits exactly and rounds 32-bit integers and
    doubles.
    """

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path = path
        try:
            self._file = sf.SoundFile(system_path(path))
        except (sf.SoundFileError, RuntimeError, OSError) as e:
            raise NotAudio(path, str(e)) from e
        self._repaired_frames = 0
        self._failure = ""
        try:
            self.info = self._described(size_bytes)
            self._matrix = downmix_matrix(self.info.channels)
            bits = self.info.bits
            self._exact_int16 = bits is not None and bits <= 16 and self.info.channels <= 2
            self._first = self._next_block()
            if not len(self._first):
                raise (NotAudio if self._failure else FileEmpty)(path, self._failure)
        except BaseException:
            self._file.close()
            raise

    def _described(self, size_bytes: int) -> SongInfo:
        file = self._file
        if not LOWEST_RATE_HZ <= file.samplerate <= HIGHEST_RATE_HZ:
            raise UnsupportedAudio(self._path, f"{file.samplerate} Hz")
        if file.channels > MOST_CHANNELS:
            raise UnsupportedAudio(self._path, f"{file.channels} channels")
        if file.format == "RAW":
            raise NotAudio(self._path, "no header")
        frames = file.frames if 0 <= file.frames < _LONGEST_FRAMES else 0
        self._promised_frames = promised_frames(self._path, size_bytes) or frames
        self._breaks_off = file.format == "OGG" and ogg_breaks_off(self._path, size_bytes)
        title, artist = read_tags(self._path)
        return SongInfo(
            path=self._path,
            rate=file.samplerate,
            channels=file.channels,
            frames=frames,
            bits=_BITS.get(file.subtype),
            title=title or clean_text(file.title),
            artist=artist or clean_text(file.artist),
            format_name=_format_name(file),
        )

    @property
    def repaired_frames(self) -> int:
        """Return how many frames held non-finite or absurd samples that became 0."""
        return self._repaired_frames

    def blocks(self) -> Iterator[Block]:
        """Yield the song block by block from frame 0 to its end, once.

        Yields
        ------
        np.ndarray [shape=(frames, 2), int16 or float32]
            At most 65 536 frames.

        Raises
        ------
        FileTruncated
            After the last block, where the file ends before it should or cannot be read on.
        """
        block, done = self._first, 0
        self._first = self._first[:0]
        while len(block):
            done += len(block)
            yield block
            block = self._next_block()
        cut = self._breaks_off or done < self._promised_frames
        if self._failure or (cut and not self._file.closed):
            raise FileTruncated(self._path, self._failure or "ends early", frames=done)

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def _next_block(self) -> Block:
        if self._failure or self._file.closed:
            return np.empty((0, 2), np.float32)
        shape = (BLOCK_FRAMES, self.info.channels)
        raw: Any = np.empty(shape, np.int16 if self._exact_int16 else np.float32)
        frames = self._read_into(raw)
        return self._stereo(raw[:frames])

    def _read_into(self, raw: Any) -> int:
        """Fill `raw` as far as the song goes and return the frames; sets `_failure` at a fault.

        Past soundfile's own `read`, which stops at the header's length and loses what it had when
        it meets a damaged place, and which seeks after every block.
        """
        library, handle = sf._snd, self._file._file
        read = library.sf_readf_short if self._exact_int16 else library.sf_readf_float
        kind = "short *" if self._exact_int16 else "float *"
        frames = int(read(handle, sf._ffi.cast(kind, sf._ffi.from_buffer(raw)), len(raw)))
        if frames < len(raw) and (code := library.sf_error(handle)):
            self._failure = sf._ffi.string(library.sf_error_number(code)).decode("utf-8", "replace")
        return max(0, frames)

    def _stereo(self, block: Any) -> Block:
        if block.dtype == np.float32:
            block = self._repaired(block)
        channels = self.info.channels
        if channels > 2:
            return downmix(block, self._matrix)
        stereo: Block = block if channels == 2 else np.repeat(block, 2, axis=1)
        return stereo

    def _repaired(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        sound = np.abs(block) <= LOUDEST  # False for NaN too
        if sound.all():
            return block
        self._repaired_frames += int((~sound.all(axis=1)).sum())
        return np.where(sound, block, np.float32(0.0))


def _format_name(file: sf.SoundFile) -> str:
    if file.format == "OGG":
        return "Opus" if file.subtype == "OPUS" else "Ogg Vorbis"
    names = {"WAVEX": "WAV", "MPEG": "MP3", "MP3": "MP3"}
    return names.get(file.format, str(file.format))


def open_song(path: Path | str) -> SoundFileDecoder:
    """Open a song for decoding; its first block is decoded already when this returns.

    Parameters
    ----------
    path : Path or str
        Any name the system can hold, valid text or not.

    Returns
    -------
    SoundFileDecoder
        A `core.track.Decoder`; `info.frames` is the header's estimate and never a size.

    Raises
    ------
    FileMissing, FileUnreadable, FileEmpty, NotAudio, UnsupportedAudio
    """
    path = Path(path)
    size_bytes = check_regular_file(path)
    if size_bytes == 0:
        raise FileEmpty(path, "0 bytes")
    return SoundFileDecoder(path, size_bytes)
