"""The other instruments: keys, strummed and driven guitars, pads, leads, arpeggios."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tools.renderer.effects import channel, guitar_amplifier
from tools.renderer.instruments import Shop, fluid
from tools.renderer.score import Score, sections, without
from tools.renderer.sound import Note, Sound, at_level, panned

_KEYS = (0, 1, 2, 4, 5, 6, 7, 11, 12, 16, 17, 18, 19, 24, 25, 26, 27, 46, 104)
_STRUMMED = (24, 25, 26, 27, 28, 4, 16, 21, 62, 61)
_DRIVEN = (25, 26, 27, 28, 29, 30, 30)
_OVERDRIVEN = (29, 30)  # these sound fonts' guitars are driven already
_PADS = (48, 49, 50, 51, 88, 89, 90, 92, 93, 94, 95, 16, 19, 20)
_LEADS = (
    *(11, 13, 40, 41, 42, 56, 57, 59, 60, 61, 64, 65, 66, 67, 68, 71, 73, 75, 80, 81, 82),
    *(84, 87, 26, 29, 30, 104),
)
_ARPEGGIOS = (0, 4, 8, 11, 12, 24, 25, 27, 45, 46, 80, 81, 82, 87, 98, 99)
_SHARES = {"keys": 0.3, "comp": 0.25, "pad": 0.17, "lead": 0.16, "arp": 0.12}
_LOW_E = 40
_RESTS = 0.18  # how often an instrument rests for four bars


@dataclass(frozen=True)
class Band:
    """What every layer needs: the score, the instruments, the length."""

    score: Score
    shop: Shop
    frames: int
    sung: bool


def play_layers(band: Band, rng: Generator) -> tuple[Sound, list[str]]:
    """Return two to five instruments together, and which."""
    count = int(rng.integers(2, 6))
    driven = bool(rng.random() < 0.5)
    free = min(len(_SHARES), count - driven)
    kinds = [
        str(k) for k in rng.choice(list(_SHARES), free, replace=False, p=list(_SHARES.values()))
    ]
    kinds += ["dist"] * driven
    if not band.sung and "lead" not in kinds:
        kinds.append("lead")
    made = np.zeros((band.frames, 2), np.float32)
    for kind in kinds:
        x = channel(_PLAYERS[kind](band, rng), rng, "other")
        place = rng.uniform(0.25, 0.75) if rng.random() < 0.7 else rng.uniform(0, 1)
        made += panned(at_level(x, -22 - rng.uniform(0, 6)), place)
    return made, kinds


def _resting(band: Band, notes: list[Note], rng: Generator) -> list[Note]:
    return without(notes, sections(band.score, rng, _RESTS))


def _font_program(
    programs: tuple[int, ...], notes: list[Note], band: Band, rng: Generator
) -> Sound:
    return fluid(notes, int(rng.choice(programs)), band.frames, band.shop.font(rng))


def _keys(band: Band, rng: Generator) -> Sound:
    notes = _resting(band, band.score.piano, rng)
    if rng.random() < 0.25:
        return band.shop.play("piano", notes, band.frames, rng)
    return _font_program(_KEYS, notes, band, rng)


def _strokes(
    band: Band,
    steps: Callable[[tuple[int, ...]], list[int]],
    base: Callable[[int], int],
    rng: Generator,
) -> list[Note]:
    """Return chords struck in a pattern of eighths that repeats every bar."""
    pattern = rng.random(8) < rng.uniform(0.35, 0.9)
    pattern[0] = True
    eighth, made = band.score.beat_s / 2, []
    for chord in band.score.chords:
        for k, start in enumerate(np.arange(chord.start_s, chord.end_s - 0.02, eighth)):
            if pattern[k % 8]:
                for string, step in enumerate(steps(chord.steps)):
                    length = eighth * rng.uniform(0.5, 1.6)
                    velocity = int(rng.integers(60, 115))
                    key = base(chord.root) + step
                    made.append(Note(float(start) + 0.008 * string, length, key, velocity))
    return made


def _comp(band: Band, rng: Generator) -> Sound:
    floor = int(rng.choice([48, 52, 55]))
    notes = _strokes(band, lambda s: [*s, 12], lambda root: floor + (root - floor) % 12, rng)
    notes = _resting(band, notes, rng)
    if rng.random() < 0.5:
        name = str(rng.choice(["shiny_e", "shiny_a", "emily"]))
        return band.shop.play(name, notes, band.frames, rng)
    return _font_program(_STRUMMED, notes, band, rng)


def _driven(band: Band, rng: Generator) -> Sound:
    """Return power chords from low E or lower up; mostly played twice, left and right."""
    lowest = _LOW_E - int(rng.choice([0, 0, 2, 4, 5]))
    notes = _strokes(band, lambda s: [0, 7, 12], lambda root: lowest + (root - lowest) % 12, rng)
    notes = _resting(band, notes, rng)
    sampled, name = rng.random() < 0.5, str(rng.choice(["shiny_e", "emily"]))
    program, font = int(rng.choice(_DRIVEN)), band.shop.font(rng)
    settings = int(rng.integers(1 << 30))  # one amplifier for both takes

    def take() -> Sound:
        late = [n._replace(start_s=max(0.0, n.start_s + rng.normal(0, 0.01))) for n in notes]
        if sampled:
            x = band.shop.play(name, late, band.frames, rng)
        else:
            x = fluid(late, program, band.frames, font)
            if program in _OVERDRIVEN:
                return x
        return guitar_amplifier(at_level(x, -18), np.random.default_rng(settings))

    if rng.random() < 0.35:
        return take()
    width = rng.uniform(0.7, 1)
    left, right = (take().mean(axis=1, keepdims=True) for _ in range(2))
    return panned(left, 0.5 - width / 2) + panned(right, 0.5 + width / 2)


def _pad(band: Band, rng: Generator) -> Sound:
    notes = [
        Note(c.start_s, c.end_s - c.start_s, 55 + (c.root + step - 55) % 12, 80)
        for c in band.score.chords
        for step in c.steps
    ]
    return _font_program(_PADS, _resting(band, notes, rng), band, rng)


def _lead(band: Band, rng: Generator) -> Sound:
    score = band.score
    if not band.sung:
        notes = score.melody
    elif len(score.bridge) > 10:
        notes = score.bridge
    else:
        notes = [n for n in score.melody if rng.random() < 0.5]
    higher = [n._replace(key=n.key + int(rng.choice([0, 0, 12]))) for n in notes]
    return _font_program(_LEADS, higher, band, rng)


def _arpeggio(band: Band, rng: Generator) -> Sound:
    step_s = band.score.beat_s / (4 if rng.random() < 0.5 else 2)
    notes, k = [], 0
    for chord in band.score.chords:
        for start in np.arange(chord.start_s, chord.end_s - 0.02, step_s):
            turn, place = divmod(k, len(chord.steps))
            key = 60 + chord.root + chord.steps[place] + 12 * (turn % 2)
            notes.append(Note(float(start), step_s * 1.2, key, int(rng.integers(60, 110))))
            k += 1
    return _font_program(_ARPEGGIOS, _resting(band, notes, rng), band, rng)


_PLAYERS = {
    **{"keys": _keys, "comp": _comp, "dist": _driven},
    **{"pad": _pad, "lead": _lead, "arp": _arpeggio},
}
