"""Drums: human grooves that begin with the bar; close, overhead and room microphones."""

import io
import re
from dataclasses import dataclass

import mido
import numpy as np
import pedalboard as pb
from numpy.random import Generator

from tools.renderer.effects import compressor, through
from tools.renderer.instruments import fluid
from tools.renderer.kits import CYMBALS, Drum, Kit, KitShelf, Layer
from tools.renderer.sound import (
    RATE_HZ,
    Note,
    Sound,
    add,
    at_level,
    faded,
    frames_of,
    gain,
    resampled,
)
from tools.renderer.sources import Sources

#: General MIDI percussion to kinds of drums.
KINDS = (
    {35: "kick", 36: "kick", 37: "stick", 38: "snare", 39: "clap", 40: "snare"}
    | dict.fromkeys((41, 43, 45, 47, 48, 50, 58), "tom")
    | {22: "hh", 42: "hh", 44: "hh", 26: "oh", 46: "oh", 51: "ride", 59: "ride", 53: "ride"}
    | dict.fromkeys((49, 52, 55, 57), "crash")
)
_INSTEAD = {
    **{"oh": "hh", "ride": "hh", "clap": "snare", "stick": "snare"},
    **{"tom": "snare", "crash": "oh", "hh": "oh"},
}
_ALL = ("kick", "snare", "hh", "oh", "tom", "crash", "ride", "clap", "stick")
_TO_GM = {22: 42, 26: 46, 58: 43}  # the groove set's own numbers
_FLUID_KITS = (0, 8, 16, 24, 25, 32, 40)
_SOFTEST_KICK = 40


@dataclass(frozen=True)
class Groove:
    """Strokes for the whole song; `kicks` are the times of those a bass would follow."""

    strokes: list[Note]

    @property
    def kicks(self) -> list[float]:
        """Return when the kick is heard."""
        return [
            n.start_s
            for n in self.strokes
            if KINDS.get(int(n.key)) == "kick" and n.velocity > _SOFTEST_KICK
        ]


def groove(sources: Sources, seconds: float, bpm: float, rng: Generator) -> Groove:
    """Return a human groove of about this tempo, repeated in whole bars from the first beat on."""
    archive, files = sources.grooves
    name, own_bpm = "", bpm
    for _ in range(60):
        name = files[rng.integers(len(files))]
        found = re.search(r"_(\d+)_beat", name)
        own_bpm = float(found[1]) if found else bpm
        if 0.7 < bpm / own_bpm < 1.4:
            break
    strokes, time_s = [], 0.0
    for message in mido.MidiFile(file=io.BytesIO(archive.read(name))):
        time_s += message.time
        if message.type == "note_on" and message.velocity:
            strokes.append(Note(time_s * own_bpm / bpm, 0.1, message.note, message.velocity))
    bar_s = 4 * 60 / bpm
    last_s = strokes[-1].start_s if strokes else bar_s
    loop_s = max(bar_s, int(last_s / bar_s + 0.5) * bar_s)
    made = [
        n._replace(start_s=first + n.start_s)
        for first in np.arange(0, seconds, loop_s)
        for n in strokes
        if n.start_s < loop_s and first + n.start_s < seconds
    ]
    return Groove(made)


def play_drums(groove: Groove, shelf: KitShelf, frames: int, rng: Generator) -> Sound:
    """Return a groove on a kit, now and then on a sound font's."""
    if rng.random() < 0.25:
        notes = [n._replace(key=_TO_GM.get(int(n.key), n.key)) for n in groove.strokes]
        fonts = shelf.sources.fonts
        font = fonts[rng.integers(len(fonts))]
        return fluid(notes, int(rng.choice(_FLUID_KITS)), frames, font, drums=True)
    kit = shelf.chosen(acoustic=rng.random() < 0.68, rng=rng)
    return _Player(kit, shelf, rng).play(groove.strokes, frames)


class _Player:
    """A kit set up for one song: which drums, how they are tuned, where the microphones stand."""

    def __init__(self, kit: Kit, shelf: KitShelf, rng: Generator) -> None:
        self.kit, self.rng = kit, rng
        self.drums = {kind: self._set_up(kind, kit.drums[kind]) for kind in kit.drums}
        if rng.random() < 0.25:
            self._layer_kick(shelf.kits[rng.integers(len(shelf.kits))])
        self.loudest = {
            kind: max(float(np.abs(x.sound).max()) for drum in drums for x in drum)
            for kind, drums in self.drums.items()
        }
        self.levels = {k: rng.uniform(0.5, 1.1) * (0.45 if k in CYMBALS else 1.0) for k in _ALL}
        self.places = {k: rng.uniform(0.3, 0.7) for k in _ALL}
        self.places["kick"] = rng.uniform(0.47, 0.53)
        self.places["snare"] = rng.uniform(0.42, 0.58)

    def _set_up(self, kind: str, drums: list[Drum]) -> list[Drum]:
        several = kind in ("tom", "crash", "clap") or len(drums[0]) == 1
        chosen = [drums[self.rng.integers(len(drums))] for _ in range(3 if several else 1)]
        reach = {"kick": 3.0, "snare": 1.5, "tom": 1.5}.get(kind)
        if reach is None:
            return chosen
        ratio = 2.0 ** (self.rng.uniform(-reach, reach) / 12)
        return [
            [Layer(x.lowest, resampled(x.sound[: 2 * RATE_HZ], ratio)) for x in d] for d in chosen
        ]

    def _layer_kick(self, other: Kit) -> None:
        """Put a second kick under the first, as producers do."""
        second = other.drums["kick"][0][-1].sound * np.float32(0.7)
        self.drums["kick"] = [
            [Layer(x.lowest, _sum(x.sound, second)) for x in self.drums["kick"][0]]
        ]

    def play(self, strokes: list[Note], frames: int) -> Sound:
        close = np.zeros((frames + 3 * RATE_HZ, 2), np.float32)
        whole = np.zeros_like(close)
        hats = sorted(n.start_s for n in strokes if KINDS.get(int(n.key)) in ("hh", "oh"))
        for stroke in strokes:
            kind, soft = self._kind(stroke)
            if kind is None:
                continue
            x = self._stroke(kind, stroke, soft)
            if kind == "oh":  # the next stroke of the hat ends it
                follower = next((h for h in hats if h > stroke.start_s + 0.02), None)
                x = x if follower is None else x[: frames_of(follower - stroke.start_s + 0.03)]
            x = faded(x[: 3 * RATE_HZ], 0.0, 0.009)
            place = self.places[kind]
            sides = np.array([1 - place, place], np.float32) * 2
            at = frames_of(stroke.start_s)
            add(close, x * sides * np.float32(0.5 if kind in CYMBALS else 1.0), at)
            add(whole, x * sides, at)
        return self._mixed(close[:frames], whole[:frames])

    def _kind(self, stroke: Note) -> tuple[str | None, float]:
        kind = KINDS.get(int(stroke.key), "hh")
        soft = 0.6 if kind == "stick" and kind not in self.drums else 1.0
        if kind not in self.drums:
            kind = _INSTEAD.get(kind, "snare")
        return (kind if kind in self.drums else None), soft

    def _stroke(self, kind: str, stroke: Note, soft: float) -> Sound:
        drums = self.drums[kind]
        number = int(stroke.key) if kind == "tom" else int(self.rng.integers(len(drums)))
        drum = drums[number % len(drums)]
        force = stroke.velocity / 127 * soft + self.rng.normal(0, 0.04)
        force = float(np.clip(force, 0.02, 1))
        layer = next((x for x in reversed(drum) if x.lowest <= force), drum[0])
        full = float(np.abs(layer.sound).max()) if len(drum) == 1 else self.loudest[kind]
        return layer.sound * np.float32(force**1.2 * self.levels[kind] * 0.7 / full)

    def _mixed(self, close: Sound, whole: Sound) -> Sound:
        """Return close microphones, overheads and room together, through the drum bus."""
        rng = self.rng
        made = whole if not self.kit.acoustic else close + self._overheads(whole)
        if self.kit.acoustic and rng.random() < 0.75:
            made = made + self._room(whole, made)
        if rng.random() < 0.6:
            made = at_level(made, -18)
            squeezed = through(made, compressor(rng, (-30, -14), (2, 6), (5, 30), (50, 250)))
            beside = np.float32(rng.uniform(0.3, 1))
            made = squeezed if rng.random() < 0.5 else 0.6 * made + squeezed * beside
        return made.astype(np.float32)

    def _overheads(self, whole: Sound) -> Sound:
        """Return the kit from above: later, brighter, wider."""
        rng = self.rng
        heard = through(whole, pb.HighpassFilter(rng.uniform(150, 500)))
        heard = _later(heard, rng.uniform(0.002, 0.006))
        middle, side = heard.mean(1, keepdims=True), (heard[:, :1] - heard[:, 1:]) / 2
        side = side * np.float32(rng.uniform(1, 1.8))
        wide = np.concatenate([middle + side, middle - side], axis=1)
        return wide * np.float32(gain(rng.uniform(-14, -2)))

    def _room(self, whole: Sound, beside: Sound) -> Sound:
        """Return what a microphone far away hears, squeezed as usual."""
        rng = self.rng
        reverb = pb.Reverb(rng.uniform(0.05, 0.45), rng.uniform(0.3, 0.9), 1.0, 0.0, 1.0)
        squeeze = compressor(rng, (-35, -20), (2, 8), (1, 10), (60, 200))
        heard = through(whole, pb.HighpassFilter(rng.uniform(60, 200)), reverb, squeeze)
        heard = _later(heard, rng.uniform(0.005, 0.025))
        share = np.sqrt(np.square(beside).mean()) / (np.sqrt(np.square(heard).mean()) + 1e-6)
        return heard * np.float32(share * gain(rng.uniform(-20, -5)))


def _later(x: Sound, seconds: float) -> Sound:
    late = frames_of(seconds)
    return np.concatenate([np.zeros((late, 2), np.float32), x])[: len(x)]


def _sum(a: Sound, b: Sound) -> Sound:
    made = np.zeros((max(len(a), len(b)), 2), np.float32)
    made[: len(a)] += a
    made[: len(b)] += b
    return made
