"""Presets, A/B, undo and redo."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from demixme.core.parts import FOUR_PARTS, Parts
from demixme.ui.presets import PRESETS, presets_for
from tests.support.fake_engine import FakeEngine

LEFT = Qt.MouseButton.LeftButton
TWO = Parts(("voice", "band"), "band")
SIX = Parts(("bass", "drums", "guitar", "other", "piano", "vocals"), "other")


# ---------------------------------------------------------------- presets, A/B, undo
def lit(desk):
    return [p.id for p, chip in desk.mixer.master.presets if chip.isChecked()]


def chip(desk, preset_id):
    return next(c for p, c in desk.mixer.master.presets if p.id == preset_id)


def test_presets_clear_solos_keep_faders_and_are_lit_only_when_exact(desk):
    desk.desk.set_level("drums", -6.0)
    desk.desk.toggle_solo("bass")
    assert lit(desk) == []
    QTest.mouseClick(chip(desk, "karaoke"), LEFT)
    assert desk.mix.strips["vocals"].mute
    assert not any(s.solo for s in desk.mix.strips.values())
    assert desk.mix.strips["drums"].level_db == -6.0
    assert lit(desk) == ["karaoke"]
    desk.desk.toggle_mute("drums")
    assert lit(desk) == []
    desk.desk.undo()
    assert lit(desk) == ["karaoke"]


def test_a_preset_that_is_lit_stays_lit_when_pressed(desk):
    QTest.mouseClick(chip(desk, "karaoke"), LEFT)
    QTest.mouseClick(chip(desk, "karaoke"), LEFT)
    assert lit(desk) == ["karaoke"]


def test_presets_that_name_a_missing_part_are_hidden(make_desk):
    desk = make_desk(FakeEngine(TWO))
    assert [p.id for p, _ in desk.mixer.master.presets] == ["all"]
    assert len(presets_for(FOUR_PARTS)) == len(PRESETS)
    # with guitar and piano of their own, "other" is not "guitar & keys"
    assert "no_other" not in [p.id for p in presets_for(SIX)]


def test_original_ends_at_the_next_move_and_dims_the_strips(desk):
    QTest.mouseClick(desk.transport.original, LEFT)
    assert desk.engine.status.original
    assert desk.channel("drums").fader.dim
    assert desk.transport.original.isChecked()
    desk.desk.set_level("drums", -1.0)
    assert not desk.engine.status.original
    assert not desk.transport.original.isChecked()
    assert not desk.channel("drums").fader.dim


def test_undo_and_redo_go_through_moves_and_loops(desk):
    start = desk.mix
    desk.desk.set_mute("vocals", True)
    desk.desk.set_loop((0, 44100))
    desk.desk.reset()
    for _ in range(3):
        desk.desk.undo()
    assert desk.mix == start
    assert desk.engine.status.loop is None
    for _ in range(3):
        desk.desk.redo()
    assert desk.engine.status.loop == (0, 44100)
    assert not desk.mix.strips["vocals"].mute
    assert not desk.desk.can_redo


# ---------------------------------------------------------------- one's own
def test_an_own_preset_keeps_faders_balances_and_mutes_beyond_the_window(make_desk):
    desk = make_desk()
    desk.desk.set_level("drums", -6.0)
    desk.desk.set_pan("bass", 0.25)
    desk.desk.set_level("vocals", float("-inf"))
    desk.desk.set_mute("other", True)
    kept = desk.mix
    menu, dialog = desk.mixer.master.menu, desk.window.name_dialog
    choose(menu, "Keep this mix…")
    assert dialog.box.text() == "My mix 1"
    dialog.box.setText("Practice & sing")
    QTest.mouseClick(dialog.keep, LEFT)
    assert desk.mixer.master.fold.text() == "Practice & sing"
    desk.desk.reset()
    desk.desk.toggle_solo("bass")
    assert desk.mixer.master.fold.text() == "Presets"
    choose(menu, "Practice && sing")
    assert desk.mix == kept
    desk.window.close()
    again = make_desk()
    choose(again.mixer.master.menu, "Practice && sing")
    assert again.mix == kept
    two = make_desk(FakeEngine(TWO))
    two.mixer.master.menu.fill()
    assert "Practice && sing" not in [a.text() for a in two.mixer.master.menu.actions()]
    again.mixer.master.menu.fill()
    again.mixer.master.menu.forget.actions()[0].trigger()
    assert again.bridge.own_presets == ()


def choose(menu, text):
    menu.fill()
    next(a for a in menu.actions() if a.text() == text).trigger()
