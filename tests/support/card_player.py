"""Plays a known song with timed moves through the sound card, in a process of its own.

``python -m tests.support.card_player KIND DELAY_S OUT.npz``: KIND is noise, quiet (noise) or sine,
DELAY_S how long a call of the separator takes (0: everything is separated before play). What the
engine's journal told goes into OUT.
"""

import sys
import time

import numpy as np

from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.engine.device import SoundCard
from tests.support.liveengine import Stage
from tests.support.separators import KnownStems

NAMES = ("bass", "drums", "other", "vocals")
RATE = 44100
SECONDS = 4.0
BUFFER_MS = 250.0


def song(kind, **options):
    frames = int(SECONDS * RATE)
    if kind == "sine":
        wave = 0.8 * np.cos(2 * np.pi * 60 * np.arange(frames) / RATE)
        stems = {
            n: np.stack([wave, wave], 1) * s
            for n, s in zip(NAMES, (0.4, 0.3, 0.2, 0.1), strict=True)
        }
    else:
        rng = np.random.default_rng(7)
        level = 0.08 if kind == "quiet" else 0.24  # quiet: the limiter has nothing to do
        stems = {n: rng.uniform(-level, level, (frames, 2)) for n in NAMES}
    return KnownStems({n: x.astype(np.float32) for n, x in stems.items()}, "other", RATE, **options)


def mix_of(parts):
    moves = (
        Move(15_000, "vocals", Strip(mute=True)),
        Move(30_001, "drums", Strip(4.0, pan=-0.3)),
        Move(30_500, "bass", Strip(-12.0)),
        Move(60_000, MASTER, Strip(3.0)),
        Move(90_000, "vocals", Strip(0.0)),
        Move(120_000, "other", Strip(-20.0)),
    )
    return MixState(parts, moves=moves)


def main():
    kind, delay_s, out = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    separator = song(kind, delay_s=delay_s)
    with Stage.of(separator, device=SoundCard()) as stage:
        stage.engine.set_buffer_growth(False)
        stage.engine.set_buffer_ms(BUFFER_MS)
        stage.until(lambda s: s.device is not None)
        if delay_s == 0.0:
            stage.separated()
        mix = mix_of(separator.parts)
        if delay_s:
            mix = mix.with_strip("bass", level_db=-3.0)
        stage.engine.set_mix(mix)
        time.sleep(0.3)
        stage.engine.play()
        stage.until(lambda s: not s.playing, timeout_s=30.0)
        probe = stage.engine._probe
        time.sleep(BUFFER_MS / 1000 + 0.3)
        told = probe.journal.since(0)
        np.savez(
            out,
            underruns=probe.underruns,
            waits=probe.waits,
            output=[c.output_frame for c in told],
            song=[c.song_frame for c in told],
            moving=[c.moving for c in told],
            fade=[(c.fade, c.fade_slope) for c in told],
            gains=[(c.gains, c.gains_slope) for c in told],
            faults=[repr(e) for e in stage.events if "Fault" in type(e).__name__],
        )


if __name__ == "__main__":
    main()
