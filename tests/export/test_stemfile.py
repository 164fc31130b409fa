"""A song and its parts as one stem file."""

import io

import av
import numpy as np
import pytest

from demixme.audiofile.stemmp4 import read_manifest
from demixme.core.errors import FileExists
from demixme.core.parts import FOUR_PARTS, Parts
from demixme.export.slots import DirectSlots
from demixme.export.stemfile import export_stem_file, stem_file_path, stem_tracks
from tests.export.conftest import loaded
from tests.support import separators


def test_the_usual_parts_in_the_order_of_these_files(four, tmp_path):
    separator, track = four
    path = tmp_path / "o.stem.mp4"
    made = export_stem_file(track, DirectSlots(separator, track.read), path)
    assert made.tracks == (("drums",), ("bass",), ("other",), ("vocals",))
    names = [s["name"] for s in read_manifest(path)["stems"]]
    assert names == ["Drums", "Bass", "Other", "Vocals"]
    want = [separator.mixture, *(separator.stems[n[0]] for n in made.tracks)]
    for k, x in enumerate(want):
        with av.open(io.BytesIO(path.read_bytes())) as container:
            stream = container.streams.audio[k]
            got = np.concatenate([f.to_ndarray() for f in container.decode(stream)], axis=1).T
            assert stream.duration == track.frames
        inner = slice(5000, 100_000)
        assert np.square(got[inner] - x[inner]).mean() < 3e-3 * np.square(x[inner]).mean()
    with pytest.raises(FileExists):
        export_stem_file(track, DirectSlots(separator, track.read), path)


def test_more_parts_join_the_rest_and_fewer_leave_silence(tmp_path):
    names = ("bass", "drums", "guitar", "other", "piano", "vocals")
    tracks = (("drums",), ("bass",), ("other", "guitar", "piano"), ("vocals",))
    assert stem_tracks(Parts(names, "other")) == tracks
    assert stem_tracks(FOUR_PARTS)[2] == ("other",)
    assert stem_tracks(Parts(("voice", "band"), "band")) == (("voice",), ("band",), (), ())
    assert stem_tracks(Parts(("a", "b", "c", "d", "e"), "e"))[3] == ("e", "d")
    separator, track = loaded(tmp_path, separators.six_parts(1.0))
    export_stem_file(track, DirectSlots(separator, track.read), tmp_path / "o.stem.mp4")


def test_the_ending_is_added_once(tmp_path):
    assert stem_file_path(tmp_path / "a.b").name == "a.b.stem.mp4"
    assert stem_file_path(tmp_path / "a.stem.MP4").name == "a.stem.MP4"
