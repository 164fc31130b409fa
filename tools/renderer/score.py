"""The score: a stretch of a pop song, its chords and sections, what the bass makes of them."""

import io
import re
from dataclasses import dataclass

import mido
import numpy as np
from numpy.random import Generator

from tools.renderer.sound import Note
from tools.renderer.sources import Sources

_ROOTS = {
    **{"c": 0, "db": 1, "c#": 1, "d": 2, "eb": 3, "d#": 3, "e": 4, "f": 5, "gb": 6},
    **{"f#": 6, "g": 7, "ab": 8, "g#": 8, "a": 9, "bb": 10, "a#": 10, "b": 11},
}
_QUALITIES = {
    **{"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11)},
    **{"min7": (0, 3, 7, 10), "sus4": (0, 5, 7), "sus2": (0, 2, 7), "dim": (0, 3, 6)},
    **{"aug": (0, 4, 8)},
}
_LOWEST_BASS, _HIGHEST_BASS = 28, 50
_SECTION_BARS = 4
_FEWEST_NOTES = 20
_SNAP_S = 0.15  # a chord's first bass note waits for, or hurries to, a kick this near


@dataclass(frozen=True)
class Chord:
    """A chord: `root` 0 … 11 above C, `steps` above the root."""

    start_s: float
    end_s: float
    root: int
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Score:
    """What is played: a stretch of a pop song, moved to a key and a tempo of its own."""

    source: str
    seconds: float
    bpm: float
    melody: list[Note]
    bridge: list[Note]
    piano: list[Note]
    chords: list[Chord]

    @property
    def beat_s(self) -> float:
        """Return how long a beat is."""
        return 60.0 / self.bpm


def read_score(sources: Sources, seconds: float, rng: Generator) -> Score:
    """Return a stretch of one of the pop songs that begins with a bar and keeps its tempo."""
    _, names = sources.pop_songs
    while True:
        score = _stretch(sources, names[rng.integers(len(names))], seconds, rng)
        if score is not None and len(score.melody) >= _FEWEST_NOTES and _off_beat(score) < 0.2:
            return score


def _off_beat(score: Score) -> float:
    """Return the share of chords that do not begin on a beat: a few songs drift."""
    phases = np.array([c.start_s for c in score.chords]) / score.beat_s
    return float((np.abs(phases - np.rint(phases)) > 0.1).mean()) if len(phases) else 1.0


def _stretch(sources: Sources, name: str, seconds: float, rng: Generator) -> Score | None:
    archive, _ = sources.pop_songs
    try:
        file = mido.MidiFile(file=io.BytesIO(archive.read(f"{name}/{name}.mid")))
        text = archive.read(f"{name}/chord_midi.txt").decode()
    except (KeyError, OSError, EOFError, ValueError):
        return None  # one of the few songs without chords
    rows = [(float(a), float(b), c) for a, b, c in map(str.split, text.strip().splitlines())]
    speed, transposed = float(rng.uniform(0.85, 1.2)), int(rng.integers(-4, 5))
    first_s = float(rng.uniform(5, max(6, file.length - seconds * speed - 5)))
    bars = [a for a, b, _ in rows if b - a > 1 and a >= first_s]
    first_s = bars[0] if bars else first_s  # so that drums and chords begin together
    last_s = first_s + seconds * speed
    tracks = {t.name: _track_notes(t, file) for t in file.tracks if t.name}

    def played(track: str) -> list[Note]:
        return [
            Note((n.start_s - first_s) / speed, n.length_s / speed, n.key + transposed, n.velocity)
            for n in tracks.get(track, [])
            if first_s <= n.start_s < last_s
        ]

    chords = []
    for begin_s, end_s, symbol in rows:
        if end_s > first_s and begin_s < last_s and (found := _chord(symbol)):
            span = (max(0.0, (begin_s - first_s) / speed), (end_s - first_s) / speed)
            chords.append(Chord(*span, (found[0] + transposed) % 12, found[1]))
    bpm = _walking_tempo(6e7 / _tempo_us(file) * speed)
    parts = [played(t) for t in ("MELODY", "BRIDGE", "PIANO")]
    return Score(name, seconds, bpm, *parts, chords)


def _tempo_us(file: mido.MidiFile) -> int:
    return next((m.tempo for m in file.tracks[0] if m.type == "set_tempo"), 500_000)


def _walking_tempo(bpm: float) -> float:
    while bpm < 75:
        bpm *= 2
    while bpm > 170:
        bpm /= 2
    return bpm


def _track_notes(track: mido.MidiTrack, file: mido.MidiFile) -> list[Note]:
    tick_s = _tempo_us(file) / 1e6 / file.ticks_per_beat
    now, open_notes, made = 0, {}, []
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity:
            open_notes[message.note] = (now, message.velocity)
        elif message.type in ("note_off", "note_on") and message.note in open_notes:
            begun, velocity = open_notes.pop(message.note)
            made.append(Note(begun * tick_s, (now - begun) * tick_s, message.note, velocity))
    return sorted(made)


def _chord(text: str) -> tuple[int, tuple[int, ...]] | None:
    root, _, quality = text.partition(":")
    if root.lower() not in _ROOTS or not quality:
        return None
    plain = re.sub(r"\(.*|/.*|:.*", "", quality)
    return _ROOTS[root.lower()], _QUALITIES.get(plain, (0, 4, 7))


# ---------------------------------------------------------------- sections
def sections(score: Score, rng: Generator, silent: float) -> list[tuple[float, float]]:
    """Return the stretches of four bars in which a part rests; it always plays somewhere."""
    length_s = _SECTION_BARS * 4 * score.beat_s
    starts = np.arange(0.0, score.seconds, length_s)
    resting = rng.random(len(starts)) < silent
    if resting.all():
        resting[rng.integers(len(starts))] = False
    return [
        (float(a), float(a + length_s)) for a, rests in zip(starts, resting, strict=True) if rests
    ]


def without(notes: list[Note], resting: list[tuple[float, float]]) -> list[Note]:
    """Return the notes that do not begin while the part rests."""
    return [n for n in notes if not any(a <= n.start_s < b for a, b in resting)]


# ---------------------------------------------------------------- bass
def bass_line(score: Score, kicks: list[float], rng: Generator) -> tuple[list[Note], bool]:
    """Return a bass line on the chords' roots, and whether it follows the kick."""
    with_kick, style = bool(rng.random() < 0.6), int(rng.integers(7))
    spans = []
    for chord in score.chords:
        key = _LOWEST_BASS + (chord.root - _LOWEST_BASS) % 12 + (12 if rng.random() < 0.2 else 0)
        spans.append((chord.start_s, min(chord.end_s, score.seconds), key))
    made: list[Note] = []
    for k, (first, last, key) in enumerate(spans):
        follower = spans[k + 1][2] if k + 1 < len(spans) else None
        if with_kick:
            near = min(kicks, key=lambda t: abs(t - first), default=first)
            begin = near if abs(near - first) < _SNAP_S else first
            onsets = [begin, *(t for t in kicks if begin + 0.1 < t < last - 0.05)]
        else:
            beats = {1: 1, 2: 0.5, 3: 1, 4: 0.5, 5: 1.5, 6: 2}.get(style, 0)
            step = beats * score.beat_s or max(last - first, 0.1)
            onsets = list(np.arange(first, last - 0.02, step))
        made += _bass_notes(onsets, last, key, follower, rng)
    return made, with_kick


def _bass_notes(
    onsets: list[float], last: float, root: int, follower: int | None, rng: Generator
) -> list[Note]:
    made = []
    for k, start in enumerate(onsets):
        end = onsets[k + 1] if k + 1 < len(onsets) else last
        key = root
        if k and k + 1 == len(onsets) and follower is not None and rng.random() < 0.3:
            key = follower + int(rng.choice([-2, -1, 1, 2]))  # leads into the next chord
        elif k and rng.random() < 0.3:
            key = root + int(rng.choice([7, 12, 12, 5, -5]))
        if not (k and rng.random() < 0.12):
            length = (end - start) * rng.uniform(0.5, 1.05)
            key = int(np.clip(key, _LOWEST_BASS, _HIGHEST_BASS))
            made.append(Note(float(start), float(length), key, int(rng.integers(70, 120))))
    return made
