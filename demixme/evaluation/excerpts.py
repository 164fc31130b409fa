"""A few seconds of one song for each part, to look at and to listen to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from demixme.audiofile.collections import Song, Sound
from demixme.core.parts import STEMS
from demixme.evaluation.reference import Reference, label, load_reference
from demixme.evaluation.scores import SongScore
from demixme.evaluation.scoring import Settings
from demixme.evaluation.systems import System

EXCERPT_S = 8.0
MIXTURE, TRUTH = "mixture", "truth"
#: How finely the place of an excerpt is chosen.
_STEP_S = 1.0


@dataclass(frozen=True, eq=False)
class Excerpt:
    """One part at one place: `sounds` [frames, 2] are the mixture, each system's, and the truth."""

    part: str
    song: str
    first_s: float
    rate: int
    sounds: dict[str, Sound]


def excerpts(
    songs: Sequence[Song],
    systems: Sequence[System],
    scores: Sequence[SongScore],
    settings: Settings,
) -> list[Excerpt]:
    """Return an excerpt for each part: of the song that the first system does middling well.

    Not its best song and not its worst: that of the median, where the part is loudest in the truth.
    """
    by_label = {label(song): song for song in songs}
    made = []
    for part in STEMS:
        name = _middle(part, systems[0].name, scores)
        if name is not None:
            reference = load_reference(by_label[name], settings.seconds, settings.silent)
            made.append(_excerpt(part, reference, systems))
    return made


def _middle(part: str, system: str, scores: Iterable[SongScore]) -> str | None:
    found = sorted(
        (s.parts[part].sdr_db, s.song) for s in scores if s.system == system and part in s.parts
    )
    return found[(len(found) - 1) // 2][1] if found else None


def _excerpt(part: str, reference: Reference, systems: Sequence[System]) -> Excerpt:
    truth = reference.stems[part]
    span = loudest(truth, round(EXCERPT_S * reference.rate), round(_STEP_S * reference.rate))
    sounds = {MIXTURE: reference.mixture[span]}
    for system in systems:
        estimate = system.estimate(reference, span)
        if estimate is not None and part in estimate.stems:
            sounds[system.name] = estimate.stems[part]
    sounds[TRUTH] = truth[span]
    return Excerpt(part, reference.name, span.start / reference.rate, reference.rate, sounds)


def loudest(sound: Sound, frames: int, step: int) -> slice:
    """Return where `frames` of a sound [frames, 2] are loudest, looked for every `step` frames."""
    frames = min(frames, len(sound))
    energy = np.concatenate([[0.0], np.square(sound, dtype=np.float64).sum(axis=1).cumsum()])
    firsts = np.arange(0, len(sound) - frames + 1, step)
    first = int(firsts[np.argmax(energy[firsts + frames] - energy[firsts])])
    return slice(first, first + frames)
