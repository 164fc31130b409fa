"""Why nothing is heard while the song plays: which of our own controls makes it silent."""

from dataclasses import dataclass

from demixme.core.mixstate import MixState
from demixme.core.units import SILENCE_DB

WAITING, VOLUME, MASTER_DOWN, ALL_MUTED, SOLO_MUTED, FADER_DOWN = (
    "waiting",
    "volume",
    "master",
    "all_muted",
    "solo_muted",
    "fader_down",
)


@dataclass(frozen=True)
class Silence:
    """One reason; `part` where it is about one strip."""

    reason: str
    part: str = ""


def explain_silence(mix: MixState, volume: float, waiting: bool) -> Silence | None:
    """Return why our controls make a playing song inaudible, None where they do not."""
    if volume <= 0.0:
        return Silence(VOLUME)
    if mix.master_db == SILENCE_DB:
        return Silence(MASTER_DOWN)
    strips = mix.strips
    if all(s.mute for s in strips.values()):
        return Silence(ALL_MUTED)
    soloed = [n for n in mix.parts.mixer_order if strips[n].solo]
    heard = soloed or list(mix.parts.mixer_order)
    if not any(not strips[n].mute and strips[n].level_db > SILENCE_DB for n in heard):
        muted = [n for n in heard if strips[n].mute]
        if soloed and muted:
            return Silence(SOLO_MUTED, muted[0])
        return Silence(FADER_DOWN, next(n for n in heard if strips[n].level_db == SILENCE_DB))
    return Silence(WAITING) if waiting else None
