"""The Python call: `demixme.separate(file_or_array)`."""

from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demixme.core.errors import InvalidValue
from demixme.core.interrupt import Interrupt
from demixme.core.lasting import WORKER
from demixme.core.units import HIGHEST_RATE_HZ, LOWEST_RATE_HZ
from demixme.export.song import load_song
from demixme.separation.registry import load_model
from demixme.separation.separator import Read, Separator

QUALITIES = ("normal", "best")


def separate(
    file_or_array: str | PathLike[str] | ArrayLike,
    rate: int | None = None,
    model: str = "default",
    threads: int = 1,
    quality: str = "normal",
) -> dict[str, NDArray[np.float32]]:
    """Split a song into its parts.

    Parameters
    ----------
    file_or_array : path or array_like [shape=(frames,), (frames, 1) or (frames, 2)]
        A sound file, or samples, time first: floats with full scale at ±1, or int16.
    rate : int, optional
        Frames a second, 8000…192000 Hz; needed with an array, and not to be given with a file.
    model : str
        Name of a model, path of an ``.onnx`` file with its sidecar beside it, or ``"default"``.
    threads : int
        Threads of the network. With 1 the samples are the same on every machine of a kind.
    quality : str
        ``"normal"``, as heard live, or ``"best"``: slower and a little better.

    Returns
    -------
    dict of str to np.ndarray [shape=(frames, 2), float32]
        Each part by its name, at the rate of the song. They sum to the song.

    Raises
    ------
    InvalidValue
        Not such an array, a rate out of range, or no such quality.
    DemixError
        Whatever is wrong with the file or the model, see `demixme.core.errors`.

    Examples
    --------
    >>> stems = demixme.separate("song.mp3")  # doctest: +SKIP
    >>> vocals = stems["vocals"]  # doctest: +SKIP
    """
    if quality not in QUALITIES:
        raise InvalidValue("quality", quality, " or ".join(QUALITIES))
    if isinstance(file_or_array, str | PathLike):
        if rate is not None:
            raise InvalidValue("rate", rate, "left out with a file, which has its own")
        track = load_song(Path(fspath(file_or_array))).track
        read: Read = track.read
        frames, rate = track.frames, track.rate
    else:
        samples = _stereo(file_or_array)
        rate = _checked_rate(rate)
        read, frames = _reader(samples), len(samples)
    interrupt = Interrupt()

    def job() -> dict[str, NDArray[np.float32]]:
        loaded = load_model(model, threads=threads)
        try:
            return _separated(loaded.separator(rate, quality == "best"), read, frames, interrupt)
        finally:
            loaded.close()

    try:
        # a network makes the thread of a process's first session treat denormal numbers as zero:
        # never the caller's, whose own arithmetic stays as it was
        return WORKER.call(job)
    except BaseException:
        interrupt.set()
        raise


def _separated(
    separator: Separator, read: Read, frames: int, interrupt: Interrupt
) -> dict[str, NDArray[np.float32]]:
    parts = separator.parts
    out = {name: np.empty((frames, 2), np.float32) for name in parts.mixer_order}
    step = separator.slot_frames * separator.call_slots
    for first in range(0, frames, step):
        n = min(step, frames - first)
        stems = separator.separate(read, first, n, interrupt)
        for k, name in enumerate(parts.names):
            out[name][first : first + n] = stems[:, k]
    separator.close()
    return out


def _checked_rate(rate: int | None) -> int:
    allowed = f"{LOWEST_RATE_HZ} … {HIGHEST_RATE_HZ} Hz, and needed with an array"
    if rate is None or int(rate) != rate or not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        raise InvalidValue("rate", rate, allowed)
    return int(rate)


def _stereo(array: ArrayLike) -> NDArray[np.float32]:
    """Return samples as [frames, 2] float32, or raise InvalidValue."""
    try:
        x: NDArray[Any] = np.asarray(array)
    except ValueError as e:  # rows of different lengths
        raise InvalidValue("array", type(array).__name__, "rows of one length") from e
    if x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2 or x.shape[1] not in (1, 2):
        raise InvalidValue(
            "array", f"shape {np.shape(array)}", "[frames], [frames, 1] or [frames, 2]: time first"
        )
    if x.dtype == np.int16:
        x = x / np.float32(32768)
    elif not np.issubdtype(x.dtype, np.floating):
        raise InvalidValue("array", f"dtype {x.dtype}", "floats with full scale at ±1, or int16")
    if not np.isfinite(x).all():
        raise InvalidValue("array", "NaN or infinite samples", "finite numbers")
    stereo = x if x.shape[1] == 2 else np.repeat(x, 2, axis=1)
    return np.ascontiguousarray(stereo, np.float32)


def _reader(samples: NDArray[np.float32]) -> Read:
    def read(first: int, frames: int) -> NDArray[np.float32]:
        out = np.zeros((frames, 2), np.float32)
        low, high = max(0, first), min(len(samples), first + frames)
        if high > low:
            out[low - first : high - first] = samples[low:high]
        return out

    return read
