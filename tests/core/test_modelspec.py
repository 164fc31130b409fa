"""A sidecar of any content is a sound ModelSpec or one of two errors, never anything else."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demixme.core.errors import ModelCorrupt, ModelError, ModelMismatch
from demixme.core.modelspec import MOST_SIDECAR_BYTES, parse_spec

SOUND = {
    "spec_version": 1,
    "title": "A model",
    "sentence": "For tests.",
    "sample_rate": 44100,
    "n_fft": 4096,
    "hop": 1024,
    "window": "hann",
    "padding": "zeros",
    "input": {"name": "features", "layout": "log1p_lrms", "bins": 2048},
    "output": {"name": "masks", "layout": "mask", "bins": 2049},
    "stems": ["bass", "drums", "other", "vocals"],
    "rest": "other",
    "level_rms": 0.14,
    "context_frames": 8192,
    "call_frames": 262144,
    "sha256": "a" * 64,
    "licence": "CC0",
    "sdr_db": {"bass": 3.8, "set": "some songs"},
    "colour": "of a later version",
}
SLIDING = SOUND | {
    "input": {"name": "x", "layout": "log2_magnitude", "bins": 2049},
    "output": {"name": "y", "layout": "magnitude", "bins": 2049},
    "window_frames": 21,
    "stride_frames": 3,
}


def text(**changes):
    spec = SOUND | changes
    return json.dumps({k: v for k, v in spec.items() if v is not ...})


def test_a_sound_sidecar():
    spec = parse_spec(text(), "small")
    assert spec.parts.names == ("bass", "drums", "other", "vocals")
    assert (spec.bins, spec.sdr_db["bass"], spec.sdr_set) == (2049, 3.8, "some songs")
    assert spec.extra == {"colour": "of a later version"}
    assert not spec.research_only
    assert parse_spec(json.dumps(SLIDING).encode(), "s").window_frames == 21
    assert parse_spec(text(title=...), "small").title == "small"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("n_fft", v) for v in (..., 0, 100, 3000, 1 << 20, 4096.0, True, "4096", None)),
        *(("hop", v) for v in (0, 4096, 1000)),
        *(("sample_rate", v) for v in (..., 7999, 10**9, 1e400)),
        *(("call_frames", v) for v in (0, 1000, 1 << 30)),
        *(("context_frames", v) for v in (-1024, 1)),
        *(("level_rms", v) for v in (-1, 2, "loud")),
        *(("stems", v) for v in ([], ["a"], ["a", "a"], "abcd", [1, 2], {}, list("abcdefghi"))),
        *(("rest", v) for v in (..., "piano", 3)),
        *(("sha256", v) for v in (..., "a" * 63, "g" * 64, 3)),
        *(("input", v) for v in (..., [], {"name": "x"}, {"name": 3, "layout": "", "bins": 5})),
        ("output", {"name": "masks", "layout": "mask", "bins": 99_999}),
        ("title", "x" * 81),
        ("licence", ["CC0"]),
        ("research_only", "yes"),
        ("training_data", "all of it"),
        ("window_frames", 21),
    ],
)
def test_values_of_the_wrong_kind_or_out_of_range(key, value):
    with pytest.raises(ModelCorrupt) as caught:
        parse_spec(text(**{key: value}), "small")
    assert caught.value.name == "small"
    assert caught.value.reason


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("spec_version", 2),
        ("window", "kaiser"),
        ("padding", "reflect"),
        ("state", ["h"]),
        ("input", {"name": "x", "layout": "waveform", "bins": 5}),
    ],
)
def test_models_of_kinds_not_known_here(key, value):
    with pytest.raises(ModelMismatch):
        parse_spec(text(**{key: value}), "small")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"3",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b" " * (MOST_SIDECAR_BYTES + 1),
        b'{"spec_version": NaN}',
        b'{"spec_version": 1' + b"0" * 5000 + b"}",
    ],
    ids=range(10),
)
def test_what_is_no_sidecar(content):
    with pytest.raises(ModelError):
        parse_spec(content, "small")


def test_texts_hold_nothing_that_could_trick_a_terminal():
    spec = parse_spec(text(title="a\x1b[31m\nb\u202ec", sentence="x\ty"), "small")
    assert spec.title.isprintable()
    assert spec.sentence == "x y"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(SOUND)), JSON, max_size=4), st.booleans())
def test_any_values_at_all(values, sliding):
    base = SLIDING if sliding else SOUND
    with contextlib.suppress(ModelError):
        parse_spec(json.dumps(base | values), "small")
