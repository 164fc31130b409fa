"""Small networks with random weights in the two layouts we know, written as a model's two files."""

import hashlib
import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOUR = ("bass", "drums", "other", "vocals")


def mask_model(folder, name="mask", stems=FOUR, rest="other", *, seed=0, **changes):
    """Write NAME.onnx and NAME.json of a mask network that looks four STFT frames to each side."""
    rng = np.random.default_rng(seed)
    count, bins = len(stems), 257
    weight = (0.8 * rng.standard_normal((2 * count, 4, 3, 9))).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["features", "weight"], ["made"], pads=[1, 4, 1, 4]),
        helper.make_node("Reshape", ["made", "shape"], ["stems"]),
        helper.make_node("Softmax", ["stems"], ["masks"], axis=1),
    ]
    shape = np.array([0, count, 2, bins, -1], np.int64)
    model = network(
        nodes,
        {"weight": weight, "shape": shape},
        ("features", ["batch", 4, bins, "time"]),
        ("masks", ["batch", count, 2, bins, "time"]),
    )
    spec = {
        "n_fft": 512,
        "hop": 128,
        "input": {"name": "features", "layout": "log1p_lrms", "bins": bins},
        "output": {"name": "masks", "layout": "mask", "bins": bins},
        "level_rms": 0.14,
        "context_frames": 8 * 128,
        "call_frames": 128 * 128,
    }
    return write(folder, name, model, spec | {"stems": stems, "rest": rest} | changes)


def seed_model(folder, name="seed", stems=FOUR, rest="other", *, seed=0, **changes):
    """Write a network of the seed's kind: 21 frames at once, every 3 frames, magnitudes out."""
    rng = np.random.default_rng(seed)
    count, bins, window = len(stems), 257, 21
    weight = (0.3 * rng.standard_normal((2 * count, 2, 3, 5))).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["spectra", "weight"], ["made"], pads=[1, 2, 1, 2]),
        helper.make_node("Relu", ["made"], ["positive"]),
        helper.make_node("Reshape", ["positive", "shape"], ["sources"]),
    ]
    shape = np.array([0, count, 2, bins, window], np.int64)
    model = network(
        nodes,
        {"weight": weight, "shape": shape},
        ("spectra", ["batch", 2, bins, window]),
        ("sources", ["batch", count, 2, bins, window]),
    )
    spec = {
        "n_fft": 512,
        "hop": 128,
        "input": {"name": "spectra", "layout": "log2_magnitude", "bins": bins},
        "output": {"name": "sources", "layout": "magnitude", "bins": bins},
        "window_frames": window,
        "stride_frames": 3,
        "context_frames": 20 * 128,
        "call_frames": 128 * 128,
    }
    return write(folder, name, model, spec | {"stems": stems, "rest": rest} | changes)


def network(nodes, weights, takes, gives, domains=("",)):
    """Return an ONNX model of these nodes."""
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(takes[0], TensorProto.FLOAT, takes[1])],
        [helper.make_tensor_value_info(gives[0], TensorProto.FLOAT, gives[1])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    sets = [helper.make_opsetid(d, 17 if not d else 1) for d in domains]
    return helper.make_model(graph, opset_imports=sets, ir_version=9)


def write(folder, name, model, spec):
    """Write a model's two files and return the network's path."""
    content = model if isinstance(model, bytes) else model.SerializeToString()
    sidecar = {
        "spec_version": 1,
        "sample_rate": 44100,
        "window": "hann",
        "padding": "zeros",
        "sha256": hashlib.sha256(content).hexdigest(),
        **spec,
    }
    path = folder / f"{name}.onnx"
    path.write_bytes(content)
    path.with_suffix(".json").write_text(json.dumps(sidecar), "utf-8")
    return path


def external(model, location):
    """Return the model with its first weight moved to a file beside it, or anywhere."""
    moved = onnx.ModelProto.FromString(model.SerializeToString())
    weight = moved.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, "offset": "0"}.items():
        weight.external_data.add(key=key, value=value)
    return moved
