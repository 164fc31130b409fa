"""The tables of `demixme evaluate`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from demixme.commands.console import Console
from demixme.core.parts import STEMS

if TYPE_CHECKING:
    from demixme.evaluation.scores import SongScore
    from demixme.evaluation.summary import Comparison, Total

_COLUMNS = (*STEMS, "mean")
_NOTHING = "–"


def number(value: float | None) -> str:
    """Return a level in dB with two digits, a dash where there is none."""
    return _NOTHING if value is None else f"{value:.2f}".replace("-", "−")


def say_songs(scores: "Iterable[SongScore]", console: Console) -> None:
    """Print each song's global SDR, and what is silent in the truth."""
    rows: list[tuple[str, ...]] = [("song", "", *_COLUMNS)]
    former = None
    for score in scores:
        cells = [
            number(score.parts[p].sdr_db)
            if p in score.parts
            else f"({number(score.below_db[p])})"
            if p in score.below_db
            else _NOTHING
            for p in STEMS
        ]
        song = score.song if score.song != former else ""
        rows.append((song, score.system, *cells, number(score.mean_sdr_db)))
        former = score.song
    console.say("global SDR in dB; in brackets the level below the mixture of a silent part")
    console.table(_right(rows, 2))


def say_totals(totals: "Sequence[Total]", console: Console) -> None:
    """Print the medians over songs."""
    rows: list[tuple[str, ...]] = [("", *_COLUMNS, "songs", "× real time", "memory")]
    for total in totals:
        cells = [number(total.global_db.get(p)) for p in _COLUMNS]
        speed = _NOTHING if total.real_time is None else f"{total.real_time:.3f}"
        size = total.memory_bytes
        memory = _NOTHING if size is None else f"{size / 1e6:.0f} MB"
        rows.append((total.system, *cells, str(total.songs), speed, memory))
    console.say()
    console.say("global SDR in dB, median over songs; processor time of one thread")
    console.table(_right(rows, 1))
    for measure in ("sdr", "sir", "sar", "isr"):
        _say_bss(totals, measure, console)
    _say_silent(totals, console)


def _say_bss(totals: "Sequence[Total]", measure: str, console: Console) -> None:
    rows: list[tuple[str, ...]] = [("", *_COLUMNS)]
    for total in totals:
        if found := total.bss_db.get(measure):
            rows.append((total.system, *(number(found.get(p)) for p in _COLUMNS)))
    if len(rows) > 1:
        console.say()
        console.say(f"BSS Eval v4 {measure.upper()} in dB, median over frames, then over songs")
        console.table(_right(rows, 1))


def _say_silent(totals: "Sequence[Total]", console: Console) -> None:
    parts = [p for p in STEMS if any(p in t.below_db for t in totals)]
    if parts:
        rows = [("", *parts)]
        rows += [
            (t.system, *(number(t.below_db.get(p)) for p in parts)) for t in totals if t.below_db
        ]
        console.say()
        console.say("parts silent in the truth: level below the mixture in dB, median over songs")
        console.table(_right(rows, 1))


def say_comparison(comparison: "Comparison", console: Console) -> None:
    """Print how much one system is above another."""
    rows = [("", "mean", "90 % interval", "songs")]
    for d in comparison.differences:
        span = f"{number(d.low_db)} … {number(d.high_db)}"
        rows.append((d.part, number(d.mean_db), span, str(d.songs)))
    console.say()
    console.say(f"{comparison.system} above {comparison.against}: global SDR in dB, paired by song")
    console.table(_right(rows, 1))


def _right(rows: "Sequence[tuple[str, ...]]", labels: int) -> list[tuple[str, ...]]:
    """Return rows whose figures, all but the first `labels` columns, stand under each other."""
    columns = [
        [cell if k < labels else cell.rjust(max(map(len, column))) for cell in column]
        for k, column in enumerate(zip(*rows, strict=True))
    ]
    return list(zip(*columns, strict=True))
