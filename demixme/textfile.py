"""Small texts of our own on the disk: written whole or not at all, read up to a size."""

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text in one step; raises OSError and leaves what was there."""
    part = path.with_name(
        f".{path.name}.{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}.part"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def read_bytes(path: Path, most: int) -> bytes:
    """Return a file's bytes; raises OSError, and ValueError where there are more than `most`."""
    with path.open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise ValueError("too long")
    return raw
