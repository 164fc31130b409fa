"""A song's mixture at its own rate, filled while it is decoded and read while it is filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SLOT_FRAMES = 65536
LEVEL_FRAMES = 256


@dataclass(frozen=True)
class SongInfo:
    """What a file says about itself before it is decoded; `frames` is an estimate, never a size."""

    path: Path
    rate: int
    channels: int
    frames: int
    bits: int | None = None  # 8, 16, 24, 32 for integer sources; None for float and lossy ones
    title: str = ""
    artist: str = ""
    format_name: str = ""


class Decoder(Protocol):
    """An open song. `blocks` yields stereo blocks from frame 0 to the end, once.

    Blocks are [frames, 2], int16 where that holds the source exactly, else float32 with every
    sample finite and |x| ≤ 1000. Raises the errors of `demixme.core.errors`.
    """

    info: SongInfo

    def blocks(self) -> Iterator[NDArray[np.int16] | NDArray[np.float32]]:
        """Yield the song block by block."""
        ...

    def close(self) -> None:
        """Release the file."""
        ...

    @property
    def repaired_frames(self) -> int:
        """Return how many frames held non-finite samples that became 0."""
        ...


class Track:
    """The mixture in slots of `SLOT_FRAMES` frames.

    One writer (the decoding task) calls `append` and `finish`; any thread reads. A slot is
    published by its reference, then `decoded_frames` says how far reading may go.

    Attributes
    ----------
    rate : int
        Frames a second, the file's own.
    frames : int
        Length; the header's estimate until `complete`.
    decoded_frames : int
        Frames that can be read from the song's start.
    levels : list of np.ndarray [shape=(256, 2, 2), float32]
        For each slot, of every 256 frames and channel: [cell, channel, (peak, mean square)].
    """

    def __init__(self, info: SongInfo) -> None:
        self.info = info
        self.rate = info.rate
        self.frames = max(0, info.frames)
        self.decoded_frames = 0
        self.complete = False
        self.slots: list[NDArray[np.int16] | NDArray[np.float32]] = []
        self.levels: list[NDArray[np.float32]] = []

    # ------------------------------------------------------------ writing
    def append(self, block: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Add decoded frames [frames, 2]. Thread: decoding task."""
        while len(block):
            at = self.decoded_frames % SLOT_FRAMES
            if at == 0:
                self.slots.append(np.zeros((SLOT_FRAMES, 2), block.dtype))
                self.levels.append(np.zeros((SLOT_FRAMES // LEVEL_FRAMES, 2, 2), np.float32))
            n = min(len(block), SLOT_FRAMES - at)
            self.slots[-1][at : at + n] = block[:n]
            self._measure(at, at + n)
            self.decoded_frames += n
            self.frames = max(self.frames, self.decoded_frames)
            block = block[n:]

    def _measure(self, first: int, last: int) -> None:
        a, b = first // LEVEL_FRAMES, -(-last // LEVEL_FRAMES)
        x = _as_float(self.slots[-1][a * LEVEL_FRAMES : b * LEVEL_FRAMES])
        x = x.reshape(b - a, LEVEL_FRAMES, 2)
        self.levels[-1][a:b, :, 0] = np.abs(x).max(axis=1)
        self.levels[-1][a:b, :, 1] = np.square(x).mean(axis=1)

    def finish(self) -> None:
        """Say that decoding has ended: the length is now exact. Thread: decoding task."""
        self.frames = self.decoded_frames
        self.complete = True

    # ------------------------------------------------------------ reading
    def available(self, first: int, frames: int) -> int:
        """Return how many frames from `first` on can be read now; outside the song all can."""
        if self.complete:
            return frames
        return int(min(frames, max(0, self.decoded_frames - first)))

    def read_into(self, out: NDArray[np.float32], first: int) -> int:
        """Copy the mixture at `first` into `out`; zeros outside the song and what is not decoded.

        Never allocates by size, never blocks.

        Parameters
        ----------
        out : np.ndarray [shape=(frames, 2), float32]
        first : int
            Song frame; may be negative or past the end.

        Returns
        -------
        int
            Frames really there, as `available`.
        """
        frames = len(out)
        there = self.available(first, frames)
        done = min(max(0, -first), frames)
        out[:done] = 0.0
        last = min(frames, self.decoded_frames - first)
        while done < last:
            index, at = divmod(first + done, SLOT_FRAMES)
            n = min(last - done, SLOT_FRAMES - at)
            piece = self.slots[index][at : at + n]
            if piece.dtype == np.int16:
                np.multiply(piece, np.float32(1 / 32768), out=out[done : done + n])
            else:
                out[done : done + n] = piece
            done += n
        out[max(done, 0) :] = 0.0
        return there

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """Return a copy of `frames` frames from `first` on, zeros outside the song."""
        out = np.empty((frames, 2), np.float32)
        self.read_into(out, first)
        return out


def _as_float(x: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    if x.dtype == np.int16:
        return np.multiply(x, np.float32(1 / 32768), dtype=np.float32)
    return x.astype(np.float32, copy=False)
