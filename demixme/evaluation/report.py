"""The report: one page that holds its pictures and sounds and needs nothing else."""

import base64
import tempfile
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from demixme.audiofile.collections import Sound
from demixme.audiofile.encode import open_writer
from demixme.audiofile.partfile import PartFile
from demixme.core.parts import STEMS
from demixme.evaluation.excerpts import Excerpt
from demixme.evaluation.pictures import bars, levels_db, spectrogram
from demixme.evaluation.scores import SongScore
from demixme.evaluation.summary import Comparison, Total

_COLUMNS = (*STEMS, "mean")
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c2128; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.2rem } h3 { font-size: 1rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0 }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #d8dee4 }
th:first-child, td:first-child, td.name { text-align: left }
svg { width: 100%; height: auto }
.row { display: flex; flex-wrap: wrap; gap: .6rem }
figure { margin: 0; width: 15rem } figure img, figure audio { width: 100% }
figcaption { font-size: .85rem } .remark { color: #57606a; font-size: .85rem }
"""


def write_report(
    path: Path,
    facts: dict[str, Any],
    totals: Sequence[Total],
    comparisons: Sequence[Comparison],
    scores: Sequence[SongScore],
    excerpts: Sequence[Excerpt],
) -> None:
    """Write the page, whole or not at all; `facts` are rows of what was measured with what."""
    body = [
        "<h1>How well songs are separated</h1>",
        "<h2>Global SDR</h2>",
        '<p class="remark">In dB, median over songs; a dot is a song. “mean” is the mean over the '
        "parts. Speed is processor time of one thread for a second of song; memory is the most "
        "that a process separating 20 s holds.</p>",
        bars(totals, scores),
        _totals(totals),
        *_bss(totals),
        *_silent(totals),
        *(_comparison(c) for c in comparisons),
        *(_excerpt(e) for e in excerpts),
        "<h2>Song by song</h2>",
        _songs(scores),
        "<h2>What was measured with what</h2>",
        _facts(facts),
    ]
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>DemixME: evaluation</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )
    file = PartFile(path, overwrite=True)
    file.write(page.encode("utf-8"))
    file.commit()


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = "".join(f"<th>{escape(c)}</th>" for c in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def _facts(facts: dict[str, Any]) -> str:
    rows = "".join(
        f'<tr><td>{escape(str(k))}</td><td class="name">{escape(str(v))}</td></tr>'
        for k, v in facts.items()
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _totals(totals: Sequence[Total]) -> str:
    rows = [
        (
            *(t.system, *(_number(t.global_db.get(c)) for c in _COLUMNS), str(t.songs)),
            _number(t.real_time, 3),
            "–" if t.memory_bytes is None else f"{t.memory_bytes / 1e6:.0f} MB",
        )
        for t in totals
    ]
    return _table(("", *_COLUMNS, "songs", "× real time", "memory"), rows)


def _bss(totals: Sequence[Total]) -> Iterable[str]:
    yield '<h2>BSS Eval v4</h2><p class="remark">In dB, median over frames of 1 s, then songs.</p>'
    for measure in ("sdr", "sir", "sar", "isr"):
        rows = [
            (t.system, *(_number(t.bss_db[measure].get(c)) for c in _COLUMNS))
            for t in totals
            if measure in t.bss_db
        ]
        if rows:
            yield _table((measure.upper(), *_COLUMNS), rows)


def _silent(totals: Sequence[Total]) -> Iterable[str]:
    parts = [p for p in STEMS if any(p in t.below_db for t in totals)]
    if parts:
        yield "<h2>Parts that are silent in the truth</h2>"
        yield '<p class="remark">Level of the estimate below the mixture in dB, median.</p>'
        rows = [
            (t.system, *(_number(t.below_db.get(p)) for p in parts)) for t in totals if t.below_db
        ]
        yield _table(("", *parts), rows)


def _comparison(comparison: Comparison) -> str:
    title = f"{comparison.system} above {comparison.against}"
    rows = [
        (d.part, _number(d.mean_db), f"{_number(d.low_db)} … {_number(d.high_db)}", str(d.songs))
        for d in comparison.differences
    ]
    return (
        f"<h2>{escape(title)}</h2>"
        '<p class="remark">Global SDR in dB, mean of the differences song by song, and their '
        "90 % bootstrap interval.</p>" + _table(("", "mean", "90 % interval", "songs"), rows)
    )


def _excerpt(excerpt: Excerpt) -> str:
    rate = excerpt.rate
    loudest_db = float(levels_db(next(iter(excerpt.sounds.values())), rate).max())
    figures = "".join(
        f'<figure><img alt="spectrogram of {escape(name)}" src="data:image/png;base64,'
        f'{_base64(spectrogram(sound, rate, loudest_db))}">'
        f'<audio controls preload="none" src="data:audio/mpeg;base64,{_base64(_mp3(sound, rate))}">'
        f"</audio><figcaption>{escape(name)}</figcaption></figure>"
        for name, sound in excerpt.sounds.items()
    )
    place = f"{excerpt.song}, from {excerpt.first_s:.0f} s"
    return (
        f"<h2>To look at and to listen to: {escape(excerpt.part)}</h2>"
        f'<p class="remark">{escape(place)}: the song of the median for this part, where the part '
        f'is loudest.</p><div class="row">{figures}</div>'
    )


def _songs(scores: Sequence[SongScore]) -> str:
    rows = []
    for s in scores:
        cells = [
            _number(s.parts[p].sdr_db)
            if p in s.parts
            else f"({_number(s.below_db[p])})"
            if p in s.below_db
            else "–"
            for p in STEMS
        ]
        rows.append((s.song, s.system, *cells, _number(s.mean_sdr_db)))
    return (
        '<p class="remark">Global SDR in dB; in brackets the level below the mixture of a part '
        "that is silent in the truth.</p>" + _table(("song", "", *_COLUMNS), rows)
    )


def _mp3(sound: Sound, rate: int) -> bytes:
    """Return a sound as MP3, turned down where it would clip."""
    peak = max(1.0, float(np.abs(sound).max()) / 0.98)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "excerpt.mp3"
        writer = open_writer(path, rate, 2, "mp3")
        writer.write(sound / np.float32(peak))
        writer.commit()
        return path.read_bytes()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
