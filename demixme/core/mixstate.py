"""The mix: faders, mutes, solos, balances and timed moves, and the gains that follow from them."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import InvalidValue, UnknownPart
from demixme.core.parts import Parts
from demixme.core.units import FADER_TOP_DB, SILENCE_DB, gain_from_db

MASTER = "master"


def _checked_level(level_db: float) -> float:
    if not (level_db == SILENCE_DB or -120.0 <= level_db <= FADER_TOP_DB):
        raise InvalidValue("level_db", level_db, f"−∞ … +{FADER_TOP_DB:g}")
    return float(level_db)


@dataclass(frozen=True)
class Strip:
    """One channel strip as it is set; muting never moves the fader."""

    level_db: float = 0.0
    mute: bool = False
    solo: bool = False
    pan: float = 0.0  # −1 left … +1 right; a balance: min(1, 1 ∓ pan), unity at the centre

    def __post_init__(self) -> None:
        _checked_level(self.level_db)
        if not -1.0 <= self.pan <= 1.0:
            raise InvalidValue("pan", self.pan, "−1 … +1")


@dataclass(frozen=True)
class Move:
    """From song frame `frame` on, strip `part` (or ``"master"``) stands as `strip` says."""

    frame: int
    part: str
    strip: Strip


@dataclass(frozen=True)
class Segment:
    """Gains between two moves.

    `gains` [parts, 2] float64 in array order, master included; `strip_gains` the same without
    master (for the strips' meters).
    """

    gains: NDArray[np.float64]
    strip_gains: NDArray[np.float64]

    @property
    def needs_stems(self) -> bool:
        """Whether the output depends on how the song is split: False when all parts are equal."""
        return bool((self.gains != self.gains[0]).any())


@dataclass(frozen=True)
class MixState:
    """A whole mix. Immutable: every change makes a new one, stored by one reference.

    A strip's state at a song frame is that of its last move at or before it, else its fader as set.
    """

    parts: Parts
    strips: Mapping[str, Strip] = field(default_factory=dict)
    master_db: float = 0.0
    moves: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        _checked_level(self.master_db)
        for name in (*self.strips, *(m.part for m in self.moves if m.part != MASTER)):
            if name not in self.parts.names:
                raise UnknownPart(name, self.parts.names)
        full = {name: self.strips.get(name, Strip()) for name in self.parts.names}
        object.__setattr__(self, "strips", MappingProxyType(full))
        object.__setattr__(self, "moves", tuple(sorted(self.moves, key=lambda m: m.frame)))

    # ------------------------------------------------------------ changing
    def with_strip(self, part: str, **changes: Any) -> "MixState":
        """Return the mix with one strip changed by hand; the strip loses its timed moves."""
        if part not in self.parts.names:
            raise UnknownPart(part, self.parts.names)
        strips = {**self.strips, part: replace(self.strips[part], **changes)}
        return replace(self, strips=strips, moves=tuple(m for m in self.moves if m.part != part))

    def with_master(self, level_db: float) -> "MixState":
        """Return the mix with master changed by hand; master loses its timed moves."""
        return replace(
            self, master_db=level_db, moves=tuple(m for m in self.moves if m.part != MASTER)
        )

    # ------------------------------------------------------------ gains
    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """Song frames at which a timed move changes something, ascending, each once."""
        return tuple(sorted({m.frame for m in self.moves}))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Gains of the pieces between `breaks`: one more than there are breaks."""
        strips = dict(self.strips)
        master_db = self.master_db
        made = [_segment(self.parts, strips, master_db)]
        moves = iter(self.moves)
        move = next(moves, None)
        for frame in self.breaks:
            while move is not None and move.frame == frame:
                if move.part == MASTER:
                    master_db = move.strip.level_db
                else:
                    strips[move.part] = move.strip
                move = next(moves, None)
            made.append(_segment(self.parts, strips, master_db))
        return tuple(made)

    def at(self, frame: int) -> Segment:
        """Return the gains in force at a song frame."""
        return self.segments[bisect_right(self.breaks, frame)]

    def next_break(self, frame: int) -> int | None:
        """Return the first break after `frame`, or None."""
        k = bisect_right(self.breaks, frame)
        return self.breaks[k] if k < len(self.breaks) else None

    @property
    def needs_stems(self) -> bool:
        """Whether the mix needs stems at any place in the song."""
        return any(s.needs_stems for s in self.segments)

    @property
    def panned(self) -> bool:
        """Whether left and right differ at any place in the song."""
        return any((s.gains[:, 0] != s.gains[:, 1]).any() for s in self.segments)


def _segment(parts: Parts, strips: Mapping[str, Strip], master_db: float) -> Segment:
    soloed = any(s.solo for s in strips.values())
    gains = np.zeros((len(parts.names), 2))
    for k, name in enumerate(parts.names):
        s = strips[name]
        if s.mute or (soloed and not s.solo):  # mute beats solo
            continue
        gains[k] = gain_from_db(s.level_db) * np.minimum(1.0, [1.0 - s.pan, 1.0 + s.pan])
    with_master = gains * gain_from_db(master_db)
    gains.setflags(write=False)
    with_master.setflags(write=False)
    return Segment(with_master, gains)
