"""A song and its parts as one stem file (``.stem.mp4``) for players that know those."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.stemmp4 import PARTS, SUFFIX, StemWriter, manifest_of
from demixme.audiofile.tagcopy import read_all_tags
from demixme.core.interrupt import Interrupt
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.export.progress import Progress, Stopwatch
from demixme.export.render import BLOCK_FRAMES, whole_or
from demixme.export.slots import SlotSource, StemReader

_USUAL = ("drums", "bass", "other", "vocals")  # the order of these files
_SILENT = "silent"


@dataclass(frozen=True)
class StemFile:
    """What was written; `tracks` names the parts of each of the four, none for a silent one."""

    path: Path
    frames: int
    rate: int
    file_rate: int
    tracks: tuple[tuple[str, ...], ...]
    channels: int = 2
    encoding: str = "aac"
    clipped_frames: int = 0
    gain_db: float = 0.0
    is_rf64: bool = False
    tags_lost: bool = False


def stem_tracks(parts: Parts) -> tuple[tuple[str, ...], ...]:
    """Return which parts go into each of the four tracks: what is over joins the rest."""
    if set(_USUAL) <= set(parts.names) and parts.rest == "other":
        extra = tuple(n for n in parts.stored if n not in _USUAL)
        return tuple((n, *extra) if n == parts.rest else (n,) for n in _USUAL)
    stored = [n for n in parts.mixer_order if n != parts.rest]
    own, extra = stored[: PARTS - 1], tuple(stored[PARTS - 1 :])
    tracks = [*((n,) for n in own), (parts.rest, *extra)]
    return (*tracks, *((),) * (PARTS - len(tracks)))


def stem_file_path(path: Path) -> Path:
    """Return a path that ends in ``.stem.mp4``."""
    name = path.name
    return path if name.lower().endswith(SUFFIX) else path.with_name(name + SUFFIX)


def export_stem_file(
    track: Track,
    source: SlotSource,
    path: Path,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> StemFile:
    """Write the untouched song and its parts, whole or not at all.

    Raises CannotWrite, DiskFull, FileExists, SeparationFailed, Cancelled.
    """
    interrupt = interrupt or Interrupt()
    _, frames = whole_or(track, None)
    parts, song = source.parts, track.info.path
    tracks = stem_tracks(parts)
    manifest = manifest_of([names[0] if names else _SILENT for names in tracks])
    tags = read_all_tags(song)
    with StemWriter(
        path, track.rate, manifest, overwrite=overwrite, source=song, tags=tags
    ) as writer:
        watch = Stopwatch(track.rate, frames, progress)
        reader = StemReader(source, interrupt)
        for first in range(0, frames, BLOCK_FRAMES):
            interrupt.check()
            mixture = track.read(first, min(BLOCK_FRAMES, frames - first))
            stored = np.empty((len(mixture), len(parts.stored), 2), np.float32)
            reader.read_into(stored, first)
            writer.write([mixture, *(_sum(parts, mixture, stored, names) for names in tracks)])
            watch.tell(first + len(mixture))
        interrupt.check()
        writer.commit()
    return StemFile(path, frames, track.rate, writer.rate, tracks, tags_lost=writer.tags_lost)


def _sum(
    parts: Parts,
    mixture: NDArray[np.float32],
    stored: NDArray[np.float32],
    names: tuple[str, ...],
) -> NDArray[np.float32]:
    """Return the sum of some parts."""
    if not names:
        return np.zeros_like(mixture)
    if parts.rest not in names:
        columns = [parts.stored.index(n) for n in names]
        total: NDArray[np.float32] = stored[:, columns].sum(axis=1)
        return total
    others = [k for k, n in enumerate(parts.stored) if n not in names]
    rest: NDArray[np.float32] = mixture - stored[:, others].sum(axis=1)
    return rest
