"""A song, or a piece of it, through the live mixer and limiter."""

from collections.abc import Iterator, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import InvalidValue
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.dsp.limiter import Limiter
from demixme.dsp.mixer import Mixer
from demixme.dsp.truepeak import TruePeakLimiter
from demixme.export.slots import SlotSource, StemReader

BLOCK_FRAMES = 8192
Span = tuple[int, int]  # first frame, and the first one behind the last


class Level(Enum):
    """What keeps a remix from being too loud."""

    AS_HEARD = "heard"  # the limiter of live sound
    NORMALISE = "normalise"  # no limiter: scaled as a whole to −1 dBTP
    LIMIT = "limit"  # limited to −1 dBTP


def whole_or(track: Track, span: Span | None) -> Span:
    """Return a span within a whole song, the song itself for None."""
    if not track.complete:
        raise InvalidValue("song", track.info.path.name, "one that is decoded to its end")
    if span is None:
        return 0, track.frames
    first, last = span
    if not 0 <= first < last <= track.frames:
        raise InvalidValue("range", f"{first} … {last}", f"0 … {track.frames} frames")
    return first, last


def render(
    track: Track,
    mix: MixState,
    source: SlotSource | None,
    interrupt: Interrupt | None = None,
    block_frames: int = BLOCK_FRAMES,
    *,
    span: Span | None = None,
    level: Level = Level.AS_HEARD,
) -> Iterator[NDArray[np.float32]]:
    """Yield the remix [frames, 2] block by block, in all exactly as long as the song or the span.

    The same samples as playing gives from frame 0: the same slots, mixer, timed moves and limiter;
    the limiter's first W frames are dropped and its last W flushed. A span holds what the whole
    song has there. Where all parts are equal nothing is separated. Needs a track whose decoding has
    ended, and a source if the parts differ.
    """
    first, last = whole_or(track, span)
    if mix.needs_stems and source is None:
        raise InvalidValue("source", None, "a source of stems, because the parts differ")
    if source is not None and source.parts != mix.parts:
        raise InvalidValue("parts", source.parts.names, ", ".join(mix.parts.names))
    interrupt = interrupt or Interrupt()
    limiter = _limiter(track.rate, block_frames, level)
    delay = limiter.delay_frames
    # what lies within reach of the limiter before and behind the span bends it too
    start, stop = max(0, first - 3 * delay), min(track.frames, last + delay)
    skip, left = first - start + delay, last - first
    reader = None if source is None else StemReader(source, interrupt)
    mixed = mixed_blocks(track, mix, reader, interrupt, (start, stop), block_frames)
    for block in _limited(mixed, limiter, last + delay - stop, block_frames):
        kept = block[skip : skip + left]
        skip = max(0, skip - len(block))
        if len(kept):
            left -= len(kept)
            yield kept.copy()
    if first == last:
        yield np.zeros((0, 2), np.float32)


class _NoLimiter:
    """Passes everything, at once."""

    delay_frames = 0

    def process(
        self, x: NDArray[np.float32], mixture: NDArray[np.float32], out: NDArray[np.float32]
    ) -> None:
        """Do nothing: `out` is `x`."""


class _TruePeakLimiter(TruePeakLimiter):
    def process(  # type: ignore[override]
        self, x: NDArray[np.float32], mixture: NDArray[np.float32], out: NDArray[np.float32]
    ) -> None:
        """Limit, whatever the song itself is."""
        super().process(x, out)


def _limiter(rate: int, block_frames: int, level: Level) -> Limiter | _NoLimiter | _TruePeakLimiter:
    if level is Level.AS_HEARD:
        return Limiter(rate, block_frames)
    return _TruePeakLimiter(rate, block_frames) if level is Level.LIMIT else _NoLimiter()


def _limited(
    mixed: Iterator[tuple[list[NDArray[np.float32]], NDArray[np.float32]]],
    limiter: Limiter | _NoLimiter | _TruePeakLimiter,
    silent_frames: int,
    block_frames: int,
) -> Iterator[NDArray[np.float32]]:
    """Yield the limiter's output for the blocks and `silent_frames` of silence behind them."""
    for (block,), mixture in mixed:
        limiter.process(block, mixture, block)
        yield block
    for at in range(0, silent_frames, block_frames):
        block = np.zeros((min(block_frames, silent_frames - at), 2), np.float32)
        limiter.process(block, np.zeros_like(block), block)
        yield block


def mixed_blocks(
    track: Track,
    mix: MixState,
    reader: StemReader | None,
    interrupt: Interrupt,
    span: Span,
    block_frames: int = BLOCK_FRAMES,
    groups: Sequence[frozenset[str] | None] = (None,),
) -> Iterator[tuple[list[NDArray[np.float32]], NDArray[np.float32]]]:
    """Yield mixes before the limiter, and the song itself, in blocks split at timed moves.

    One mix for each group: of its parts alone, as loud as they are in the whole mix; None is all.
    """
    first, last = span
    whole = _wound(mix, Mixer(mix.parts, track.rate, block_frames), first)
    shares = [_share(mix.parts, group) for group in groups]
    mixers = [Mixer(mix.parts, track.rate, block_frames) for _ in groups]
    stems = np.empty((block_frames, len(mix.parts.stored), 2), np.float32)
    while first < last:
        interrupt.check()
        whole.move_to(mix.at(first).gains)
        stop = mix.next_break(first)
        end = min(first + block_frames, last, last if stop is None else stop)
        mixture = track.read(first, end - first)
        for mixer, share in zip(mixers, shares, strict=True):
            mixer.follow(whole, share)
        count = max(_stem_frames(mixer, len(mixture)) for mixer in mixers)
        if count and reader is not None:
            reader.read_into(stems[:count], first)
        blocks = [np.empty_like(mixture) for _ in mixers]
        for mixer, block in zip(mixers, blocks, strict=True):
            mixer.mix(block, mixture, stems[: len(block)] if count else None)
        whole.skip(len(mixture))
        yield blocks, mixture
        first = end


def _wound(mix: MixState, mixer: Mixer, frame: int) -> Mixer:
    """Bring a mixer to where it stands at `frame` of a song played from its start."""
    mixer.snap_to(mix.at(0).gains)
    at = 0
    while at < frame:
        mixer.move_to(mix.at(at).gains)
        stop = mix.next_break(at)
        end = frame if stop is None else min(frame, stop)
        mixer.skip(end - at)
        at = end
    return mixer


def _share(parts: Parts, group: frozenset[str] | None) -> NDArray[np.float64]:
    return np.array([[float(group is None or name in group)] for name in parts.names])


def _stem_frames(mixer: Mixer, frames: int) -> int:
    """Return for how many of the next frames a mixer needs stems."""
    needed = mixer.stem_frames
    return frames if needed is None else min(needed, frames)
