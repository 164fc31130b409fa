import subprocess
import sys

import numpy as np
import pytest

import demixme
from demixme.core.errors import FileMissing, InvalidValue
from demixme.core.interrupt import Interrupt
from demixme.export import separate as door
from tests.export.conftest import loaded
from tests.support import separators, songs


class Loader:
    """Stands where `load_model` stands and hands out a separator that knows the parts."""

    def __init__(self, separator):
        self.model = separators.KnownModel(separator)
        self.asked = []

    def __call__(self, name, threads=1):
        self.asked.append((name, threads))
        return self.model


@pytest.fixture
def known(monkeypatch):
    separator = separators.four_parts(1.5)
    loader = Loader(separator)
    monkeypatch.setattr(door, "load_model", loader)
    return separator, loader


def check(separator, stems, tolerance=1e-6):
    assert tuple(stems) == separator.parts.mixer_order
    for name, stem in stems.items():
        assert stem.dtype == np.float32
        assert np.abs(stem - separator.stems[name]).max() < tolerance
    assert np.abs(sum(stems.values()) - separator.mixture).max() <= 1e-6


def test_a_quality(known):
    separator, loader = known
    for quality, best in (("normal", False), ("best", True)):
        demixme.separate(separator.mixture, rate=44100, quality=quality)
        assert loader.model.best is best
    with pytest.raises(InvalidValue):
        demixme.separate(separator.mixture, rate=44100, quality="good")


@pytest.mark.parametrize("kind", [str, lambda p: p])
def test_a_file(known, tmp_path, kind):
    separator, loader = known
    _, track = loaded(tmp_path, separator)
    check(separator, demixme.separate(kind(track.info.path), model="mine", threads=2))
    assert loader.asked == [("mine", 2)]
    assert loader.model.closed
    assert separator.closed


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_array(known, dtype):
    separator, loader = known
    check(separator, demixme.separate(separator.mixture.astype(dtype), 44100))
    assert loader.asked == [("default", 1)]


def test_the_callers_arithmetic_stays_as_it_was():
    # in a process of its own, whose first network is the call's
    ask = (
        "import demixme, numpy as np; demixme.separate(np.zeros((2000, 2)), 44100);"
        "print(np.array([1e-310]) * 1.0 > 0)"
    )
    said = subprocess.check_output([sys.executable, "-c", ask], text=True)
    assert said.strip() == "[ True]"


def test_a_list_and_whole_numbers(known):
    separator, _ = known
    check(separator, demixme.separate(separator.mixture.tolist(), rate=44100))
    whole = np.rint(separator.mixture * 32768).astype(np.int16)
    stems = demixme.separate(whole, 44100)
    np.testing.assert_allclose(sum(stems.values()), whole / 32768, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_mono_becomes_two_equal_channels(known, shape):
    separator, _ = known
    mono = separator.mixture[:, 0]
    stems = demixme.separate(mono.reshape(shape), 44100)
    total = sum(stems.values())
    np.testing.assert_allclose(total, np.stack([mono, mono], 1), rtol=0, atol=1e-6)


@pytest.mark.parametrize("frames", [0, 1, 8191])
def test_short_arrays(known, frames):
    stems = demixme.separate(np.zeros((frames, 2)), 44100)
    assert {s.shape for s in stems.values()} == {(frames, 2)}


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 1000)),  # channels first
        np.zeros((1000, 3)),
        np.zeros((10, 2, 2)),
        np.float64(0.5),
        np.zeros(10, np.int32),
        np.zeros(10, complex),
        np.array([0.0, np.nan]),
        [[0.0, 0.0], [0.0]],
        ["a", "b"],
        None,
    ],
    ids=str,
)
def test_other_arrays_are_refused(known, array):
    with pytest.raises(InvalidValue):
        demixme.separate(array, 44100)


@pytest.mark.parametrize("rate", [None, 0, 7999, 192001, 44100.5])
def test_an_array_needs_its_rate(known, rate):
    with pytest.raises(InvalidValue):
        demixme.separate(np.zeros((10, 2)), rate)


def test_a_file_has_its_own_rate(known, tmp_path):
    with pytest.raises(InvalidValue):
        demixme.separate(songs.write_song(tmp_path / "a.wav", songs.tune(0.1)), 44100)
    with pytest.raises(FileMissing):
        demixme.separate(tmp_path / "no.wav")


def test_the_callers_thread_keeps_its_way_with_numbers():
    """The first session of a process has its thread treat denormal numbers as zero."""
    tiny = np.full(4, 1e-40, np.float32)
    demixme.separate(np.zeros((100, 2)), 44100)
    assert (tiny * np.float32(0.5)).all()


def test_ctrl_c_ends_the_work(known, monkeypatch):
    separator, _ = known

    def pressed(job):
        raise KeyboardInterrupt

    seen = []
    monkeypatch.setattr(door.WORKER, "call", pressed)
    monkeypatch.setattr(door, "Interrupt", lambda: seen.append(Interrupt()) or seen[0])
    with pytest.raises(KeyboardInterrupt):
        demixme.separate(separator.mixture, 44100)
    assert seen[0].is_set
