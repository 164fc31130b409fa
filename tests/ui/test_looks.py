"""The waveforms, both themes, and that everything can be read and reached."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from demixme.separation.stemstore import StemStore
from demixme.ui.theme import themes
from tests.support.fake_engine import SLOT_FRAMES, FakeEngine, fill_store
from tests.support.pointer import contrast, drag

LEFT = Qt.MouseButton.LeftButton


# ---------------------------------------------------------------- waveform
def test_a_click_seeks_and_a_drag_loops(desk):
    wave = desk.window.waveform
    QTest.mouseClick(wave, LEFT, pos=QPoint(300, 70))
    assert desk.engine.asked("seek")[-1] == (wave.frame_at(300),)
    drag(wave, QPoint(100, 0), start=QPoint(200, 70))
    assert desk.engine.status.loop == (wave.frame_at(200), wave.frame_at(300))
    QTest.mouseClick(desk.window.overview, LEFT, pos=QPoint(600, 20))
    assert desk.engine.asked("seek")[-1] == (desk.window.overview.frame_at(600),)


def test_the_picture_grows_coloured_as_separation_proceeds(make_desk):
    engine = FakeEngine()
    desk = make_desk(engine)
    store = StemStore(engine.parts, SLOT_FRAMES)
    engine.status = replace(engine.status, store=store)
    desk.pump(10)
    grey = colours_of(desk.window.overview)
    vocals = themes()["dark"].part("vocals")
    assert not near(grey, vocals)
    fill_store(store, engine.status.frames)
    desk.pump(10)
    assert near(colours_of(desk.window.overview), vocals)


def colours_of(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).rgb() for x in range(0, image.width(), 2) for y in range(40)}


def near(found, colour, limit=90):
    def distance(rgb):
        c = QColor.fromRgb(rgb)
        return (
            abs(c.red() - colour.red())
            + abs(c.green() - colour.green())
            + abs(c.blue() - colour.blue())
        )

    return min(distance(rgb) for rgb in found) <= limit


# ---------------------------------------------------------------- looks
def test_both_themes_paint_every_area_and_changing_them_needs_no_style_sheet(desk):
    pictures = {}
    for choice in ("dark", "light"):
        desk.window.look.choose(choice)
        desk.pump()
        image = desk.window.grab().toImage()
        pictures[choice] = image
        tokens = themes()[choice].tokens
        assert image.pixelColor(4, 4) == tokens["bg"]
        panel = desk.transport.mapTo(desk.window, QPoint(330, 4))
        assert image.pixelColor(panel) == tokens["panel"]
    assert pictures["dark"] != pictures["light"]
    assert QApplication.instance().styleSheet() == ""


def test_texts_are_readable_in_both_themes():
    for theme in themes().values():
        for ink in ("text", "muted", "faint"):
            for ground in ("bg", "panel"):
                assert contrast(theme.tokens[ink], theme.tokens[ground]) >= 4.5, (theme.name, ink)
        for pair in ("primary", "mute", "solo"):
            assert contrast(theme.tokens[pair], theme.tokens["on_" + pair]) >= 4.5


def test_everything_pressable_has_a_name_and_can_be_reached_by_tab(desk):
    seen = set()
    widget = desk.transport.play
    for _ in range(200):
        seen.add(widget)
        widget = widget.nextInFocusChain()
    for control in desk.window.findChildren(QWidget):
        if isinstance(control, QScrollBar) or not control.isVisible():
            continue
        if isinstance(control, QAbstractButton | QAbstractSlider | QLineEdit):
            if control.window() is not desk.window:
                continue
            assert control.accessibleName() or control.text(), control
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
            assert control in seen
