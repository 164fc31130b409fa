"""What the decoding child says through its pipe: messages with their kind and length before them.

Numpy-free, so that the child starts at once.
"""

import json
import struct
from typing import Any, BinaryIO

#: Once, first: what the song is.
INFO = b"i"
#: Before the first block and where it changes: rate, channels, sample format.
FORMAT = b"f"
#: Sound in the latest format: all of one channel, then the next, in planar formats.
BLOCK = b"b"
#: The last one of a song that could be read: how much of it was damaged.
END = b"e"
#: The only one of a song that could not be read: why.
REFUSED = b"x"

LONGEST_BYTES = 64 << 20
_HEAD = struct.Struct("<cI")


def write_message(pipe: BinaryIO, kind: bytes, payload: bytes) -> None:
    """Write one message."""
    pipe.write(_HEAD.pack(kind, len(payload)))
    pipe.write(payload)
    pipe.flush()


def write_facts(pipe: BinaryIO, kind: bytes, **facts: Any) -> None:
    """Write one message that is not sound."""
    write_message(pipe, kind, json.dumps(facts).encode())


def read_message(pipe: BinaryIO) -> tuple[bytes, bytes] | None:
    """Return the next message's kind and payload, None where the pipe ends or holds no message."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack(head)
    if length > LONGEST_BYTES:
        return None
    payload = pipe.read(length)
    return (kind, payload) if len(payload) == length else None


def facts_of(payload: bytes) -> dict[str, Any]:
    """Return what `write_facts` wrote; ValueError for anything else."""
    facts = json.loads(payload)
    if not isinstance(facts, dict):
        raise ValueError("no facts")
    return facts
