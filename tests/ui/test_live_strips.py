"""What a hand does to a strip: heard in the sound a device pulled, seen in the engine."""

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.support.livewindow import NAMES, RATE, Live
from tests.support.pointer import LEFT, drag, type_text, wheel

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def made(tmp_path_factory, qapp):
    made = Live(tmp_path_factory.mktemp("live"))
    made.open()
    made.measure_truth()
    yield made
    made.window.close()
    made.window.deleteLater()


@pytest.fixture
def live(made):
    made.bridge.desk.set_original(False)
    made.bridge.desk.reset()
    made.bridge.desk.forget()
    made.bridge.tick()
    return made


def levels_db(live):
    """Return how loud each part is, against the untouched song."""
    live.bridge.tick()
    live.bridge.seek(RATE)
    sound = live.heard()
    return {n: 20 * math.log10(max(1e-6, live.share_of(n, sound) / live.truth[n])) for n in NAMES}


def engine_strip(live, name):
    live.bridge.tick()
    return live.bridge.status.mix.strips[name]


def others_unmoved(heard, *moved):
    return all(abs(db) < 0.3 for name, db in heard.items() if name not in moved)


def test_a_drag_is_as_far_as_the_hand_goes_and_one_step(live):
    fader = live.window.mixer.strips["bass"].fader
    drag(fader, QPoint(0, round(fader.length() * 0.28)))  # from 0 to −10 dB by the law
    heard = levels_db(live)
    assert heard["bass"] == pytest.approx(-10, abs=0.4)
    assert heard["bass"] == pytest.approx(engine_strip(live, "bass").level_db, abs=0.2)
    assert others_unmoved(heard, "bass")
    live.bridge.desk.undo()
    assert abs(levels_db(live)["bass"]) < 0.1


def test_wheel_notches_are_half_decibels_and_tenths_with_shift(live):
    fader = live.window.mixer.strips["vocals"].fader
    for _ in range(6):
        wheel(fader, -120)
    assert levels_db(live)["vocals"] == pytest.approx(-3.0, abs=0.1)
    for _ in range(5):
        wheel(fader, dx=120, modifiers=SHIFT)
    assert engine_strip(live, "vocals").level_db == -2.5
    assert levels_db(live)["vocals"] == pytest.approx(-2.5, abs=0.1)


def test_typed_values_keys_and_double_click_are_heard(live):
    strip = live.window.mixer.strips["drums"]
    strip.box.setFocus()
    strip.box.selectAll()
    type_text(strip.box, "−7,5")
    QTest.keyClick(strip.box, Qt.Key.Key_Return)
    assert levels_db(live)["drums"] == pytest.approx(-7.5, abs=0.1)
    strip.fader.setFocus()
    QTest.keyClick(strip.fader, Qt.Key.Key_PageDown)
    assert levels_db(live)["drums"] == pytest.approx(-10.5, abs=0.1)
    QTest.mouseDClick(strip.fader, LEFT)
    assert abs(levels_db(live)["drums"]) < 0.1
    strip.box.setFocus()
    strip.box.selectAll()
    type_text(strip.box, "-inf")
    QTest.keyClick(strip.box, Qt.Key.Key_Return)
    assert levels_db(live)["drums"] < -60


def test_balance_moves_one_side_only(live):
    balance = live.window.mixer.strips["bass"].balance
    drag(balance, QPoint(2000, 0))
    assert engine_strip(live, "bass").pan == 1.0
    live.bridge.seek(RATE)
    sound = live.heard()
    assert live.share_of("bass", sound, channel=0) < live.truth["bass"] / 1000
    assert live.share_of("bass", sound, channel=1) > live.truth["bass"] / 3


def test_mute_beats_solo_and_solos_add(live):
    strips = live.window.mixer.strips
    QTest.mouseClick(strips["bass"].solo, LEFT)
    QTest.mouseClick(strips["drums"].solo, LEFT)
    heard = levels_db(live)
    assert others_unmoved({n: heard[n] for n in ("bass", "drums")})
    assert heard["vocals"] < -60
    QTest.mouseClick(strips["drums"].mute, LEFT)
    heard = levels_db(live)
    assert heard["drums"] < -60
    assert abs(heard["bass"]) < 0.3
    assert engine_strip(live, "drums").level_db == 0.0


def test_a_ctrl_click_leaves_one_and_the_next_gives_back(live):
    strips = live.window.mixer.strips
    QTest.mouseClick(strips["bass"].solo, LEFT)
    QTest.mouseClick(strips["vocals"].solo, LEFT, CTRL)
    heard = levels_db(live)
    assert abs(heard["vocals"]) < 0.3
    assert heard["bass"] < -60
    QTest.mouseClick(strips["vocals"].solo, LEFT, CTRL)
    heard = levels_db(live)
    assert abs(heard["bass"]) < 0.3
    assert heard["vocals"] < -60


def test_a_held_key_mutes_for_as_long_as_it_is_held(live):
    handle = live.window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_1, ALT)  # vocals stand first
    heard = levels_db(live)
    assert heard["vocals"] < -60
    assert others_unmoved(heard, "vocals")
    QTest.keyRelease(handle, Qt.Key.Key_1, ALT)
    assert others_unmoved(levels_db(live))
    assert not live.bridge.desk.can_undo


def test_presets_and_the_original_are_heard(live):
    master = live.window.mixer.master
    QTest.mouseClick(next(c for p, c in master.presets if p.id == "acappella"), LEFT)
    heard = levels_db(live)
    assert abs(heard["vocals"]) < 0.3
    assert max(db for n, db in heard.items() if n != "vocals") < -60
    QTest.mouseClick(live.window.transport.original, LEFT)
    assert others_unmoved(levels_db(live))
    assert live.window.mixer.strips["drums"].fader.dim
    QTest.mouseClick(live.window.mixer.strips["vocals"].mute, LEFT)  # any move ends it
    assert max(levels_db(live).values()) < -60


def test_master_moves_all(live):
    wheel(live.window.mixer.master.fader, -120 * 12)
    heard = levels_db(live)
    assert all(db == pytest.approx(-6.0, abs=0.2) for db in heard.values())


def test_a_click_outside_a_loop_plays_on_and_the_loop_catches(live):
    live.bridge.desk.set_loop((2 * RATE, 3 * RATE))
    wave = live.window.waveform
    QTest.mouseClick(wave, LEFT, pos=QPoint(round(wave.x_of(RATE)), 60))
    live.device.pull(RATE // 2, 512)
    live.bridge.tick()
    assert RATE < live.bridge.status.position_frame < 2 * RATE
    live.device.pull(round(2.2 * RATE), 512)
    live.bridge.tick()
    assert 2 * RATE <= live.bridge.status.position_frame < 3 * RATE
    QTest.mouseClick(wave, LEFT, pos=QPoint(round(wave.x_of(4 * RATE)), 60))
    live.device.pull(RATE // 2, 512)
    live.bridge.tick()
    assert live.bridge.status.position_frame > 4 * RATE
    live.bridge.desk.set_loop(None)
