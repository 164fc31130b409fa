"""An engine without sound for tests of the window: says back what it was told, and remembers it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from demixme.core.mixstate import MixState
from demixme.core.parts import FOUR_PARTS
from demixme.core.track import LEVEL_FRAMES, SongInfo, Track
from demixme.engine.status import DeviceInfo, Meter, ModelReady, SongOpened, Spectra, Status
from demixme.separation.stemstore import Quality, Slot, StemStore, level_bytes

RATE = 44100
SLOT_FRAMES = 8820
DEVICES = (
    DeviceInfo("Headphones (USB)", "WASAPI", 2, True),
    DeviceInfo("Speakers", "ALSA", 2),
)


def synthetic_track(path=Path("song.wav"), seconds=12.0, title="Test song", artist="Nobody"):
    """Return a whole Track of shaped noise, beats and quiet bars in it."""
    frames = round(seconds * RATE)
    rng = np.random.default_rng(7)
    t = np.arange(frames) / RATE
    beat = np.exp(-((t * 2.1) % 1.0) * 5.0)
    verse = 0.35 + 0.65 * (np.sin(t * 0.37) > -0.3) * (0.7 + 0.3 * np.sin(t * 1.3))
    x = rng.standard_normal((frames, 2)) * ((0.10 + 0.22 * beat) * verse)[:, None]
    track = Track(SongInfo(path, RATE, 2, frames, 16, title, artist))
    track.append(np.clip(x * 32767 * 0.8, -32768, 32767).astype(np.int16))
    track.finish()
    return track


def fill_store(store, frames, upto=1.0, quick_upto=None):
    """Put slots into `store` up to a share of the song; from `upto` to `quick_upto` quick ones."""
    names = store.parts.names
    slots = -(-frames // store.slot_frames)
    stored = len(store.parts.stored)
    stems = np.zeros((store.slot_frames, stored, 2), np.int16)
    for index in range(round(slots * max(upto, quick_upto or 0.0))):
        quality = Quality.FULL if index < round(slots * upto) else Quality.QUICK
        cells = -(-store.slot_frames // LEVEL_FRAMES)
        t = (index * cells + np.arange(cells)) * LEVEL_FRAMES / RATE
        peak = np.zeros((cells, len(names), 2), np.float32)
        for k in range(len(names)):
            speed, sharp = (0.13 * (k + 1), 2.1) if k % 2 else (0.21 * (k + 1), 0.9)
            shape = np.abs(np.sin(t * speed + k)) * np.exp(-((t * sharp + k * 0.3) % 1.0) * 3)
            peak[:, k] = (0.04 + 0.4 * shape)[:, None]
        levels = np.stack(level_bytes(peak, peak**2 / 4), axis=-1)
        scale = np.full(stored, 1e-4, np.float32)
        store.put(index, Slot(stems, scale, 0, quality, index, "fake"), levels)


class FakeEngine:
    """The face of Engine; `calls` lists what was asked, `status` is what `poll` returns."""

    def __init__(self, parts=FOUR_PARTS, seconds=12.0):
        self.calls = []
        self.parts = parts
        self.seconds = seconds
        self.closed = False
        self.events = []
        self.fails = {}  # path -> DemixError
        self.source = None  # what `feed` returns
        self.hide_mix = False  # a song opens before the model has said which parts there are
        self.status = Status(
            parts=parts,
            mix=MixState(parts),
            model="default",
            device=DEVICES[0],
            buffer_ms=50.0,
            latency_s=0.06,
        )

    def _change(self, name, *args, **changes):
        self.calls.append((name, *args))
        self.status = replace(self.status, **changes)

    # ------------------------------------------------------------ song
    def open(self, path):
        path = Path(path)
        self.calls.append(("open", path))
        if path in self.fails:
            from demixme.engine.status import SongFailed

            self.events.append(SongFailed(self.fails[path]))
            return
        track = synthetic_track(path, self.seconds, title=path.stem)
        store = StemStore(self.parts, SLOT_FRAMES)
        fill_store(store, track.frames)
        self.status = replace(
            self.status,
            song=track.info,
            track=track,
            store=store,
            parts=self.parts,
            mix=None if self.hide_mix else MixState(self.parts),
            frames=track.frames,
            length_known=True,
            position_frame=0,
            loop=None,
            separated=1.0,
        )
        self.events.append(SongOpened(track.info))

    def show_mix(self):
        """Let the model say which parts there are."""
        self.hide_mix = False
        self.status = replace(self.status, mix=MixState(self.parts))

    def close_song(self):
        self._change("close_song", song=None, track=None, store=None, playing=False)

    def play(self):
        self._change("play", playing=self.status.song is not None)

    def pause(self):
        self._change("pause", playing=False)

    def stop(self):
        self._change("stop", playing=False, position_frame=0)

    def seek(self, frame):
        self._change("seek", frame, position_frame=frame)

    def set_loop(self, first, last=None):
        loop = None if first is None else (first, last)
        self._change("set_loop", first, last, loop=loop)

    # ------------------------------------------------------------ mix
    def set_mix(self, mix):
        self._change("set_mix", mix, mix=mix)

    def set_original(self, original):
        self._change("set_original", original, original=original)

    def set_volume(self, volume):
        self._change("set_volume", volume, volume=volume)

    def set_silent_when_late(self, silent):
        self._change("set_silent_when_late", silent)

    # ------------------------------------------------------------ model, device
    def set_model(self, name):
        self._change("set_model", name, model=name or "default")
        self.events.append(ModelReady(name or "default", self.parts))

    def set_device(self, device):
        self._change("set_device", device, device=device or DEVICES[0])

    def set_buffer_ms(self, buffer_ms):
        self._change("set_buffer_ms", buffer_ms, buffer_ms=buffer_ms)

    def refresh_devices(self):
        self.calls.append(("refresh_devices",))

    def devices(self):
        return DEVICES

    def spectra(self):
        self.calls.append(("spectra",))
        if not self.status.playing:
            return None
        hz = np.geomspace(30, 18000, 96).astype(np.float32)
        slope = -20 - 12 * np.log10(hz / 30)
        parts = {
            n: (slope - 6 * k + 4 * np.sin(hz / 90 + k)).astype(np.float32)
            for k, n in enumerate(self.parts.names)
        }
        return Spectra(hz, parts, (slope + 4).astype(np.float32))

    # ------------------------------------------------------------ rest
    def feed(self):
        self.calls.append(("feed",))
        return self.source

    def set_meters(self, level=0.3, known=True):
        """Let every meter show something."""
        names = (*self.parts.names, "master")
        meters = {
            n: Meter((level * (1 - 0.08 * k), level * (0.9 - 0.08 * k)), (level**2 / 8,) * 2, known)
            for k, n in enumerate(names)
        }
        self.status = replace(self.status, meters=meters)

    def poll(self):
        status = replace(self.status, events=tuple(self.events))
        self.events = []
        return status

    def close(self):
        self.closed = True

    def asked(self, name):
        """Return the arguments of every call of that name."""
        return [call[1:] for call in self.calls if call[0] == name]
