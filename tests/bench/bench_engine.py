"""How fast the engine answers: seeks to places not separated, seeks with equal faders, block cost.

``python tests/bench/bench_engine.py [--quick]`` prints a table and fails beyond the limits.
"""

import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from demixme.dsp.limiter import delay_frames  # noqa: E402
from demixme.engine.nulldevice import NullDevice  # noqa: E402
from demixme.engine.transport import RAMP_S  # noqa: E402
from demixme.separation.registry import DEFAULT_MODEL, load_model  # noqa: E402
from tests.support.liveengine import ArrayDecoder, Stage  # noqa: E402

RATE = 44100
SONG_S = 900.0  # longer than can be separated in the time
BLOCK_FRAMES = 256
MEDIAN_MS, WORST_MS = 150.0, 300.0
SLACK_MS = 10.0  # of a scheduler that two processes share


def song(seconds, seed=1):
    """Return noise and tones that swell, [frames, 2] float32: something in every part's range."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    x = 0.1 * rng.standard_normal((len(t), 2))
    for hz in (55.0, 220.0, 440.0, 1760.0):
        x += 0.1 * np.sin(2 * np.pi * hz * t)[:, None] * (0.6 + 0.4 * np.sin(t * hz / 300))[:, None]
    return np.clip(x, -0.9, 0.9).astype(np.float32)


class RealStage(Stage):
    """A stage with the shipped network."""

    def _load(self, name):
        return load_model(name)


def seek_ms(stage, frame):
    """Return how long it takes from `Engine.seek` to the first frame handed to the device."""
    begun = time.perf_counter()
    stage.engine.seek(frame)
    wanted = stage.engine._cell.play.generation
    probe = stage.engine._probe
    while True:
        head = probe.head
        if head.generation == wanted and head.sounding and head.song_frame > frame:
            return (time.perf_counter() - begun) * 1000
        if time.perf_counter() - begun > 10:
            raise SystemExit("the song never came")
        time.sleep(0.0002)


def unseparated(stage, rng, context_s=3.0):
    """Return a frame around which nothing is separated."""
    store, track = stage.status.store, stage.status.track
    reach = int(context_s * RATE)
    while True:
        frame = int(rng.integers(0, track.frames - 4 * RATE))
        first, last = max(0, frame - reach), frame + reach
        slots = range(first // store.slot_frames, last // store.slot_frames + 1)
        if all(store.get(k) is None for k in slots):
            return frame


def measured(stage, count, muted, rng):
    """Seek `count` times, each while another place is being separated."""
    took = []
    stage.engine.set_strip("vocals", mute=muted)
    for _ in range(count):
        pause = time.perf_counter() + 0.4 + 0.2 * rng.random()
        while time.perf_counter() < pause or not stage.engine._worker._task:
            stage.poll()
            time.sleep(0.005)
        took.append(seek_ms(stage, unseparated(stage, rng)))
    return np.array(took)


def block_cost_us(frames=512, blocks=2000):
    """Return mean and 99.9th percentile of what a block costs with every fader elsewhere."""
    from tests.support.separators import four_parts

    with Stage.of(four_parts(30.0)) as stage:
        stage.separated()
        for k, part in enumerate(stage.status.parts.names):
            stage.engine.set_strip(part, level_db=-1.0 - k)
        stage.engine.play()
        took = []
        for _ in range(blocks):
            begun = time.perf_counter()
            stage.device.pull(frames)
            took.append((time.perf_counter() - begun) * 1e6)
    return float(np.mean(took)), float(np.percentile(took, 99.9))


def main():
    quick = "--quick" in sys.argv
    count = 8 if quick else 30
    rng = np.random.default_rng(3)
    device = NullDevice(clock=True, block_frames=BLOCK_FRAMES)
    x = song(60.0 if quick else SONG_S)
    stage = RealStage({"song": ArrayDecoder("song", x, RATE, block=1 << 16)}, device=device)
    with stage:
        stage.engine.set_model(DEFAULT_MODEL)
        stage.engine.open("song")
        stage.until(lambda s: s.store is not None and s.length_known, timeout_s=60)
        stage.engine.play()
        cold = measured(stage, count, True, rng)
        equal = measured(stage, count, False, rng)
        bench = stage.engine._worker.bench
        speed, full_s, quick_s = bench.speed, bench.full_s, dict(bench.quick_s)
        grid = bench.grid
    mean, worst = block_cost_us()
    limit = (RAMP_S + delay_frames(RATE) / RATE + BLOCK_FRAMES / RATE) * 1000 + SLACK_MS
    rows = (
        ("seek, a part muted, not separated: median ms", np.median(cold), MEDIAN_MS),
        ("seek, a part muted, not separated: 95 % ms", np.percentile(cold, 95), WORST_MS),
        ("seek, all faders equal: median ms", np.median(equal), limit),
        ("block of 512 with four faders: mean µs", mean, None),
        ("block of 512 with four faders: 99.9 % µs", worst, None),
    )
    failed = False
    for name, value, bound in rows:
        well = bound is None or value <= bound
        failed |= not well
        told = "" if bound is None else f"  limit {bound:.0f}  {'ok' if well else 'TOO SLOW'}"
        print(f"{name:50s} {value:8.1f}{told}")
    calls = ", ".join(f"{n} slots {s * 1000:.0f} ms" for n, s in sorted(quick_s.items()))
    print(
        f"separation {speed:.1f} × real time; full call of {grid.call_slots} slots "
        f"{full_s * 1000:.0f} ms; quick calls: {calls}"
    )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
