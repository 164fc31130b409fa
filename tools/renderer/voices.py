"""Singing: syllables of free voice banks, tuned and stretched onto a melody."""

import math
from dataclasses import dataclass

import numpy as np
import pedalboard as pb
from numpy.random import Generator
from numpy.typing import NDArray

from tools.renderer.sound import RATE_HZ, Note, Sound, frames_of, key_of
from tools.renderer.sources import Sources

_PHRASE_GAP_S = 0.25
_LONGEST_PHRASE = 14
_TRIES = 12
_MOST_SHIFT = 8  # semitones from the recorded pitch


@dataclass(frozen=True)
class Syllable:
    """A recorded syllable: `lead` frames before the beat, then up to `consonant` unstretched."""

    sound: NDArray[np.float32]
    lead: int
    consonant: int
    key: float


@dataclass(frozen=True)
class Manner:
    """How one singer sings throughout a song."""

    vibrato_hz: float
    vibrato: float
    keeps_formants: bool


class Singer:
    """One voice of a bank at one recorded pitch, with its manner."""

    def __init__(self, sources: Sources, bank: str, rng: Generator) -> None:
        folders = sources.names(f"vocals/{bank}")
        self.bank = bank
        self.recordings = sources.pack(folders[rng.integers(len(folders))])
        self.rng = rng
        self.next = int(rng.integers(len(self.recordings.entries)))
        self.manner = Manner(rng.uniform(4.5, 6.5), rng.uniform(0, 0.6), rng.random() < 0.75)
        self.shift: int | None = None
        self.sung: list[Note] = []

    def sing(self, melody: list[Note], frames: int) -> Sound:
        """Return the melody sung, mono [frames]; `sung` then holds the notes as they are heard."""
        made = np.zeros(frames + 2 * RATE_HZ, np.float32)
        middle = float(np.median([n.key for n in melody])) if melody else 60.0
        for phrase in phrases(melody):
            if self.rng.random() < 0.35:  # other words
                self.next = int(self.rng.integers(len(self.recordings.entries)))
            pairs = [(note, s) for note in phrase if (s := self._syllable()) is not None]
            if pairs:
                self._phrase(pairs, middle, made)
        return made[:frames]

    def _syllable(self) -> Syllable | None:
        for _ in range(_TRIES):
            entry = self.recordings.entries[self.next % len(self.recordings.entries)]
            self.next += 1
            if (
                syllable := _cut(self.recordings.cut(entry[0], entry[1])[:, 0], *entry[2:4])
            ) is not None:
                return syllable
        return None

    def _target(self, note: Note, syllable: Syllable, middle: float) -> float:
        """Return the key to sing: the melody's, in octaves within reach of the recording."""
        if self.shift is None:
            self.shift = 12 * round((syllable.key - middle) / 12)
        key = note.key + self.shift
        return (
            key - 12 * round((key - syllable.key) / 12)
            if (abs(key - syllable.key) > _MOST_SHIFT)
            else key
        )

    def _phrase(self, pairs: list[tuple[Note, Syllable]], middle: float, onto: Sound) -> None:
        """Stretch and tune a phrase in one go, so that its notes glide into each other."""
        sounds, stretches, shifts = [], [], []
        before_s, former = math.inf, 0.0
        for k, (note, syllable) in enumerate(pairs):
            follower = pairs[k + 1] if k + 1 < len(pairs) else None
            plan = _planned(note, syllable, follower)
            key = self._target(note, syllable, middle)
            self.sung.append(note._replace(key=key))
            bend = self._bend(len(plan.sound), key - syllable.key)
            if k and before_s < 0.05:  # portamento from the note before
                glide = min(frames_of(0.06), len(bend))
                bend[:glide] += (former - bend[0]) * 0.6 * np.linspace(1, 0, glide)
            loud = np.sqrt(np.square(plan.sound).mean()) + 0.01
            scale = self.rng.uniform(0.75, 1.1) * 0.1 / loud
            last = 0.3 if follower and plan.rest < frames_of(0.02) else 0.0
            sounds += [plan.sound * _envelope(len(plan.sound), last) * scale, np.zeros(plan.rest)]
            stretches += [plan.stretch, np.ones(plan.rest)]
            shifts += [bend, np.full(plan.rest, bend[-1])]
            before_s, former = plan.rest / RATE_HZ, float(bend[-1])
        made = pb.time_stretch(
            np.concatenate(sounds).astype(np.float32)[None],
            RATE_HZ,
            stretch_factor=np.concatenate(stretches),
            pitch_shift_in_semitones=np.concatenate(shifts),
            high_quality=True,
            preserve_formants=self.manner.keeps_formants,
        )[0]
        first = max(0, frames_of(pairs[0][0].start_s) - pairs[0][1].lead)
        made = made[: max(0, len(onto) - first)]
        onto[first : first + len(made)] += made

    def _bend(self, frames: int, semitones: float) -> NDArray[np.float64]:
        time = np.arange(frames) / RATE_HZ
        vibrato = np.sin(2 * np.pi * self.manner.vibrato_hz * time) * np.clip(
            (time - 0.2) / 0.2, 0, 1
        )
        drift = np.cumsum(self.rng.standard_normal(frames)) * (0.12 / math.sqrt(RATE_HZ))
        return semitones + self.manner.vibrato * vibrato + drift


@dataclass(frozen=True)
class _Planned:
    sound: NDArray[np.float32]
    stretch: NDArray[np.float64]
    rest: int  # frames of silence after it


def phrases(melody: list[Note]) -> list[list[Note]]:
    """Return a melody cut where a singer breathes."""
    made: list[list[Note]] = []
    for note in melody:
        new = not made or note.start_s - made[-1][-1].end_s > _PHRASE_GAP_S
        if new or len(made[-1]) > _LONGEST_PHRASE:
            made.append([])
        made[-1].append(note)
    return made


def _cut(sound: Sound, consonant_s: float, preutterance_s: float) -> Syllable | None:
    """Return a recording's syllable, None where it is too short, silent or without pitch."""
    lead = int(preutterance_s * RATE_HZ)
    if len(sound) < max(RATE_HZ * 0.12, 4096) or len(sound) - lead < 4096:
        return None
    if np.sqrt(np.square(sound).mean()) < 1e-3:
        return None
    consonant = frames_of(min(consonant_s, 0.6 * len(sound) / RATE_HZ))
    hz = median_pitch(sound[consonant:])
    if hz <= 0:
        return None
    kept = min(lead, frames_of(0.1))
    return Syllable(sound[lead - kept :], kept, max(0, consonant - (lead - kept)), key_of(hz))


def median_pitch(x: Sound) -> float:
    """Return the median pitch of sung sound, 0 where none is heard."""
    size, found = 4096, []
    for first in range(0, len(x) - size, 2048):
        part = x[first : first + size] * np.hanning(size)
        match = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * size)) ** 2)[:size]
        low, high = RATE_HZ // 900, RATE_HZ // 75
        lag = low + int(np.argmax(match[low:high]))
        if match[0] > 1e-3 and match[lag] > 0.5 * match[0]:
            found.append(RATE_HZ / lag)
    return float(np.median(found)) if found else 0.0


def _planned(note: Note, syllable: Syllable, follower: tuple[Note, Syllable] | None) -> _Planned:
    """Return how a syllable fills its note: its consonant as it is, its vowel stretched."""
    begin = frames_of(note.start_s) - syllable.lead
    after = frames_of(note.end_s)
    if follower:
        after = frames_of(follower[0].start_s) - follower[1].lead
    wanted_end = min(frames_of(note.start_s + max(note.length_s, 0.1)), after)
    frames = max(frames_of(0.12), wanted_end - begin)
    sound = syllable.sound
    consonant = min(syllable.consonant, frames, len(sound) - 1)
    vowel, wanted = len(sound) - consonant, frames - consonant
    if vowel > wanted:
        sound, factor, made = sound[:frames], 1.0, frames
    else:
        factor = max(vowel / max(wanted, 1), 0.25)
        made = consonant + int(vowel / factor)
    until = after if follower else begin + frames
    stretch = np.concatenate([np.ones(consonant), np.full(len(sound) - consonant, factor)])
    return _Planned(sound, stretch, max(0, until - begin - made))


def _envelope(frames: int, last: float) -> Sound:
    made = np.ones(frames, np.float32)
    edge = min(frames_of(0.02), frames // 4)
    made[:edge] = np.linspace(0.3, 1, edge)
    made[frames - edge :] = np.linspace(1, last, edge)
    return made
