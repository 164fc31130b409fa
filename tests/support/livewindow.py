"""The window over the real engine, a song whose parts are known, and a device that is pulled."""

import time

import numpy as np
import soundfile as sf
from PySide6.QtCore import QCoreApplication

from demixme.audiofile.decode import open_song
from demixme.engine.engine import Engine
from demixme.engine.nulldevice import NullDevice
from demixme.ui import app as window_app
from tests.support.separators import KnownModel, KnownStems, known_song

RATE = 44100
NAMES = ("bass", "drums", "other", "vocals")
SETTLED = 8192  # fades, ramps and the limiter's window


class Live:
    """A window, its real engine, and the device a test pulls."""

    def __init__(self, folder):
        self.stems = known_song(NAMES, "other", 6.0)
        self.path = folder / "known.wav"
        sf.write(self.path, sum(self.stems.values()), RATE, subtype="FLOAT")
        self.device = NullDevice()
        separator = KnownStems(self.stems, "other")
        engine = Engine(
            open_song=open_song,
            load_model=lambda name: KnownModel(separator),
            device=self.device,
        )
        self.window = window_app.make_window(window_app.WindowOptions(lambda: engine))
        self.window.resize(1280, 800)
        self.window.show()
        self.bridge = self.window.bridge
        self.bridge.start()
        self.bridge._timer.stop()

    def until(self, done, limit_s=20.0):
        end = time.monotonic() + limit_s
        while not done(self.bridge.status):
            assert time.monotonic() < end, "the engine never came so far"
            self.bridge.tick()
            QCoreApplication.processEvents()
            time.sleep(0.005)

    def open(self):
        """Open the song, play it, and let everything be separated."""
        self.bridge.open(self.path)
        self.until(lambda s: s.playing and s.separated >= 1.0 and self.device.render is not None)

    def measure_truth(self):
        """Note how loud each part is in the untouched song, a second after its start."""
        self.device.pull(SETTLED, 512)  # from sound, as every later one, the seek fades out first
        self.bridge.seek(RATE)
        sound = self.heard()
        self.truth = {name: self.share_of(name, sound) for name in NAMES}

    def heard(self, frames=RATE // 4):
        """Return the sound of now, after every ramp has ended."""
        self.device.pull(SETTLED, 512)
        return self.device.pull(frames, 512)

    def share_of(self, name, sound, channel=0):
        """Return how loud a part's tone is in one channel of a sound; tones do not overlap."""
        k = NAMES.index(name)
        window = np.hanning(len(sound))
        t = np.arange(len(sound)) / RATE
        tone = np.exp(-2j * np.pi * (110 * (k + 1) + 7 * channel) * t) * window
        return 2 * abs((sound[:, channel] * tone).sum()) / window.sum()
