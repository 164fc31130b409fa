"""A whole song: the parts played, sent through the desk, set to their levels, glued together."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from demixme.core.parts import STEMS
from demixme.training.mastering import compressor_gain
from tools.renderer.bass import play_bass
from tools.renderer.drums import groove, play_drums
from tools.renderer.effects import channel
from tools.renderer.instruments import Shop
from tools.renderer.kits import KitShelf
from tools.renderer.layers import Band, play_layers
from tools.renderer.score import Score, bass_line, read_score, sections, without
from tools.renderer.sound import Note, Sound, at_level, frames_of, panned, stereo
from tools.renderer.sources import Sources
from tools.renderer.voices import Singer

SECONDS = 50.0
#: Levels the stems are set to, RMS where they sound; drums vary by 3 dB around theirs.
LEVELS_DB = {"bass": -20.0, "drums": -16.0, "other": -20.0}
LEAD_DB = -20.0
_HARMONIES = (0, 0, 3, 4, -5, 12, -12)
_CEILING = 0.98


@dataclass(frozen=True, eq=False)
class RenderedSong:
    """A song's stems [frames, 2] and what an audit needs to know about them."""

    stems: dict[str, Sound]
    facts: dict[str, object]
    dry_lead: Sound
    sung: list[Note]
    dry_bass: Sound
    bass_notes: list[Note]
    kicks: list[float] = field(default_factory=list)


class Studio:
    """Everything that songs of one split are made with; a number always gives the same song."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.shop = Shop(sources)
        self.shelf = KitShelf(sources)

    def record(self, seed: int, seconds: float = SECONDS) -> RenderedSong:
        """Return song number `seed`; each part has chances of its own."""
        of_score, of_voice, of_drums, of_bass, of_rest, of_master = (
            np.random.default_rng([seed, k]) for k in range(6)
        )
        frames = frames_of(seconds)
        score = read_score(self.sources, seconds, of_score)
        sings = self.sources.split.sings and bool(of_voice.random() > 0.1)
        singer, lead, vocals = self._vocals(score, frames, sings, of_voice)
        beat = groove(self.sources, seconds, score.bpm, of_drums)
        beat = type(beat)(without(beat.strokes, sections(score, of_drums, 0.08)))
        drums = channel(play_drums(beat, self.shelf, frames, of_drums), of_drums, "drums")
        line, with_kick = bass_line(score, beat.kicks, of_bass)
        line = without(line, sections(score, of_bass, 0.1))
        bass, dry_bass = play_bass(line, self.shop, frames, of_bass)
        band = Band(score, self.shop, frames, sings)
        other, kinds = play_layers(band, of_rest)
        stems = {
            "bass": at_level(channel(bass, of_bass, "bass"), LEVELS_DB["bass"]),
            "drums": at_level(drums, of_drums.normal(LEVELS_DB["drums"], 3)),
            "other": at_level(other, LEVELS_DB["other"]),
            "vocals": vocals,
        }
        facts = {
            **{"seed": seed, "pop909": score.source, "bpm": round(score.bpm, 2), "layers": kinds},
            **{"split": self.sources.split.name, "voice": singer.bank if singer else None},
            **{"with_kick": with_kick, "melody_notes": len(score.melody)},
        }
        return RenderedSong(
            mastered(stems, of_master),
            facts,
            lead,
            singer.sung if singer else [],
            dry_bass,
            line,
            beat.kicks,
        )

    def _vocals(
        self, score: Score, frames: int, sings: bool, rng: Generator
    ) -> tuple[Singer | None, Sound, Sound]:
        """Return who sings, the dry lead, and lead and second voice as they stand in the mix."""
        if not sings:
            silence = np.zeros((frames, 2), np.float32)
            return None, silence[:, 0], silence
        voices = self.sources.split.voices
        banks, shares = list(voices), list(voices.values())
        singer = Singer(self.sources, str(rng.choice(banks, p=shares)), rng)
        lead = singer.sing(score.melody, frames)
        made = panned(at_level(stereo(lead), LEAD_DB), rng.uniform(0.4, 0.6))
        if rng.random() < 0.35:
            apart = int(rng.choice(_HARMONIES))
            second = Singer(self.sources, str(rng.choice(banks, p=shares)), rng)
            late = [
                n._replace(start_s=max(0.0, n.start_s + rng.normal(0, 0.015)), key=n.key + apart)
                for n in score.melody
            ]
            quieter = at_level(stereo(second.sing(late, frames)), LEAD_DB - rng.uniform(3, 10))
            made = made + panned(quieter, rng.uniform(0.05, 0.95))
        return singer, lead, channel(made, rng, "vocals")


def mastered(stems: dict[str, Sound], rng: Generator) -> dict[str, Sound]:
    """Return the stems through one master: each gets the sum's gain, so that they still sum."""
    if rng.random() < 0.4:
        mix = np.stack([stems[s] for s in STEMS]).sum(axis=0).T
        curve = compressor_gain(mix, rng.uniform(2, 6), rng)[:, None]
        stems = {s: x * curve for s, x in stems.items()}
    loudest = max(float(np.abs(x).max()) for x in stems.values())
    share = np.float32(min(1.0, _CEILING / max(loudest, 1e-6)))
    return {s: np.nan_to_num(x * share).astype(np.float32) for s, x in stems.items()}
