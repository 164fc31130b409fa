"""The fader's law: where levels stand, and back again."""

import math

import pytest

from demixme.ui.fader import level_at_way, level_of_place, place_of_level, way_of_level

LAW = {10: 0, 5: 0.10, 0: 0.22, -5: 0.36, -10: 0.50, -20: 0.70, -40: 0.90, -60: 0.98}


@pytest.mark.parametrize(("level", "way"), LAW.items())
def test_the_law_has_its_marks(level, way):
    assert way_of_level(level) == pytest.approx(way)
    assert level_at_way(way) == pytest.approx(level, abs=0.05)


def test_silence_is_at_the_bottom():
    assert way_of_level(-math.inf) == 1.0
    assert level_at_way(1.0) == -math.inf


def test_levels_fall_all_the_way_down():
    levels = [level_at_way(k / 1000) for k in range(1001)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == 10.0


@pytest.mark.parametrize("level", [10.0, 2.5, 0.0, -6.2, -59.9, -60.0, -math.inf])
def test_slider_values_keep_tenths(level):
    assert level_of_place(place_of_level(level)) == level
