"""A remix of a whole song as one file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demixme.audiofile.encode import container_of, default_encoding, open_writer
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.track import Track
from demixme.export.progress import Progress, Stopwatch
from demixme.export.render import render
from demixme.export.slots import SlotSource


@dataclass(frozen=True)
class RemixFile:
    """What was written; `clipped_frames` were above full scale and did not fit integers."""

    path: Path
    frames: int
    channels: int
    encoding: str
    clipped_frames: int = 0


def export_remix(
    track: Track,
    mix: MixState,
    source: SlotSource | None,
    path: Path | str,
    *,
    encoding: str | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> RemixFile:
    """Write a remix to `path`, whole or not at all; see `render` for what is in it.

    Without `encoding` a song of 8, 16 or 24 bits keeps its depth and everything else becomes 32-bit
    float (24 bits in FLAC). A mono song stays mono unless a balance is moved. Raises InvalidValue,
    CannotWrite, DiskFull, FileExists, SeparationFailed, Cancelled.
    """
    path = Path(path)
    encoding = encoding or default_encoding(track.info, container_of(path))
    channels = 1 if track.info.channels == 1 and not _panned(mix) else 2
    interrupt = interrupt or Interrupt()
    watch = Stopwatch(track.rate, track.frames, progress)
    clipped_frames = 0
    with open_writer(
        path,
        track.rate,
        channels,
        encoding,
        frames=track.frames,
        overwrite=overwrite,
        source=track.info.path,
    ) as writer:
        for block in render(track, mix, source, interrupt):
            if channels == 1:
                block = block.mean(axis=1, dtype=np.float32, keepdims=True)
            if encoding != "float32":
                clipped_frames += int((np.abs(block) > 1.0).any(axis=1).sum())
            writer.write(block)
            watch.tell(writer.frames)
        interrupt.check()
        writer.commit()
    return RemixFile(path, track.frames, channels, encoding, clipped_frames)


def _panned(mix: MixState) -> bool:
    return any((s.gains[:, 0] != s.gains[:, 1]).any() for s in mix.segments)
