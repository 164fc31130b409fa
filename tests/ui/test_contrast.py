"""Every text that is painted can be read: at least 4.5 : 1 on the ground it really lies on."""

import pytest
from PySide6.QtGui import QPalette

from demixme.ui.theme import palette, themes
from tests.support.fake_engine import FakeEngine
from tests.support.painted import painted_texts
from tests.support.pointer import contrast

LEAST = 4.5
Role = QPalette.ColorRole


def hard_to_read(window):
    return sorted(
        {
            f"{t.text!r}: {t.colour.name()} on {t.ground.name()} in {type(t.widget).__name__}"
            for t in painted_texts(window)
            # what cannot be pressed now is pale on purpose
            if t.widget.isEnabled() and contrast(t.colour, t.ground) < LEAST
        }
    )


def everything_lit(desk):
    desk.desk.toggle_mute("vocals")
    desk.desk.toggle_solo("bass")
    desk.desk.set_pan("drums", -0.5)
    desk.desk.set_loop((44100, 3 * 44100))
    desk.pump(10)


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(1280, 800), (720, 480)], ids=str)
@pytest.mark.parametrize("state", ["empty", "playing", "lit", "original", "silent"])
def test_painted_texts_can_be_read(make_desk, look, size, state):
    desk = make_desk(FakeEngine(seconds=6.0), look=look, size=size, song=state != "empty")
    if state == "lit":
        everything_lit(desk)
    if state == "original":
        desk.desk.set_original(True)
    if state == "silent":
        desk.desk.toggle_mute_all()
        desk.pump(10)
    assert hard_to_read(desk.window) == []


def test_the_test_sees_what_cannot_be_read(make_desk, monkeypatch):
    desk = make_desk(FakeEngine(seconds=6.0), look="dark")
    monkeypatch.setitem(themes()["dark"].tokens, "muted", themes()["dark"].tokens["line"])
    assert hard_to_read(desk.window)


PAIRS = (
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.HighlightedText, Role.Highlight),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    (Role.PlaceholderText, Role.Base),
)


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p[0].name} on {p[1].name}")
def test_qts_own_texts_can_be_read(qapp, look, pair):
    made = palette(themes()[look])
    assert contrast(made.color(pair[0]), made.color(pair[1])) >= LEAST
