"""What a folder of results says about how they were made: `demixme.json`, one entry a song.

It holds no times, speeds, host names or absolute paths, so the same work twice gives the same file.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from demixme.audiofile.partfile import write_error
from demixme.audiofile.paths import system_path
from demixme.textfile import read_bytes, write_text

NAME = "demixme.json"
_VERSION = 1
_MOST_BYTES = 64 << 20
_LOCK_WAIT_S = 0.02
_LOCK_OLD_S = 10.0  # it is held for milliseconds: whoever left it there is gone


@dataclass(frozen=True)
class Entry:
    """How the results of one song were made; `files` are names in the folder, and their bytes."""

    song_bytes: int
    song_digest: str
    model: str
    options: Mapping[str, Any]
    files: Mapping[str, int]


def read_entry(folder: Path, song: str) -> Entry | None:
    """Return the entry of a song; None where there is none, or no sound one."""
    found = _read(folder).get(song)
    try:
        return Entry(**found) if isinstance(found, dict) else None
    except TypeError:
        return None


def write_entry(folder: Path, song: str, entry: Entry) -> None:
    """Put an entry in, whatever other processes put in at the same time; CannotWrite, DiskFull."""
    path = folder / NAME
    try:
        with _locked(folder):
            songs = {**_read(folder), song: asdict(entry)}
            text = {"version": _VERSION, "songs": dict(sorted(songs.items()))}
            write_text(path, json.dumps(text, indent=1, ensure_ascii=True) + "\n")
    except OSError as e:
        raise write_error(path, e) from e


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_bytes(folder / NAME, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    songs = found.get("songs") if isinstance(found, dict) else None
    return songs if isinstance(songs, dict) else {}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: a file that only one can make, on every kind of disk."""
    lock = system_path(folder / f".{NAME}.lock")
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with suppress(OSError):
                if time.time() - os.stat(lock).st_mtime > _LOCK_OLD_S:
                    os.unlink(lock)
            time.sleep(_LOCK_WAIT_S * (1 + secrets.randbelow(3)))
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(lock)
