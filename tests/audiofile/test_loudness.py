"""Loudness and true peak against what BS.1770 and EBU 3341 say of known signals."""

import numpy as np
import pytest

from demixme.audiofile.loudness import LoudnessMeter


def sine(level_db, rate, hz=997.0, seconds=5.0, phase=0.0):
    t = np.arange(round(seconds * rate)) / rate
    x = 10.0 ** (level_db / 20.0) * np.sin(2 * np.pi * hz * t + phase)
    edge = np.minimum(1.0, np.minimum(t, t[-1] - t) / 0.05)  # a hard start overshoots, truly
    return np.repeat((x * edge)[:, None], 2, axis=1).astype(np.float32)


def measured(x, rate, cut=8192):
    meter = LoudnessMeter(rate, x.shape[1])
    for at in range(0, len(x), cut):
        meter.feed(x[at : at + cut])
    return meter.result()


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000, 192000])
@pytest.mark.parametrize("level_db", [-3.0, -23.0, -45.0])
def test_a_stereo_sine_is_as_loud_as_its_level(rate, level_db):
    found = measured(sine(level_db, rate), rate)
    assert found.lufs == pytest.approx(level_db, abs=0.15)
    assert found.true_peak_db == pytest.approx(level_db, abs=0.1)


def test_a_peak_between_the_samples_is_found():
    x = sine(-6.0, 48000, hz=12000.0, phase=np.pi / 4)  # EBU 3341, case 15 and on: 3 dB between
    assert np.abs(x).max() < 10 ** (-8.9 / 20)
    assert measured(x, 48000).true_peak_db == pytest.approx(-6.0, abs=0.1)


def test_soft_and_silent_songs():
    assert measured(sine(-80.0, 44100), 44100).true_peak_db == pytest.approx(-80.0, abs=0.1)
    found = measured(np.zeros((44100, 2), np.float32), 44100)
    assert (found.lufs, found.true_peak_db) == (-np.inf, -np.inf)
    assert measured(np.zeros((0, 1), np.float32), 44100).true_peak_db == -np.inf


def test_the_very_last_frame_counts():
    x = np.zeros((44100, 2), np.float32)
    x[-1] = 0.5
    assert measured(x, 44100).true_peak_db == pytest.approx(-6.0, abs=0.3)


@pytest.mark.parametrize("cut", [1000, 4801, 10**6])
def test_how_it_is_cut_does_not_matter(cut):
    x = sine(-12.0, 48000)
    assert measured(x, 48000, cut) == measured(x, 48000)
