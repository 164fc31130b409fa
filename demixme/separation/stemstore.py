"""Separated audio in slots: one writer (the worker), any number of readers, no locks."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import Parts

LEVEL_FRAMES = 256
_LEVEL_STEP_DB = 0.5
_LEVEL_ZERO_DB = -100.0  # a byte b > 0 stands for b/2 − 100 dB: −99.5 … +27.5 dB


class Quality(IntEnum):
    """How good a slot is; better ones replace worse ones."""

    FAILED = 0
    QUICK = 1
    FULL = 2


@dataclass(frozen=True, eq=False)
class Slot:
    """A slot's stored parts, 16 bits with one scale per part; immutable once made.

    Attributes
    ----------
    stems : np.ndarray [shape=(slot_frames + tail_frames, stored parts, 2), int16] or None
        None when the call failed: reads as silence.
    scale : np.ndarray [shape=(stored parts,), float32]
        A sample is ``int16 * scale``.
    tail_frames : int
        Frames kept beyond the slot, to fade from when what follows is of another call.
    quality : Quality
    call : int
        Identity of the call; neighbours of different calls are cross-faded over the tail.
    model : str
        sha256 of the model file.
    """

    stems: NDArray[np.int16] | None
    scale: NDArray[np.float32]
    tail_frames: int
    quality: Quality
    call: int
    model: str

    def __post_init__(self) -> None:
        _fades(self.tail_frames)  # made here, so that the audio thread finds them made
        self.scale.setflags(write=False)
        if self.stems is not None:
            self.stems.setflags(write=False)

    @property
    def nbytes(self) -> int:
        """Return the memory its audio takes."""
        return 0 if self.stems is None else self.stems.nbytes


@lru_cache(maxsize=64)
def _fades(frames: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rise = (np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames + 1))[:, None, None]
    return rise, np.float32(1.0) - rise


def slot_into(
    slot: Slot,
    previous: Slot | None,
    first: int,
    out: NDArray[np.float32],
    scratch: NDArray[np.float32],
) -> None:
    """Write frames of one slot into `out`, cross-faded with the tail of the call before it.

    Allocates nothing that grows with the size; a pure function of the two slots.

    Parameters
    ----------
    slot, previous : Slot
        The slot read, and the one before it in the song (None if it is not there). They are faded
        when they come from different calls and `previous` has a tail.
    first : int
        First frame within the slot, 0 … slot_frames − len(out).
    out : np.ndarray [shape=(frames, stored parts, 2), float32]
    scratch : np.ndarray [shape=(at least min(frames, tail), stored parts, 2), float32]
        Overwritten.
    """
    stems = slot.stems
    if stems is None:
        out[...] = 0.0
        return
    np.multiply(stems[first : first + len(out)], slot.scale[:, None], out=out)
    if previous is None or previous.stems is None or previous.call == slot.call:
        return
    n = min(previous.tail_frames - first, len(out))
    if n <= 0:
        return
    rise, fall = _fades(previous.tail_frames)
    at = len(previous.stems) - previous.tail_frames + first
    tail = scratch[:n]
    np.multiply(previous.stems[at : at + n], previous.scale[:, None], out=tail)
    np.multiply(tail, fall[first : first + n], out=tail)
    head = out[:n]
    np.multiply(head, rise[first : first + n], out=head)
    np.add(head, tail, out=head)


class StemStore:
    """What is separated of one song: a list of slots, None where nothing is.

    One writer (the worker) calls `put` and `drop`; any thread reads. The lists only grow at their
    end, and an entry is replaced by one reference store. Memory is bounded by the writer, which
    drops slots while `bytes_used` is above `limit_bytes`.

    Attributes
    ----------
    slots : list of Slot or None
    levels : list of np.ndarray [shape=(cells, parts, 2, 2), uint8] or None
        For each slot and cell of 256 frames: [cell, part, channel, (peak, mean square)] as bytes
        (`PEAK_OF_BYTE`, `MEAN_SQUARE_OF_BYTE`), parts in array order, the rest included. Kept when
        the slot is dropped.
    bytes_used : int
        Memory the slots' audio takes now.
    """

    def __init__(self, parts: Parts, slot_frames: int, limit_bytes: int = 512 << 20) -> None:
        self.parts = parts
        self.slot_frames = slot_frames
        self.limit_bytes = limit_bytes
        self.slots: list[Slot | None] = []
        self.levels: list[NDArray[np.uint8] | None] = []
        self.bytes_used = 0

    # ------------------------------------------------------------ writing
    def put(self, index: int, slot: Slot, levels: NDArray[np.uint8] | None = None) -> None:
        """Store a slot, in place of the one that stood there. Thread: worker."""
        missing = index + 1 - len(self.slots)
        if missing > 0:
            self.levels.extend([None] * missing)
            self.slots.extend([None] * missing)
        old = self.slots[index]
        if levels is not None:
            self.levels[index] = levels
        self.slots[index] = slot
        self.bytes_used += slot.nbytes - (old.nbytes if old is not None else 0)

    def drop(self, index: int) -> None:
        """Forget a slot's audio; its levels stay. Thread: worker."""
        old = self.get(index)
        if old is not None:
            self.slots[index] = None
            self.bytes_used -= old.nbytes

    # ------------------------------------------------------------ reading
    def get(self, index: int) -> Slot | None:
        """Return the slot at `index`, None where nothing is."""
        slots = self.slots
        return slots[index] if 0 <= index < len(slots) else None

    def quality_at(self, index: int) -> Quality | None:
        """Return the quality of the slot at `index`, None where nothing is."""
        slot = self.get(index)
        return None if slot is None else slot.quality

    def read_into(self, out: NDArray[np.float32], first: int) -> int:
        """Write the stored parts at `first` into `out`, as far as they exist; zeros beyond.

        Parameters
        ----------
        out : np.ndarray [shape=(frames, stored parts, 2), float32]
        first : int
            Song frame; before the song there is silence.

        Returns
        -------
        int
            Frames really there: up to the first slot that is missing.
        """
        done = min(max(0, -first), len(out))
        out[:done] = 0.0
        index, at = divmod(first + done, self.slot_frames)
        previous = self.get(index - 1)
        while done < len(out):
            slot = self.get(index)
            if slot is None:
                out[done:] = 0.0
                break
            n = min(self.slot_frames - at, len(out) - done)
            tail = 0 if previous is None else max(0, min(n, previous.tail_frames - at))
            scratch = np.empty((tail, *out.shape[1:]), np.float32)
            slot_into(slot, previous, at, out[done : done + n], scratch)
            done += n
            index, at, previous = index + 1, 0, slot
        return done


# ---------------------------------------------------------------- levels in bytes
def _tables() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    level_db = np.arange(256) * _LEVEL_STEP_DB + _LEVEL_ZERO_DB
    peak, square = 10.0 ** (level_db / 20.0), 10.0 ** (level_db / 10.0)
    peak[0] = square[0] = 0.0
    tables = peak.astype(np.float32), square.astype(np.float32)
    for table in tables:
        table.setflags(write=False)
    return tables


#: Linear peak and mean square that a level byte stands for: ``PEAK_OF_BYTE[levels[..., 0]]``.
PEAK_OF_BYTE, MEAN_SQUARE_OF_BYTE = _tables()


def level_bytes(
    peak: NDArray[np.float32], mean_square: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return linear peaks and mean squares as bytes in steps of 0.5 dB; below −99.75 dB is 0."""
    tiny = np.float32(1e-30)
    steps = [
        20.0 * np.log10(np.maximum(peak, tiny)),
        10.0 * np.log10(np.maximum(mean_square, tiny)),
    ]
    made = [np.clip(np.rint((s - _LEVEL_ZERO_DB) / _LEVEL_STEP_DB), 0, 255) for s in steps]
    return made[0].astype(np.uint8), made[1].astype(np.uint8)
