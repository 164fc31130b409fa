"""A request to stop a piece of work, looked at between its stages and inside the network."""

from typing import Any

from demixme.core.errors import Cancelled


class Interrupt:
    """One piece of work can be stopped through it, from any thread, as often as one likes.

    `run_options` is set by the session to the onnxruntime RunOptions of this piece of work, so that
    `set` also ends a network call under way. Publish the Interrupt first, then look for news, then
    run.
    """

    __slots__ = ("is_set", "run_options")

    def __init__(self) -> None:
        self.is_set = False
        self.run_options: Any = None

    def set(self) -> None:
        """Ask the work to stop. Thread: any; never blocks."""
        self.is_set = True
        if self.run_options is not None:
            self.run_options.terminate = True

    def check(self) -> None:
        """Raise Cancelled if the work was asked to stop."""
        if self.is_set:
            raise Cancelled
