"""A fade of fixed length that can turn round at any frame."""

import numpy as np
from numpy.typing import NDArray


class Fade:
    """Stands at ``level / frames``, exactly 0 to exactly 1, and goes one step a frame.

    Its value follows from frames alone, never from the block size. Thread: audio.
    """

    def __init__(self, frames: int, most_frames: int) -> None:
        self.frames = frames
        self.level = 0
        self.direction = 0
        self._count = np.arange(most_frames, dtype=np.float64)[:, None]
        self._work = np.empty((most_frames, 1))

    @property
    def value(self) -> float:
        """Return the gain of the next frame. Thread: audio."""
        return self.level / self.frames

    @property
    def slope(self) -> float:
        """Return the step of the gain a frame. Thread: audio."""
        return self.direction / self.frames

    def turn(self, direction: int) -> bool:
        """Go up (1) or down (−1) from here; say whether that changed anything. Thread: audio."""
        if direction > 0 and self.level == self.frames:
            direction = 0
        changed = direction != self.direction
        self.direction = direction
        return changed

    def left(self) -> int | None:
        """Return the frames to its end, None when it stands. Thread: audio."""
        if self.direction == 0:
            return None
        return self.level if self.direction < 0 else self.frames - self.level

    def apply(self, x: NDArray[np.float32], mixture: NDArray[np.float32]) -> None:
        """Fade both in place by the next ``len(x)`` frames, not past its end. Thread: audio."""
        if self.direction == 0:
            return
        n = len(x)
        gain = self._work[:n]
        np.multiply(self._count[:n], self.direction, out=gain)
        np.add(gain, self.level, out=gain)
        np.divide(gain, self.frames, out=gain)
        np.multiply(x, gain, out=x, casting="same_kind")
        np.multiply(mixture, gain, out=mixture, casting="same_kind")
        self.level += self.direction * n
        if self.level in (0, self.frames):
            self.direction = 0
