"""Meters: instant attack, 20 dB a second down, hold, clip lights, and no paint for nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from demixme.engine.status import Meter
from demixme.ui.meter_view import Ballistics


def test_attack_is_instant_and_decay_is_twenty_db_a_second():
    bar = Ballistics()
    bar.feed(1.0, 0.25, 0.033)
    assert bar.peak_db == pytest.approx(0.0)
    assert bar.rms_db == pytest.approx(-6.02, abs=0.01)
    for _ in range(10):
        bar.feed(0.0, 0.0, 0.1)
    assert bar.peak_db == pytest.approx(-20.0)
    assert bar.held_db == pytest.approx(0.0)  # held for 1.5 s
    for _ in range(10):
        bar.feed(0.0, 0.0, 0.1)
    assert bar.held_db < -1.0
    for _ in range(100):
        bar.feed(0.0, 0.0, 0.1)
    assert bar.peak_db == bar.held_db == bar.rms_db == -60.0


def test_clip_light_stays_until_clicked(desk):
    view = desk.mixer.master.meter
    view.feed(Meter((1.2, 0.5), (0.1, 0.1)), 0.033)
    view.feed(Meter(), 0.033)
    assert view.clipped == [True, False]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    assert view.clipped == [False, False]


def test_an_unknown_place_is_drawn_otherwise_than_silence(desk):
    view = desk.channel("vocals").meter
    for _ in range(100):
        view.feed(Meter(), 0.1)
    silent = view.grab().toImage()
    view.feed(Meter(known=False), 0.1)
    assert view.grab().toImage() != silent
