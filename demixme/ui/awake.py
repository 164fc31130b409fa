"""Keeps the computer awake while music plays; the screen may sleep. Where that cannot be: nothing.

Windows remembers it by thread, so this runs on the gui thread. macOS and Linux have a child that
holds it and that ends with us, even when we are killed.
"""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from typing import Any, Protocol

_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001
_INHIBIT = (
    *("systemd-inhibit", "--what=sleep:idle", "--mode=block"),
    *("--who=DemixME", "--why=Playing a song", "cat"),
)


class Keeper(Protocol):
    """Holds the computer awake, or lets it sleep."""

    def hold(self) -> None:
        """Keep it awake from now on."""

    def release(self) -> None:
        """Let it sleep again."""


class WindowsKeeper:
    """By SetThreadExecutionState."""

    def __init__(self, kernel32: Any) -> None:
        self._kernel32 = kernel32

    def hold(self) -> None:
        """Keep it awake from now on."""
        self._kernel32.SetThreadExecutionState(_CONTINUOUS | _SYSTEM_REQUIRED)

    def release(self) -> None:
        """Let it sleep again."""
        self._kernel32.SetThreadExecutionState(_CONTINUOUS)


class ChildKeeper:
    """By a child that holds it until its input ends, or it is told to go."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None

    def hold(self) -> None:
        """Start the child; where its program is missing, nothing."""
        nowhere = subprocess.DEVNULL
        with suppress(OSError):
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere
            )

    def release(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError):
            if child.stdin is not None:
                child.stdin.close()
            child.terminate()
        try:
            child.wait(1.0)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def system_keeper(platform: str = sys.platform) -> Keeper:
    """Return what keeps this computer awake."""
    if platform == "win32":
        return WindowsKeeper(getattr(ctypes, "WinDLL")("kernel32"))  # noqa: B009 (only there)
    if platform == "darwin":
        return ChildKeeper(("caffeinate", "-i", "-w", str(os.getpid())))
    return ChildKeeper(_INHIBIT)


class Awake:
    """Follows whether music plays."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.held = False

    def follow(self, playing: bool) -> None:
        """Hold while it plays; each is told to the system once."""
        if playing != self.held:
            self.held = playing
            if playing:
                self._keeper.hold()
            else:
                self._keeper.release()
