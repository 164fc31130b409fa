"""A second start hands its songs to the window that is open already, and ends.

The first start listens on a local socket (on Windows a named pipe) of this person, this session and
these settings. It answers from a thread of its own, so that a start at the same moment need not
wait for the window. Qt's local sockets would do the same, but hold the interpreter while they wait.
"""

import ctypes
import getpass
import hashlib
import json
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from demixme import resources

ANSWER_S = 1.0
_MOST_BYTES = 1 << 20
_ANSWER = b"taken"
_log = logging.getLogger(__name__)


def socket_name() -> str:
    """Return the socket of this person, session and settings."""
    known = (_user(), _session(), str(resources.config_folder().absolute()))
    mark = hashlib.sha256("\0".join(known).encode("utf-8", "surrogatepass")).hexdigest()[:20]
    if sys.platform == "win32":
        return rf"\\.\pipe\DemixME-{mark}"
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return str(Path(folder, f"demixme-{mark}"))


def _user() -> str:
    uid = getattr(os, "getuid", None)
    try:
        return str(uid()) if uid is not None else getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _session() -> str:
    """Return what tells two sessions of one person apart: they have different screens."""
    windll = getattr(ctypes, "windll", None)
    if windll is not None:
        number = ctypes.c_uint32()
        windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(number))
        return str(number.value)
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or ""


class FirstStart(QObject):
    """Listens for later starts; what they hand over goes to `receive` on the gui thread."""

    came = Signal(list)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._listener: Listener | None = None
        self._thread = threading.Thread(target=self._listen, name="handover", daemon=True)
        self._closing = False
        self._receive: Callable[[list[str]], None] | None = None
        self._waiting: list[list[str]] = []
        self.came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> bool:
        """Listen from now on; False where that is not possible."""
        if sys.platform != "win32":
            with suppress(OSError):  # nobody answered: what lies there is stale
                os.unlink(self._name)
        try:
            self._listener = Listener(self._name, backlog=64)
            if sys.platform != "win32":
                os.chmod(self._name, 0o600)
        except OSError as error:
            _log.warning("no later start can reach this one: %s", error)
            return False
        self._thread.start()
        return True

    def receive(self, receiver: Callable[[list[str]], None]) -> None:
        """Give the absolute paths of each start to `receiver`, those that came before as well."""
        self._receive = receiver
        while self._waiting:
            receiver(self._waiting.pop(0))

    def close(self) -> None:
        """Listen no more."""
        if self._listener is None:
            return
        self._closing = True
        with suppress(OSError, EOFError):
            Client(self._name).close()  # wakes the thread
        self._thread.join(ANSWER_S)
        self._listener.close()
        self._listener = None

    def _take(self, paths: list[str]) -> None:
        if self._receive is None:
            self._waiting.append(paths)
        else:
            self._receive(paths)

    def _listen(self) -> None:
        listener = self._listener
        while listener is not None and not self._closing:
            with suppress(OSError, EOFError), listener.accept() as guest:
                paths = None if self._closing else _read(guest)
                if paths is not None:
                    self.came.emit(paths)
                    guest.send_bytes(_ANSWER)


def _read(guest: Connection) -> list[str] | None:
    """Return the paths that somebody hands over, None if what comes is not of ours."""
    if not guest.poll(ANSWER_S):
        return None
    with suppress(ValueError):
        paths = json.loads(guest.recv_bytes(_MOST_BYTES))
        if isinstance(paths, list) and all(isinstance(p, str) for p in paths):
            return paths
    return None


def hand_over(name: str, paths: Sequence[Path]) -> bool:
    """Give the paths to the window that is open; False if there is none or it does not answer."""
    _let_it_come_to_the_front()
    text = json.dumps([os.path.abspath(p) for p in paths])
    try:
        with Client(name) as window:
            window.send_bytes(text.encode("ascii"))
            return window.poll(ANSWER_S) and window.recv_bytes(len(_ANSWER)) == _ANSWER
    except (OSError, EOFError):
        return False


def _let_it_come_to_the_front() -> None:
    """Pass on the right to come to the front, which Windows gives to the program just started."""
    windll: Any = getattr(ctypes, "windll", None)
    if windll is not None:
        windll.user32.AllowSetForegroundWindow(-1)


def first_start(paths: Sequence[Path], name: str = "") -> FirstStart | None:
    """Return what listens for later starts, or None if an open window has taken the paths."""
    name = name or socket_name()
    with _in_turn(name):
        if hand_over(name, paths):
            return None
        first = FirstStart(name)
        if not first.begin() and sys.platform == "win32":
            # a pipe has one owner: a start at the same moment was faster
            return None if hand_over(name, paths) else first
        return first


@contextmanager
def _in_turn(name: str) -> Iterator[None]:
    """Let starts at the same moment ask one after the other; the system ends the lock of a crash.

    Without it two could find the same stale socket, and the second remove the first one's new one.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    try:
        file = os.open(name + ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
