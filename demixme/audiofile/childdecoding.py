"""The decoding child: FFmpeg's samples, as they are, into a pipe. The only door to PyAV here.

Numpy-free, so that it starts at once; what is done with the samples `avdecoder` does.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import av
import av.error

from demixme.audiofile import childlimits
from demixme.audiofile.avopen import open_container
from demixme.audiofile.movie import itunes_frames, movie_timescale
from demixme.audiofile.pipe import BLOCK, END, FORMAT, INFO, REFUSED, write_facts, write_message

#: Where the container knows the length of its sound, not only the size of its file.
_EXACT = ("ape", "caf", "flac", "matroska,webm", "mpc8", "tak", "tta", "wv")
_MOV = "mov,mp4,m4a,3gp,3g2,mj2"
_LOSSLESS = ("alac", "ape", "flac", "mlp", "shorten", "tak", "truehd", "tta", "wavpack")
_CHECKED = ("flac", "wavpack", "tta")  # a sum over each packet tells noise from sound
_BATCH_FRAMES = 32768
_MOST_FAILURES = 200  # in a row
_LONGEST_HOLE_S = 10
_LEAST_LACK_S = 0.1


class NoSong(Exception):
    """Nothing in the file can be played; `why` is `empty` or `not audio`."""

    def __init__(self, why: str, reason: str) -> None:
        super().__init__(why, reason)
        self.why = why
        self.reason = reason


class Source:
    """A song open in FFmpeg."""

    def __init__(self, path: str, stream: int | None = None) -> None:
        self._container: Any = open_container(path)
        sounds = self._container.streams.audio
        self._stream: Any = self._container.streams.best("audio")
        if stream is not None:
            self._stream = sounds[stream] if stream < len(sounds) else None
        if self._stream is None or self._stream.codec_context is None:
            raise NoSong("not audio", "no sound in it that can be decoded")
        self.codec = str(self._stream.codec_context.name)
        self.container = str(self._container.format.name)
        for other in self._container.streams:
            if other is not self._stream:
                other.discard = av.stream.Discard["all"]
        self._stream.codec_context.thread_count = 1
        if self.codec in _CHECKED:
            self._stream.codec_context.options = {"err_detect": "crccheck+explode"}
        if (self.container, self.codec) == ("caf", "alac"):
            # WORKAROUND FFmpeg 8.1: the padding that ALAC leaves out itself is cut a second time,
            # drop when test_containers passes without
            self._stream.codec_context.options = {"flags2": "+skip_manual"}
        self._ticks = movie_timescale(path) if self.container == _MOV else 0
        self._itunes_frames = itunes_frames(str(self._container.metadata.get("iTunSMPB", "")))
        self._origin: int | None = None
        self._end: int | None = None  # of the packets so far, in the stream's time base
        self._rate = 0
        self.described = False
        self.sent_frames = 0
        self.failures = 0
        self._new_failures = 0
        self.reason = ""

    # ------------------------------------------------------------ what it is
    def describe(self, first: Any) -> dict[str, Any]:
        """Return what the parent must know, once the first frame is there."""
        self.described = True
        tags = {**self._stream.metadata, **self._container.metadata}
        tags = {str(k).lower(): str(v) for k, v in tags.items()}
        return {
            "frames": self._promised_frames(first.sample_rate),
            "bits": self._bits(first.format),
            "codec": self.codec,
            "container": self.container,
            "title": tags.get("title", ""),
            "artist": tags.get("artist", ""),
        }

    def _bits(self, sample_format: Any) -> int | None:
        if self.codec.startswith("pcm_s"):
            return int("".join(c for c in self.codec[5:7] if c.isdigit()))
        whole = self.codec in _LOSSLESS and sample_format.name.startswith(("u8", "s16", "s32"))
        return min(24, 8 * int(sample_format.bytes)) if whole or self.codec == "pcm_u8" else None

    def _promised_frames(self, rate: int) -> int:
        if self._stream.duration is not None and self._stream.duration > 0:
            return int(self._stream.duration * self._stream.time_base * rate)
        return max(0, int(self._container.duration or 0) * rate // 1_000_000)

    # ------------------------------------------------------------ frames
    def frames(self) -> Iterator[tuple[Any, int, int]]:
        """Yield (frame, silence before it, samples of it that belong to the song)."""
        for packet in self._packets():
            try:
                made = packet.decode()
            except av.error.EOFError:
                continue
            except av.error.FFmpegError as error:
                self._failed(error)
                continue
            self._note_end(packet)
            for frame in made:
                if frame.samples > 0 and frame.sample_rate > 0:
                    yield self._placed(frame)

    def _packets(self) -> Iterator[Any]:
        in_a_row = 0
        while in_a_row < _MOST_FAILURES:
            try:
                for packet in self._container.demux(self._stream):
                    yield packet
                    in_a_row = 0
            except av.error.EOFError:
                return
            except av.error.FFmpegError as error:
                self._failed(error)
                in_a_row += 1
            else:
                return

    def _failed(self, error: Exception) -> None:
        if isinstance(error, MemoryError):
            raise error
        self._new_failures += 1
        self.reason = self.reason or type(error).__name__

    def _note_end(self, packet: Any) -> None:
        if packet.pts is not None and packet.duration:
            end = packet.pts + packet.duration
            self._end = end if self._end is None else max(end, self._end)

    def _placed(self, frame: Any) -> tuple[Any, int, int]:
        if self._origin is None:
            self._origin, self._rate = frame.pts or 0, frame.sample_rate
        hole = self._hole(frame) if self._new_failures else 0
        self.failures += self._new_failures
        self._new_failures = 0
        samples = min(frame.samples, max(0, self._allowed_frames() - self.sent_frames - hole))
        self.sent_frames += hole + samples
        return frame, hole, samples

    def _hole(self, frame: Any) -> int:
        """Return the frames that a lost packet leaves out, where the time stamps are exact."""
        if frame.pts is None or self._stream.time_base * frame.sample_rate != 1:
            return 0
        missing = frame.pts - (self._origin or 0) - self.sent_frames
        return missing if 0 < missing <= _LONGEST_HOLE_S * frame.sample_rate else 0

    def _allowed_frames(self) -> int:
        """Return where the song ends as far as is known: AAC in MP4 pads its last packet.

        The tag iTunSMPB is exact. The edit list holds the length in ticks of the movie's clock;
        where those are coarser than frames, the packets' durations, cut by the encoder, are exact.
        """
        if self.container != _MOV or self._end is None:
            return sys.maxsize
        if self._itunes_frames:
            return self._itunes_frames
        end = self._in_frames(self._end - (self._origin or 0))
        edited = self._in_frames(self._stream.duration or 0)
        tick_frames = self._rate / self._ticks if self._ticks else self._rate
        return (
            edited if edited > 0 and (tick_frames <= 1 or abs(end - edited) > tick_frames) else end
        )

    def _in_frames(self, time: int) -> int:
        return int(time * self._stream.time_base * self._rate)

    @property
    def failed(self) -> bool:
        """Return whether anything at all went wrong."""
        return self.failures + self._new_failures > 0

    def lacks(self) -> bool:
        """Return whether the song ended before its container said."""
        if self.container not in _EXACT and self.container != _MOV:
            return False
        if any(s.type == "video" and not _is_cover(s) for s in self._container.streams):
            return False
        lack = self._promised_frames(self._rate) - self.sent_frames
        return lack > _LEAST_LACK_S * self._rate or (self._new_failures > 0 and lack > 0)


def _is_cover(stream: Any) -> bool:
    return stream.codec_context is not None and stream.codec_context.name in ("mjpeg", "png")


# ---------------------------------------------------------------- into the pipe
class Sender:
    """Puts frames together to blocks and writes them; the first one goes at once."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._format: dict[str, Any] = {}
        self._planes: list[list[bytes]] = []
        self._frames = 0
        self._started = False

    def send(self, frame: Any, hole: int, samples: int) -> None:
        """Append silence and the frame's first samples."""
        layout = [channel.name for channel in frame.layout.channels]
        made = {"rate": frame.sample_rate, "layout": layout, "sample_format": frame.format.name}
        if made != self._format:
            self.flush()
            self._format = made
            self._planes = [[] for _ in frame.planes]
            write_facts(self._pipe, FORMAT, **made)
        width = frame.format.bytes * (1 if frame.format.is_planar else len(layout))
        silence = b"\x80" if frame.format.name.startswith("u8") else b"\0"
        for parts, plane in zip(self._planes, frame.planes, strict=True):
            if hole:
                parts.append(silence * (hole * width))
            parts.append(bytes(memoryview(plane)[: samples * width]))
        self._frames += hole + samples
        if self._frames >= _BATCH_FRAMES or not self._started:
            self.flush()

    def flush(self) -> None:
        """Write what is there."""
        if self._frames:
            self._started = True
            write_message(self._pipe, BLOCK, b"".join(b for parts in self._planes for b in parts))
        self._planes = [[] for _ in self._planes]
        self._frames = 0


def main(words: Sequence[str]) -> int:
    """Decode the file `words` names into standard output; end with standard input."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what libraries print is no message
    childlimits.hold_limits(sys.stdin.buffer)
    try:
        _decode(words[0], pipe, int(words[1]) if len(words) > 1 else None)
    except NoSong as error:
        write_facts(pipe, REFUSED, why=error.why, reason=error.reason)
    except (av.error.FFmpegError, OSError, ValueError, MemoryError) as error:
        write_facts(pipe, REFUSED, why="not audio", reason=repr(error)[:500])
    return 0


def _decode(path: str, pipe: BinaryIO, stream: int | None) -> None:
    source, sender = Source(path, stream), Sender(pipe)
    try:
        for frame, hole, samples in source.frames():
            if not source.described:
                write_facts(pipe, INFO, **source.describe(frame))
            sender.send(frame, hole, samples)
    except (av.error.FFmpegError, MemoryError) as error:
        source.reason, source.failures = type(error).__name__, source.failures + 1
    sender.flush()
    if not source.described:
        raise NoSong("not audio" if source.failed else "empty", source.reason)
    write_facts(pipe, END, damaged=source.failures > 0 or source.lacks(), reason=source.reason)
