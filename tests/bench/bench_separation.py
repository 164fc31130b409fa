"""What separating costs beside what the network alone costs, and what silence costs beside noise.

``python tests/bench/bench_separation.py [--quick] [MODEL …]``: each model in a fresh process; all
of a call (reading, STFT, network, inverse) at most 1.4 times the network on the same audio, each
call measured just before or after its own network; silence at most 1.2 times noise.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from demixme.core.interrupt import Interrupt  # noqa: E402
from demixme.export.song import load_song  # noqa: E402
from demixme.resources import demo_song  # noqa: E402
from demixme.separation.registry import find_models, load_model  # noqa: E402

RATE = 44100
SONG_S, QUICK_S = 180.0, 30.0
MOST_ALL_IN, MOST_SILENCE = 1.4, 1.2
ALTERNATIONS = 5


def song(seconds):
    """Return a song as long as wanted, [frames, 2] float32: the demo song over and over."""
    track = load_song(demo_song()).track
    x = track.read(0, track.frames)
    return np.tile(x, (int(seconds * RATE / len(x)) + 1, 1))[: int(seconds * RATE)]


def reader(x):
    """Return the separator's `read` of samples: zeros outside them."""

    def read(first, frames):
        out = np.zeros((frames, 2), np.float32)
        a, b = max(0, first), min(len(x), first + frames)
        if b > a:
            out[a - first : b - first] = x[a:b]
        return out

    return read


def kept_features(separator, inputs):
    """Return a call's network inputs without what was computed for context alone.

    A network that takes any length gets the columns that a song cut without overlap would have;
    one with a window of its own as many windows fewer.
    """
    spec = separator.session.spec
    rows = [row for batch in inputs for row in batch]
    if not spec.window_frames:
        kept = round(separator.call_frames * spec.sample_rate / separator.rate / spec.hop)
        return [inputs[0][..., :kept].copy()]
    columns = separator.call_frames * spec.sample_rate / separator.rate / spec.hop
    kept = rows[: round(columns / spec.stride_frames)]
    size = len(inputs[0])
    return [np.stack(kept[at : at + size]) for at in range(0, len(kept), size)]


def measure(name, seconds):
    """Return what a model took, in seconds of the thread's processor time and of the clock."""
    loaded = load_model(name)
    separator = loaded.separator(RATE)
    session, run = separator.session, separator.session.run
    x, inputs = song(seconds), []

    def noted(features, interrupt):
        inputs.append(features.copy())
        return run(features, interrupt)

    session.run = noted
    separator.full_call(reader(x), 1, Interrupt())
    session.run = run
    features = kept_features(separator, inputs)
    read, interrupt = reader(x), Interrupt()
    took = {"all": 0.0, "network": 0.0, "clock": 0.0}
    calls = len(x) // separator.call_frames
    for call in range(calls):
        for what in ("all", "network") if call % 2 else ("network", "all"):
            begun, clock = time.thread_time(), time.perf_counter()
            if what == "all":
                separator.full_call(read, call, interrupt)
                took["clock"] += time.perf_counter() - clock
            else:
                for batch in features:
                    run(batch, interrupt)
            took[what] += time.thread_time() - begun
    took["seconds"] = calls * separator.call_frames / RATE
    took |= silence_and_noise(separator)
    loaded.close()
    return took


def silence_and_noise(separator):
    """Return the least time that a call of silence and one of noise took."""
    frames = 3 * separator.call_frames
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (frames, 2)).astype(np.float32)
    kinds = {"silence": reader(np.zeros_like(noise)), "noise": reader(noise)}
    best = dict.fromkeys(kinds, np.inf)
    for _ in range(ALTERNATIONS):
        for kind, read in kinds.items():
            begun = time.thread_time()
            separator.full_call(read, 1, Interrupt())
            best[kind] = min(best[kind], time.thread_time() - begun)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="*", metavar="MODEL")
    parser.add_argument("--quick", action="store_true", help="half a minute of song, not three")
    parser.add_argument("--measure", metavar="MODEL", help=argparse.SUPPRESS)
    given = parser.parse_args()
    seconds = QUICK_S if given.quick else SONG_S
    if given.measure:
        print(json.dumps(measure(given.measure, seconds)))
        return 0
    failed = False
    for name in given.models or [e.name for e in find_models() if not e.error]:
        words = [sys.executable, __file__, "--measure", name, *(["--quick"] * given.quick)]
        took = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
        rows = (
            ("all in / network alone", took["all"] / took["network"], MOST_ALL_IN),
            ("silence / noise", took["silence"] / took["noise"], MOST_SILENCE),
        )
        length = took["seconds"]
        print(
            f"{name}: {length:.0f} s of song; of real time on one thread: network alone "
            f"{took['network'] / length:.3f}, all in {took['all'] / length:.3f} "
            f"(by the clock {took['clock'] / length:.3f})"
        )
        for what, value, most in rows:
            failed |= value > most
            print(
                f"  {what:30s} {value:6.3f}  limit {most}  {'ok' if value <= most else 'TOO SLOW'}"
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
