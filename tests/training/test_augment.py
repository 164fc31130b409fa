"""Augmentations: shapes stay, sums are exact, each does what its name says."""

import numpy as np
import pytest
import torch

from demixme.core.parts import STEMS
from demixme.training import seedaugment
from demixme.training.augment import Augmentation, equalised, loudness
from demixme.training.mastering import compressor_gain
from demixme.training.toysongs import toy_stems

pytestmark = pytest.mark.training

RATE = 44100
FRAMES = RATE


@pytest.fixture(scope="module")
def stems() -> np.ndarray:
    made = toy_stems(1, FRAMES / RATE)
    return np.stack([made[s].T for s in STEMS])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def peak_hz(x: np.ndarray) -> float:
    window = np.hanning(len(x))
    return float(np.argmax(np.abs(np.fft.rfft(x * window))) * RATE / len(x))


@pytest.mark.parametrize("style", ["recipe", "seed"])
def test_shapes_stay_and_values_are_sound(style: str, stems: np.ndarray) -> None:
    for seed in range(12):
        made = Augmentation(style=style).mix(stems, rng(seed), coherent=bool(seed % 2))
        assert made.shape == stems.shape
        assert made.dtype == np.float32
        assert np.isfinite(made).all()
        again = Augmentation(style=style).mix(stems, rng(seed), coherent=bool(seed % 2))
        np.testing.assert_array_equal(made, again)


def test_mastering_turns_all_stems_alike(stems: np.ndarray) -> None:
    only = {k: 0.0 for k in ("swap", "mono_stem", "mono_mix", "silent", "balance", "drive")}
    dry = Augmentation(relevel=0.0, mastering=0.0, **only).mix(stems, rng(4), coherent=True)
    wet = Augmentation(relevel=0.0, mastering=1.0, **only).mix(stems, rng(4), coherent=True)
    gains = []
    for a, b in zip(dry[[0, 2, 3]], wet[[0, 2, 3]], strict=True):
        heard = np.abs(a[0]) > 0.02
        gain = np.interp(np.arange(FRAMES), np.flatnonzero(heard), b[0][heard] / a[0][heard])
        gains.append(gain)
    np.testing.assert_allclose(gains[0], gains[1], atol=5e-3)
    np.testing.assert_allclose(gains[0], gains[2], atol=5e-3)
    assert gains[0].min() < 0.9


def test_the_compressor_takes_off_what_it_was_asked_to() -> None:
    quiet, loud = np.full((2, RATE), 0.05), np.full((2, RATE), 0.5)
    mix = np.concatenate([quiet, loud], axis=1).astype(np.float32)
    gain = compressor_gain(mix, 6.0, rng())
    assert gain.shape == (2 * RATE,)
    assert 20 * np.log10(gain[-1]) == pytest.approx(-6.0, abs=0.3)
    assert gain[RATE - 1000] == pytest.approx(1.0, abs=0.01)
    assert np.abs(np.diff(gain)).max() < 0.01  # no clicks


@pytest.mark.parametrize(
    ("field", "holds"),
    [
        ("silent", lambda a, b: not b.any()),
        ("mono_stem", lambda a, b: np.array_equal(b[:, 0], b[:, 1])),
        ("mono_mix", lambda a, b: np.array_equal(b[:, 0], b[:, 1])),
        ("swap", lambda a, b: np.corrcoef(a[1, 0], b[1, 1])[0, 1] ** 2 > 0.99),
    ],
)
def test_each_does_what_its_name_says(field: str, holds: object, stems: np.ndarray) -> None:
    off = dict.fromkeys(
        ("relevel", "swap", "mono_stem", "mono_mix", "silent", "balance", "drive", "mastering"), 0.0
    )
    sides = stems * np.array([1.0, 0.5], np.float32)[:, None]
    sides[1, 1] = sides[1, 1][::-1]
    made = Augmentation(**{**off, field: 1.0}).mix(sides, rng(1), coherent=True)
    assert holds(sides, made)  # type: ignore[operator]
    plain = Augmentation(**off).mix(sides, rng(1), coherent=True)
    assert not holds(sides, plain)  # type: ignore[operator]


def test_loudness_is_that_of_the_places_that_sound() -> None:
    x = np.zeros((2, 4 * RATE), np.float32)
    x[:, :RATE] = 0.3
    assert loudness(x) == pytest.approx(0.3, rel=1e-3)


def test_equalising_is_linear_smooth_and_per_stem() -> None:
    spectra = torch.ones(1, 4, 2, 257, 3, dtype=torch.complex64)
    nodes = torch.zeros(1, 4, 7)
    nodes[0, 1] = 6.0
    nodes[0, 2] = torch.arange(7.0)
    made = equalised(spectra, nodes).abs()
    torch.testing.assert_close(made[0, 0], spectra[0, 0].abs())
    torch.testing.assert_close(made[0, 1], torch.full_like(made[0, 1], 10 ** (6 / 20)))
    assert (made[0, 2, 0, :, 0].diff() > 0).all()


# ---------------------------------------------------------------- the seed's eight
def test_stretching_keeps_the_pitch() -> None:
    tone = np.stack([np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE)] * 2).astype(np.float32)
    for factor in (0.75, 1.5):
        made = seedaugment.stretched(tone, factor)
        assert made.shape == tone.shape
        heard = made[0, 8192 : int(0.6 * 2 * RATE)]
        assert peak_hz(heard) == pytest.approx(440, abs=2)
        assert np.sqrt(np.square(heard).mean()) == pytest.approx(0.707, rel=0.1)
    ends = seedaugment.stretched(tone, 0.75)[0]
    assert not ends[int(0.8 * 2 * RATE) :].any()


def test_stretching_moves_events() -> None:
    clicks = np.zeros((2, 2 * RATE), np.float32)
    clicks[:, RATE] = 1.0
    made = seedaugment.stretched(clicks, 1.5)
    assert np.argmax(np.abs(made[0])) == pytest.approx(1.5 * RATE, abs=1500)


def test_pitching_keeps_the_tempo() -> None:
    tone = np.stack([np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)] * 2).astype(np.float32)
    made = seedaugment.pitched(tone, 4.0)
    assert made.shape == tone.shape
    assert peak_hz(made[0, 8192:-8192]) == pytest.approx(440 * 2 ** (4 / 12), abs=2)


def test_distortion_adds_overtones_and_keeps_the_loudness() -> None:
    tone = np.stack([np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)] * 2).astype(np.float32)
    made = seedaugment.distorted(tone, 6.0)
    spectrum = np.abs(np.fft.rfft(made[0]))
    assert spectrum[300] > 0.1 * spectrum[100]
    assert np.square(made).mean() == pytest.approx(np.square(tone).mean(), rel=1e-3)
    shelved = np.abs(np.fft.rfft(seedaugment.high_shelf(made, 6.0)[0]))
    assert 20 * np.log10(shelved[100] / spectrum[100]) < 0.1


def test_a_room_adds_a_tail_and_keeps_the_stroke() -> None:
    click = np.zeros((2, RATE), np.float32)
    click[:, 100] = 1.0
    made = seedaugment.reverberated(click, rng())
    assert not made[:, :100].any(where=np.abs(made[:, :100]) > 1e-5)
    assert made[0, 100] > 0.9
    early, late = np.square(made[:, 200:5000]).sum(), np.square(made[:, 30000:34800]).sum()
    assert early > 10 * late > 0


def test_panning_places_one_side() -> None:
    x = np.ones((2, 10), np.float32)
    left = seedaugment.panned(x, -1.0)
    assert left[1] == pytest.approx(np.zeros(10), abs=1e-6)
    assert np.square(left).sum() == pytest.approx(np.square(x).sum(), rel=1e-5)
