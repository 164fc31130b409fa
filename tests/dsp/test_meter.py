import numpy as np

from demixme.dsp.meter import BlockMeter


def test_measures_peak_and_mean_square_of_each_channel():
    t = np.arange(4410) / 44100
    x = np.stack([0.5 * np.sin(2 * np.pi * 100 * t), np.full_like(t, -0.25)], 1).astype(np.float32)
    left, right, square_left, square_right = BlockMeter(8192).measure(x)
    assert abs(left - 0.5) < 1e-4
    assert right == 0.25
    assert abs(square_left - 0.125) < 1e-4
    assert abs(square_right - 0.0625) < 1e-7
