"""A song that FFmpeg decodes, in a child process: whatever its decoders do, the program lives."""

import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme import children
from demixme.audiofile.downmix import MOST_CHANNELS
from demixme.audiofile.pipe import BLOCK, END, FORMAT, INFO, REFUSED, facts_of, read_message
from demixme.audiofile.stereo import Block, StereoMaker, as_type
from demixme.audiofile.tags import clean_text, read_tags
from demixme.core.errors import FileEmpty, FileTruncated, NotAudio, UnsupportedAudio
from demixme.core.track import SongInfo
from demixme.core.units import HIGHEST_RATE_HZ, LOWEST_RATE_HZ

#: The word after which our own program decodes; see `__main__`.
VERB = "_decode"
LONGEST_SILENCE_S = 10.0
_PATIENCE_S = 5.0  # with a process that was killed, on a share that hangs
_LOOK_S = 0.2
_MOST_WAITING = 4  # blocks read ahead
_BLOCK_FRAMES = 65536
_NAMES = {
    **{"aac": "AAC", "aac_latm": "AAC", "alac": "ALAC", "ape": "Monkey’s Audio", "ac3": "AC-3"},
    **{"eac3": "E-AC-3", "dca": "DTS", "mp3float": "MP3", "mp3": "MP3", "mp2float": "MP2"},
    **{"mp2": "MP2", "mpc7": "Musepack", "mpc8": "Musepack", "opus": "Opus", "speex": "Speex"},
    **{"vorbis": "Vorbis", "wavpack": "WavPack", "wmav1": "WMA", "wmav2": "WMA", "wmapro": "WMA"},
    **{"wmalossless": "WMA", "wmavoice": "WMA", "truehd": "TrueHD"},
}
_TYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}


class AvDecoder:
    """A song read through FFmpeg (PyAV); made by `open_song`.

    Integer sources of 8 and 16 bits with one or two channels come as int16, all others as float32.

    Parameters
    ----------
    path : Path
    longest_silence_s : float
        How long the child may take for a block before it is ended.
    stream : int, optional
        Which of the file's audio streams; else the one that FFmpeg finds best.

    Raises
    ------
    NotAudio, FileEmpty, UnsupportedAudio
    """

    def __init__(
        self,
        path: Path,
        longest_silence_s: float = LONGEST_SILENCE_S,
        stream: int | None = None,
    ) -> None:
        self._path = path
        self._child = _Child(path, longest_silence_s, stream)
        self._maker: StereoMaker | None = None
        self._format: dict[str, Any] = {}
        self._dtype: Any = None
        self._rate = 0
        self._mended = 0
        self._ended = ""  # why, once nothing more comes; " " for well
        try:
            facts = self._first(INFO)
            self._change(self._first(FORMAT))
            self._rate = self._format["rate"]
            self.info = self._described(facts)
        except BaseException:
            self.close()
            raise

    # ------------------------------------------------------------ opening
    def _first(self, wanted: bytes) -> dict[str, Any]:
        kind, payload = self._child.message()
        with suppress(ValueError):
            if kind == wanted:
                return facts_of(payload)
            if kind == REFUSED:
                facts = facts_of(payload)
                empty = facts.get("why") == "empty"
                raise (FileEmpty if empty else NotAudio)(self._path, str(facts.get("reason")))
        raise NotAudio(self._path, self._child.fault or "the decoder ended")

    def _described(self, facts: dict[str, Any]) -> SongInfo:
        title, artist = read_tags(self._path)
        bits, frames, codec = facts.get("bits"), facts.get("frames"), str(facts.get("codec"))
        return SongInfo(
            path=self._path,
            rate=self._rate,
            channels=len(self._format["layout"]),
            frames=frames if isinstance(frames, int) and 0 <= frames < 1 << 40 else 0,
            bits=bits if bits in (8, 16, 24, 32) else None,
            title=title or clean_text(facts.get("title", "")),
            artist=artist or clean_text(facts.get("artist", "")),
            format_name=_NAMES.get(codec, clean_text(codec).upper()),
        )

    def _change(self, facts: dict[str, Any]) -> None:
        """Take a new sample format; UnsupportedAudio where it is none that can be played."""
        rate, layout, name = facts.get("rate"), facts.get("layout"), facts.get("sample_format")
        if not (isinstance(rate, int) and LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ):
            raise UnsupportedAudio(self._path, f"{rate} Hz")
        if not (isinstance(layout, list) and 1 <= len(layout) <= MOST_CHANNELS):
            count = len(layout) if isinstance(layout, list) else 0
            raise UnsupportedAudio(self._path, f"{count} channels")
        if str(name).removesuffix("p") not in _TYPES:
            raise UnsupportedAudio(self._path, str(name))
        self._format = {"rate": rate, "layout": layout, "sample_format": name}
        self._mended = self.repaired_frames
        self._maker = StereoMaker([str(speaker) for speaker in layout])

    # ------------------------------------------------------------ sound
    @property
    def repaired_frames(self) -> int:
        """Return how many frames held non-finite or absurd samples that became 0."""
        return self._mended + (self._maker.repaired_frames if self._maker else 0)

    def blocks(self) -> Iterator[Block]:
        """Yield the song block by block from frame 0 to its end, once.

        Yields
        ------
        np.ndarray [shape=(frames, 2), int16 or float32]
            At most 65 536 frames.

        Raises
        ------
        FileTruncated
            After the last block, where the file is damaged or ends before it should.
        """
        done = 0
        while not self._child.closed:
            kind, payload = self._child.message()
            if kind == BLOCK:
                made = self._made(payload)
                for at in range(0, len(made), _BLOCK_FRAMES):
                    yield made[at : at + _BLOCK_FRAMES]
                done += len(made)
            elif fault := self._fault(kind, payload):
                self._end(fault, done)
            elif kind == END:
                return

    def _end(self, fault: str, done: int) -> None:
        if not self._child.closed:
            raise FileTruncated(self._path, fault, frames=done)

    def _fault(self, kind: bytes, payload: bytes) -> str:
        """Return what is wrong with the song where a message that is no sound says so."""
        try:
            if kind == END:
                facts = facts_of(payload)
                return str(facts.get("reason") or "damaged") if facts.get("damaged") else ""
            if kind == FORMAT:
                self._change(facts_of(payload))
                return "" if self._format["rate"] == self._rate else "the sample rate changes"
        except (ValueError, UnsupportedAudio) as error:
            return repr(error)
        return self._child.fault or "the decoder ended"

    def _made(self, payload: bytes) -> Block:
        assert self._maker is not None
        block = samples_of(payload, self._format["sample_format"], self._maker.channels)
        made = self._maker.stereo(block)
        self._dtype = self._dtype or made.dtype
        return as_type(made, self._dtype)

    def close(self) -> None:
        """End the child. Thread: any."""
        self._child.close()


def samples_of(payload: bytes, sample_format: str, channels: int) -> NDArray[Any]:
    """Return FFmpeg's samples as numbers.

    Parameters
    ----------
    payload : bytes
        Whole frames; of a planar format, whose name ends in p, one channel after the other.
    sample_format : str
        ``u8``, ``s16``, ``s32``, ``s64``, ``flt``, ``dbl`` and the same with p.
    channels : int

    Returns
    -------
    np.ndarray [shape=(frames, channels), int16 or float32]
        int16 where that holds all of at most two channels.
    """
    kind = np.dtype(_TYPES[sample_format.removesuffix("p")])
    frames = len(payload) // (kind.itemsize * channels)
    raw: Any = np.frombuffer(payload, kind, frames * channels)
    if sample_format.endswith("p"):
        raw = np.ascontiguousarray(raw.reshape(channels, frames).T)
    raw = raw.reshape(frames, channels)
    if kind.kind == "f":
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(raw, np.float32)
    if kind.itemsize == 1:
        raw = (raw.astype(np.int16) - 128) * np.int16(256)
    if raw.dtype == np.int16 and channels <= 2:
        return np.asarray(raw)
    scale = 2.0 ** (1 - 8 * raw.itemsize)
    return np.asarray(np.multiply(raw, scale, dtype=np.float64), np.float32)


class _Child:
    """The child process, and the thread that reads what it says."""

    def __init__(self, path: Path, longest_silence_s: float, stream: int | None) -> None:
        self.fault = ""
        self.closed = False
        self._silence_s = longest_silence_s
        self._messages: queue.Queue[tuple[bytes, bytes] | None] = queue.Queue(_MOST_WAITING)
        try:
            self._process = subprocess.Popen(
                children.command(
                    VERB, str(path.absolute()), *([] if stream is None else [str(stream)])
                ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=children.NO_CONSOLE,
            )
        except OSError as error:
            raise NotAudio(path, f"no decoder: {error}") from error
        self._reader = threading.Thread(target=self._read, name="demixme-av", daemon=True)
        self._reader.start()

    def message(self) -> tuple[bytes, bytes]:
        """Return the next message; an empty one, with `fault` set, where none comes."""
        found, patience_s = None, time.monotonic() + self._silence_s
        while time.monotonic() < patience_s and not self.closed:
            # in short waits: on Windows Ctrl+C ends none
            with suppress(queue.Empty):
                found = self._messages.get(timeout=min(_LOOK_S, self._silence_s))
                break
        else:
            self.fault = f"no sound for {self._silence_s:g} s"
            self.close()
            return b"", b""
        if found is None:
            self._messages.put(None)
            self.fault = self.fault or "the decoder ended"
            return b"", b""
        return found

    def close(self) -> None:
        """End the process and the thread; harmless twice. Thread: any."""
        self.closed = self.closed or not self.fault
        self._process.kill()
        patience_s = time.monotonic() + _PATIENCE_S
        while self._reader.is_alive() and time.monotonic() < patience_s:
            with suppress(queue.Empty):
                self._messages.get(timeout=0.01)  # it may wait for room
        with suppress(queue.Full):
            self._messages.put_nowait(None)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_S)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not self._reader.is_alive():
                with suppress(OSError):
                    stream.close()

    def _read(self) -> None:
        pipe: Any = self._process.stdout
        with suppress(OSError, ValueError):
            while (found := read_message(pipe)) is not None:
                self._messages.put(found)
        self._messages.put(None)
