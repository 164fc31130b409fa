"""How much memory separating takes: measured in a process that does nothing else."""

import multiprocessing
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from demixme.evaluation.reference import Reference
from demixme.evaluation.systems import ModelSystem

SECONDS = 20
_RATE_HZ = 44100
_LEVEL = 0.1


def peak_memory(system: ModelSystem, seconds: int = SECONDS) -> int | None:
    """Return the most bytes that a process of its own holds while a model separates stereo noise.

    Python and its libraries are in it; None on systems that do not say (Windows).
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        return pool.submit(separate_noise, system, seconds).result()


def separate_noise(system: ModelSystem, seconds: int) -> int | None:
    """Separate noise, the same every time, and return the most this process has held."""
    rng = np.random.default_rng(0)
    noise = _LEVEL * rng.standard_normal((seconds * _RATE_HZ, 2), np.float32)
    system.estimate(Reference("noise", _RATE_HZ, noise, {}))
    return _peak_bytes()


def _peak_bytes() -> int | None:
    if sys.platform == "win32":
        return None
    status = Path("/proc/self/status")
    if status.is_file():  # what getrusage says on Linux includes the parent's before the exec
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii"))
        return int(found[1]) << 10 if found else None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
