"""Live spectra of the parts and of their sum, for a view; nothing of it touches the callback."""

import numpy as np
from numpy.typing import NDArray

from demixme.core.mixstate import MixState
from demixme.core.units import gain_from_db
from demixme.engine.status import Spectra as Spectra
from demixme.engine.transport import Play
from demixme.separation.stemstore import StemStore

FRAMES = 4096
BANDS = 96
LOWEST_HZ, HIGHEST_HZ = 30.0, 18_000.0
FLOOR_DB = -100.0
_WINDOW = np.hanning(FRAMES).astype(np.float32)[:, None, None]


def spectra_of(play: Play, last_frame: int) -> Spectra | None:
    """Return the spectra of the 4096 frames that end at a frame. Thread: gui.

    Each part as its strip lets it through, the sum after master; where the parts are not separated
    yet there is the song's spectrum alone. A sine of full scale stands at 0 dB.

    Parameters
    ----------
    play : Play
    last_frame : int
        Song frame behind the last one that is looked at.

    Returns
    -------
    Spectra or None
        `bands_hz` and levels, each [bands] float32, dB; None without a song.
    """
    track, store, mix = play.track, play.store, play.mix
    if track is None:
        return None
    first = last_frame - FRAMES
    mixture = track.read(first, FRAMES)
    sources = _sources(store, mix, mixture, first)
    if sources is None or mix is None or store is None:
        return Spectra(_centres(), {}, _bands(_transformed(mixture[:, None]), track.rate)[0])
    transformed = _transformed(sources)  # [bins, parts, 2]
    segment = mix.at(max(0, last_frame))
    gains = np.ones_like(segment.strip_gains) if play.original else segment.strip_gains
    shaped = transformed * gains
    master = 1.0 if play.original else gain_from_db(mix.master_db)
    summed = shaped.sum(axis=1, keepdims=True) * master
    levels = _bands(np.concatenate([shaped, summed], axis=1), track.rate)
    names = mix.parts.names
    return Spectra(_centres(), dict(zip(names, levels[:-1], strict=True)), levels[-1])


def _sources(
    store: StemStore | None, mix: MixState | None, mixture: NDArray[np.float32], first: int
) -> NDArray[np.float32] | None:
    """Return every part [frames, parts, 2], the rest by subtraction; None where one is missing."""
    if store is None or mix is None or store.parts != mix.parts:
        return None
    parts = store.parts
    stems = np.empty((FRAMES, len(parts.stored), 2), np.float32)
    if store.read_into(stems, first) < FRAMES:
        return None
    made = np.empty((FRAMES, len(parts.names), 2), np.float32)
    for k, name in enumerate(parts.stored):
        made[:, parts.names.index(name)] = stems[:, k]
    made[:, parts.names.index(parts.rest)] = mixture - stems.sum(axis=1)
    return made


def _transformed(sources: NDArray[np.float32]) -> NDArray[np.complex64]:
    spectrum = np.fft.rfft(sources * _WINDOW, axis=0) * (2.0 / float(_WINDOW.sum()))
    return spectrum.astype(np.complex64)


def _bands(spectrum: NDArray[np.complex64], rate: int) -> NDArray[np.float32]:
    """Return the loudest bin of each band, the mean of both channels, as dB [sources, bands]."""
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=2)
    starts, ends = _edges(rate)
    at = np.ravel(np.column_stack([starts, ends]))
    loudest = np.maximum.reduceat(power, at, axis=0)[::2]
    level_db = 10.0 * np.log10(np.maximum(loudest, 10.0 ** (FLOOR_DB / 10.0)))
    return np.ascontiguousarray(level_db.T, np.float32)


def _edges(rate: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1) * FRAMES / rate
    starts = np.clip(np.round(hz[:-1]).astype(np.int64), 1, FRAMES // 2 - 1)
    ends = np.clip(np.round(hz[1:]).astype(np.int64), starts + 1, FRAMES // 2)
    return starts, ends


def _centres() -> NDArray[np.float32]:
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    return np.sqrt(edges[:-1] * edges[1:]).astype(np.float32)
