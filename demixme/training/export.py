"""A trained network as ONNX with its sidecar, checked against torch before it counts as made."""

import hashlib
import io
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from demixme.core.errors import ModelMismatch
from demixme.core.interrupt import Interrupt
from demixme.core.modelspec import SPEC_VERSION, ModelSpec, parse_spec
from demixme.core.parts import FOUR_PARTS
from demixme.separation.session import Session
from demixme.training.catalogue import FAMILIES, LEVEL_RMS, Design, parameter_count
from demixme.training.spectra import log1p_lrms, log2_magnitude, stft

OPSET = 17
LARGEST_DIFFERENCE = 1e-4
#: Weights smaller than this stay in float32: there is nothing to gain.
_LEAST_HALVED = 256
_RATE_HZ = 44100


def export(
    network: nn.Module,
    design: Design,
    path: Path,
    notes: dict[str, Any] | None = None,
    half: bool = False,
) -> ModelSpec:
    """Write `path` (.onnx) and its sidecar beside it, then load both as the app does and compare.

    Parameters
    ----------
    network : nn.Module
        With the weights to ship.
    design : Design
    path : Path
        Ends in ``.onnx``; the sidecar gets the same name and ``.json``.
    notes : dict, optional
        More for the sidecar: title, sentence, licence, training_data, sdr_db, research_only.
    half : bool
        Store the weights in half precision; they are computed with in float32 all the same.

    Returns
    -------
    ModelSpec
        The sidecar as the app reads it.

    Raises
    ------
    ModelMismatch
        The graph computes something else than torch does (by more than 1e-4).
    """
    network = network.eval().float().cpu()
    content = _graph(network, design)
    if half:
        content = halved(content)
    sidecar = sidecar_text(content, network, design, path.stem, notes or {})
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, content)
    _write(path.with_suffix(".json"), sidecar.encode())
    spec = parse_spec(sidecar, path.stem)
    session = Session(path, spec)
    try:
        if not half:  # rounded weights are another network: its loss is measured in decibels
            difference = largest_difference(network, design, session)
            if difference > LARGEST_DIFFERENCE:
                raise ModelMismatch(path.stem, f"the export differs by {difference:.1e}")
    finally:
        session.close()
    return spec


def _graph(network: nn.Module, design: Design) -> bytes:
    family, spec = FAMILIES[design.family], design.spec
    time = spec.get("window_frames", 48)
    channels = 4 if spec["input"]["layout"] == "log1p_lrms" else 2
    example = torch.rand(1, channels, spec["input"]["bins"], time)
    made: Any = io.BytesIO()
    with warnings.catch_warnings(), _without_gradients(network):
        # WORKAROUND torch 2.13: the TorchScript exporter warns that it is old, but needs no other
        # package and keeps the time axis of an LSTM free; drop when the new one does too.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            made,
            input_names=[spec["input"]["name"]],
            output_names=[spec["output"]["name"]],
            dynamic_axes=family.axes,
            opset_version=OPSET,
            dynamo=False,
        )
    content: bytes = made.getvalue()
    return content


@contextmanager
def _without_gradients(network: nn.Module) -> Iterator[None]:
    was = [p.requires_grad for p in network.parameters()]
    network.requires_grad_(False)
    try:
        yield
    finally:
        for p, needed in zip(network.parameters(), was, strict=True):
            p.requires_grad_(needed)


def halved(content: bytes) -> bytes:
    """Return the graph with its weights stored in half precision and cast to float32 for use."""
    model = onnx.load_from_string(content)
    graph = model.graph
    casts = []
    for weights in graph.initializer:
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.size < _LEAST_HALVED or not _fits_half(values):
            continue
        name = weights.name
        weights.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *rest])
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _fits_half(values: NDArray[np.float32]) -> bool:
    return bool(np.abs(values).max(initial=0.0) < 65000.0)


def sidecar_text(
    content: bytes, network: nn.Module, design: Design, name: str, notes: dict[str, Any]
) -> str:
    """Return the sidecar's JSON for a graph."""
    fields = {
        "spec_version": SPEC_VERSION,
        "title": name,
        "sample_rate": _RATE_HZ,
        "window": "hann",
        "padding": "zeros",
        **design.spec,
        "stems": list(FOUR_PARTS.names),
        "rest": FOUR_PARTS.rest,
        "state": [],
        "latency_frames": None,
        **notes,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "parameters": parameter_count(network),
        "network": {"family": design.family, "config": design.fields},
    }
    return json.dumps(fields, indent=1, ensure_ascii=False) + "\n"


def largest_difference(network: nn.Module, design: Design, session: Session) -> float:
    """Return the largest difference between the app's masks and torch's, over several lengths.

    A magnitude is compared with the mixture's at its loudest.
    """
    worst = 0.0
    window = design.spec.get("window_frames", 0)
    for frames in (window,) if window else (1, 7, 40, 96):
        features = _features(design, frames)
        with torch.no_grad():
            wanted = network(features).numpy()
        found = session.run(features.numpy(), Interrupt())
        scale = max(1.0, float(np.abs(wanted).max()))
        worst = max(worst, float(np.abs(wanted - found).max()) / scale)
    return worst


def _features(design: Design, frames: int) -> torch.Tensor:
    """Return features of something like music, decaying tones over noise, at training level."""
    spec = design.spec
    rng = np.random.default_rng(frames)
    length = spec["hop"] * frames
    time = np.arange(length) / _RATE_HZ
    sound = 0.1 * rng.standard_normal((1, 2, length))
    for hz in (55.0, 220.0, 1760.0):
        sound += np.sin(2 * np.pi * hz * time) * np.exp(-4.0 * (time % 0.5))
    sound *= LEVEL_RMS / np.sqrt(np.square(sound).mean())
    spectrum = stft(torch.from_numpy(sound.astype(np.float32)), spec["n_fft"], spec["hop"])
    spectrum = spectrum[..., :frames]
    if spec["input"]["layout"] == "log1p_lrms":
        return log1p_lrms(spectrum, spec["input"]["bins"])
    return log2_magnitude(spectrum)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    temporary.write_bytes(content)
    os.replace(temporary, path)
