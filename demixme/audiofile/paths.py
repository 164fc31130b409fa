"""Paths as the system wants them, names that every system takes, and what a path really is."""

import ntpath
import os
import re
import stat
import sys
from pathlib import Path

from demixme.core.errors import FileMissing, FileUnreadable

_LONGEST_NAME_BYTES = 150
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def system_path(path: Path | str) -> bytes | str:
    r"""Return a path as libsndfile takes it, whatever characters it holds.

    Bytes where the system's names are bytes (a name that is no valid text survives), on Windows an
    absolute ``\\?\`` path, which may be longer than 260 characters.
    """
    if sys.platform == "win32":
        return extended_path(os.path.abspath(path))
    return os.fsencode(path)


def extended_path(path: str) -> str:
    r"""Return an absolute Windows path with ``\\?\`` before it, which lifts the 260 limit."""
    path = ntpath.normpath(path)
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        return path
    if path.startswith("\\\\"):
        return "\\\\?\\UNC\\" + path[2:]
    return "\\\\?\\" + path


def check_regular_file(path: Path | str) -> int:
    """Return the size in bytes of a file that can be opened and read without waiting.

    Looks before it opens, so a FIFO or a device never hangs the caller.

    Raises
    ------
    FileMissing
        Nothing of that name, or a name that no file can have.
    FileUnreadable
        A folder, a FIFO, a device, or a file that may not be read.
    """
    try:
        facts = os.stat(system_path(path))
    except (FileNotFoundError, NotADirectoryError, ValueError) as e:
        raise FileMissing(path, str(e)) from e
    except PermissionError as e:
        raise FileUnreadable(path, str(e)) from e
    except OSError as e:  # a name too long, a loop of links, a share that is gone
        raise FileMissing(path, str(e)) from e
    if not stat.S_ISREG(facts.st_mode):
        kind = "a folder" if stat.S_ISDIR(facts.st_mode) else "not a file"
        raise FileUnreadable(path, kind)
    try:
        with open(system_path(path), "rb"):
            return facts.st_size
    except OSError as e:
        raise FileUnreadable(path, str(e)) from e


def safe_name(text: str) -> str:
    """Return `text` as a file or folder name that Windows, macOS and Linux all take."""
    name = _FORBIDDEN.sub("_", text).strip().rstrip(". ")
    if _RESERVED.match(name):
        name = "_" + name
    return shortened(name, _LONGEST_NAME_BYTES).rstrip(". ") or "_"


def shortened(name: str, most_bytes: int) -> str:
    """Return the longest beginning of `name` that takes at most `most_bytes` bytes on the disk."""
    while len(os.fsencode(name)) > most_bytes:
        name = name[:-1]
    return name
