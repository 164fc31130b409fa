"""The parts a song is split into: their names, and which of them is the rest."""

from dataclasses import dataclass

from demixme.core.errors import InvalidParts

#: The canonical order of the four usual parts in arrays.
STEMS = ("bass", "drums", "other", "vocals")
#: Left to right on the mixer; names not listed here follow in their own order, the rest comes last.
_MIXER_ORDER = ("vocals", "drums", "bass")
MOST_PARTS = 8


@dataclass(frozen=True)
class Parts:
    """Names of a song's parts in array order, and the one that is never stored.

    The rest is always ``mixture − Σ stored``, so the parts sum to the song.

    Raises
    ------
    InvalidParts
        Fewer than 2 or more than 8 names, an empty or repeated name, a rest that is none of them.
    """

    names: tuple[str, ...]
    rest: str

    def __post_init__(self) -> None:
        names = self.names
        clean = all(isinstance(n, str) and n.strip() == n != "" and n.isprintable() for n in names)
        if not (clean and 2 <= len(names) <= MOST_PARTS and len(set(names)) == len(names)):
            raise InvalidParts(self.names, self.rest)
        if self.rest not in self.names:
            raise InvalidParts(self.names, self.rest)

    @property
    def stored(self) -> tuple[str, ...]:
        """Names of the parts that are kept as audio, in array order: all but the rest."""
        return tuple(n for n in self.names if n != self.rest)

    @property
    def mixer_order(self) -> tuple[str, ...]:
        """Names from left to right on the mixer; strip 1 is the first."""
        known = [n for n in _MIXER_ORDER if n in self.stored]
        return (*known, *(n for n in self.stored if n not in known), self.rest)


FOUR_PARTS = Parts(STEMS, "other")
