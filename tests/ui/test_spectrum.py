"""The spectrum view: made when it is wanted, costs nothing while hidden, obeys no mouse."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.support.fake_engine import FakeEngine
from tests.support.pointer import LEFT, drag, wheel


def asked(desk):
    return len(desk.engine.asked("spectra"))


def test_a_hidden_spectrum_costs_nothing(desk):
    desk.pump(10)
    assert desk.window.stage.spectrum is None
    assert asked(desk) == 0
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_F)
    desk.pump(10)
    view = desk.window.stage.spectrum
    assert view.isVisible()
    assert 3 <= asked(desk) <= 6
    QTest.mouseClick(desk.transport.spectrum, LEFT)
    before = asked(desk)
    desk.pump(10)
    assert not view.isVisible()
    assert asked(desk) == before


def test_it_shows_every_part_and_the_sum_by_name(desk):
    QTest.mouseClick(desk.transport.spectrum, LEFT)
    desk.pump(6)
    view = desk.window.stage.spectrum
    names = [label.text for _, label in view.legend.items]
    assert names == ["Sum", "Vocals", "Drums", "Bass", "Other"]
    for name in desk.desk.parts.names:
        assert view.curves[name].yData.max() > -90
    picture = view.grab().toImage()
    desk.window.look.choose("light")
    assert view.grab().toImage() != picture
    desk.bridge.play_pause()  # silence: the curves fall
    desk.pump(2)
    high = view.curves["bass"].yData.max()
    for _ in range(30):
        view.feed(None, 0.1)
    assert view.curves["bass"].yData.max() < high
    assert np.all(view.curves["bass"].yData == -90)


def test_no_mouse_moves_it(desk):
    QTest.mouseClick(desk.transport.spectrum, LEFT)
    desk.pump(6)
    plot = desk.window.stage.spectrum.plot
    before = plot.viewRange()
    wheel(plot.viewport(), 240)
    drag(plot.viewport(), plot.viewport().rect().center() / 3)
    assert plot.viewRange() == before
    assert not plot.getPlotItem().menuEnabled()
    assert not plot.acceptDrops()


def test_it_comes_back_with_the_next_window_and_goes_where_there_is_no_room(make_desk):
    desk = make_desk()
    desk.window.commands.toggle_spectrum()
    desk.window.close()
    again = make_desk(FakeEngine())
    assert again.window.stage.spectrum.isVisible()
    again.window.resize(720, 480)
    again.pump()
    assert not again.window.stage.spectrum.isVisible()
