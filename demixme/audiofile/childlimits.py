"""The bounds of a child that reads what others wrote: memory, and its parent's life."""

import ctypes
import os
import sys
import threading
import time
from typing import Any, BinaryIO

MOST_BYTES = 1 << 30
_LOOK_S = 0.2
_ENDED_BY_LIMIT = 9


def hold_limits(parent: BinaryIO) -> None:
    """End this process at 1 GiB, and when `parent`, a pipe nobody writes to, is closed.

    Called once, when all libraries are loaded.
    """
    _start(_end_with, parent)
    if sys.platform == "linux":
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, MOST_BYTES),
            (resource.RLIMIT_FSIZE, 0),  # a decoder writes no files
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (value, value))
    else:
        _start(_watch_memory)


def _start(work: Any, *values: Any) -> None:
    threading.Thread(target=work, args=values, daemon=True).start()


def _end_with(parent: BinaryIO) -> None:
    while parent.read(4096):
        pass
    os._exit(_ENDED_BY_LIMIT)


def _watch_memory() -> None:
    while memory_bytes() <= MOST_BYTES:
        time.sleep(_LOOK_S)
    os._exit(_ENDED_BY_LIMIT)


def memory_bytes() -> int:
    """Return the most memory this process has ever held."""
    if sys.platform == "win32":
        return _windows_memory_bytes()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class _Counters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of the Windows API."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("faults", ctypes.c_uint32),
        *((name, ctypes.c_size_t) for name in ("peak_set", "set", "peak_paged", "paged")),
        *((name, ctypes.c_size_t) for name in ("peak_other", "other", "pagefile", "peak_pagefile")),
    )


def _windows_memory_bytes() -> int:
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - types know it on Windows only
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    counters = _Counters(size=ctypes.sizeof(_Counters))
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.size)
    return int(counters.peak_pagefile)
