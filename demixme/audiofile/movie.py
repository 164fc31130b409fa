"""What an MP4 file says about the length of its sound that FFmpeg does not pass on."""

import struct
from typing import BinaryIO

_MOST_BOXES = 1000


def movie_timescale(path: str) -> int:
    """Return the ticks a second of the movie's clock, in which edit lists count; 0 if unknown.

    Parameters
    ----------
    path : str
        A file of the ISO base media family (ISO/IEC 14496-12, boxes `moov` and `mvhd`).
    """
    with open(path, "rb") as file:
        moov = _find(file, b"moov", file.seek(0, 2), 0)
        mvhd = moov and _find(file, b"mvhd", moov[1], moov[0])
        if not mvhd:
            return 0
        file.seek(mvhd[0])
        body = file.read(24)
    wide = body[:1] == b"\x01"  # version 1 has 64-bit dates before it
    at = 20 if wide else 12
    return int(struct.unpack(">I", body[at : at + 4])[0]) if len(body) >= at + 4 else 0


def _find(file: BinaryIO, name: bytes, last: int, at: int) -> tuple[int, int] | None:
    """Return where the contents of a box begin and end, between two places of a file."""
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if at + 8 > last or len(head) < 8:
            return None
        size, kind = struct.unpack(">I4s", head[:8])
        begin = at + 8
        if size == 1 and len(head) == 16:
            size, begin = struct.unpack(">Q", head[8:])[0], at + 16
        size = last - at if size == 0 else size
        if kind == name:
            return begin, min(last, at + size)
        if size < 8:
            return None
        at += size
    return None


def itunes_frames(text: str) -> int:
    """Return the frames of the song that the tag `iTunSMPB` holds, 0 where it holds none.

    Hexadecimal words: zero, priming, padding, the song's own frames.
    """
    words = text.split()
    try:
        return int(words[3], 16) if len(words) > 3 else 0
    except ValueError:
        return 0
