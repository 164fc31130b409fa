"""Whether songs are what they claim: in tune, on time, on the kick, at their levels."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from demixme.core.parts import STEMS
from tools.renderer.instruments import SampledInstrument, Shop, recorded_pitch
from tools.renderer.song import RenderedSong
from tools.renderer.sound import Note, Sound, frames_of, key_of, level_db, pitch_hz
from tools.renderer.voices import median_pitch

PITCHED = ("meat", "growl", "dbass", "shiny_e", "shiny_a", "emily")
_SHORTEST_S = 0.25
_HALF_SEMITONE = 0.5
_LATEST_S = 0.1
_TOGETHER_S = 0.03


@dataclass
class Audit:
    """Shares (0 … 1) over all songs looked at; `faults` names what is wrong with single ones."""

    songs: int = 0
    in_tune: list[float] = field(default_factory=list)
    on_time: list[float] = field(default_factory=list)
    bass_in_tune: list[float] = field(default_factory=list)
    bass_with_kick: list[float] = field(default_factory=list)
    kicks_heard: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return the mean of each share."""
        lists = {k: v for k, v in vars(self).items() if isinstance(v, list) and k != "faults"}
        return {name: float(np.mean(values)) for name, values in lists.items() if values}


def audit_songs(songs: Iterable[RenderedSong]) -> Audit:
    """Return what is found in songs."""
    found = Audit()
    for song in songs:
        found.songs += 1
        look_at(song, found)
    return found


def look_at(song: RenderedSong, found: Audit) -> None:
    """Add one song to an audit."""
    long_notes = [n for n in song.sung if n.length_s >= _SHORTEST_S]
    if long_notes:
        found.in_tune.append(_share(sung_in_tune(song.dry_lead, n) for n in long_notes))
        found.on_time.append(_share(sung_on_time(song.dry_lead, n) for n in long_notes))
    low = [n for n in song.bass_notes if n.length_s >= _SHORTEST_S]
    if low:
        found.bass_in_tune.append(_share(played_in_tune(song.dry_bass, n) for n in low))
    if song.facts["with_kick"] and song.bass_notes and song.kicks:
        kicks = np.array(song.kicks)
        near = (np.abs(kicks - n.start_s).min() < _TOGETHER_S for n in song.bass_notes)
        found.bass_with_kick.append(_share(near))
    if song.kicks:
        drums = song.stems["drums"]
        found.kicks_heard.append(_share(_struck(drums, t) for t in song.kicks))
    found.faults += [f"{song.facts['seed']}: {fault}" for fault in _faults(song)]


def sung_in_tune(lead: Sound, note: Note) -> bool:
    """Return whether the middle of a sung note has its pitch."""
    first, last = note.start_s + 0.25 * note.length_s, note.start_s + 0.85 * note.length_s
    part = lead[frames_of(first) : frames_of(max(last, first + 0.12))]
    hz = median_pitch(part)
    return hz > 0 and abs(key_of(hz) - note.key) < _HALF_SEMITONE


def sung_on_time(lead: Sound, note: Note) -> bool:
    """Return whether something is sung soon after a note's beginning."""
    part = lead[frames_of(note.start_s) : frames_of(note.start_s + _LATEST_S)]
    after = lead[frames_of(note.start_s) : frames_of(note.end_s)]
    loud = np.sqrt(np.square(after).mean()) if len(after) else 0.0
    return bool(loud > 1e-4 and len(part) and np.sqrt(np.square(part).mean()) > 0.1 * loud)


def played_in_tune(bass: Sound, note: Note) -> bool:
    """Return whether a bass note has its pitch, in its own octave."""
    part = bass[frames_of(note.start_s + 0.08) : frames_of(note.end_s)].mean(axis=1)[:16384]
    hz = pitch_hz(part, 28.0, 300.0) if len(part) > 4096 else 0.0
    return hz > 0 and abs(key_of(hz) - note.key) < _HALF_SEMITONE


def _struck(drums: Sound, time_s: float) -> bool:
    """Return whether something low begins here."""
    at = frames_of(time_s)
    before = drums[max(0, at - 2205) : max(0, at - 220)].mean(axis=1)
    after = drums[at : at + 3969].mean(axis=1)
    return _low_energy(after) > 1.2 * _low_energy(before)


def _low_energy(x: Sound) -> float:
    if not len(x):
        return 0.0
    power = np.abs(np.fft.rfft(x * np.hanning(len(x)), 8192)) ** 2
    return float(power[:28].sum() / len(x))  # below 150 Hz


def _faults(song: RenderedSong) -> list[str]:
    faults = []
    for stem in STEMS:
        x = song.stems[stem]
        level, peak = level_db(x), float(np.abs(x).max())
        silent = stem == "vocals" and not song.sung
        if not np.isfinite(x).all() or peak > 1.0:
            faults.append(f"{stem} is not finite or above full scale")
        if silent and peak > 0:
            faults.append("a voice where nobody sings")
        if not silent and not -40 < level < -6:
            faults.append(f"{stem} at {level:.0f} dB")
    if song.sung and len(song.sung) < 0.6 * int(str(song.facts["melody_notes"])):
        faults.append("much of the melody is not sung")
    return faults


def mislabelled(shop: Shop, names: Iterable[str] = PITCHED) -> dict[str, float]:
    """Return, by instrument, the share of playable notes that lie half a semitone off or more."""
    return {n: _share(not ok for ok in _labels(shop.sampled(n))) for n in names}


def _labels(instrument: SampledInstrument) -> Iterable[bool]:
    for key, takes in instrument.notes.items():
        for start_s, length_s in takes:
            hz = recorded_pitch(instrument.recordings.cut(start_s, length_s))
            yield hz > 0 and abs(key_of(hz) - key) < _HALF_SEMITONE


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
