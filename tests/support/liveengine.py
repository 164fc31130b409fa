"""A whole Engine for tests: songs from arrays, models that know the truth, a pulled device."""

import threading
import time
from pathlib import Path

import numpy as np

from demixme.core.track import SongInfo
from demixme.dsp.limiter import delay_frames
from demixme.engine.engine import Engine
from demixme.engine.nulldevice import NullDevice
from tests.support.separators import KnownModel


class ArrayDecoder:
    """A decoder of an array; waits at `gate_frame` until `gate` is set."""

    def __init__(self, path, x, rate, *, estimate=None, gate_frame=None, block=4096, error=None):
        self.x = x
        frames = len(x) if estimate is None else estimate
        self.info = SongInfo(Path(path), rate, 2, frames)
        self.gate = threading.Event()
        self.gate_frame = gate_frame
        self.error = error
        self.repaired_frames = 0
        self.closed = False
        self._block = block

    def blocks(self):
        for at in range(0, len(self.x), self._block):
            if self.gate_frame is not None and at >= self.gate_frame:
                self.gate.wait(20)
            yield self.x[at : at + self._block]
        if self.error is not None:
            raise self.error

    def close(self):
        self.closed = True


class Stage:
    """An engine with songs and models by name; `device` is pulled by the test."""

    def __init__(self, songs=None, models=None, device=None, **options):
        self.songs = dict(songs or {})
        self.models = dict(models or {})
        self.device = device or NullDevice()
        self.events = []
        self.status = None
        self.engine = Engine(
            open_song=self._open, load_model=self._load, device=self.device, **options
        )

    @classmethod
    def of(cls, separator, **options):
        """Return a stage with the separator's own song, open and ready, not yet playing."""
        song = ArrayDecoder("song.wav", separator.mixture, separator.rate)
        stage = cls({"song.wav": song}, {"known": separator}, **options)
        stage.engine.set_model("known")
        stage.engine.open("song.wav")
        stage.until(lambda s: s.store is not None and s.length_known)
        return stage

    def _open(self, path):
        song = self.songs[str(path)]
        if isinstance(song, Exception):
            raise song
        return song

    def _load(self, name):
        model = self.models[name]
        if isinstance(model, Exception):
            raise model
        return KnownModel(model, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for song in self.songs.values():
            if isinstance(song, ArrayDecoder):
                song.gate.set()
        self.engine.close()

    def poll(self):
        self.status = self.engine.poll()
        self.events.extend(self.status.events)
        return self.status

    def until(self, condition, timeout_s=20.0, pull=0):
        """Poll (and pull) until the status meets `condition`; return the status."""
        end = time.monotonic() + timeout_s
        while True:
            if pull:
                self.device.pull(pull)
            status = self.poll()
            if condition(status):
                return status
            assert time.monotonic() < end, f"not reached: {status}"
            time.sleep(0.002)

    def separated(self):
        """Wait until the whole song is separated."""
        return self.until(lambda s: s.separated >= 1.0)

    def happened(self, kind):
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def probe(self):
        return self.device.render.probe

    @property
    def delay(self):
        return delay_frames(self.status.track.rate)


def told_fade_and_gains(probe, frames, parts, first=0):
    """Return the journal's song frame, moving, fade [frames] and gains [frames, parts, 2]."""
    changes = probe.journal.since(0)
    song, fade = np.zeros(frames, np.int64), np.zeros(frames)
    moving = np.zeros(frames, np.int64)
    gains = np.zeros((frames, parts, 2))
    for k, change in enumerate(changes):
        start = change.output_frame - first
        stop = changes[k + 1].output_frame - first if k + 1 < len(changes) else frames
        start, stop = max(0, start), min(frames, stop)
        if stop <= start:
            continue
        n = np.arange(start, stop) - (change.output_frame - first)
        moving[start:stop] = change.moving
        song[start:stop] = change.song_frame + change.moving * n
        fade[start:stop] = change.fade + change.fade_slope * n
        if change.gains.shape[0] == parts:
            gains[start:stop] = change.gains + change.gains_slope * n[:, None, None]
    return song, moving, fade, gains
