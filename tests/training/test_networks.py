"""The networks: what they are made of, what they return, that they can learn."""

from pathlib import Path

import numpy as np
import pytest
import torch

from demixme.core.parts import STEMS
from demixme.training.catalogue import PRESETS, Design, parameter_count
from demixme.training.losses import Truth
from demixme.training.networks.unet import Band, UNetConfig

pytestmark = pytest.mark.training

SMALL = {
    "seed2019": Design.named("seed2019", latent=32),
    "even": Design.named("tiny"),
    "folded": Design.named("tiny", bands=((32, 2), (96, 4), (256, 10))),
    "dual path": Design.named("tiny", dual_path=8),
    "no low head": Design.named("tiny", low_bins=0),
}
#: The lab lies beside the checkout, where there is one.
FIRST = Path(__file__).parents[3] / "shared" / "models" / "first.pt"


def features(design: Design, batch: int = 2) -> torch.Tensor:
    spec = design.spec
    channels = 4 if spec["input"]["layout"] == "log1p_lrms" else 2
    return torch.rand(batch, channels, spec["input"]["bins"], spec.get("window_frames", 24)) * 2


def truth(design: Design, batch: int = 2) -> Truth:
    generator = torch.Generator().manual_seed(3)
    shape = (batch, 4, 2, design.config.n_fft // 2 + 1, 21)
    spectra = torch.randn(shape, dtype=torch.complex64, generator=generator)
    return Truth(spectra, torch.full((batch,), 1e9), torch.ones(batch, dtype=torch.bool))


@pytest.mark.parametrize(("preset", "millions"), [("seed2019", 13.8), ("first", 3.96)])
def test_parameter_counts(preset: str, millions: float) -> None:
    assert parameter_count(Design.named(preset).make()) / 1e6 == pytest.approx(millions, abs=0.05)


def test_the_seeds_layers_are_those_of_its_thesis() -> None:
    network = Design.named("seed2019").make()
    assert network.latent.weight.shape == (1024, 1024 + 1536)
    assert network.latent.bias is None
    made = network(torch.rand(1, 2, 1025, 21))
    assert made.shape == (1, 4, 2, 1025, 21)


@pytest.mark.parametrize("name", SMALL)
def test_outputs_split_the_mixture(name: str) -> None:
    design = SMALL[name]
    x = features(design)
    made = design.make().eval()(x)
    assert made.shape == (2, 4, 2, design.spec["output"]["bins"], x.shape[3])
    assert (made >= 0).all()
    whole = 2.0**x - 1.0 if name == "seed2019" else torch.ones_like(made[:, 0])
    torch.testing.assert_close(made.sum(1), whole, atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize("name", SMALL)
def test_gradients_reach_every_weight(name: str) -> None:
    design = SMALL[name]
    torch.manual_seed(0)
    network, loss = design.make(), design.loss()
    optimizer = torch.optim.SGD(network.parameters(), 1e-3)
    for _ in range(2):  # what begins at zero lets gradients through after a step
        optimizer.zero_grad()
        loss(network, truth(design))[0].backward()
        optimizer.step()
    still = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum()]
    assert still == []


@pytest.mark.parametrize("name", SMALL)
def test_every_network_overfits_one_tiny_batch(name: str) -> None:
    design = SMALL[name]
    torch.manual_seed(0)
    network, loss = design.make(), design.loss()
    spectra = truth(design, 1).spectra
    k = torch.arange(spectra.shape[3])
    for stem in range(4):  # each stem has the frequencies of its own
        spectra[:, stem] *= (k // 6 % 4 == stem).float()[:, None] * 5.0
    batch = Truth(spectra, torch.tensor([1e9]), torch.tensor([True]))
    optimizer = torch.optim.Adam(network.parameters(), 1e-3 if name == "seed2019" else 1e-2)
    _, before = loss(network, batch)
    for _ in range(80):
        optimizer.zero_grad()
        value, parts = loss(network, batch)
        value.backward()
        optimizer.step()
    gained = parts[: len(STEMS)] / before[: len(STEMS)]
    assert (gained < 0.5).all(), gained


def test_bands_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="not at 2048"):
        UNetConfig(bands=(Band(1024, 4),))
    with pytest.raises(ValueError, match="multiple"):
        UNetConfig(bands=(Band(255, 2), Band(2048, 4)))


def test_every_preset_fits_together() -> None:
    for preset in PRESETS:
        design = Design.named(preset)
        assert Design.from_fields(design.family, design.fields) == design


def test_a_limit_hides_what_lies_above_it() -> None:
    design = SMALL["even"]
    torch.manual_seed(0)
    network, loss = design.make().eval(), design.loss()
    whole = truth(design)
    limited = Truth(whole.spectra, torch.full((2,), 4000.0), whole.split_known)
    changed = whole.spectra.clone()
    above = int(4000.0 / 22050.0 * 256) + 1
    changed[:, 3, :, above:] += 7.0
    changed[:, 2, :, above:] -= 7.0  # the mixture stays
    moved = Truth(changed, limited.limit_hz, whole.split_known)
    full = Truth(changed, whole.limit_hz, whole.split_known)
    seen = [loss(network, t)[0].item() for t in (limited, moved, whole, full)]
    assert seen[0] == pytest.approx(seen[1], rel=1e-5)
    assert seen[2] != pytest.approx(seen[3], rel=1e-3)


@pytest.mark.parametrize("name", ["even", "seed2019"])
def test_of_a_pair_only_the_voice_counts(name: str) -> None:
    design = SMALL[name]
    torch.manual_seed(0)
    network, loss = design.make().eval(), design.loss()
    whole = truth(design)
    moved = whole.spectra.clone()
    moved[:, 0] += moved[:, 2]
    moved[:, 2] = 0.0  # the accompaniment shared out differently
    unknown = torch.zeros(2, dtype=torch.bool)
    a = loss(network, Truth(whole.spectra, whole.limit_hz, unknown))[0]
    b = loss(network, Truth(moved, whole.limit_hz, unknown))[0]
    assert a.item() == pytest.approx(b.item(), rel=1e-5)


@pytest.mark.skipif(not FIRST.is_file(), reason="the lab's first model is not here")
def test_weights_of_the_lab_give_the_lab_s_masks() -> None:
    from demixme.training.checkpoint import load_network

    ort = pytest.importorskip("onnxruntime")
    _, network = load_network(FIRST)
    x = torch.rand(1, 4, 2048, 20) * 2
    session = ort.InferenceSession(str(FIRST.with_suffix(".onnx")))
    wanted = session.run(None, {"features": x.numpy()})[0]
    with torch.no_grad():
        found = network(x).numpy()
    # the checkpoint's weights are rounded to half precision, the graph's are not
    assert np.abs(found - wanted).max() < 3e-3
    assert np.abs(found - wanted).mean() < 1e-4
