"""Stem files as ffmpeg, and whoever reads them, find them."""

import io
import json
import struct

import av
import numpy as np
import pytest

from demixme.audiofile.stemmp4 import (
    StemWriter,
    _boxes,
    _moov,
    manifest_of,
    read_manifest,
    stem_rate,
)
from demixme.audiofile.tagcopy import Cover, Tags, read_all_tags
from demixme.core.errors import InvalidValue

NAMES = ("drums", "bass", "other", "vocals")
TAGS = Tags({"title": ("Söng",), "track": ("2/9",)}, Cover("image/png", b"\x89PNG" + bytes(999)))


def tones(frames, rate):
    t = np.arange(frames)[:, None] / rate
    return [(0.3 * np.sin(2 * np.pi * 220 * (k + 1) * t * [1, 1.1])).astype("f4") for k in range(5)]


def written(path, frames=44_137, rate=44100, tags=None, manifest=None):
    with StemWriter(path, rate, manifest or manifest_of(NAMES), tags=tags) as writer:
        tracks = tones(frames, rate)
        for at in range(0, frames, 7000):
            writer.write([x[at : at + 7000] for x in tracks])
        writer.commit()
    return writer


def read(path):
    tracks = []
    with av.open(io.BytesIO(path.read_bytes())) as container:
        count = len(container.streams.audio)
    for k in range(count):
        with av.open(io.BytesIO(path.read_bytes())) as container:
            stream = container.streams.audio[k]
            x = np.concatenate([f.to_ndarray() for f in container.decode(stream)], axis=1).T
            tracks.append((stream.rate, x[: stream.duration]))
    return tracks


def headers(path):
    """Return name and body of every track's header, and the boxes of moov."""
    with open(path, "rb") as file:
        _, moov = _moov(file)
    found = list(_boxes(moov[8:]))
    return found, [b for n, t in found if n == b"trak" for m, b in _boxes(t) if m == b"tkhd"]


@pytest.mark.parametrize("tags", [None, TAGS])
def test_five_tracks_come_back_to_the_frame(tmp_path, tags):
    path = tmp_path / "a.stem.mp4"
    assert not written(path, tags=tags).tags_lost
    tracks = read(path)
    assert len(tracks) == 5
    for (rate, got), want in zip(tracks, tones(44_137, 44100), strict=True):
        assert (rate, got.shape) == (44100, want.shape)
        inner = slice(5000, -5000)
        assert np.square(got[inner] - want[inner]).mean() < 2e-3 * np.square(want[inner]).mean()
    assert path.read_bytes()[4:12] == b"ftypM4A "
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_only_the_master_is_enabled_and_the_manifest_is_last(tmp_path):
    path = tmp_path / "a.stem.mp4"
    written(path, tags=TAGS)
    boxes, flags = headers(path)
    assert [f[:4] for f in flags] == [struct.pack(">I", k) for k in (1, 0, 0, 0, 0)]
    assert boxes[-1][0] == b"udta"
    inner = list(_boxes(boxes[-1][1]))
    assert inner[-1][0] == b"stem"
    assert [n for n, _ in inner].count(b"meta") == 1
    found = read_all_tags(path)
    assert (dict(found.texts), found.cover) == (dict(TAGS.texts), TAGS.cover)


def test_the_manifest_is_bare_json_and_comes_back_unchanged(tmp_path):
    path = tmp_path / "a.stem.mp4"
    manifest = manifest_of(("Schlagzeug 夜", "bass", "a", "b"))
    written(path, 3000, manifest=manifest)
    assert read_manifest(path) == json.loads(json.dumps(manifest))
    assert manifest_of(NAMES)["stems"][0] == {"name": "Drums", "color": "#009E73"}
    assert len({s["color"] for s in manifest["stems"]}) == 4


@pytest.mark.parametrize(("rate", "want"), [(8000, 44100), (44100, 44100), (96000, 48000)])
def test_always_at_44_or_48_khz(tmp_path, rate, want):
    assert stem_rate(rate) == want
    written(tmp_path / "a.stem.mp4", rate, rate)
    assert {(r, len(x)) for r, x in read(tmp_path / "a.stem.mp4")} == {(want, want)}


def test_four_parts_and_no_other_number(tmp_path):
    with pytest.raises(InvalidValue):
        StemWriter(tmp_path / "a.stem.mp4", 44100, manifest_of(NAMES[:3]))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_stem_file_has_no_manifest(tmp_path):
    path = tmp_path / "a.stem.mp4"
    written(path, 3000)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for k in range(200):
        data = bytearray(whole)
        for at in rng.integers(len(data) - 4000, len(data), 8):
            data[at] = rng.integers(256)
        path.write_bytes(data[: rng.integers(len(data))] if k % 2 else data)
        found = read_manifest(path)
        assert found is None or isinstance(found["stems"], list)
    assert read_manifest(tmp_path / "none") is None
