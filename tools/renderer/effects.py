"""Effects: equaliser, compressor, room and delay of a channel, and amplifiers."""

import numpy as np
import pedalboard as pb
from numpy.random import Generator

from tools.renderer.sound import RATE_HZ, Sound

_WETTEST = {"vocals": 0.3, "other": 0.3, "drums": 0.12, "bass": 0.04}


def through(x: Sound, *plugins: pb.Plugin) -> Sound:
    """Return [frames, 2] after these effects."""
    board = pb.Pedalboard(list(plugins))
    return np.ascontiguousarray(board(x.T.astype(np.float32).copy(), RATE_HZ).T, np.float32)


def channel(x: Sound, rng: Generator, kind: str) -> Sound:
    """Return a stem through a mixing desk's channel, set by chance."""
    chain: list[pb.Plugin] = []
    if kind == "vocals":
        chain.append(pb.HighpassFilter(rng.uniform(60, 180)))
    if rng.random() < 0.6:
        chain.append(pb.LowShelfFilter(rng.uniform(80, 300), rng.uniform(-6, 4)))
    if rng.random() < 0.6:
        chain.append(pb.HighShelfFilter(rng.uniform(3000, 9000), rng.uniform(-6, 6)))
    if rng.random() < 0.5:
        chain.append(pb.PeakFilter(rng.uniform(300, 5000), rng.uniform(-6, 6), rng.uniform(0.4, 2)))
    if kind == "bass" and rng.random() < 0.1:
        chain += [pb.Distortion(rng.uniform(5, 25)), pb.LowpassFilter(rng.uniform(1500, 5000))]
    if rng.random() < 0.6:
        chain.append(compressor(rng, (-30, -12), (2, 8), (1, 30), (50, 250)))
    chain += _space(rng, kind)
    return through(x, *chain)


def _space(rng: Generator, kind: str) -> list[pb.Plugin]:
    chain: list[pb.Plugin] = []
    if kind in ("other", "vocals") and rng.random() < 0.15:
        chain.append(
            pb.Chorus(rng.uniform(0.3, 2), rng.uniform(0.1, 0.4), mix=rng.uniform(0.2, 0.5))
        )
    if kind == "vocals" and rng.random() < 0.35:
        chain.append(
            pb.Delay(rng.uniform(0.12, 0.5), rng.uniform(0.1, 0.4), rng.uniform(0.08, 0.25))
        )
    wet = _WETTEST[kind] * rng.random()
    if wet > 0.02:
        size, damping, width = rng.uniform(0.1, 0.8), rng.uniform(0.2, 0.9), rng.uniform(0.5, 1)
        chain.append(pb.Reverb(size, damping, wet, 1 - wet, width))
    return chain


def compressor(
    rng: Generator,
    threshold_db: tuple[float, float],
    ratio: tuple[float, float],
    attack_ms: tuple[float, float],
    release_ms: tuple[float, float],
) -> pb.Plugin:
    """Return a compressor set by chance within these bounds."""
    bounds = (threshold_db, ratio, attack_ms, release_ms)
    return pb.Compressor(*(rng.uniform(*b) for b in bounds))


def cabinet(cutoff_hz: float) -> list[pb.Plugin]:
    """Return what a loudspeaker lets through."""
    return [pb.LowpassFilter(cutoff_hz) for _ in range(4)]


def guitar_amplifier(x: Sound, rng: Generator) -> Sound:
    """Return a clean guitar through a driven amplifier and its cabinet."""
    return through(
        x,
        pb.HighpassFilter(70),
        pb.Distortion(rng.uniform(15, 45)),
        *cabinet(rng.uniform(4000, 5500)),
        pb.PeakFilter(rng.uniform(90, 130), rng.uniform(1, 5), 0.8),
        pb.PeakFilter(rng.uniform(1500, 3000), rng.uniform(0, 5)),
        pb.Gain(-12),
    )


def bass_amplifier(x: Sound, rng: Generator) -> Sound:
    """Return a bass through a compressor, some drive beside it, and a cabinet."""
    x = through(x, compressor(rng, (-32, -18), (4, 4), (2, 20), (60, 200)))
    if rng.random() < 0.5:
        drive = (pb.HighpassFilter(150), pb.Distortion(rng.uniform(6, 24)), pb.Gain(-8))
        x = x + through(x, *drive) * np.float32(rng.uniform(0.1, 0.6))
    return through(x, *cabinet(rng.uniform(2500, 5000))) if rng.random() < 0.6 else x
