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
