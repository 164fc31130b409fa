"""Pitched instruments: sampled ones, sound fonts through FluidSynth, a subtractive synthesiser."""

import subprocess
import tempfile
from pathlib import Path

import mido
import numpy as np
import pedalboard as pb
import soundfile as sf
from numpy.random import Generator

from tools.renderer.effects import through
from tools.renderer.sound import (
    RATE_HZ,
    Note,
    Sound,
    add,
    faded,
    frames_of,
    hz_of,
    key_of,
    pitch_hz,
    resampled,
    stereo,
)
from tools.renderer.sources import Recordings, Sources, piece

#: Semitones between the label and what sounds.
LABEL_ERRORS = {"growl": -12, "piano": 12}
#: Recordings shorter than this are noises and releases.
_SHORTEST_S = 1.0
_MOST_OFF = 0.6
_TICKS_A_SECOND = 1920


class SampledInstrument:
    """A multisampled instrument without its noises and wrongly labelled notes."""

    def __init__(self, recordings: Recordings, name: str) -> None:
        self.name = name
        self.recordings = recordings
        self.notes: dict[int, list[tuple[float, float]]] = {}
        self.refused = 0
        for label, start_s, length_s in recordings.entries:
            key = int(label) + LABEL_ERRORS.get(name, 0)
            if length_s >= _SHORTEST_S:
                if self.sounds_as(key, start_s, length_s):
                    self.notes.setdefault(key, []).append((start_s, length_s))
                else:
                    self.refused += 1

    def sounds_as(self, key: int, start_s: float, length_s: float) -> bool:
        """Return whether a recording is what its label says; the piano's are known to be."""
        if self.name == "piano":
            return True
        heard = recorded_pitch(self.recordings.cut(start_s, length_s))
        return heard > 0 and abs(key_of(heard) - key) < _MOST_OFF

    def nearest(self, key: float, rng: Generator) -> tuple[int, Sound]:
        """Return the recorded key next to `key` and one of its recordings."""
        keys = np.array(sorted(self.notes))
        found = int(keys[np.argmin(np.abs(keys - key))])
        takes = self.notes[found]
        return found, piece(self.recordings, *takes[rng.integers(len(takes))])


def recorded_pitch(x: Sound) -> float:
    """Return the pitch of a recorded note's steady part."""
    mono = x.mean(axis=1)[frames_of(0.12) : frames_of(0.12) + 16384]
    return pitch_hz(mono) if len(mono) >= 8192 else 0.0


class Shop:
    """The sampled instruments of a split, each looked through once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._made: dict[str, SampledInstrument] = {}

    def sampled(self, name: str) -> SampledInstrument:
        """Return an instrument by name."""
        if name not in self._made:
            recordings = self.sources.pack(f"notes/{name}")
            self._made[name] = SampledInstrument(recordings, name)
        return self._made[name]

    def play(
        self, name: str, notes: list[Note], frames: int, rng: Generator, slides: float = 0.0
    ) -> Sound:
        """Return notes played on a sampled instrument; `slides` is how often one is slid into."""
        instrument = self.sampled(name)
        made = np.zeros((frames + RATE_HZ, 2), np.float32)
        for note in notes:
            found, x = instrument.nearest(note.key, rng)
            x = _tuned(x, note.key - found, rng.random() < slides, rng)
            x = faded(x[: frames_of(note.length_s + 0.08)], 0.0, 0.05)
            add(made, x * np.float32((note.velocity / 127) ** 1.5), frames_of(note.start_s))
        return made[:frames]

    def font(self, rng: Generator) -> Path:
        """Return one of the sound fonts."""
        return self.sources.fonts[rng.integers(len(self.sources.fonts))]


def _tuned(x: Sound, semitones: float, slide: bool, rng: Generator) -> Sound:
    """Return a recording at another pitch, perhaps sliding there from a few semitones off."""
    if not slide:
        return resampled(x, 2.0 ** (semitones / 12)) if semitones else x
    span = frames_of(rng.uniform(0.06, 0.16))
    bend = np.zeros(len(x))
    bend[:span] = rng.choice([-3, -2, 2]) * np.linspace(1, 0, min(span, len(x)))
    return resampled(x, 2.0 ** ((semitones + bend) / 12))


def fluid(notes: list[Note], program: int, frames: int, font: Path, drums: bool = False) -> Sound:
    """Return notes played by FluidSynth, without its own reverb and chorus."""
    with tempfile.TemporaryDirectory() as folder:
        score, out = Path(folder) / "a.mid", Path(folder) / "a.wav"
        _midi_file(notes, program, drums).save(score)
        options = ["-o", "synth.dynamic-sample-loading=1", "-o", "audio.period-size=1024"]
        command = ["fluidsynth", "-ni", "-q", *options, "-g", ".5", "-R", "0", "-C", "0"]
        command += ["-r", str(RATE_HZ), "-O", "float", "-F", str(out), str(font), str(score)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        x, _ = sf.read(out, dtype="float32", always_2d=True)
    made = np.zeros((frames, 2), np.float32)
    made[: len(x)] = x[:frames]
    return made


def _midi_file(notes: list[Note], program: int, drums: bool) -> mido.MidiFile:
    file = mido.MidiFile(ticks_per_beat=960)
    track = mido.MidiTrack()
    file.tracks.append(track)
    channel = 9 if drums else 0
    events = []
    for note in notes:
        key = round(note.key)
        if 0 <= key < 128 and note.start_s >= 0:
            velocity = int(np.clip(note.velocity, 1, 127))
            events.append((note.start_s, 1, key, velocity))
            events.append((note.start_s + max(note.length_s, 0.03), 0, key, 0))
    track.append(mido.MetaMessage("set_tempo", tempo=500_000))
    track.append(mido.Message("program_change", channel=channel, program=program))
    last = 0
    for time_s, on, key, velocity in sorted(events):
        tick = int(time_s * _TICKS_A_SECOND)
        kind = "note_on" if on else "note_off"
        message = mido.Message(
            kind, channel=channel, note=key, velocity=velocity, time=max(0, tick - last)
        )
        track.append(message)
        last = max(last, tick)
    track.append(mido.MetaMessage("end_of_track", time=_TICKS_A_SECOND))
    return file


def synthetic_bass(notes: list[Note], frames: int, rng: Generator) -> Sound:
    """Return notes of a subtractive synthesiser: one or two oscillators, a sub, a ladder filter."""
    made = np.zeros(frames, np.float32)
    shape, sub = int(rng.integers(4)), rng.uniform(0, 0.6)
    cutoff_hz, decay_s = rng.uniform(120, 900), rng.uniform(0.1, 0.6)
    detuned, plucked = rng.random() < 0.5, rng.random() < 0.6
    for note in notes:
        first = frames_of(note.start_s)
        n = min(frames_of(note.length_s + 0.05), frames - first)
        if n <= 100 or first < 0:
            continue
        time = np.arange(n) / RATE_HZ
        phase = hz_of(note.key) * time
        x = _wave(shape, phase)
        if detuned:
            x = 0.6 * x + 0.4 * _wave(0, phase * 1.005)
        x = x + sub * np.sin(2 * np.pi * phase * (0.5 if note.key > 40 else 1.0))
        if plucked:
            x = x * np.exp(-time / (decay_s * rng.uniform(0.5, 1.0)))
        x = faded((x * note.velocity / 127).astype(np.float32), 0.004, min(0.03, n / RATE_HZ / 2))
        made[first : first + n] += x
    ladder = pb.LadderFilter(
        pb.LadderFilter.LPF24,
        cutoff_hz=cutoff_hz,
        resonance=rng.uniform(0, 0.6),
        drive=rng.uniform(1, 3),
    )
    return through(stereo(made), ladder)


def _wave(shape: int, phase: np.ndarray) -> np.ndarray:
    saw = 2 * (phase % 1) - 1
    if shape == 0:
        return saw
    if shape == 1:
        return 0.8 * np.sign(np.sin(2 * np.pi * phase))
    return np.sin(2 * np.pi * phase) if shape == 2 else 2 * np.abs(saw) - 1
