"""What the scores come to: medians over songs, means over parts, two systems song by song."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import STEMS
from demixme.evaluation.scores import SongScore, median

GLOBAL = "global"
INTERVAL = 0.9
_DRAWS = 10_000
_SEED = 20261


@dataclass(frozen=True)
class Total:
    """A system over all songs.

    `global_db` and `bss_db` (by measure) hold for each part the median over songs (of the median
    over frames), and under ``mean`` the mean over the parts. `below_db` is the median level of
    parts silent in the truth, `real_time` what a second of song takes of one processor,
    `memory_bytes` what separating takes at most (`footprint.peak_memory`).
    """

    system: str
    songs: int
    global_db: dict[str, float]
    bss_db: dict[str, dict[str, float]]
    below_db: dict[str, float]
    real_time: float | None = None
    memory_bytes: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in the results file."""
        return asdict(self)


def totals(scores: Iterable[SongScore]) -> list[Total]:
    """Return a total for every system, in the order in which they come."""
    by_system: dict[str, list[SongScore]] = {}
    for score in scores:
        by_system.setdefault(score.system, []).append(score)
    return [_total(name, found) for name, found in by_system.items()]


def _total(system: str, scores: Sequence[SongScore]) -> Total:
    measures = {m for s in scores for p in s.parts.values() for m in p.frames}
    processor_s = [s.processor_s for s in scores if s.processor_s is not None]
    seconds = [s.seconds for s in scores if s.processor_s is not None]
    below = {
        part: value
        for part in STEMS
        if (value := median(s.below_db[part] for s in scores if part in s.below_db)) is not None
    }
    return Total(
        *(system, len(scores), _by_part(scores, None)),
        {m: _by_part(scores, m) for m in ("sdr", "isr", "sir", "sar") if m in measures},
        below,
        sum(processor_s) / sum(seconds) if seconds else None,
    )


def _by_part(scores: Sequence[SongScore], measure: str | None) -> dict[str, float]:
    made = {}
    for part in STEMS:
        here = [s.parts[part] for s in scores if part in s.parts]
        values = (p.sdr_db if measure is None else p.median(measure) for p in here)
        middle = median(v for v in values if v is not None)
        if middle is not None:
            made[part] = middle
    if made:
        made["mean"] = float(np.mean(list(made.values())))
    return made


@dataclass(frozen=True)
class Difference:
    """How much `system` is above `against` on the same songs, in dB of global SDR.

    `mean_db` is the mean over songs of the difference, `low_db` … `high_db` its 90 % interval; of
    one song there is none.
    """

    part: str
    songs: int
    mean_db: float
    low_db: float | None
    high_db: float | None


@dataclass(frozen=True)
class Comparison:
    """Two systems song by song: each part, and under ``mean`` the mean of a song's parts."""

    system: str
    against: str
    differences: tuple[Difference, ...]
    songs: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in the results file."""
        return asdict(self)


def compared(scores: Iterable[SongScore], system: str, against: str) -> Comparison:
    """Compare two systems on the songs that both were scored on.

    The interval is the percentile bootstrap over songs of the mean of paired differences
    (B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13), with a fixed
    seed.
    """
    found = {(s.song, s.system): s for s in scores}
    songs = [n for n, its in found if its == system and (n, against) in found]
    rows: dict[str, dict[str, float]] = {}
    for song in songs:
        one, other = found[song, system].parts, found[song, against].parts
        apart = {p: one[p].sdr_db - other[p].sdr_db for p in STEMS if p in one and p in other}
        if apart:
            rows[song] = {**apart, "mean": float(np.mean(list(apart.values())))}
    differences = []
    for part in (*STEMS, "mean"):
        values = np.array([row[part] for row in rows.values() if part in row])
        if len(values):
            low, high = bootstrap(values) if len(values) > 1 else (None, None)
            differences.append(Difference(part, len(values), float(values.mean()), low, high))
    means = {song: row["mean"] for song, row in rows.items()}
    return Comparison(system, against, tuple(differences), means)


def bootstrap(values: NDArray[np.float64], interval: float = INTERVAL) -> tuple[float, float]:
    """Return the percentile interval of the mean of `values` [n], drawn again with replacement."""
    rng = np.random.default_rng(_SEED)
    drawn = values[rng.integers(len(values), size=(_DRAWS, len(values)))].mean(axis=1)
    tail = 50.0 * (1.0 - interval)
    low, high = np.percentile(drawn, (tail, 100.0 - tail))
    return float(low), float(high)
