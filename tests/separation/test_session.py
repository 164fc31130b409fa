"""Networks that are not what their sidecar says, or not only data."""

import json

import numpy as np
import onnx
import pytest
from onnx import helper

from demixme.core.errors import (
    Cancelled,
    ModelCorrupt,
    ModelMismatch,
    ModelMissing,
    SeparationFailed,
)
from demixme.core.interrupt import Interrupt
from demixme.separation.onnxfile import names_other_files, operation_domains
from demixme.separation.registry import load_model
from tests.support import networks


@pytest.fixture
def path(tmp_path):
    return networks.mask_model(tmp_path)


def changed(path, **fields):
    """Change the sidecar's fields."""
    sidecar = path.with_suffix(".json")
    spec = json.loads(sidecar.read_text("utf-8")) | fields
    sidecar.write_text(json.dumps(spec), "utf-8")
    return path


def rewritten(path, content):
    """Put another network in the place, with a sidecar that knows it."""
    spec = json.loads(path.with_suffix(".json").read_text("utf-8"))
    del spec["sha256"]
    return networks.write(path.parent, path.stem, content, spec)


def refused(path, kind, words):
    with pytest.raises(kind) as caught:
        load_model(path)
    assert words in caught.value.reason, caught.value.reason
    assert caught.value.name == path.stem


# ---------------------------------------------------------------- sidecar and graph differ
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"input": {"name": "x", "layout": "log1p_lrms", "bins": 257}}, "“x” is not in the"),
        ({"output": {"name": "y", "layout": "mask", "bins": 257}}, "“y” is not in the"),
        ({"input": {"name": "features", "layout": "log1p_lrms", "bins": 200}}, "200"),
        ({"stems": ["voice", "band"], "rest": "band"}, "2"),
        ({"sha256": "0" * 64}, "is not the file its sidecar was written for"),
        ({"spec_version": 2}, "version 2"),
        ({"output": {"name": "masks", "layout": "waveform", "bins": 257}}, "not known here"),
    ],
)
def test_a_network_unlike_its_sidecar(path, fields, words):
    refused(changed(path, **fields), ModelMismatch, words)


def test_a_network_that_fails_its_first_run(path):
    nodes = [helper.make_node("Reshape", ["features", "shape"], ["masks"])]
    model = networks.network(
        nodes,
        {"shape": np.array([1, 4, 2, 257, 7], np.int64)},
        ("features", ["batch", 4, 257, "time"]),
        ("masks", ["batch", 4, 2, 257, "time"]),
    )
    refused(rewritten(path, model), ModelMismatch, "a first run failed")


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"no network at all", bytes(range(256))])
def test_what_is_no_network(path, content):
    refused(rewritten(path, content), ModelCorrupt, "onnxruntime refuses it")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_network_cut_short_whose_digest_was_made_afterwards(path, share):
    content = path.read_bytes()
    with pytest.raises((ModelCorrupt, ModelMismatch)):
        load_model(rewritten(path, content[: int(len(content) * share)]))


def test_a_network_that_vanishes(path):
    path.unlink()
    with pytest.raises(ModelMissing):
        load_model(path)


# ---------------------------------------------------------------- a model is data
def test_operations_that_need_code_of_their_own(path):
    nodes = [helper.make_node("Anything", ["features"], ["masks"], domain="my.company")]
    model = networks.network(
        nodes,
        {},
        ("features", ["batch", 4, 257, "time"]),
        ("masks", ["batch", 4, 2, 257, "time"]),
        domains=("", "my.company"),
    )
    assert operation_domains(model.SerializeToString()) == ["", "my.company"]
    refused(rewritten(path, model), ModelMismatch, "my.company")


@pytest.mark.parametrize("location", ["/etc/passwd", "../weights.bin", "weights.bin"])
def test_weights_in_other_files(path, location, monkeypatch):
    monkeypatch.chdir(path.parent)
    (path.parent / "weights.bin").write_bytes(bytes(1 << 16))
    model = networks.external(onnx.load(path), location)
    refused(rewritten(path, model), ModelMismatch, "in other files")


def test_weights_in_other_files_hidden_in_a_branch():
    inner = networks.external(
        networks.network([], {"w": np.ones(4, np.float32)}, ("a", [4]), ("w", [4])), "w.bin"
    )
    branch = helper.make_node("If", ["c"], ["y"], then_branch=inner.graph, else_branch=inner.graph)
    outer = networks.network([branch], {}, ("c", []), ("y", [4]))
    assert names_other_files(outer.SerializeToString())
    plain = networks.network([], {"w": np.ones(4, np.float32)}, ("a", [4]), ("w", [4]))
    assert not names_other_files(plain.SerializeToString())


def test_any_bytes_can_be_looked_at():
    rng = np.random.default_rng(0)
    for size in range(200):
        content = rng.integers(0, 256, size, np.uint8).tobytes()
        names_other_files(content)
        operation_domains(content)
    assert names_other_files(b"\x3a\x02" * 40) is False


def test_a_network_that_asks_for_more_memory_than_there_is(path):
    nodes = [
        helper.make_node("Shape", ["features"], ["four"], start=2, end=3),
        helper.make_node("Mul", ["four", "many"], ["size"]),  # known only when it runs
        helper.make_node("ConstantOfShape", ["size"], ["huge"]),
        helper.make_node("ReduceSum", ["huge"], ["zero"], keepdims=0),
        helper.make_node("Add", ["features", "zero"], ["sum"]),
        helper.make_node("Concat", ["sum", "sum"], ["eight"], axis=1),
        helper.make_node("Reshape", ["eight", "shape"], ["masks"]),
    ]
    weights = {
        "many": np.array([1 << 32], np.int64),
        "shape": np.array([0, 4, 2, 257, -1], np.int64),
    }
    model = networks.network(
        nodes,
        weights,
        ("features", ["batch", 4, 257, "time"]),
        ("masks", ["batch", 4, 2, 257, "time"]),
    )
    refused(rewritten(path, model), ModelMismatch, "a first run failed")


def test_a_call_that_would_fill_the_memory(path):
    refused(changed(path, call_frames=1 << 22, context_frames=1 << 22), ModelCorrupt, "memory")


# ---------------------------------------------------------------- running
def features(frames=16):
    return np.zeros((1, 4, 257, frames), np.float32)


def test_a_run_can_be_ended_before_and_leaves_the_network_usable(path):
    loaded = load_model(path)
    session, interrupt = loaded._session, Interrupt()
    interrupt.set()
    with pytest.raises(Cancelled):
        session.run(features(), interrupt)
    assert session.run(features(), Interrupt()).shape == (1, 4, 2, 257, 16)
    loaded.close()


def test_an_error_of_onnxruntime_is_a_failure_and_after_an_interrupt_it_is_none(path):
    loaded = load_model(path)
    session = loaded._session
    wrong = np.zeros((1, 3, 257, 16), np.float32)
    with pytest.raises(SeparationFailed):
        session.run(wrong, Interrupt())

    class Late(Interrupt):
        def check(self):
            self.set()  # after the look, before the run

    with pytest.raises(Cancelled):
        session.run(wrong, Late())
    loaded.close()
