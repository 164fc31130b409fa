"""How far a run is, and the learning rate that follows; a pause or a resume never reheats it."""

import math
from dataclasses import dataclass
from typing import Any

from demixme.training.config import Plan

#: A step that took longer was a pause (kill -STOP, a suspended laptop): the rest does not count.
LONGEST_STEP_S = 60.0
LOWEST = 0.02


@dataclass
class Schedule:
    """Progress of a run by its steps or its minutes; written by the loop alone."""

    plan: Plan
    step: int = 0
    elapsed_s: float = 0.0
    ceiling: float = 1.0
    before: float = 0.0  # the fraction done before the last step

    @property
    def fraction(self) -> float:
        """Return how much of the run is done, 0 … 1."""
        by_steps = self.step / self.plan.steps if self.plan.steps else 0.0
        by_time = self.elapsed_s / (60.0 * self.plan.minutes) if self.plan.minutes else 0.0
        return min(1.0, max(by_steps, by_time))

    @property
    def seconds_left(self) -> float:
        """Return how long the rest will take at the pace so far."""
        done = self.fraction
        return self.elapsed_s * (1.0 - done) / done if done else math.inf

    def learning_rate(self) -> float:
        """Return the rate of the next step; after the warm-up it never rises again."""
        done = self.fraction
        if self.plan.schedule == "cosine":
            share = 0.5 * (1.0 + math.cos(math.pi * done))
        else:
            share = min(1.0, (1.0 - done) / self.plan.decay) if self.plan.decay else 1.0
        self.ceiling = min(self.ceiling, LOWEST + (1.0 - LOWEST) * share)
        warm = min(1.0, (self.step + 1) / max(1, self.plan.warmup_steps))
        return self.plan.learning_rate * warm * self.ceiling

    @property
    def norms_frozen(self) -> bool:
        """Return whether BatchNorm's statistics stand still from here on."""
        return self.fraction >= self.plan.freeze_norms

    def advance(self, seconds: float) -> None:
        """Count one step."""
        self.before = self.fraction
        self.step += 1
        self.elapsed_s += min(seconds, LONGEST_STEP_S)

    def passed(self, fraction: float) -> bool:
        """Return whether the last step was the one that brought the run to `fraction`."""
        return self.before < fraction <= self.fraction

    def state(self) -> dict[str, Any]:
        """Return what a resumed run needs."""
        return {"step": self.step, "elapsed_s": self.elapsed_s, "ceiling": self.ceiling}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `state` was taken."""
        self.step = int(state["step"])
        self.elapsed_s = float(state["elapsed_s"])
        self.ceiling = float(state["ceiling"])
