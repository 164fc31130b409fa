"""What the audio thread tells the others: counters, the play head, block peaks and a journal."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import MOST_PARTS

BLOCKS = 4096  # a second of blocks down to 12 frames
ENTRIES = 1024


class Head(NamedTuple):
    """Where the audio thread stood at the end of a block; replaced as a whole.

    `output_frame` counts frames handed to the device, `song_frame` is the next one to be rendered;
    `sounding` is False while nothing of the song is heard (paused, held, ended); `jumped_at` is the
    output frame at which the generation was taken up.
    """

    generation: int
    output_frame: int
    song_frame: int
    ended: bool
    sounding: bool
    holding: bool
    jumped_at: int


class Block(NamedTuple):
    """Peaks and mean squares of one block of the mix after Master, before the limiter."""

    output_frame: int
    frames: int
    peak_left: float
    peak_right: float
    square_left: float
    square_right: float


class Change(NamedTuple):
    """From `output_frame` on: song frame, gains, fade and the steps they take a frame.

    `output_frame` counts rendered frames; the limiter hands them out W frames later. `moving` is 0
    while the song stands still.
    """

    output_frame: int
    song_frame: int
    moving: int
    fade: float
    fade_slope: float
    gains: NDArray[np.float64]  # [parts, 2]
    gains_slope: NDArray[np.float64]


class Journal:
    """A ring of the last `ENTRIES` changes, preallocated. Written by audio, read by any thread."""

    def __init__(self) -> None:
        self.count = 0  # changes written so far; stored last
        self._frames = np.zeros((ENTRIES, 4), np.int64)
        self._fades = np.zeros((ENTRIES, 2))
        self._gains = np.zeros((ENTRIES, 2, MOST_PARTS, 2))

    def write(
        self,
        frames: tuple[int, int, int],
        fade: tuple[float, float],
        gains: NDArray[np.float64],
        slope: NDArray[np.float64],
    ) -> None:
        """Add a change: (output frame, song frame, moving), (fade, slope), gains and their slope.

        Thread: audio. Never allocates by size.
        """
        k = self.count % ENTRIES
        parts = len(gains)
        self._frames[k, :3] = frames
        self._frames[k, 3] = parts
        self._fades[k] = fade
        self._gains[k, 0, :parts] = gains
        self._gains[k, 1, :parts] = slope
        self.count += 1

    def since(self, count: int) -> list[Change]:
        """Return the changes from number `count` on, as far as the ring still holds them.

        Thread: any. An entry overwritten while it was copied is left out.
        """
        made = []
        for number in range(max(count, self.count - ENTRIES + 8), self.count):
            k = number % ENTRIES
            output, song, moving, parts = (int(v) for v in self._frames[k])
            fade, slope = (float(v) for v in self._fades[k])
            gains = self._gains[k, :, :parts].copy()
            change = Change(output, song, moving, fade, slope, gains[0], gains[1])
            if self.count - number < ENTRIES:
                made.append(change)
        return made

    def song_frame_at(self, output_frame: float) -> int | None:
        """Return the song frame that was rendered as `output_frame`; None when out of reach.

        Thread: any.
        """
        for number in range(self.count - 1, max(-1, self.count - ENTRIES + 8), -1):
            output, song, moving, _ = (int(v) for v in self._frames[number % ENTRIES])
            if output <= output_frame:
                return song + moving * int(output_frame - output)
        return None


class Probe:
    """Written by the audio thread alone (underruns by the device's wrapper on the same thread).

    Attributes
    ----------
    head : Head
    clock : tuple of float and int
        `time.perf_counter()` when the last block was begun, and its first output frame; 0 before
        the first. Written by the device.
    waits : int
        How often the song was held because separation or decoding was late.
    underruns : int
    failed : Exception or None
        The exception that a block ended in; None when all is well.
    blocks : list of Block or None
        A ring; `block_count` counts those written.
    """

    def __init__(self) -> None:
        self.head = Head(-1, 0, 0, False, False, False, 0)
        self.clock = (0.0, 0)
        self.waits = 0
        self.underruns = 0
        self.failed: Exception | None = None
        self.blocks: list[Block | None] = [None] * BLOCKS
        self.block_count = 0
        self.journal = Journal()

    def add_block(self, block: Block) -> None:
        """Write one block's figures. Thread: audio."""
        self.blocks[self.block_count % BLOCKS] = block
        self.block_count += 1

    def blocks_since(self, count: int) -> list[Block]:
        """Return the blocks from number `count` on that the ring still holds. Thread: any."""
        first = max(count, self.block_count - BLOCKS + 8)
        found = (self.blocks[k % BLOCKS] for k in range(first, self.block_count))
        return [b for b in found if b is not None]
