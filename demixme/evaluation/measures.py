"""The figures: global SDR, BSS Eval v4, and how far a part lies below the mixture."""

import importlib.util
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.collections import Sound
from demixme.core.errors import MissingExtra

#: Frames of BSS Eval v4: as long as the steps between them.
FRAME_S = 1.0
BSS_MEASURES = ("sdr", "isr", "sir", "sar")
_TINY_ENERGY = 1e-9

Frames = dict[str, NDArray[np.float64]]


def energy(sound: Sound) -> float:
    """Return the sum of squares of a sound, in double precision."""
    return float(np.square(sound, dtype=np.float64).sum())


def decibels(signal: float, noise: float) -> float:
    """Return ``10 log10`` of a ratio of energies; finite also where one of them is 0."""
    return 10.0 * float(np.log10((signal + _TINY_ENERGY) / (noise + _TINY_ENERGY)))


def global_sdr(truth: Sound, estimate: Sound) -> float:
    """Return the signal-to-distortion ratio over a whole song in dB.

    ``10 log10(Σ s² / Σ (ŝ − s)²)`` over all samples of both channels, as the Music Demixing
    Challenge 2021 scored (Mitsufuji et al., Frontiers in Signal Processing 1, 2022).

    Parameters
    ----------
    truth, estimate : np.ndarray [shape=(frames, 2), float32]
    """
    return decibels(energy(truth), energy(estimate - truth))


def level_below(mixture: Sound, estimate: Sound) -> float:
    """Return how many dB an estimate's energy lies below the mixture's: for parts that are silent.

    Parameters
    ----------
    mixture, estimate : np.ndarray [shape=(frames, 2), float32]
    """
    return decibels(energy(mixture), energy(estimate))


def frame_sdr(
    truths: Mapping[str, Sound], estimates: Mapping[str, Sound], rate: int
) -> dict[str, NDArray[np.float64]]:
    """Return the SDR of BSS Eval v4 for every second and part, without museval.

    In version 4 the three distortions of an image sum to ``ŝ − s``, so its SDR needs none of the
    projections (Stöter, Liutkus, Ito, "The 2018 Signal Separation Evaluation Campaign", LVA/ICA
    2018); a test holds this to museval. A frame in which any truth or estimate is silent is NaN.

    Parameters
    ----------
    truths, estimates : mapping of str to np.ndarray [shape=(frames, 2), float32]
        The same parts.
    rate : int
        Hz.
    """
    length = round(FRAME_S * rate)
    frames = len(next(iter(truths.values())))
    count = max(1, frames // length)
    length = min(length, frames)
    found = {part: np.full(count, np.nan) for part in truths}
    for k in range(count):
        here = slice(k * length, (k + 1) * length)
        sounds = [x[here] for x in (*truths.values(), *estimates.values())]
        if all(_sounds(x) for x in sounds):
            for part, truth in truths.items():
                noise = energy(estimates[part][here] - truth[here])
                ratio = energy(truth[here]) / noise if noise else np.inf
                found[part][k] = 10.0 * np.log10(ratio)
    return found


def _sounds(sound: Sound) -> bool:
    """Return whether museval takes a sound for not silent."""
    return bool(np.any(sound.sum(axis=1) != 0.0))


def bss_frames(
    truths: Mapping[str, Sound], estimates: Mapping[str, Sound], rate: int
) -> dict[str, Frames]:
    """Return SDR, ISR, SIR and SAR of BSS Eval v4 for every second and part, by museval.

    Parameters
    ----------
    truths, estimates : mapping of str to np.ndarray [shape=(frames, 2), float32]
        The same parts, none of them silent in the truth.
    rate : int
        Hz.

    Returns
    -------
    dict of str to dict of str to np.ndarray [shape=(seconds,), float64]
        Part → measure → dB; NaN in frames where a part is silent, and everywhere if museval can
        score nothing because an estimate is silent all through.

    Raises
    ------
    MissingExtra
        museval is not installed.
    """
    parts = list(truths)
    if not all(_sounds(estimates[p]) for p in parts):
        empty = np.full(max(1, len(truths[parts[0]]) // round(FRAME_S * rate)), np.nan)
        return {p: dict.fromkeys(BSS_MEASURES, empty) for p in parts}
    window = round(FRAME_S * rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        *found, _ = museval_metrics().bss_eval(
            np.stack([truths[p] for p in parts]).astype(np.float64),
            np.stack([estimates[p] for p in parts]).astype(np.float64),
            window=window,
            hop=window,
            framewise_filters=False,
        )
    return {
        part: {name: np.asarray(found[m][k]) for m, name in enumerate(BSS_MEASURES)}
        for k, part in enumerate(parts)
    }


@cache
def museval_metrics() -> ModuleType:
    """Return museval's module of measures.

    Raises
    ------
    MissingExtra
        museval is not installed.
    """
    # WORKAROUND museval 0.4.1: importing the package imports musdb and stempeg, which raises where
    # ffmpeg is not installed; its measures need neither, so only their file is loaded. Drop when
    # museval imports without ffmpeg.
    package = importlib.util.find_spec("museval")
    if package is None or package.origin is None:
        raise MissingExtra("demixme evaluate", "evaluation")
    path = Path(package.origin).with_name("metrics.py")
    spec = importlib.util.spec_from_file_location("museval_metrics", path)
    if spec is None or spec.loader is None:
        raise MissingExtra("demixme evaluate", "evaluation")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
