"""Media keys in the background on Windows: RegisterHotKey in a helper thread of its own.

A hot key's messages come to the thread that registered it, so that thread registers, reads its
messages and fills the `Remote` that the tick drains. What another program holds stays with it.
"""

import ctypes
import threading
from typing import Any

from demixme.ui import remote
from demixme.ui.remote import Remote

_NO_REPEAT = 0x4000
_WM_HOTKEY, _WM_QUIT = 0x0312, 0x0012
#: Virtual key → what it asks for; the key's code is also the hot key's number.
KEYS = {
    0xB0: remote.NEXT,
    0xB1: remote.PREVIOUS,
    0xB2: remote.STOP,
    0xB3: remote.PLAY_PAUSE,
}


class _Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_long), ("y", ctypes.c_long))


class Message(ctypes.Structure):
    """MSG of winuser.h."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
        ("time", ctypes.c_ulong),
        ("place", _Point),
    )


def windows() -> tuple[Any, Any] | None:
    """Return user32 and kernel32, None on other systems."""
    load = getattr(ctypes, "WinDLL", None)
    return None if load is None else (load("user32"), load("kernel32"))


class HotKeys:
    """Holds the media keys from `hold` to `release`. Thread: gui, but for `_run`."""

    def __init__(self, shared: Remote, user32: Any, kernel32: Any) -> None:
        self.shared = shared
        self._user32, self._kernel32 = user32, kernel32
        self._thread: threading.Thread | None = None
        self._number = 0  # of the helper thread, as Windows counts
        self._ready = threading.Event()

    def hold(self) -> None:
        """Take the keys; returns at once."""
        if self._thread is None:
            self._ready.clear()
            self._thread = threading.Thread(target=self._run, name="demixme-hotkeys", daemon=True)
            self._thread.start()

    def release(self) -> None:
        """Let the keys go."""
        if self._thread is not None:
            self._ready.wait(2.0)
            self._user32.PostThreadMessageW(self._number, _WM_QUIT, 0, 0)
            self._thread.join(2.0)
            self._thread = None

    def _run(self) -> None:
        user32, message = self._user32, Message()
        # asking once makes the thread's message queue, so that WM_QUIT finds one
        user32.PeekMessageW(ctypes.byref(message), None, 0, 0, 0)
        self._number = self._kernel32.GetCurrentThreadId()
        held = [k for k in KEYS if user32.RegisterHotKey(None, k, _NO_REPEAT, k)]
        self._ready.set()
        while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == _WM_HOTKEY and message.wparam in KEYS:
                self.shared.ask(KEYS[message.wparam])
        for key in held:
            user32.UnregisterHotKey(None, key)
