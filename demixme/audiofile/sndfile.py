"""A song that libsndfile decodes: WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF and kin."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from demixme.audiofile.downmix import MOST_CHANNELS
from demixme.audiofile.paths import system_path
from demixme.audiofile.promised import ogg_breaks_off, promised_frames
from demixme.audiofile.stereo import Block, StereoMaker
from demixme.audiofile.tags import clean_text, read_tags
from demixme.core.errors import FileEmpty, FileTruncated, NotAudio, UnsupportedAudio
from demixme.core.track import SongInfo
from demixme.core.units import HIGHEST_RATE_HZ, LOWEST_RATE_HZ

BLOCK_FRAMES = 65536
_LONGEST_FRAMES = 1 << 40  # what libsndfile reports beyond this is "unknown"
_MPEG_FRAMES = 1152  # of layer II the length is known to a packet only
_BITS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32} | {
    f"ALAC_{bits}": bits for bits in (16, 20, 24, 32)
}


class SndFileDecoder:
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
        self._failure = ""
        try:
            self.info = self._described(size_bytes)
            self._maker = StereoMaker(self.info.channels)
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
    def is_plain(self) -> bool:
        """Return whether the file holds bare samples: past its end there is nothing to decode."""
        return self._file.format not in ("OGG", "FLAC", "MP3", "MPEG", "CAF", "SDS")

    @property
    def repaired_frames(self) -> int:
        """Return how many frames held non-finite or absurd samples that became 0."""
        return self._maker.repaired_frames

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
        guessed = _MPEG_FRAMES if self._file.subtype == "MPEG_LAYER_II" else 0
        cut = self._breaks_off or done + guessed < self._promised_frames
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
        return self._maker.stereo(raw[:frames])

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


def _format_name(file: sf.SoundFile) -> str:
    if file.format == "OGG":
        return "Opus" if file.subtype == "OPUS" else "Ogg Vorbis"
    names = {"WAVEX": "WAV", "MPEG": "MP3", "MP3": "MP3"}
    return names.get(file.format, str(file.format))
