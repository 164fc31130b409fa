"""How soon the window is up, and how soon a chosen song sounds.

``python tests/bench/bench_start.py``: from the start of the process to the window's first picture,
and from choosing a 4-minute MP3 with all faders equal to the first sound handed to the device, at
once as the window comes up and again when another song is there. On a virtual display and a virtual
sound card where there are such, else off screen and into nothing. Median of three runs after one
that warms the disk's cache.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

RUNS = 4
SONG_S = 240.0
MOST_WINDOW_S, MOST_SOUND_S = 1.5, 1.0
LIMIT_MS = 20_000


# ---------------------------------------------------------------- in the program's own process
def child(begun_s, song, real_card):
    """Start the program as `demixme` does, look on, print what happened, end it."""
    sys.argv = ["demixme"]
    from demixme import cli
    from demixme.engine import device, nulldevice

    seen = {}
    _watch_sound(device if real_card else nulldevice, seen)
    if not real_card:
        from demixme.commands import machine

        machine.sound_card = lambda: nulldevice.NullDevice(clock=True)
    from demixme.commands import window as command

    opened = command.run

    def run(*arguments):
        _watch_window(seen, begun_s, song)
        return opened(*arguments)

    command.run = run
    code = cli.main([])
    print(json.dumps(seen))
    return code


def _watch_sound(module, seen):
    """Note when the device first gets a frame that is not silent, after `seen` asks for it."""
    rendered = module.__dict__["_Puller" if hasattr(module, "_Puller") else "NullDevice"]
    name = "__call__" if hasattr(module, "_Puller") else "_pull_into"
    pull = getattr(rendered, name)

    def noted(self, out, *rest):
        pull(self, out, *rest)
        if "asked" in seen and "sounded" not in seen and out.any():
            seen["sounded"] = time.time()

    setattr(rendered, name, noted)


def _watch_window(seen, begun_s, song):
    from PySide6.QtCore import QTimer

    from demixme.ui.window import Window

    paint = Window.paintEvent

    def first_picture(self, event):
        paint(self, event)
        if "window_s" not in seen:
            seen["window_s"] = time.time() - begun_s
            QTimer.singleShot(0, lambda: ask(self, "sound_s"))

    def ask(window, what):
        seen.pop("sounded", None)
        seen["asked"] = time.time()
        window.bridge.open(song)
        look(window, what)

    def look(window, what):
        if "sounded" not in seen:
            QTimer.singleShot(5, lambda: look(window, what))
            return
        seen[what] = seen["sounded"] - seen.pop("asked")
        if what == "sound_s":
            QTimer.singleShot(2000, lambda: switch(window))
        else:
            window.close()

    def switch(window):
        # pause first, and let it fade: what sounds next is the song that is chosen
        window.bridge.play_pause()
        QTimer.singleShot(500, lambda: ask(window, "again_s"))

    Window.paintEvent = first_picture
    QTimer.singleShot(LIMIT_MS, lambda: os._exit(9))


# ---------------------------------------------------------------- around it
def measured(song, environment, real_card):
    words = [sys.executable, __file__, "--child", repr(time.time()), str(song), str(int(real_card))]
    done = subprocess.run(
        words, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise SystemExit(f"the program ended with {done.returncode}: {done.stderr[-800:]}")
    return json.loads(done.stdout.splitlines()[-1])


def runs(song, environment, real_card):
    """Return the median of each figure."""
    found = [measured(song, environment, real_card) for _ in range(RUNS)][1:]
    return {k: statistics.median(f[k] for f in found) for k in ("window_s", "sound_s", "again_s")}


def main():
    if sys.argv[1:2] == ["--child"]:
        begun_s, song, real_card = sys.argv[2:]
        return child(float(begun_s), song, real_card == "1")
    from tests.support import songs, virtual_card, virtual_display

    with tempfile.TemporaryDirectory() as folder:
        song = songs.make_format(folder, "mp3.mp3", songs.tune(SONG_S))
        home = {"DEMIXME_HOME": str(Path(folder, "home"))}
        with virtual_display.VirtualDisplay() as display:
            where = display.name or "off screen"
            if virtual_card.why_not():
                where += ", no sound card"
                took = runs(song, os.environ | home | display.environment, False)
            else:
                with virtual_card.VirtualCard() as card:
                    where += ", virtual sound card"
                    took = runs(song, card.environment | home | display.environment, True)
    print(f"{where}; median of {RUNS - 1}")
    rows = (
        ("process start to the window's first picture", took["window_s"], MOST_WINDOW_S),
        ("a 4-minute MP3 chosen at once, to its first sound", took["sound_s"], MOST_SOUND_S),
        ("a 4-minute MP3 chosen later, to its first sound", took["again_s"], MOST_SOUND_S),
    )
    failed = False
    for what, value, most in rows:
        failed |= value > most
        print(f"{what:52s} {value:6.2f} s  limit {most}  {'ok' if value <= most else 'TOO SLOW'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
