"""Exports: the app's session computes what torch computes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from demixme.core.errors import ModelCorrupt, ModelMismatch
from demixme.core.interrupt import Interrupt
from demixme.separation.session import Session
from demixme.training import checkpoint
from demixme.training.catalogue import Design
from demixme.training.export import _features, export, halved, largest_difference

pytestmark = pytest.mark.training

DESIGNS = {
    "even": Design.named("tiny"),
    "folded": Design.named("tiny", bands=((32, 2), (96, 4), (256, 10)), dual_path=8),
    "seed2019": Design.named("seed2019", latent=16),
}


def network_of(design: Design) -> torch.nn.Module:
    torch.manual_seed(1)
    network = design.make()
    with torch.no_grad():
        for value in network.parameters():  # what begins at zero must show, too
            value.add_(0.05 * torch.randn_like(value))
    return network.eval()


@pytest.mark.parametrize("name", DESIGNS)
def test_the_app_computes_what_torch_computes(name: str, tmp_path: Path) -> None:
    design = DESIGNS[name]
    network = network_of(design)
    spec = export(network, design, tmp_path / f"{name}.onnx", {"licence": "ours"})
    session = Session(tmp_path / f"{name}.onnx", spec)
    assert largest_difference(network, design, session) < 1e-4
    frames = 21 if name == "seed2019" else 33
    features = _features(design, frames).repeat(3, 1, 1, 1)
    with torch.no_grad():
        wanted = network(features).numpy()
    found = session.run(features.numpy(), Interrupt())
    session.close()
    assert np.abs(found - wanted).max() < 1e-4 * max(1.0, np.abs(wanted).max())
    assert (spec.licence, spec.n_fft, spec.padding) == ("ours", design.config.n_fft, "zeros")


def test_an_export_that_differs_is_refused(tmp_path: Path) -> None:
    design = DESIGNS["even"]
    network = network_of(design)
    spec = export(network, design, tmp_path / "a.onnx")
    session = Session(tmp_path / "a.onnx", spec)
    with torch.no_grad():
        network.flatten.weight += 0.3
    assert largest_difference(network, design, session) > 1e-4
    session.close()


def test_half_precision_halves_the_file_and_hardly_the_masks(tmp_path: Path) -> None:
    design = Design.named("tiny", recurrent=64)
    network = network_of(design)
    whole = export(network, design, tmp_path / "whole.onnx")
    half = export(network, design, tmp_path / "half.onnx", half=True)
    sizes = [(tmp_path / f"{n}.onnx").stat().st_size for n in ("whole", "half")]
    weights = 4 * whole.parameters
    assert sizes[0] - sizes[1] > 0.4 * weights
    assert whole.sha256 != half.sha256
    session = Session(tmp_path / "half.onnx", half)
    assert 0 < largest_difference(network, design, session) < 5e-3
    session.close()


def test_weights_beyond_half_precision_stay_whole(tmp_path: Path) -> None:
    design = DESIGNS["even"]
    network = network_of(design)
    with torch.no_grad():
        network.flatten.weight[0, 0] = 1e6
    export(network, design, tmp_path / "a.onnx")
    made = halved((tmp_path / "a.onnx").read_bytes())
    import onnx

    kinds = {i.name: i.data_type for i in onnx.load_from_string(made).graph.initializer}
    assert onnx.TensorProto.FLOAT in kinds.values()
    assert onnx.TensorProto.FLOAT16 in kinds.values()


def test_a_checkpoint_becomes_a_model(tmp_path: Path) -> None:
    design = DESIGNS["folded"]
    network = network_of(design)
    checkpoint.write_slim(tmp_path / "slim.pt", design, network.state_dict(), 12)
    again, loaded = checkpoint.load_network(tmp_path / "slim.pt")
    assert again == design
    spec = export(loaded, again, tmp_path / "m.onnx")
    written = json.loads((tmp_path / "m.json").read_text())
    assert (
        Design.from_fields(
            **{
                "family": written["network"]["family"],
                "fields": written["network"]["config"],
            }
        )
        == design
    )
    assert written["bytes"] == (tmp_path / "m.onnx").stat().st_size
    assert spec.parameters == sum(p.numel() for p in network.parameters())


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.pt").write_bytes(b"not at all")
    with pytest.raises(ModelCorrupt):
        checkpoint.read(tmp_path / "x.pt")
    torch.save({"other": 1}, tmp_path / "y.pt")
    with pytest.raises(ModelCorrupt):
        checkpoint.read(tmp_path / "y.pt")


def test_a_graph_that_lies_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    design = DESIGNS["even"]
    monkeypatch.setattr("demixme.training.export.largest_difference", lambda *_: 0.01)
    with pytest.raises(ModelMismatch, match="differs"):
        export(network_of(design), design, tmp_path / "a.onnx")
