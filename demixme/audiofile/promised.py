"""Whether a song's file is whole, where libsndfile does not tell.

It shortens its length to what is there, so a cut WAV, AIFF or Ogg looks sound to it.
"""

import os
import struct
from pathlib import Path

from demixme.audiofile.paths import system_path

_UNKNOWN_SIZES = (0, 0x7FFFFFFF)  # what encoders that write into a pipe leave there, or above this
_MOST_CHUNKS = 1000
_LONGEST_OGG_PAGE = 65307
_OGG_LAST_PAGE = 0x04


def promised_frames(path: Path, size_bytes: int) -> int:
    """Return the frames a WAV or AIFF header promises beyond the file's end, else 0.

    Parameters
    ----------
    path : Path
        A regular file.
    size_bytes : int
        Its size.

    Returns
    -------
    int
        Frames of the whole song where the sound chunk reaches past the end of the file; 0 for sound
        files, for other formats, and where the header leaves the size open.
    """
    with open(system_path(path), "rb") as file:
        start = file.read(12)
        order = {b"RIFF": "<", b"RIFX": ">", b"FORM": ">"}.get(start[:4])
        if order is None or start[8:12] not in (b"WAVE", b"AIFF", b"AIFC"):
            return 0
        frame_bytes = 0
        for _ in range(_MOST_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                return 0
            name, size = head[:4], struct.unpack(order + "I", head[4:])[0]
            if name in (b"data", b"SSND"):
                return _beyond(size, size_bytes - file.tell(), frame_bytes)
            body = file.read(min(size, 64))
            frame_bytes = _frame_bytes(name, body, order) or frame_bytes
            file.seek(size + (size & 1) - len(body), os.SEEK_CUR)
    return 0


def _frame_bytes(name: bytes, body: bytes, order: str) -> int:
    if name == b"fmt " and len(body) >= 14:
        return int(struct.unpack(order + "H", body[12:14])[0])
    if name == b"COMM" and len(body) >= 8:
        channels, _, bits = struct.unpack(">HIH", body[:8])
        return int(channels * -(-bits // 8))
    return 0


def _beyond(size: int, there_bytes: int, frame_bytes: int) -> int:
    if size in _UNKNOWN_SIZES or size > 0x7FFFFFFF or not frame_bytes:
        return 0
    return -(-size // frame_bytes) if size > there_bytes else 0


def ogg_breaks_off(path: Path, size_bytes: int) -> bool:
    """Return whether an Ogg file lacks its last page, or the end of it (RFC 3533, section 6).

    Parameters
    ----------
    path : Path
        An Ogg file.
    size_bytes : int
        Its size.
    """
    with open(system_path(path), "rb") as file:
        file.seek(max(0, size_bytes - 2 * _LONGEST_OGG_PAGE))
        end = file.read()
    at = end.rfind(b"OggS")
    if at < 0 or len(end) < at + 27:
        return True
    segments = end[at + 27 : at + 27 + end[at + 26]]
    whole = len(segments) == end[at + 26] and len(end) >= at + 27 + len(segments) + sum(segments)
    return not (whole and end[at + 5] & _OGG_LAST_PAGE)
