"""Small networks and a song for them."""

import numpy as np
import pytest

from demixme.separation.registry import load_model
from tests.support import networks
from tests.support.songs import tune

MAKERS = {"mask": networks.mask_model, "seed": networks.seed_model}


@pytest.fixture(scope="session")
def model_paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {kind: make(folder) for kind, make in MAKERS.items()}


@pytest.fixture(params=MAKERS)
def model(request, model_paths):
    """Return each kind of network, loaded."""
    loaded = load_model(model_paths[request.param])
    yield loaded
    loaded.close()


@pytest.fixture
def mask(model_paths):
    loaded = load_model(model_paths["mask"])
    yield loaded
    loaded.close()


def reader(x):
    """Return `read` of a song [frames, 2]: zeros outside it."""

    def read(first, frames):
        out = np.zeros((frames, 2), np.float32)
        a, b = max(0, first), min(len(x), first + frames)
        if b > a:
            out[a - first : b - first] = x[a:b]
        return out

    return read


@pytest.fixture(scope="session")
def song():
    """Return two seconds of tones and noise that differ in every second, [frames, 2] float32."""
    x = tune(2.0)
    x *= (0.4 + 0.6 * np.abs(np.sin(np.arange(len(x)) / 9000)))[:, None]
    return x.astype(np.float32)
