"""Tiny songs and packs for the tests of training; without PyTorch these tests are not collected."""

import importlib.util
from pathlib import Path

import pytest


def lacks(*packages: str) -> bool:
    """Return whether one of these is not installed."""
    return any(importlib.util.find_spec(p) is None for p in packages)


collect_ignore_glob = ["test_*.py"] if lacks("torch", "onnx", "lightning_fabric") else []
collect_ignore = ["test_renderer.py"] if lacks("mido", "pedalboard") else []


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two songs of four seconds with four stems each."""
    from demixme.training.toysongs import write_songs

    folder = tmp_path_factory.mktemp("songs")
    write_songs(folder, 2, 4.0)
    return folder


@pytest.fixture(scope="session")
def pack(songs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of `songs`."""
    from demixme.audiofile.collections import find_songs
    from demixme.training.data.pack import write_pack

    folder = tmp_path_factory.mktemp("pack")
    write_pack(folder, find_songs(songs))
    return folder
