"""Sound kept in a temporary file between two passes: float32, as it comes, gone when closed."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.partfile import part_name, remove_stale_parts, write_error
from demixme.audiofile.paths import system_path

BLOCK_FRAMES = 16384


class Spool:
    """Blocks of a fixed shape behind the first axis, written once and then read as often as needed.

    Parameters
    ----------
    path : Path
        What is being written; the spool lies beside it under a temporary name.
    shape : tuple of int
        Of one frame: ``(channels,)`` or ``(parts, channels)``.

    Raises
    ------
    CannotWrite, DiskFull
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self.frames = 0
        self._path = path
        self._shape = shape
        self.channels = shape[-1]
        self._frame_bytes = 4 * int(np.prod(shape))
        folder = Path(os.path.realpath(path)).parent
        remove_stale_parts(folder)
        self._part = folder / part_name(path.name)
        try:
            self._file = open(system_path(self._part), "x+b", buffering=0)  # noqa: SIM115 - ours to close
        except OSError as e:
            raise write_error(path, e) from e

    def write(self, block: NDArray[np.float32]) -> None:
        """Append a block [frames, *shape].

        Raises
        ------
        CannotWrite, DiskFull
        """
        if not len(block):
            return
        data = np.ascontiguousarray(block, np.float32).data.cast("B")
        try:
            self._file.seek(0, os.SEEK_END)
            while data:
                data = data[self._file.write(data) :]
        except OSError as e:
            raise write_error(self._path, e) from e
        self.frames += len(block)

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[NDArray[np.float32]]:
        """Yield what was written from its start, in blocks [at most `frames`, *shape]."""
        for first in range(0, self.frames, frames):
            yield self.read(first, min(frames, self.frames - first))

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """Return [frames, *shape] from frame `first` on, zeros where nothing was written."""
        out = np.zeros((frames, *self._shape), np.float32)
        low, high = max(0, first), min(self.frames, first + frames)
        if high <= low:
            return out
        view, done = out[low - first : high - first].data.cast("B"), 0
        self._file.seek(low * self._frame_bytes)
        while done < len(view):
            got = self._file.readinto(view[done:])
            if not got:
                raise write_error(self._path, OSError(0, "the temporary file is cut"))
            done += got
        return out

    def close(self) -> None:
        """Remove it."""
        self._file.close()
        try:
            os.unlink(system_path(self._part))
        except OSError:
            return  # the next export in the folder removes it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
