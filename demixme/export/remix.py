"""A remix of a song, or of a piece of it, as one file."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.encode import AudioWriter, open_writer
from demixme.audiofile.formats import container_of, default_encoding
from demixme.audiofile.loudness import Loudness, LoudnessMeter
from demixme.audiofile.spool import Spool
from demixme.audiofile.tagcopy import read_all_tags
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.track import Track
from demixme.core.units import gain_from_db
from demixme.export.names import title_suffix
from demixme.export.progress import Progress, Stopwatch
from demixme.export.render import Level, Span, render, whole_or
from demixme.export.slots import SlotSource

PEAK_DBTP = -1.0  # where Normalise puts the true peak
Blocks = Iterator[NDArray[np.float32]]


@dataclass(frozen=True)
class RemixFile:
    """What was written.

    `frames` and `rate` are the song's, `file_rate` the file's; `clipped_frames` were above full
    scale and did not fit; `gain_db` is what Normalise changed; `is_rf64`: too long for a WAV with
    tags; `tags_lost`: the song has tags and they could not be written.
    """

    path: Path
    frames: int
    channels: int
    encoding: str
    rate: int
    file_rate: int
    loudness: Loudness
    clipped_frames: int = 0
    gain_db: float = 0.0
    is_rf64: bool = False
    tags_lost: bool = False


def export_remix(
    track: Track,
    mix: MixState,
    source: SlotSource | None,
    path: Path | str,
    *,
    encoding: str | None = None,
    span: Span | None = None,
    level: Level = Level.AS_HEARD,
    overwrite: bool = False,
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> RemixFile:
    """Write a remix to `path`, whole or not at all; see `render` for what is in it.

    Without `encoding` a song of 8, 16 or 24 bits keeps its depth and everything else becomes 32-bit
    float (24 bits in FLAC). A mono song stays mono unless a balance is moved. Tags and cover of the
    song go along. Raises InvalidValue, CannotWrite, DiskFull, FileExists, SeparationFailed,
    Cancelled.
    """
    path = Path(path)
    encoding = encoding or default_encoding(track.info, container_of(path))
    channels = 1 if track.info.channels == 1 and not mix.panned else 2
    interrupt = interrupt or Interrupt()
    first, last = whole_or(track, span)
    song = track.info.path
    with ExitStack() as stack:
        writer = stack.enter_context(
            open_writer(
                path,
                track.rate,
                channels,
                encoding,
                frames=last - first,
                overwrite=overwrite,
                source=song,
                tags=read_all_tags(song).titled(title_suffix(song, path)),
            )
        )
        blocks = _narrowed(render(track, mix, source, interrupt, span=span, level=level), channels)
        watch = Stopwatch(track.rate, last - first, progress)
        gain_db = 0.0
        if level is Level.NORMALISE:
            spool = stack.enter_context(Spool(path, (channels,)))
            gain_db = _gain_db(_spooled(blocks, spool, watch, track.rate))
            blocks = (b * np.float32(gain_from_db(gain_db)) for b in spool.blocks())
            watch = Stopwatch(track.rate, last - first, None)  # quick, after all that was told
        loudness, clipped_frames = _written(blocks, writer, watch, interrupt)
        writer.commit()
    return RemixFile(
        path,
        last - first,
        channels,
        encoding,
        track.rate,
        writer.rate,
        loudness,
        clipped_frames,
        gain_db,
        writer.is_rf64,
        writer.tags_lost,
    )


def _written(
    blocks: Blocks, writer: AudioWriter, watch: Stopwatch, interrupt: Interrupt
) -> tuple[Loudness, int]:
    """Write all blocks; return how loud they are and how many frames clip."""
    meter = LoudnessMeter(watch.rate, writer.channels)
    clipped_frames = 0
    for block in blocks:
        interrupt.check()
        if writer.encoding != "float32":
            clipped_frames += int((np.abs(block) > 1.0).any(axis=1).sum())
        meter.feed(block)
        writer.write(block)
        watch.tell(writer.frames)
    interrupt.check()
    return meter.result(), clipped_frames


def _spooled(blocks: Blocks, spool: Spool, watch: Stopwatch, rate: int) -> Loudness:
    meter = LoudnessMeter(rate, spool.channels)
    for block in blocks:
        meter.feed(block)
        spool.write(block)
        watch.tell(spool.frames)
    return meter.result()


def _gain_db(loudness: Loudness) -> float:
    silent = loudness.true_peak_db == -np.inf
    return 0.0 if silent else PEAK_DBTP - loudness.true_peak_db


def _narrowed(blocks: Blocks, channels: int) -> Blocks:
    for block in blocks:
        yield block.mean(axis=1, dtype=np.float32, keepdims=True) if channels == 1 else block
