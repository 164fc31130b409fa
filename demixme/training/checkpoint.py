"""Checkpoints: a whole run to go on from, and slim ones that hold the averaged weights alone."""

import os
import pickle
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from demixme.core.errors import FileMissing, ModelCorrupt
from demixme.training.catalogue import Design, rounded
from demixme.training.networks.labnames import config_of, is_lab_state, renamed

VERSION = 1


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a checkpoint in one piece: the old one stays until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    torch.save({"version": VERSION, **content}, temporary)
    os.replace(temporary, path)


def write_slim(path: Path, design: Design, weights: dict[str, Tensor], step: int) -> None:
    """Write the averaged weights in half precision, with what made them.

    Raises
    ------
    ModelCorrupt
        A value is not finite, or would not be in half precision.
    """
    small = {k: v.cpu() for k, v in rounded(weights).items()}
    broken = [k for k, v in small.items() if not torch.isfinite(v).all()]
    if broken:
        raise ModelCorrupt(path.name, f"not finite: {', '.join(broken[:3])}")
    described = {"family": design.family, "config": design.fields, "step": step}
    write(path, {**described, "weights": small})


def read(path: Path) -> dict[str, Any]:
    """Return a checkpoint's content; nothing in it is executed."""
    if not path.is_file():
        raise FileMissing(path)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError, OSError) as error:
        raise ModelCorrupt(path.name, "not a checkpoint") from error
    if not isinstance(content, dict) or not ({"weights", "ema"} & content.keys()):
        raise ModelCorrupt(path.name, "no weights in it")
    return content


def weights_of(content: dict[str, Any], path: Path) -> tuple[Design, dict[str, Tensor]]:
    """Return design and averaged weights in float32 of any checkpoint of ours or of the lab's."""
    if "ema" in content and is_lab_state(content["ema"]):
        config = config_of(content["args"])
        return Design("unet", config), renamed(content["ema"], config)
    try:
        design = Design.from_fields(content["family"], content["config"])
        weights = content["weights"]
    except KeyError as error:
        raise ModelCorrupt(path.name, f"it says nothing of {error}") from error
    return design, {k: v.float() if v.is_floating_point() else v for k, v in weights.items()}


def load_network(path: Path) -> tuple[Design, nn.Module]:
    """Return a checkpoint's network with its averaged weights, ready to separate."""
    design, weights = weights_of(read(path), path)
    network = design.make()
    network.load_state_dict(weights)
    return design, network.eval()
