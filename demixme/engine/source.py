"""What the callback reads from: mixture and stored parts at any frame, and how far they reach."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import MOST_PARTS
from demixme.core.track import Track
from demixme.separation.stemstore import Slot, StemStore, slot_into

OPEN, MISSING, FAILED, WRAP = range(4)  # what stands behind the frames that can be played


class StemCursor:
    """Reads slots one after the other, each to its end, also when it is replaced meanwhile.

    Holds the slot it reads and the one it fades from, nothing else. Thread: audio.
    """

    def __init__(self) -> None:
        self._slot: Slot | None = None
        self._previous: Slot | None = None
        self._index = -1
        self._next_frame = -1

    def release(self) -> None:
        """Hold no slot; the next read begins anew. Thread: audio."""
        self._slot = self._previous = None
        self._next_frame = -1

    def slot_at(self, store: StemStore, index: int, frame: int) -> Slot | None:
        """Return the slot that a read at `frame`, in slot `index`, would use. Thread: audio."""
        if index == self._index and frame == self._next_frame and self._slot is not None:
            return self._slot
        return store.get(index)

    def read_into(
        self,
        out: NDArray[np.float32],
        store: StemStore,
        first: int,
        scratch: NDArray[np.float32],
    ) -> None:
        """Write [frames, stored parts, 2] from song frame `first` on; silence where nothing is.

        Thread: audio. Never allocates by size.
        """
        done = 0
        while done < len(out):
            index, at = divmod(first + done, store.slot_frames)
            if first + done != self._next_frame:
                self._slot, self._index = store.get(index - 1), index - 1
            if index != self._index:
                self._previous, self._slot = self._slot, store.get(index)
                self._index = index
            n = min(store.slot_frames - at, len(out) - done)
            if self._slot is None:
                out[done : done + n] = 0.0
            else:
                slot_into(self._slot, self._previous, at, out[done : done + n], scratch)
                if self._previous is not None and at + n >= self._previous.tail_frames:
                    self._previous = None
            done += n
            self._next_frame = first + done


class Source:
    """One song under the play head, with the cross-fade of a loop's wrap.

    Nothing is allocated by size after construction. Thread: audio.

    Attributes
    ----------
    track : Track or None
    store : StemStore or None
    mixture : np.ndarray [shape=(most_frames, 2), float32]
        What `read` has read.
    wrap_left : int
        Frames of a wrap's cross-fade still to come; a read must not go past its end.
    """

    def __init__(self, most_frames: int, wrap_frames: int) -> None:
        self.track: Track | None = None
        self.store: StemStore | None = None
        self.mixture = np.zeros((most_frames, 2), np.float32)
        self.wrap_frames = wrap_frames
        self.wrap_left = 0
        self._other_mixture = np.zeros((most_frames, 2), np.float32)
        size = most_frames * (MOST_PARTS - 1) * 2
        self._stems, self._other_stems, self._scratch = (
            np.zeros(size, np.float32) for _ in range(3)
        )
        self._cursor, self._leaving = StemCursor(), StemCursor()
        self._leaving_frame = 0
        self._rise = np.arange(1, wrap_frames + 1, dtype=np.float32)[:, None] / np.float32(
            wrap_frames + 1
        )
        self._fall = np.float32(1.0) - self._rise

    def adopt(self, track: Track | None, store: StemStore | None) -> None:
        """Read from another song, or from other stems of it, from now on. Thread: audio."""
        self.track, self.store = track, store
        self.release()

    def release(self) -> None:
        """Hold no slot, forget a wrap under way. Thread: audio."""
        self._cursor.release()
        self._leaving.release()
        self.wrap_left = 0

    def wrap(self, leaving_frame: int) -> None:
        """Begin the cross-fade of what follows `leaving_frame` into what is read next.

        Thread: audio.
        """
        self._cursor, self._leaving = self._leaving, self._cursor
        self._cursor.release()
        self._leaving_frame = leaving_frame
        self.wrap_left = self.wrap_frames

    # ------------------------------------------------------------ how far
    def end(self) -> int | None:
        """Return the song's length, None while it is not known for sure. Thread: audio."""
        track = self.track
        return track.frames if track is not None and track.complete else None

    def ahead(self, first: int, frames: int, stems: bool) -> tuple[int, int]:
        """Return how many of `frames` frames from `first` on can be played, and what stands behind.

        Thread: audio. The second is OPEN, MISSING (wait for it) or FAILED (silent, never waited
        for).
        """
        track, store = self.track, self.store
        if track is None or (stems and store is None):
            return 0, MISSING
        there = track.available(first, frames)
        if stems:
            assert store is not None
            end = min(first + there, track.frames)
            at = first
            while at < end:
                index = at // store.slot_frames
                slot = self._cursor.slot_at(store, index, at)
                if slot is None:
                    return at - first, MISSING
                if slot.stems is None:
                    return at - first, FAILED
                at = (index + 1) * store.slot_frames
        return there, OPEN if there == frames else MISSING

    def failed_until(self, frame: int) -> int:
        """Return the end of the slot that `frame` lies in. Thread: audio."""
        assert self.store is not None
        size = self.store.slot_frames
        return (frame // size + 1) * size

    # ------------------------------------------------------------ sound
    def read(self, first: int, frames: int, stems: bool) -> NDArray[np.float32] | None:
        """Read into `mixture`; return the stored parts [frames, stored parts, 2], if wanted.

        Thread: audio. Never allocates by size.
        """
        track, store = self.track, self.store
        assert track is not None
        mixture = self.mixture[:frames]
        track.read_into(mixture, first)
        parts = None
        if stems and store is not None:
            parts = self._shaped(self._stems, frames, store)
            scratch = self._shaped(self._scratch, frames, store)
            self._cursor.read_into(parts, store, first, scratch)
        else:
            self._cursor.release()
        if self.wrap_left:
            self._cross(mixture, parts)
        return parts

    def _cross(self, mixture: NDArray[np.float32], parts: NDArray[np.float32] | None) -> None:
        """Fade what follows the loop's end into what was read. Thread: audio."""
        n = len(mixture)
        assert self.track is not None
        at = self.wrap_frames - self.wrap_left
        rise, fall = self._rise[at : at + n], self._fall[at : at + n]
        other = self._other_mixture[:n]
        self.track.read_into(other, self._leaving_frame)
        _blend(mixture, other, rise, fall)
        if parts is not None and self.store is not None:
            others = self._shaped(self._other_stems, n, self.store)
            scratch = self._shaped(self._scratch, n, self.store)
            self._leaving.read_into(others, self.store, self._leaving_frame, scratch)
            _blend(parts, others, rise[:, None], fall[:, None])
        self._leaving_frame += n
        self.wrap_left -= n
        if not self.wrap_left:
            self._leaving.release()

    @staticmethod
    def _shaped(flat: NDArray[np.float32], frames: int, store: StemStore) -> NDArray[np.float32]:
        stored = len(store.parts.stored)
        return flat[: frames * stored * 2].reshape(frames, stored, 2)


def _blend(
    into: NDArray[np.float32],
    other: NDArray[np.float32],
    rise: NDArray[np.float32],
    fall: NDArray[np.float32],
) -> None:
    np.multiply(into, rise, out=into)
    np.multiply(other, fall, out=other)
    np.add(into, other, out=into)
