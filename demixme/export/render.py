"""A whole song through the live mixer and limiter, from frame 0 to its end."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import InvalidValue
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.track import Track
from demixme.dsp.limiter import Limiter
from demixme.dsp.mixer import Mixer
from demixme.export.slots import SlotSource, StemReader

BLOCK_FRAMES = 8192


def render(
    track: Track,
    mix: MixState,
    source: SlotSource | None,
    interrupt: Interrupt | None = None,
    block_frames: int = BLOCK_FRAMES,
) -> Iterator[NDArray[np.float32]]:
    """Yield the remix [frames, 2] block by block, in all exactly as long as the song.

    The same samples as playing gives from frame 0: the same slots, mixer, timed moves and limiter;
    the limiter's first W frames are dropped and its last W flushed. Where all parts are equal
    nothing is separated. Needs a track whose decoding has ended, and a source if the parts differ.
    """
    if not track.complete:
        raise InvalidValue("song", track.info.path.name, "one that is decoded to its end")
    if mix.needs_stems and source is None:
        raise InvalidValue("source", None, "a source of stems, because the parts differ")
    if source is not None and source.parts != mix.parts:
        raise InvalidValue("parts", source.parts.names, ", ".join(mix.parts.names))
    interrupt = interrupt or Interrupt()
    limiter = Limiter(track.rate, block_frames)
    reader = None if source is None else StemReader(source, interrupt)
    skip = limiter.delay_frames
    for block, mixture in _mixed(track, mix, reader, interrupt, block_frames):
        limiter.process(block, mixture, block)
        if skip < len(block):
            yield block[skip:].copy()
        skip = max(0, skip - len(block))
    flushed = np.zeros((limiter.delay_frames, 2), np.float32)
    for at in range(0, len(flushed), block_frames):
        block = flushed[at : at + block_frames]
        limiter.process(block, np.zeros_like(block), block)
    yield flushed[skip:]  # a song shorter than W is all in here


def _mixed(
    track: Track,
    mix: MixState,
    reader: StemReader | None,
    interrupt: Interrupt,
    block_frames: int,
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield the mix before the limiter and the song itself, in blocks split at timed moves."""
    mixer = Mixer(mix.parts, track.rate, block_frames)
    mixer.snap_to(mix.at(0).gains)
    stems = np.empty((block_frames, len(mix.parts.stored), 2), np.float32)
    first = 0
    while first < track.frames:
        interrupt.check()
        mixer.move_to(mix.at(first).gains)
        stop = mix.next_break(first)
        end = min(first + block_frames, track.frames, track.frames if stop is None else stop)
        mixture = track.read(first, end - first)
        block = np.empty_like(mixture)
        needed = mixer.stem_frames
        count = len(block) if needed is None else min(needed, len(block))
        if count and reader is not None:
            reader.read_into(stems[:count], first)
        mixer.mix(block, mixture, stems[: len(block)] if count else None)
        yield block, mixture
        first = end
