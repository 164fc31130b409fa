"""Files that go on where libsndfile ends: Ogg streams in a chain, MP3s put one behind the other."""

import re
import struct
from pathlib import Path
from typing import BinaryIO

from demixme.audiofile.paths import system_path

_LONGEST_OGG_PAGE = 65307
_READ_WHOLE_BYTES = 64 << 20
_PIECE_BYTES = 1 << 20
_OGG_FIRST_PAGE = re.compile(rb"OggS\0[\x02\x03\x06\x07]")
_LEAST_MORE_BYTES = 4096  # less is a tag
#: The bytes before the Xing header, by (MPEG 1?, mono?): ISO 11172-3's side information.
_SIDE_BYTES = {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}
_ID3_BYTES = 10


def goes_on(path: Path, size_bytes: int) -> bool:
    """Return whether an Ogg or MP3 file holds more sound behind what libsndfile decodes.

    Parameters
    ----------
    path : Path
        A regular file.
    size_bytes : int
        Its size.
    """
    with open(system_path(path), "rb") as file:
        start = file.read(_PIECE_BYTES)
        if start.startswith(b"OggS"):
            return _ogg_goes_on(file, start, size_bytes)
        return _mp3_goes_on(file, start, size_bytes)


def _ogg_goes_on(file: BinaryIO, start: bytes, size_bytes: int) -> bool:
    serials, at = set(), 0
    while _OGG_FIRST_PAGE.match(start, at) and len(start) >= at + 27:
        serials.add(start[at + 14 : at + 18])
        segments = start[at + 27 : at + 27 + start[at + 26]]
        at += 27 + len(segments) + sum(segments)
    file.seek(max(0, size_bytes - 2 * _LONGEST_OGG_PAGE))
    end = file.read()
    last = end.rfind(b"OggS")
    if last >= 0 and len(end) >= last + 18 and end[last + 14 : last + 18] not in serials:
        return True
    return size_bytes <= _READ_WHOLE_BYTES and _begins_again(file, at)


def _begins_again(file: BinaryIO, at: int) -> bool:
    """Return whether a stream begins behind `at`; a chain may use one serial number twice."""
    file.seek(at)
    left = b""
    while piece := file.read(_PIECE_BYTES):
        if _OGG_FIRST_PAGE.search(left + piece):
            return True
        left = piece[-5:]
    return False


def _mp3_goes_on(file: BinaryIO, start: bytes, size_bytes: int) -> bool:
    first = _behind_id3(start)
    if first >= len(start):  # a large cover
        file.seek(first)
        start, first = file.read(_PIECE_BYTES), 0
        base = file.tell() - len(start)
    else:
        base = 0
    head = start[first : first + 4]
    counted = _xing_bytes(start, first)
    if not counted:
        return False
    end = base + first + counted
    if size_bytes - end < _LEAST_MORE_BYTES:
        return False
    file.seek(end)
    more = file.read(_PIECE_BYTES)
    more = more[_behind_id3(more) :]
    return more[:2] == head[:2] and len(more) > 3 and not (more[2] ^ head[2]) & 0x0C


def _behind_id3(data: bytes) -> int:
    if not data.startswith(b"ID3") or len(data) < _ID3_BYTES:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return _ID3_BYTES + size


def _xing_bytes(data: bytes, at: int) -> int:
    """Return the bytes from its first frame on that an MP3's Xing header counts, else 0."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # sync, layer III
        return 0
    mpeg1, mono = head[1] & 0x18 == 0x18, head[3] & 0xC0 == 0xC0
    at += 4 + _SIDE_BYTES[mpeg1, mono]
    xing = data[at : at + 16]
    if len(xing) < 16 or xing[:4] not in (b"Xing", b"Info"):
        return 0
    flags = struct.unpack(">I", xing[4:8])[0]
    if not flags & 2:
        return 0
    where = 12 if flags & 1 else 8
    return int(struct.unpack(">I", xing[where : where + 4])[0])
