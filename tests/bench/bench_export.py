"""How fast a remix is written: where nothing is separated yet, and where everything is.

``python tests/bench/bench_export.py [model]`` prints a table and fails below the limits.
"""

import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from demixme.core.errors import Cancelled  # noqa: E402
from demixme.core.interrupt import Interrupt  # noqa: E402
from demixme.core.mixstate import MixState, Strip  # noqa: E402
from demixme.core.track import SongInfo, Track  # noqa: E402
from demixme.export.ahead import open_slots  # noqa: E402
from demixme.export.remix import export_remix  # noqa: E402
from demixme.export.render import Level  # noqa: E402
from demixme.export.stems import export_stems  # noqa: E402
from demixme.separation.registry import DEFAULT_MODEL, load_model  # noqa: E402

RATE = 44100
SONG_S = 120.0
FRESH_TIMES, DONE_TIMES = 8.0, 40.0
CANCEL_MS = 200.0
FORMATS = ("wav", "flac", "mp3", "ogg", "opus", "m4a")


class Kept:
    """Keeps every slot of another source, as a store that is full."""

    def __init__(self, source):
        self.parts, self.slot_frames = source.parts, source.slot_frames
        self.tail_frames = source.tail_frames
        self.source = source
        self.slots = {}

    def take(self, index, interrupt):
        if index not in self.slots:
            self.slots[index] = self.source.take(index, interrupt)
        return self.slots[index]


def song():
    """Return a decoded song of noise and swelling tones, 16 bits, two channels."""
    rng = np.random.default_rng(1)
    frames = int(SONG_S * RATE)
    t = np.arange(frames) / RATE
    track = Track(SongInfo(Path("bench song.wav"), RATE, 2, frames, 16))
    x = 0.1 * rng.standard_normal((frames, 2))
    for hz in (55.0, 220.0, 440.0, 1760.0):
        x += 0.1 * np.sin(2 * np.pi * hz * t)[:, None] * (0.6 + 0.4 * np.sin(t * hz / 300))[:, None]
    track.append(np.rint(np.clip(x, -0.9, 0.9) * 32767).astype(np.int16))
    track.finish()
    return track


def times(work):
    """Return how many times faster than it plays `work` is done."""
    began = time.perf_counter()
    work()
    return SONG_S / (time.perf_counter() - began)


def cancel_ms(model, track, mix, folder):
    """Return the longest of some times from a cancel until the export has given up."""
    took = []
    for pause_s in (0.3, 0.7, 1.1):
        interrupt = Interrupt()
        with open_slots(model, track) as source:

            def export(source=source, interrupt=interrupt):
                with suppress(Cancelled):
                    export_remix(track, mix, source, folder / "c.wav", interrupt=interrupt)

            work = threading.Thread(target=export)
            work.start()
            time.sleep(pause_s)
            began = time.perf_counter()
            interrupt.set()
            work.join()
            took.append((time.perf_counter() - began) * 1000)
    return max(took)


def main():
    model = load_model(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_MODEL)
    track = song()
    names = model.parts.mixer_order
    mix = MixState(model.parts, {names[0]: Strip(mute=True), names[1]: Strip(-6.0)}, -1.0)
    with tempfile.TemporaryDirectory() as folder, open_slots(model, track) as fresh_slots:
        source = Kept(fresh_slots)
        out = Path(folder)

        def remix(suffix="wav", level=Level.AS_HEARD, name="o"):
            path = out / f"{name}.{suffix}"
            export_remix(track, mix, source, path, level=level, overwrite=True)

        fresh = times(remix)
        done = max(times(remix) for _ in range(2))
        print(f"WAV, nothing separated   {fresh:7.1f} × real time (at least {FRESH_TIMES:g})")
        print(f"WAV, all separated       {done:7.1f} × real time (at least {DONE_TIMES:g})")
        for level in (Level.NORMALISE, Level.LIMIT):
            print(f"WAV, {level.value:19} {times(lambda k=level: remix(level=k)):7.1f}")
        for suffix in FORMATS[1:]:
            print(f"{suffix:24} {times(lambda s=suffix: remix(s)):7.1f}")
        cancel = cancel_ms(model, track, mix, out)
        print(f"cancelled after          {cancel:7.0f} ms (at most {CANCEL_MS:g})")
        parts = times(lambda: export_stems(track, source, out, overwrite=True))
        print(f"all parts as WAV         {parts:7.1f}")
    model.close()
    good = fresh >= FRESH_TIMES and done >= DONE_TIMES and cancel <= CANCEL_MS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
