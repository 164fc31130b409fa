"""One system's figures for one song, as they stand in the results file."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.evaluation.measures import (
    BSS_MEASURES,
    bss_frames,
    frame_sdr,
    global_sdr,
    level_below,
)
from demixme.evaluation.reference import Reference
from demixme.evaluation.systems import Estimate

_DIGITS = 4
_MOST_DB = 300.0


@dataclass(frozen=True)
class PartScore:
    """A part that sounds: `sdr_db` over the whole song, `frames` of BSS Eval v4 by measure."""

    sdr_db: float
    frames: dict[str, list[float | None]]

    def median(self, measure: str) -> float | None:
        """Return the median over the frames that have a value."""
        return median(x for x in self.frames.get(measure, ()) if x is not None)


@dataclass(frozen=True)
class SongScore:
    """What a system reached on a song; `below_db` are the levels of parts silent in the truth."""

    key: str
    song: str
    system: str
    seconds: float
    parts: dict[str, PartScore]
    below_db: dict[str, float]
    took_s: float | None = None
    processor_s: float | None = None

    @property
    def mean_sdr_db(self) -> float | None:
        """Return the mean of the parts' SDR, None where none was scored."""
        values = [p.sdr_db for p in self.parts.values()]
        return float(np.mean(values)) if values else None

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in the results file."""
        return {
            **{"key": self.key, "song": self.song, "system": self.system},
            "seconds": round(self.seconds, 3),
            "parts": {
                name: {
                    "sdr_db": round(part.sdr_db, _DIGITS),
                    "bss_eval_v4": {f"{m}_db": part.frames[m] for m in part.frames},
                }
                for name, part in self.parts.items()
            },
            "below_mixture_db": {k: round(v, _DIGITS) for k, v in self.below_db.items()},
            "took_s": self.took_s,
            "processor_s": self.processor_s,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "SongScore":
        """Return what `as_json` wrote."""
        parts = {
            name: PartScore(
                part["sdr_db"],
                {m.removesuffix("_db"): list(v) for m, v in part["bss_eval_v4"].items()},
            )
            for name, part in found["parts"].items()
        }
        return cls(
            *(found["key"], found["song"], found["system"], found["seconds"], parts),
            dict(found["below_mixture_db"]),
            found["took_s"],
            found["processor_s"],
        )


def scored(
    key: str, system: str, reference: Reference, estimate: Estimate, quick: bool = False
) -> SongScore:
    """Hold an estimate against the truth.

    Parameters
    ----------
    key : str
        What the figures depend on, hashed.
    system : str
        The estimate's maker.
    reference : Reference
    estimate : Estimate
    quick : bool
        SDR only, for which museval is not needed.

    Raises
    ------
    MissingExtra
        museval is not installed.
    """
    parts = [p for p in reference.sounding if p in estimate.stems]
    truths = {p: reference.stems[p] for p in parts}
    made = {p: estimate.stems[p] for p in parts}
    frames: dict[str, dict[str, NDArray[np.float64]]] = {}
    if parts and quick:
        frames = {p: {"sdr": x} for p, x in frame_sdr(truths, made, reference.rate).items()}
    elif parts:
        frames = bss_frames(truths, made, reference.rate)
    silent = [p for p in reference.silent if p in estimate.stems]
    return SongScore(
        *(key, reference.name, system, reference.seconds),
        {p: PartScore(global_sdr(truths[p], made[p]), _plain(frames[p])) for p in parts},
        {p: level_below(reference.mixture, estimate.stems[p]) for p in silent},
        estimate.took_s,
        estimate.processor_s,
    )


def _plain(frames: dict[str, NDArray[np.float64]]) -> dict[str, list[float | None]]:
    return {
        m: [None if math.isnan(x) else round(_within(float(x)), _DIGITS) for x in frames[m]]
        for m in BSS_MEASURES
        if m in frames
    }


def _within(level_db: float) -> float:
    """Bound a level, because JSON has no infinity."""
    return min(_MOST_DB, max(-_MOST_DB, level_db))


def median(values: Iterable[float]) -> float | None:
    """Return the median, None of nothing."""
    found = list(values)
    return float(np.median(found)) if found else None
