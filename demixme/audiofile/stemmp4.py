"""Native Instruments' stem files: an MP4 of five stereo AAC tracks and a manifest of the parts.

Track 1 is the song as it is mixed, tracks 2…5 are its parts. The box ``moov/udta/stem`` holds their
names and colours as JSON.
"""

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.partfile import PartFile
from demixme.audiofile.paths import system_path
from demixme.audiofile.tagcopy import Tags, write_tags
from demixme.core.errors import InvalidValue
from demixme.dsp.resample import ResampleStream

SUFFIX = ".stem.mp4"
PARTS = 4
RATES = (44100, 48000)
COLOURS = {"drums": "#009E73", "bass": "#D55E00", "other": "#CC79A7", "vocals": "#0072B2"}
_SPARE_COLOURS = ("#E69F00", "#56B4E9", "#F0E442", "#999999")
_BITS_PER_S = 256_000
_MOST_MOOV_BYTES = 256 << 20
_MOST_MANIFEST_BYTES = 1 << 20
_BLOCK_FRAMES = 8192
_BROKEN = (OSError, RuntimeError, ValueError, AssertionError)
#: Players shape the sum with these; switched off, the parts sound as they are.
_MASTERING: dict[str, Any] = {
    "compressor": {
        "enabled": False,
        "ratio": 3,
        "output_gain": 0.5,
        "release": 0.3,
        "attack": 0.003,
        "input_gain": 0.5,
        "threshold": 0,
        "hp_cutoff": 300,
        "dry_wet": 50,
    },
    "limiter": {"enabled": False, "release": 0.05, "threshold": 0, "ceiling": -0.35},
}


def manifest_of(names: Sequence[str]) -> dict[str, Any]:
    """Return the manifest of four parts by their names."""
    spare = iter(_SPARE_COLOURS)
    stems = [{"name": n.title(), "color": COLOURS.get(n.casefold()) or next(spare)} for n in names]
    return {"mastering_dsp": _MASTERING, "version": 1, "stems": stems}


def stem_rate(rate: int) -> int:
    """Return the rate of a stem file made of a song of `rate` Hz."""
    return min((r for r in RATES if r >= rate), default=RATES[-1])


class StemWriter:
    """A stem file being written, whole or not at all.

    Parameters
    ----------
    path : Path
    rate : int
        Of what comes; converted to 44.1 or 48 kHz where it is another.
    manifest : mapping
    overwrite : bool
    source : Path, optional
        The song it is made from, which is never replaced.
    tags : Tags, optional

    Raises
    ------
    CannotWrite, DiskFull, FileExists
    """

    def __init__(
        self,
        path: Path,
        rate: int,
        manifest: Mapping[str, Any],
        *,
        overwrite: bool = False,
        source: Path | None = None,
        tags: Tags | None = None,
    ) -> None:
        import av  # late: it is large

        if len(manifest.get("stems", ())) != PARTS:
            raise InvalidValue("stems", len(manifest.get("stems", ())), f"{PARTS}")
        self.path = path
        self.rate = stem_rate(rate)
        self.frames = 0
        self.tags_lost = False
        self._manifest = json.dumps(manifest, separators=(",", ":"), ensure_ascii=False)
        self._tags = tags
        self._frame_of = av.AudioFrame.from_ndarray
        self._part = PartFile(path, overwrite, source)
        # the movie's clock must be the sound's, or the edit list cuts frames
        options = {"movie_timescale": str(self.rate), "brand": "M4A "}
        self._container: Any = av.open(self._part, "w", format="mp4", options=options)
        self._streams = [self._stream() for _ in range(1 + PARTS)]
        self._resamplers = [
            ResampleStream(rate, self.rate, 2) if rate != self.rate else None for _ in self._streams
        ]
        self._stored = [0] * len(self._streams)
        self._closed = False

    def _stream(self) -> Any:
        stream = self._container.add_stream("aac", rate=self.rate, layout="stereo")
        stream.bit_rate = _BITS_PER_S
        stream.time_base = Fraction(1, self.rate)
        return stream

    def write(self, blocks: Sequence[NDArray[np.float32]]) -> None:
        """Append a block [frames, 2] of the master and of each part; what clips is clipped."""
        self.frames += len(blocks[0])
        for track, block in enumerate(blocks):
            resampler = self._resamplers[track]
            self._encode(track, block if resampler is None else resampler.process(block))
        self._part.check()

    def _encode(self, track: int, block: NDArray[np.float32]) -> None:
        for at in range(0, len(block), _BLOCK_FRAMES):
            piece = np.clip(block[at : at + _BLOCK_FRAMES], -1.0, 1.0)
            frame = self._frame_of(np.ascontiguousarray(piece.T), format="fltp", layout="stereo")
            frame.sample_rate = self.rate
            frame.time_base = Fraction(1, self.rate)
            frame.pts = self._stored[track]
            self._stored[track] += len(piece)
            self._mux(track, frame)

    def _mux(self, track: int, frame: Any) -> None:
        try:
            for packet in self._streams[track].encode(frame):
                self._container.mux(packet)
        except _BROKEN as e:
            self._part.error = self._part.error or OSError(0, str(e))
        self._part.check()

    def commit(self) -> None:
        """Finish the file and give it its name."""
        for track, resampler in enumerate(self._resamplers):
            if resampler is not None:
                self._encode(track, resampler.finish())
            self._mux(track, None)
        self._close()
        self._part.check()
        if self._tags:
            tags = self._tags
            self.tags_lost = not self._part.rewrite(lambda copy: write_tags(copy, "m4a", tags))
        if not self._part.rewrite(self._make_stem_file):
            self._part.error = self._part.error or OSError(0, "the manifest could not be written")
        self._part.commit()

    def _make_stem_file(self, copy: Path) -> bool:
        with open(system_path(copy), "r+b") as file:
            put_manifest(file, self._manifest.encode())
        return True

    def discard(self) -> None:
        """Remove what was written. Harmless after `commit`."""
        self._close()
        self._part.discard()

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            try:
                self._container.close()
            except _BROKEN as e:
                self._part.error = self._part.error or OSError(0, str(e))

    def __enter__(self) -> "StemWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


# ---------------------------------------------------------------- boxes
def read_manifest(path: Path | str) -> dict[str, Any] | None:
    """Return the manifest of a stem file; None for a file that is none.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    dict or None
        As it stands in the file; its ``stems`` are dicts with ``name`` and ``color``.
    """
    try:
        with open(system_path(path), "rb") as file:
            _, moov = _moov(file)
    except (OSError, ValueError, struct.error):
        return None
    for name, body in _boxes(moov[8:]):
        if name != b"udta":
            continue
        for inner, data in _boxes(body):
            if inner == b"stem" and len(data) <= _MOST_MANIFEST_BYTES:
                return _manifest(data)
    return None


def _manifest(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    stems = found.get("stems") if isinstance(found, dict) else None
    sound = isinstance(stems, list) and all(
        isinstance(s, dict) and isinstance(s.get("name"), str) for s in stems
    )
    return found if sound else None


def put_manifest(file: BinaryIO, manifest: bytes) -> None:
    """Make an MP4, whose ``moov`` is its last box, a stem file: only its first track is enabled."""
    at, moov = _moov(file)
    kept, udta, track = b"", b"", 0
    for name, body in _boxes(moov[8:]):
        if name == b"udta":
            udta = b"".join(_box(n, b) for n, b in _boxes(body) if n != b"stem")
            continue
        if name == b"trak":
            body = _flagged(body, 1 if track == 0 else 0)
            track += 1
        kept += _box(name, body)
    udta += _box(b"stem", manifest)
    file.seek(at)
    file.write(_box(b"moov", kept + _box(b"udta", udta)))
    file.truncate()


def _flagged(trak: bytes, flags: int) -> bytes:
    """Return a track whose header has these flags."""
    made = b""
    for name, body in _boxes(trak):
        if name == b"tkhd":
            body = body[:1] + flags.to_bytes(3, "big") + body[4:]
        made += _box(name, body)
    return made


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the boxes of a box's body; what is no box ends it."""
    at = 0
    while at + 8 <= len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        if size < 8 or at + size > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def _moov(file: BinaryIO) -> tuple[int, bytes]:
    """Return where ``moov`` stands, and the box; ValueError where there is none."""
    file.seek(0, 2)
    end, at = file.tell(), 0
    while at + 8 <= end:
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        size = size or end - at
        if size < head or (at == 0 and name != b"ftyp"):
            break
        if name == b"moov" and head == 8 and size <= min(end - at, _MOST_MOOV_BYTES):
            file.seek(at)
            return at, file.read(size)
        at += size
    raise ValueError("no moov box")
