"""Separators that know the truth: they return given stems, slowly or with failures if told so."""

import time
from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np

from demixme.core.errors import Cancelled, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.core.parts import Parts
from demixme.separation.grid import GridSeparator


class KnownStems(GridSeparator):
    """Returns the true stems of one song, whatever the mixture says.

    stems_by_name: name → [frames, 2] float32, the rest included (give it zeros if there is none).
    delay_s: time a full call takes (a quick one in proportion), interruptible every millisecond.
    fail_calls: numbers of grid calls that fail, always (a set) or so many times (a mapping); a
    quick call that touches such a place fails as well. `calls` lists (kind, first slot, slots) as
    begun, `cancelled` counts those that were interrupted. `delay_s` may be changed while in use.
    """

    def __init__(
        self,
        stems_by_name,
        rest,
        rate=44100,
        *,
        slot_frames=8192,
        call_slots=4,
        quick_slots=(1,),
        tail_frames=512,
        delay_s=0.0,
        fail_calls=(),
        model_id="known",
    ):
        parts = Parts(tuple(stems_by_name), rest)
        super().__init__(parts, model_id, rate, slot_frames, call_slots, tail_frames)
        self.quick_slots = tuple(quick_slots)
        self.stems = {n: np.asarray(x, np.float32) for n, x in stems_by_name.items()}
        self.mixture = np.sum(list(self.stems.values()), axis=0, dtype=np.float32)
        self.delay_s = delay_s
        counts = fail_calls if isinstance(fail_calls, Mapping) else dict.fromkeys(fail_calls, -1)
        self._failures = dict(counts)
        self.calls = []
        self.cancelled = 0
        self.closed = False

    def read(self, first, frames):
        """Give the mixture as a Track would: zeros outside the song."""
        return _cut(self.mixture, first, frames)

    def full_call(self, read, index, interrupt):
        self.calls.append(("full", index * self.call_slots, self.call_slots))
        return super().full_call(read, index, interrupt)

    def quick_call(self, read, first_slot, slots, interrupt):
        self.calls.append(("quick", first_slot, slots))
        return super().quick_call(read, first_slot, slots, interrupt)

    def compute(self, read, first_frame, frames, interrupt: Interrupt):
        try:
            interrupt.check()
            read(first_frame, frames)
            self._take_time(frames - self.tail_frames, interrupt)
        except Cancelled:
            self.cancelled += 1
            raise
        self._fail_if_told(first_frame, frames - self.tail_frames)
        return np.stack([_cut(self.stems[n], first_frame, frames) for n in self.parts.stored], 1)

    def _take_time(self, frames, interrupt):
        end = time.perf_counter() + self.delay_s * frames / self.call_frames
        while time.perf_counter() < end:
            interrupt.check()
            time.sleep(0.001)
        interrupt.check()

    def _fail_if_told(self, first_frame, frames):
        first, last = (
            first_frame // self.call_frames,
            (first_frame + frames - 1) // self.call_frames,
        )
        for index in range(first, last + 1):
            left = self._failures.get(index, 0)
            if left:
                self._failures[index] = left - 1
                raise SeparationFailed(self.model_id, f"told to fail at call {index}")

    def close(self):
        super().close()
        self.closed = True


class KnownModel:
    """What `load_model` returns, around a KnownStems."""

    def __init__(self, separator: KnownStems, name="known"):
        self._separator = separator
        self.name = name
        self.sha256 = separator.model_id
        self.parts = separator.parts
        self.entry = SimpleNamespace(name=name, title=name.title(), sentence="", licence="CC0")
        self.closed = False

    def separator(self, rate, best=False):
        assert rate == self._separator.rate, "the known stems are of another rate"
        self.best = best
        return self._separator

    def close(self):
        self.closed = True


def known_song(names, rest, seconds=6.0, rate=44100, seed=0, level=0.1):
    """Return name → [frames, 2] float32: a tone for each part and channel, under slow swells."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * rate)) / rate
    stems = {}
    for k, name in enumerate(names):
        tones = [
            np.sin(2 * np.pi * (110 * (k + 1) + 7 * c) * t + rng.uniform(0, 6)) for c in (0, 1)
        ]
        swell = 0.6 + 0.4 * np.sin(2 * np.pi * t / (1.5 + k))
        stems[name] = (level * swell * np.stack(tones)).T.astype(np.float32)
    assert rest in stems
    return stems


def two_parts(seconds=6.0, rate=44100, **options):
    """Return a KnownStems of voice and the rest."""
    return KnownStems(known_song(("voice", "band"), "band", seconds, rate), "band", rate, **options)


def four_parts(seconds=6.0, rate=44100, **options):
    """Return a KnownStems of the usual four parts."""
    names = ("bass", "drums", "other", "vocals")
    return KnownStems(known_song(names, "other", seconds, rate), "other", rate, **options)


def six_parts(seconds=6.0, rate=44100, **options):
    """Return a KnownStems of six parts; the rest stands in the middle of the array order."""
    names = ("bass", "drums", "guitar", "other", "piano", "vocals")
    return KnownStems(known_song(names, "other", seconds, rate), "other", rate, **options)


def _cut(x, first, frames):
    out = np.zeros((frames, 2), np.float32)
    a, b = max(0, first), min(len(x), first + frames)
    if b > a:
        out[a - first : b - first] = x[a:b]
    return out
