"""What makes estimates: a model of ours, another program's files, and two that know the truth."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from demixme.audiofile.collections import Sound
from demixme.dsp.stft import Stft
from demixme.evaluation.estimates import find_estimates, read_estimate
from demixme.evaluation.reference import Reference, fitted, reader_of
from demixme.separation.registry import Model, load_model

FLOOR, RATIO_MASK = "mixture ÷ parts", "ideal ratio mask"
WHOLE = slice(None)
#: STFT of the ideal ratio mask, in samples.
RATIO_N_FFT, RATIO_HOP = 2048, 512
#: Separated at a time: any cut is the same, so it bounds memory only.
_PIECE_S = 60.0
_TINY_POWER = np.float32(1e-12)


@dataclass(frozen=True)
class Estimate:
    """A system's parts of a song [frames, 2], and what they took, where it was measured."""

    stems: dict[str, Sound]
    took_s: float | None = None
    processor_s: float | None = None


class System(Protocol):
    """Anything that can be scored; it travels to other processes, so it holds no loaded model."""

    @property
    def name(self) -> str:
        """Return what its row is called."""
        ...

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on, for the results file."""
        ...

    def estimate(self, reference: Reference, span: slice = WHOLE) -> Estimate | None:
        """Return its parts of a song or of some of its frames, None where it has none."""
        ...


@dataclass(frozen=True)
class Floor:
    """The mixture divided by the number of the song's parts: what no separation at all scores."""

    name: str = FLOOR

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on."""
        return {"kind": "floor"}

    def estimate(self, reference: Reference, span: slice = WHOLE) -> Estimate:
        """Return the same share of the mixture for every part that sounds."""
        parts = reference.sounding
        share = reference.mixture[span] / np.float32(max(1, len(parts)))
        return Estimate(dict.fromkeys(parts, share))


@dataclass(frozen=True)
class RatioMask:
    """The mixture masked by the true parts' shares of power: about the best that masks can do.

    ``|S_k|² / Σ |S_j|²`` on an STFT of 2048 samples every 512, per channel; the mask IRM2 of the
    2018 Signal Separation Evaluation Campaign (Stöter, Liutkus, Ito, LVA/ICA 2018).
    """

    name: str = RATIO_MASK

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on."""
        return {"kind": "ideal ratio mask", "n_fft": RATIO_N_FFT, "hop": RATIO_HOP}

    def estimate(self, reference: Reference, span: slice = WHOLE) -> Estimate:
        """Return the masked mixture for every part that sounds."""
        made = {p: np.empty_like(reference.mixture[span]) for p in reference.sounding}
        for first, here in _pieces(reference, span):
            for part, sound in _masked(reference, first, here.stop - here.start).items():
                made[part][here] = sound
        return Estimate(made)


def _pieces(reference: Reference, span: slice) -> Iterator[tuple[int, slice]]:
    """Yield the first frames of pieces in the song, and where they stand in the span."""
    begin, end, _ = span.indices(len(reference.mixture))
    piece = round(_PIECE_S * reference.rate)
    for first in range(begin, end, piece):
        yield first, slice(first - begin, min(first + piece, end) - begin)


def _masked(reference: Reference, first: int, frames: int) -> dict[str, Sound]:
    stft = Stft(RATIO_N_FFT, RATIO_HOP)
    before, length = stft.needed(frames, 0)
    mixture = stft.forward(reader_of(reference.mixture)(first - before, length))
    powers = {
        part: np.square(np.abs(stft.forward(reader_of(truth)(first - before, length))))
        for part, truth in reference.stems.items()
    }
    total = np.sum(list(powers.values()), axis=0) + _TINY_POWER
    made = {}
    for part in reference.sounding:
        made[part] = np.empty((frames, 2), np.float32)
        stft.inverse(mixture * (powers[part] / total), made[part])
    return made


@dataclass(frozen=True)
class ModelSystem:
    """A model of ours, separating as the app does, or with `best` as for files, on one thread."""

    name: str
    path: Path
    best: bool = False

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on."""
        sidecar = hashlib.sha256(self.path.with_suffix(".json").read_bytes()).hexdigest()
        network = hashlib.sha256(self.path.read_bytes()).hexdigest()
        quality = "best" if self.best else "normal"
        facts = {"kind": "model", "quality": quality, "sha256": network}
        return {**facts, "sidecar_sha256": sidecar}

    def estimate(self, reference: Reference, span: slice = WHOLE) -> Estimate:
        """Separate a song."""
        separator = _loaded(self.path).separator(reference.rate, self.best)
        read = reader_of(reference.mixture)
        frames = len(reference.mixture[span])
        stems = {p: np.empty((frames, 2), np.float32) for p in separator.parts.names}
        began, processor_began = time.perf_counter(), time.process_time()
        for first, here in _pieces(reference, span):
            made = separator.separate(read, first, here.stop - here.start)
            for k, part in enumerate(separator.parts.names):
                stems[part][here] = made[:, k]
        took_s = time.perf_counter() - began
        processor_s = time.process_time() - processor_began
        separator.close()
        return Estimate(stems, took_s, processor_s)


@cache
def _loaded(path: Path) -> Model:
    """Return a model, loaded once in every process that needs it."""
    return load_model(path)


@dataclass(frozen=True)
class FilesSystem:
    """The parts that any other program has written."""

    name: str
    folder: Path
    #: Song → part → file; looked for once.
    files: Mapping[str, Mapping[str, Path]] = field(default_factory=dict)

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on; its files' sizes and dates stand for their sound."""
        files = sorted(p for parts in self.files.values() for p in parts.values())
        facts = [(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files]
        return {"kind": "files", "files": hashlib.sha256(repr(facts).encode()).hexdigest()}

    def estimate(self, reference: Reference, span: slice = WHOLE) -> Estimate | None:
        """Read the parts of a song."""
        files = self.files.get(reference.name, {})
        frames = len(reference.mixture)
        stems = {
            part: fitted(read_estimate(path, reference.rate), frames)[span]
            for part, path in files.items()
        }
        return Estimate(stems) if stems else None


def files_system(name: str, folder: Path, songs: Mapping[str, str]) -> FilesSystem:
    """Return a system of the files in `folder`; `songs` maps each song's label to its name."""
    files = {label: find_estimates(folder, name) for label, name in songs.items()}
    return FilesSystem(name, folder, {k: v for k, v in files.items() if v})
