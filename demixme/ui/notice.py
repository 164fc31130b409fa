"""What the quiet bar at the top says: one sentence and one action."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A sentence for the bar, with at most one action; `is_error` paints it as one.

    `of_song`: it says what is wrong with a song's file, and goes when a person opens another.
    """

    sentence: str
    action: str = ""
    act: Callable[[], object] | None = None
    is_error: bool = False
    of_song: bool = False
