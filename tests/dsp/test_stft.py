import numpy as np
import pytest

from demixme.dsp.stft import Stft


@pytest.mark.parametrize(("n_fft", "hop"), [(4096, 1024), (2048, 512), (512, 256), (256, 16)])
@pytest.mark.parametrize("frames", [1, 1000, 9999])
def test_there_and_back_is_the_same(n_fft, hop, frames):
    stft = Stft(n_fft, hop)
    before, length = stft.needed(frames, 0)
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (length, 2)).astype(np.float32)
    spectra = stft.forward(x)
    assert spectra.shape == (2, n_fft // 2 + 1, stft.columns(frames))
    out = np.full((frames, 2), np.nan, np.float32)
    stft.inverse(spectra, out)
    assert np.abs(out - x[before : before + frames]).max() <= 1e-6


def test_context_is_columns_on_each_side():
    stft = Stft(512, 128)
    before, length = stft.needed(1000, 0)
    wide_before, wide_length = stft.needed(1000, 3)
    assert (wide_before - before, wide_length - length) == (3 * 128, 6 * 128)
    x = np.random.default_rng(1).uniform(-1, 1, (wide_length, 2)).astype(np.float32)
    wide = stft.forward(x)[:, :, 3:-3]
    assert np.array_equal(wide, stft.forward(x[3 * 128 : 3 * 128 + length]))


def test_a_tone_stands_in_its_bin_as_the_hann_window_has_it():
    stft = Stft(1024, 256)
    n = np.arange(4096)
    x = np.cos(2 * np.pi * 32 * n / 1024).astype(np.float32)
    column = np.abs(stft.forward(np.stack([x, 0 * x], 1)))[:, :, 2]
    assert column[0, 32] == pytest.approx(256, rel=1e-4)  # half the sum of the window
    assert column[0, 31] == pytest.approx(128, rel=1e-4)
    assert column[0, 33] == pytest.approx(128, rel=1e-4)
    assert np.delete(column[0], [31, 32, 33]).max() < 0.01
    assert not column[1].any()
