"""How far a long piece of work has come, how fast it goes, and how long it still takes."""

import time
from collections.abc import Callable

#: ``progress(done_frames, total_frames, speed, seconds_left)``: speed in seconds of song a second;
#: both last ones 0 while unknown. Called on the thread that works, after every block.
Progress = Callable[[int, int, float, float], None]
_FIRST_S = 0.05  # before that a speed means nothing


class Stopwatch:
    """Counts the frames of one piece of work and calls its `Progress`, if there is one."""

    def __init__(self, rate: int, total_frames: int, progress: Progress | None) -> None:
        self.rate = rate
        self._total_frames = total_frames
        self._progress = progress
        self._begun_s = time.perf_counter()

    def tell(self, done_frames: int) -> None:
        """Say that `done_frames` of all frames are done."""
        if self._progress is None:
            return
        total_frames = max(self._total_frames, done_frames)
        passed_s = time.perf_counter() - self._begun_s
        if passed_s < _FIRST_S or done_frames <= 0:
            self._progress(done_frames, total_frames, 0.0, 0.0)
            return
        left_s = passed_s * (total_frames - done_frames) / done_frames
        self._progress(done_frames, total_frames, done_frames / self.rate / passed_s, left_s)
