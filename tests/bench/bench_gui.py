"""What the window costs while a song plays: the gui thread's CPU time, ticks and painting.

``python tests/bench/bench_gui.py [--quick]`` prints a table and fails beyond the limits. Nothing is
left to separate; the sound goes to a device without a card, in real time. Each row is a process of
its own, as Qt takes its scale at start.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
RATE = 44100
SONG_S = 120.0
SIZE = (1280, 800)
#: Row: scale, whether the spectrum is shown, limit as a share of one core (None: only said).
ROWS = (
    ("1280×800", "1", False, 0.10),
    ("1280×800 at 150 %", "1.5", False, None),
    ("1280×800 at 200 %", "2", False, 0.20),
    ("1280×800 with the spectrum", "1", True, None),
)


def window_with_song(folder):
    """Return a shown window whose song is separated and plays."""
    import numpy as np
    import soundfile as sf
    from PySide6.QtCore import QCoreApplication

    from demixme.audiofile.decode import open_song
    from demixme.engine.engine import Engine
    from demixme.engine.nulldevice import NullDevice
    from demixme.ui import app as window_app
    from tests.support.separators import KnownModel, KnownStems, known_song

    stems = known_song(("bass", "drums", "other", "vocals"), "other", SONG_S)
    # beats: meters that move as those of a song do
    beat = np.exp(-((np.arange(int(SONG_S * RATE)) / RATE * 2.1) % 1.0) * 5.0)[:, None]
    stems = {n: (x * beat * 2).astype(np.float32) for n, x in stems.items()}
    path = Path(folder) / "song.wav"
    sf.write(path, sum(stems.values()), RATE, subtype="PCM_16")
    separator = KnownStems(stems, "other")
    engine = Engine(
        open_song=open_song,
        load_model=lambda name: KnownModel(separator),
        device=NullDevice(clock=True, latency_s=0.05),
    )
    window = window_app.make_window(window_app.WindowOptions(lambda: engine, look="dark"))
    window.resize(*SIZE)
    window.show()
    window.bridge.start()
    window.bridge.open(path)
    end = time.monotonic() + 60
    while not (window.bridge.status.playing and window.bridge.status.separated >= 1.0):
        if time.monotonic() > end:
            raise SystemExit("the song was never separated")
        QCoreApplication.processEvents()
        time.sleep(0.005)
    return window


def measured(seconds, spectrum):
    """Return the share of one core that the gui thread took over some seconds of playing."""
    import tempfile

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    with tempfile.TemporaryDirectory() as folder:
        window = window_with_song(folder)
        window.bridge.desk.set_level("drums", -6.0)
        if spectrum:
            window.commands.toggle_spectrum()
        took = []

        def begin():
            took.append((time.thread_time(), time.perf_counter()))

        def end():
            took.append((time.thread_time(), time.perf_counter()))
            QApplication.quit()

        QTimer.singleShot(1500, begin)
        QTimer.singleShot(1500 + round(seconds * 1000), end)
        QApplication.exec()
        assert window.bridge.status.playing
        window.close()
    (cpu_0, wall_0), (cpu_1, wall_1) = took
    return (cpu_1 - cpu_0) / (wall_1 - wall_0)


def main():
    seconds = 5.0 if "--quick" in sys.argv else 30.0
    failed = False
    for name, scale, spectrum, limit in ROWS:
        env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
        command = [sys.executable, __file__, "--row", str(seconds), str(int(spectrum))]
        answer = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        share = json.loads(answer.stdout.splitlines()[-1])
        well = limit is None or share <= limit
        failed |= not well
        told = f"  limit {limit:.0%}  {'ok' if well else 'TOO MUCH'}" if limit else ""
        print(f"{name:40s} {share:7.1%} of one core{told}", flush=True)
    return int(failed)


if __name__ == "__main__":
    if "--row" in sys.argv:
        at = sys.argv.index("--row")
        print(json.dumps(measured(float(sys.argv[at + 1]), sys.argv[at + 2] == "1")))
        sys.exit(0)
    sys.exit(main())
