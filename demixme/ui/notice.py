"""What the quiet bar at the top says: one sentence and one action."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A sentence for the bar, with at most one action; `is_error` paints it as one."""

    sentence: str
    action: str = ""
    act: Callable[[], object] | None = None
    is_error: bool = False
