"""The models a command can use, and how fast one is on this machine."""

import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from demixme.core.track import Track
    from demixme.export.slots import DirectSlots
    from demixme.separation.registry import Model, ModelEntry

MEASURED_RATE_HZ = 44100
_NOISE_LEVEL = 0.1


def known_models() -> list["ModelEntry"]:
    """Return the models that ship and those of the person's own folder."""
    from demixme.separation.registry import find_models

    return find_models()


def load(name: str, threads: int = 1) -> "Model":
    """Load a model by name or file on the calling thread; "" is the default one."""
    from demixme.separation.registry import DEFAULT_MODEL, load_model

    return load_model(name or DEFAULT_MODEL, threads=threads)


@contextmanager
def chosen(arguments: Namespace) -> Iterator["Model"]:
    """Load the model that the command line asks for, and close it."""
    model = load(arguments.model, arguments.threads)
    try:
        yield model
    finally:
        model.close()


@contextmanager
def slots_of(model: "Model", track: "Track", best: bool = False) -> Iterator["DirectSlots"]:
    """Give the slots of a song, separated when they are asked for."""
    from demixme.export.ahead import open_slots

    with open_slots(model, track, best) as source:
        yield source


def measured_speed(model: "Model") -> float:
    """Return how many seconds of song a model separates in a second, from one call on noise."""
    separator = model.separator(MEASURED_RATE_HZ)
    frames = separator.slot_frames * separator.call_slots
    noise = np.random.default_rng(0).standard_normal((1 << 16, 2), np.float32) * _NOISE_LEVEL

    def read(first: int, count: int) -> NDArray[np.float32]:
        return noise[np.arange(first, first + count) % len(noise)]

    try:
        began = time.perf_counter()
        separator.separate(read, 0, frames)
        return frames / MEASURED_RATE_HZ / (time.perf_counter() - began)
    finally:
        separator.close()
