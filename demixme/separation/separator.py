"""What every separator is to the rest of the program, and how its calls become slots."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.parts import Parts
from demixme.separation.stemstore import LEVEL_FRAMES, Quality, Slot, level_bytes

#: `read(first, frames)` gives the mixture [frames, 2] at the file's rate, zeros outside the song.
Read = Callable[[int, int], NDArray[np.float32]]


class Separator(Protocol):
    """Separates one song's rate with one model, by calls on a grid fixed in song time.

    A full call `index` fills slots ``index * call_slots … + call_slots`` and depends on nothing
    but the mixture around them. One thread at a time.

    Attributes
    ----------
    parts : Parts
    model_id : str
        sha256 of the model file.
    rate : int
        The file's, in Hz.
    slot_frames, tail_frames, call_slots : int
        In frames of the file; slots of a full call.
    quick_slots : tuple of int
        Sizes of quick calls, in slots, ascending; empty where there need be none.
    """

    parts: Parts
    model_id: str
    rate: int
    slot_frames: int
    call_slots: int
    quick_slots: tuple[int, ...]
    tail_frames: int

    def full_call(self, read: Read, index: int, interrupt: Interrupt) -> NDArray[np.float32]:
        """Return [call_slots * slot_frames + tail_frames, stored parts, 2] of grid call `index`.

        Raises
        ------
        Cancelled
            The interrupt was set.
        SeparationFailed
            The network raised, or its output is not finite.
        """
        ...

    def quick_call(
        self, read: Read, first_slot: int, slots: int, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [slots * slot_frames + tail_frames, stored parts, 2] from `first_slot` on."""
        ...

    def separate(
        self, read: Read, first_frame: int, frames: int, interrupt: Interrupt | None = None
    ) -> NDArray[np.float32]:
        """Return [frames, parts, 2] in array order, the rest included; any cut is the same."""
        ...

    def close(self) -> None:
        """Forget what it kept; the network belongs to the model."""
        ...


def make_slots(
    stems: NDArray[np.float32], separator: Separator, quality: Quality, call: int
) -> list[Slot]:
    """Cut a call into slots of 16 bits; each keeps the head of what follows it as its tail.

    Parameters
    ----------
    stems : np.ndarray [shape=(slots * slot_frames + tail_frames, stored parts, 2), float32]
        As `full_call` and `quick_call` return it.
    separator : Separator
        The one that made it.
    quality : Quality
    call : int
        Identity of the call, unlike that of any other call whose slots may stand beside these.

    Raises
    ------
    SeparationFailed
        A sample is not finite.
    """
    size, tail = separator.slot_frames, separator.tail_frames
    count = (len(stems) - tail) // size
    made = []
    for k in range(count):
        # every slot, not only the last: a reader then fades into any slot that follows, also one
        # of a better call that was put in its neighbour's place a moment ago
        piece = stems[k * size : (k + 1) * size + tail]
        peak = np.maximum(piece.max(axis=(0, 2)), -piece.min(axis=(0, 2)))
        if not np.isfinite(peak).all():
            raise SeparationFailed(separator.model_id, "it returned samples that are no numbers")
        scale = (peak / np.float32(32767.0)).astype(np.float32)
        upward = np.divide(np.float32(1.0), scale, out=np.zeros_like(scale), where=scale > 1e-30)
        whole = np.rint(piece * upward[:, None])
        np.clip(whole, -32767.0, 32767.0, out=whole)
        made.append(Slot(whole.astype(np.int16), scale, tail, quality, call, separator.model_id))
    return made


def failed_slot(separator: Separator, call: int) -> Slot:
    """Return the slot that stands where a call failed: silence, never waited for."""
    scale = np.zeros(len(separator.parts.stored), np.float32)
    return Slot(None, scale, 0, Quality.FAILED, call, separator.model_id)


def slot_levels(slot: Slot, mixture: NDArray[np.float32], parts: Parts) -> NDArray[np.uint8]:
    """Return peak and mean square of every part for each 256 frames of a slot, as bytes.

    Parameters
    ----------
    slot : Slot
    mixture : np.ndarray [shape=(slot_frames, 2), float32]
        The song at the slot's place; the rest is what the stored parts leave of it.
    parts : Parts

    Returns
    -------
    np.ndarray [shape=(cells, parts, 2, 2), uint8]
        [cell, part in array order, channel, (peak, mean square)], see `StemStore.levels`; the last
        cell may be shorter than 256 frames. A failed slot is silent in every part.
    """
    frames = len(mixture)
    cells = -(-frames // LEVEL_FRAMES)
    levels = np.zeros((cells, len(parts.names), 2, 2), np.uint8)
    if slot.stems is None:
        return levels
    stored = slot.stems[:frames] * slot.scale[:, None]
    rest = parts.names.index(parts.rest)
    whole = np.insert(stored, rest, mixture - stored.sum(axis=1), axis=1)
    short = cells * LEVEL_FRAMES - frames
    whole = np.pad(whole, ((0, short), (0, 0), (0, 0))).reshape(cells, LEVEL_FRAMES, -1, 2)
    peak = np.abs(whole).max(axis=1)
    square = np.square(whole).sum(axis=1)
    square[:-1] /= LEVEL_FRAMES
    square[-1] /= LEVEL_FRAMES - short
    levels[..., 0], levels[..., 1] = level_bytes(peak, square)
    return levels
