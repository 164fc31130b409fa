"""Bars and spectrograms as picture files in memory, by matplotlib."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.collections import Sound
from demixme.core.errors import MissingExtra
from demixme.core.parts import STEMS
from demixme.dsp.stft import Stft
from demixme.evaluation.reference import reader_of
from demixme.evaluation.scores import SongScore
from demixme.evaluation.summary import Total

_N_FFT, _HOP = 2048, 512
_LOWEST_HZ, _HIGHEST_HZ, _ROWS = 40.0, 16000.0, 160
_RANGE_DB = 70.0
#: Distinguishable also without colour vision (Okabe and Ito, 2008), in the order of the rows.
_COLOURS = ("#999999", "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")


def check_matplotlib() -> None:
    """Raise MissingExtra where matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtra("demixme evaluate --html", "evaluation") from error


def bars(totals: Sequence[Total], scores: Sequence[SongScore]) -> str:
    """Return an SVG: a bar for each part and system, a dot for each song."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 3.6), layout="constrained")
    axes = figure.subplots()
    columns = (*STEMS, "mean")
    width = 0.8 / max(1, len(totals))
    for k, total in enumerate(totals):
        places = np.arange(len(columns)) + (k - (len(totals) - 1) / 2) * width
        heights = [total.global_db.get(c, np.nan) for c in columns]
        colour = _COLOURS[k % len(_COLOURS)]
        axes.bar(places, heights, width * 0.92, color=colour, label=total.system)
        for place, column in zip(places, columns, strict=True):
            dots = _dots(column, total.system, scores)
            axes.plot([place] * len(dots), dots, ".", color="black", alpha=0.35, markersize=3)
    axes.axhline(0.0, color="black", linewidth=0.6)
    axes.set_xticks(np.arange(len(columns)), columns)
    axes.set_ylabel("global SDR / dB")
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8, ncols=min(4, max(1, len(totals))), loc="upper left")
    axes.margins(y=0.2)
    picture = _saved(figure, "svg").decode("utf-8")
    return picture[picture.index("<svg") :]  # without the XML head, to stand in a page


def _dots(column: str, system: str, scores: Sequence[SongScore]) -> list[float]:
    here = [s for s in scores if s.system == system]
    if column == "mean":
        return [m for s in here if (m := s.mean_sdr_db) is not None]
    return [s.parts[column].sdr_db for s in here if column in s.parts]


def spectrogram(sound: Sound, rate: int, loudest_db: float) -> bytes:
    """Return a PNG of a sound's levels over time and the logarithm of frequency.

    Parameters
    ----------
    sound : np.ndarray [shape=(frames, 2), float32]
    rate : int
        Hz.
    loudest_db : float
        The level shown brightest: the mixture's, so that pictures beside each other compare.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2, 2.0), layout="constrained")
    axes = figure.subplots()
    seconds = len(sound) / rate
    axes.imshow(
        levels_db(sound, rate),
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=loudest_db - _RANGE_DB,
        vmax=loudest_db,
        extent=(0.0, seconds, 0.0, float(_ROWS)),
    )
    marks = [f for f in (100, 1000, 10000) if f < rate / 2]
    shares = np.log(np.array(marks) / _LOWEST_HZ) / np.log(_top_hz(rate) / _LOWEST_HZ)
    axes.set_yticks(shares * _ROWS, [f"{f / 1000:g} kHz" for f in marks], fontsize=6)
    axes.tick_params(labelsize=6)
    axes.set_xlabel("s", fontsize=6)
    return _saved(figure, "png")


def levels_db(sound: Sound, rate: int) -> NDArray[np.float64]:
    """Return levels in dB [rows of rising frequency, time] of the sum of both channels."""
    stft = Stft(_N_FFT, _HOP)
    before, length = stft.needed(len(sound), 0)
    spectra = stft.forward(reader_of(sound)(-before, length))
    power = np.square(np.abs(spectra)).sum(axis=0)
    frequencies = np.geomspace(_LOWEST_HZ, _top_hz(rate), _ROWS)
    rows = np.clip(np.round(frequencies / rate * _N_FFT).astype(int), 0, len(power) - 1)
    return np.asarray(10.0 * np.log10(power[rows] + 1e-12), np.float64)


def _top_hz(rate: int) -> float:
    return min(_HIGHEST_HZ, 0.49 * rate)


def _saved(figure: Any, kind: str) -> bytes:
    made = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {}
    figure.savefig(made, format=kind, dpi=110, metadata=metadata)
    return made.getvalue()
