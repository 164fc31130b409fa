import numpy as np
import pytest

from demixme.audiofile.decode import open_song
from demixme.audiofile.downmix import MOST_CHANNELS, downmix, downmix_matrix
from tests.support import songs

H = 0.5**0.5


def test_five_point_one_by_hand():
    left = np.array([1, 0, H, 0, H, 0]) / (1 + 2 * H)
    right = np.array([0, 1, H, 0, 0, H]) / (1 + 2 * H)
    np.testing.assert_allclose(downmix_matrix(6), [left, right], atol=1e-15)


def test_seven_has_its_back_centre_on_both_sides():
    np.testing.assert_allclose(
        downmix_matrix(7) * (1 + 3 * H), [[1, 0, H, 0, H, H, 0], [0, 1, H, 0, H, 0, H]], atol=1e-15
    )


@pytest.mark.parametrize("channels", range(1, MOST_CHANNELS + 1))
def test_no_row_is_above_one(channels):
    matrix = downmix_matrix(channels)
    assert matrix.shape == (2, channels)
    assert matrix.min() >= 0
    assert matrix.sum(axis=1).max() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8, 10])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_a_file_of_many_channels(tmp_path, channels, subtype):
    x = songs.on_grid(songs.tune(2.0, channels=channels), 16)
    decoder = open_song(songs.write_song(tmp_path / "a.wav", x, subtype=subtype))
    got = np.concatenate(list(decoder.blocks()))
    decoder.close()
    assert decoder.info.channels == channels
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, x @ downmix_matrix(channels).T, atol=1e-7)


@pytest.mark.parametrize("cut", [1, 7, 64, 1000])
def test_any_cut_is_the_same(cut):
    x = songs.tune(0.2, channels=6).astype(np.float32)
    matrix = downmix_matrix(6)
    pieces = [downmix(x[at : at + cut], matrix) for at in range(0, len(x), cut)]
    np.testing.assert_array_equal(np.concatenate(pieces), downmix(x, matrix))
