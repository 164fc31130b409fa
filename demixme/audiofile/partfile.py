"""A file that appears whole under its name or not at all."""

import errno
import os
import re
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from demixme.audiofile.paths import shortened, system_path
from demixme.core.errors import CannotWrite, DiskFull, FileExists

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_PART = re.compile(r"\..+\.(?P<host>[A-Za-z0-9_]+)-(?P<pid>\d+)-[0-9a-f]{8}\.part", re.DOTALL)
_OLD_S = 86400.0
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EACCES, errno.EMLINK}


def write_error(path: Path, error: OSError) -> CannotWrite:
    """Return the typed error for what the system said while writing `path`."""
    kind = DiskFull if error.errno in _FULL else CannotWrite
    return kind(path, error.strerror or str(error))


class PartFile:
    """A file under its temporary name; has the face libsndfile wants of a file.

    Nothing here raises while libsndfile writes: `error` keeps the first fault, and `check` and
    `commit` raise it as a typed one. Stale parts of dead processes in the folder are removed first.

    Parameters
    ----------
    path : Path
        The final name.
    overwrite : bool
        Whether a file of that name may be replaced.
    source : Path, optional
        The song it is made from: never replaced, whatever `overwrite` says.

    Raises
    ------
    CannotWrite, DiskFull, FileExists
    """

    def __init__(self, path: Path, overwrite: bool = False, source: Path | None = None) -> None:
        self.path = path
        self.error: OSError | None = None
        self._stopped: KeyboardInterrupt | None = None
        self._overwrite = overwrite
        self._refuse_source(source)
        # a link is followed, so that what it points to is replaced and not the link
        self._final = Path(os.path.realpath(path))
        if not overwrite and os.path.lexists(system_path(path)):
            raise FileExists(path)
        if os.path.isdir(system_path(path)):
            raise CannotWrite(path, "a folder of that name is there")
        remove_stale_parts(self._final.parent)
        self.part = self._final.with_name(part_name(self._final.name))
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            self._fd = os.open(system_path(self.part), flags, 0o666)
        except OSError as e:
            raise write_error(path, e) from e
        self._open = True

    def _refuse_source(self, source: Path | None) -> None:
        with suppress(OSError):
            if source is not None and os.path.samefile(system_path(source), system_path(self.path)):
                raise CannotWrite(self.path, "it is the song itself")

    # ------------------------------------------------------------ what libsndfile calls
    def write(self, data: bytes) -> int:
        """Write all of `data`; fewer bytes mean a fault, kept in `error`."""
        done = 0
        try:
            while self.error is None and done < len(data):
                done += os.write(self._fd, data[done:])
        except OSError as e:
            self.error = e
        except KeyboardInterrupt as e:  # libsndfile's callback would print it and go on
            self._stopped = e
        return done

    def read(self, count: int) -> bytes:
        """Read up to `count` bytes."""
        return os.read(self._fd, count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place in the file."""
        try:
            return os.lseek(self._fd, offset, whence)
        except OSError as e:
            self.error = self.error or e
            return -1

    def tell(self) -> int:
        """Return the place in the file."""
        return self.seek(0, os.SEEK_CUR)

    # ------------------------------------------------------------ the end
    def check(self) -> None:
        """Raise the first fault of writing, if there was one, or what stopped it."""
        if self._stopped is not None:
            raise self._stopped
        if self.error is not None:
            raise write_error(self.path, self.error) from self.error

    def rewrite(self, edit: Callable[[Path], bool]) -> bool:
        """Let `edit` change a copy of what is written; where it fails, all stays as it was."""
        if self.error is not None or self._stopped is not None:
            return False
        copy = self._final.with_name(part_name(self._final.name))
        done = False
        try:
            shutil.copyfile(system_path(self.part), system_path(copy))
            if edit(copy):
                self._close()  # Windows replaces no open file
                os.replace(system_path(copy), system_path(self.part))
                done = True
        except OSError:
            pass
        finally:
            with suppress(OSError):
                os.unlink(system_path(copy))
        if not self._open:
            self._reopen()
        return done

    def _reopen(self) -> None:
        flags = os.O_RDWR | getattr(os, "O_BINARY", 0)
        try:
            self._fd = os.open(system_path(self.part), flags)
            self._open = True
        except OSError as e:
            self.error = e

    def commit(self) -> None:
        """Bring the file to the disk and give it its name."""
        try:
            self.check()
            os.fsync(self._fd)
            self._close()
            self._name()
        except OSError as e:
            self.discard()
            if isinstance(e, FileExistsError):
                raise FileExists(self.path) from e
            raise write_error(self.path, e) from e
        except (CannotWrite, KeyboardInterrupt):
            self.discard()
            raise

    def discard(self) -> None:
        """Remove the part; the final name stays as it was. Harmless after the end."""
        with suppress(OSError):
            self._close()
        with suppress(OSError):
            os.unlink(system_path(self.part))

    def _close(self) -> None:
        if self._open:
            self._open = False
            os.close(self._fd)

    def _name(self) -> None:
        part, final = system_path(self.part), system_path(self._final)
        if self._overwrite:
            os.replace(part, final)
        elif sys.platform == "win32":
            os.rename(part, final)  # raises where the name is taken
        else:
            _name_if_free(part, final)


def _name_if_free(part: bytes | str, final: bytes | str) -> None:
    """Rename, but not over a file that came meanwhile; without links, as near as it gets."""
    try:
        os.link(part, final, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as e:
        if e.errno not in _NO_LINKS:
            raise
        if os.path.lexists(final):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from e
        os.rename(part, final)
    else:
        os.unlink(part)


# ---------------------------------------------------------------- names and leftovers
def _host() -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", socket.gethostname())[:40] or "host"


def part_name(name: str) -> str:
    """Return a temporary name for `name` that no other attempt shares."""
    return f".{shortened(name, 150)}.{_host()}-{os.getpid()}-{secrets.token_hex(4)}.part"


def remove_stale_parts(folder: Path) -> None:
    """Remove parts in `folder` whose process on this machine is gone or that are a day old."""
    try:
        names = [e for e in os.listdir(folder) if e.endswith(".part")]
    except OSError:
        return
    for name in names:
        found = _PART.fullmatch(name)
        path = system_path(folder / name)
        with suppress(OSError):
            if found and (_gone(found) or time.time() - os.stat(path).st_mtime > _OLD_S):
                os.unlink(path)


def _gone(found: re.Match[str]) -> bool:
    return found["host"] == _host() and not _runs(int(found["pid"]))


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # to ask only; os.kill would end it
        if not handle:
            return bool(kernel.GetLastError() == 5)  # access denied: it is there
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == 259
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # another user's
        return True
    return True


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, if they are not there."""
    try:
        os.makedirs(system_path(folder), exist_ok=True)
    except OSError as e:
        raise write_error(folder, e) from e
