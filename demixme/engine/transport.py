"""What the gui thread tells the audio thread: one frozen Play, stored by one reference."""

from dataclasses import dataclass

from demixme.core.errors import InvalidValue
from demixme.core.mixstate import MixState, Strip
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.separation.stemstore import StemStore

SHORTEST_LOOP_S = 0.1
RAMP_S = 0.025  # gains and fades; 10 ms still clicks on bass
LOOP_FADE_S = 0.008  # of what follows a loop into its start


@dataclass(frozen=True)
class Loop:
    """Frames `first` … `last` − 1 of the song, over and over."""

    first: int
    last: int

    @staticmethod
    def checked(first: int, last: int, rate: int) -> "Loop":
        """Return the loop, or raise InvalidValue when it is shorter than 100 ms. Thread: any."""
        shortest = round(SHORTEST_LOOP_S * rate)
        if first < 0 or last - first < shortest:
            raise InvalidValue("loop", (first, last), f"at least {shortest} frames from 0 on")
        return Loop(first, last)


@dataclass(frozen=True, eq=False)
class Play:
    """Transport and mix as wanted: the callback loads it once a block, the worker before a call.

    Attributes
    ----------
    generation : int
        Higher for every jump: the callback fades out, goes to `target_frame`, and fades in.
    track, store, mix
        What plays. `store` and `mix` are None until a model has said which parts there are.
    original : bool
        The untouched song instead of the mix (A/B).
    silent_when_late : bool
        Go on in silence where a part is not separated yet, instead of waiting there.
    volume : float
        Monitoring gain after the limiter; never part of the mix.
    """

    generation: int = 0
    target_frame: int = 0
    playing: bool = False
    loop: Loop | None = None
    track: Track | None = None
    store: StemStore | None = None
    mix: MixState | None = None
    original: bool = False
    silent_when_late: bool = False
    volume: float = 1.0

    @property
    def needs_stems(self) -> bool:
        """Whether playing depends, somewhere in the song, on how it is split."""
        return self.mix is not None and not self.original and self.mix.needs_stems


class PlayCell:
    """The one place where the wanted Play stands. Written by gui; read by audio and worker."""

    __slots__ = ("play",)

    def __init__(self) -> None:
        self.play = Play()


def carried_mix(mix: MixState | None, parts: Parts) -> MixState:
    """Return a mix of these parts with the strips that both have. Thread: any."""
    if mix is None:
        return MixState(parts)
    strips: dict[str, Strip] = {n: s for n, s in mix.strips.items() if n in parts.names}
    moves = tuple(m for m in mix.moves if m.part in (*parts.names, "master"))
    return MixState(parts, strips, mix.master_db, moves)
