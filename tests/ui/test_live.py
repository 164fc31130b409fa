"""The window over the real engine and a device that is pulled: what a hand does can be heard."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest

from demixme.core.mixstate import Strip
from demixme.core.session import Session, SongIdentity
from demixme.engine.status import Status
from demixme.export.render import Level
from demixme.sessions import SessionStore
from demixme.ui.export_task import ExportTask
from tests.support.livewindow import NAMES, RATE, Live
from tests.support.pointer import drag

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def live(qtbot, tmp_path):
    made = Live(tmp_path)
    made.open()
    yield made
    made.window.close()
    made.window.deleteLater()


def test_a_dragged_fader_changes_the_sound(live):
    live.bridge.seek(RATE)
    before = live.share_of("drums", live.heard())
    fader = live.window.mixer.strips["drums"].fader
    drag(fader, QPoint(0, 3000))  # to the bottom: silence
    live.bridge.seek(RATE)
    after = live.heard()
    assert before > 0.02
    assert live.share_of("drums", after) < before / 1000
    assert live.share_of("bass", after) > 0.02


def test_mute_and_solo_are_heard_and_undone(live):
    live.bridge.seek(RATE)
    song = live.heard()
    QTest.mouseClick(live.window.mixer.strips["vocals"].mute, LEFT)
    live.bridge.seek(RATE)
    muted = live.heard()
    assert live.share_of("vocals", muted) < live.share_of("vocals", song) / 1000
    QTest.mouseClick(live.window.mixer.strips["bass"].solo, LEFT)
    live.bridge.seek(RATE)
    alone = live.heard()
    assert live.share_of("drums", alone) < live.share_of("drums", song) / 1000
    assert live.share_of("bass", alone) == pytest.approx(live.share_of("bass", song), rel=0.2)
    live.bridge.desk.undo()
    live.bridge.desk.undo()
    live.bridge.seek(RATE)
    again = live.heard()
    for name in NAMES:
        assert live.share_of(name, again) == pytest.approx(live.share_of(name, song), rel=0.2)


def test_the_volume_is_heard_but_not_part_of_the_mix(live):
    live.bridge.seek(RATE)
    loud = live.heard()
    live.window.transport.volume.move_to(50, 1)
    live.bridge.seek(RATE)
    soft = live.heard()
    assert np.abs(soft).max() == pytest.approx(np.abs(loud).max() * 0.25, rel=0.01)
    assert live.bridge.desk.mix.master_db == 0.0


def test_clock_play_head_and_meters_follow_the_sound(live):
    live.bridge.seek(2 * RATE)
    live.device.pull(RATE, 512)
    live.bridge.tick()
    position = live.bridge.status.position_frame
    assert position == pytest.approx(3 * RATE, abs=0.1 * RATE)
    assert live.window.transport.clock.place in ("0:02.9", "0:03.0")
    assert live.window.waveform.position == position
    assert live.window.mixer.master.meter.bars[0].peak_db > -20.0
    assert live.window.mixer.strips["bass"].meter.bars[0].peak_db > -40.0


def test_a_bad_file_leaves_the_song_playing(live, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"this is no sound")
    live.bridge.open(bad)
    live.until(lambda s: live.window.bar.isVisible())
    assert "bad.wav" in live.window.bar.label.text()
    assert live.bridge.status.playing
    assert np.abs(live.heard()).max() > 0.05


def test_moves_made_before_the_model_is_there_are_kept(live):
    live.bridge.status = Status(song=live.bridge.status.song)  # as long as no model is loaded
    live.bridge.desk.set_mute("drums", True)
    live.bridge.tick()
    live.bridge.tick()
    assert live.bridge.status.mix.strips["drums"].mute
    assert live.window.mixer.strips["drums"].mute.isChecked()


# ---------------------------------------------------------------- export
def export_dialog(live):
    QTest.mouseClick(live.window.mixer.master.export, LEFT)
    assert live.window.export_dialog.isVisible()
    return live.window.export_dialog


def finish(live, dialog, limit_s=30.0):
    end = time.monotonic() + limit_s
    while dialog.task is not None:
        assert time.monotonic() < end
        live.bridge.tick()
        dialog.tick()
        QCoreApplication.processEvents()
        time.sleep(0.01)


def test_export_writes_what_is_heard(live):
    QTest.mouseClick(live.window.mixer.strips["vocals"].mute, LEFT)
    dialog = export_dialog(live)
    path = Path(dialog.file.text())
    assert path.name == "known (Karaoke).wav"
    QTest.mouseClick(dialog.start, LEFT)
    finish(live, dialog)
    assert not dialog.isVisible()
    assert "known (Karaoke).wav" in live.window.bar.label.text()
    written, rate = sf.read(path, dtype="float32")
    wanted = sum(live.stems[n] for n in NAMES if n != "vocals")
    assert rate == RATE
    assert np.abs(written - wanted).max() < 1e-3
    assert live.bridge.settings.export_folder == str(path.parent)


def test_a_cancelled_export_leaves_nothing(live, tmp_path):
    QTest.mouseClick(live.window.mixer.strips["vocals"].mute, LEFT)
    dialog = export_dialog(live)
    dialog.begin()
    QTest.mouseClick(dialog.cancel, LEFT)
    finish(live, dialog)
    names = {p.name for p in tmp_path.iterdir()}
    assert not any(n.endswith(".part") for n in names)
    if dialog.isVisible():  # it was stopped in time
        assert names == {"known.wav"}
        assert "ancelled" in dialog.line.text()


def choose(choice, wanted):
    choice.choose([data for _, data in choice.items].index(wanted))


def test_nothing_is_replaced_unasked(live):
    dialog = export_dialog(live)
    path = Path(dialog.file.text())
    path.write_bytes(b"mine")
    QTest.mouseClick(dialog.start, LEFT)
    assert dialog.task is None
    assert (dialog.start.text(), path.read_bytes()) == ("Replace", b"mine")
    assert path.name in dialog.line.text()
    dialog.file.setText(str(path.with_name("other.wav")))
    assert dialog.start.text() == "Export"
    dialog.file.setText(str(path))
    QTest.mouseClick(dialog.start, LEFT)
    QTest.mouseClick(dialog.start, LEFT)
    finish(live, dialog)
    assert len(sf.read(path)[0]) == live.bridge.status.track.frames


def test_the_loop_normalised_under_a_template(live, tmp_path):
    rate = live.bridge.status.track.rate
    live.bridge.desk.set_loop((rate, 2 * rate))
    dialog = export_dialog(live)
    form = dialog.form
    choose(form.piece, (rate, 2 * rate))
    choose(form.level, Level.NORMALISE)
    form.format.choose(next(k for k, (_, d) in enumerate(form.format.items) if d[0] == "float32"))
    dialog.file.setText(str(tmp_path / "{model}" / "{song} {mix}.wav"))
    QTest.mouseClick(dialog.start, LEFT)
    finish(live, dialog)
    [path] = tmp_path.glob("*/known remix.wav")
    written, _ = sf.read(path)
    assert len(written) == rate
    assert np.abs(written).max() > 0.8
    assert "dBTP" in live.window.bar.label.text()


def test_some_parts_as_in_my_mix(live, tmp_path):
    live.bridge.desk.set_level("bass", -12.0, 1)
    dialog = export_dialog(live)
    form = dialog.form
    choose(form.what, "stems")
    for name in ("vocals", "drums", "other"):
        QTest.mouseClick(form.parts[name], LEFT)
    QTest.mouseClick(form.parts["instrumental"], LEFT)
    QTest.mouseClick(form.as_in_mix, LEFT)
    QTest.mouseClick(dialog.start, LEFT)
    finish(live, dialog)
    files = {p.stem: sf.read(p)[0] for p in (tmp_path / "known").glob("*.wav")}
    assert set(files) == {"bass", "instrumental"}
    gain = 10 ** (-12 / 20)
    assert np.abs(files["bass"] - gain * live.stems["bass"]).max() < 1e-3
    assert "2 parts" in live.window.bar.label.text()


def test_what_changes_with_the_format_is_said(live):
    form = export_dialog(live).form
    form.format.choose(next(k for k, (_, d) in enumerate(form.format.items) if d[0] == "opus"))
    choose(form.level, Level.LIMIT)
    said = live.window.export_dialog.line.text()
    assert "48000 Hz" in said
    assert "before Opus codes it" in said
    assert form.file.text().endswith(".opus")


def test_closing_while_exporting_asks(live):
    dialog = export_dialog(live)
    dialog.task = ExportTask(live.bridge.status.track, None, None)  # under way for ever
    assert not live.window.close()
    question = dialog.question
    assert question.isVisible()
    [stay] = [b for b in question.buttons() if "Go on" in b.text()]
    QTest.mouseClick(stay, LEFT)
    assert live.window.isVisible()
    assert not live.window.close()
    [leave] = [b for b in question.buttons() if "Stop" in b.text()]
    QTest.mouseClick(leave, LEFT)
    assert not live.window.isVisible()
    assert dialog.task is None


def test_an_export_that_fails_says_why_and_the_music_plays_on(live, tmp_path):
    dialog = export_dialog(live)
    dialog.file.setText(str(tmp_path / "known.wav" / "inside.wav"))
    dialog.begin()
    finish(live, dialog)
    assert dialog.isVisible()
    assert "inside.wav" in dialog.line.text()
    assert live.bridge.status.playing
    dialog.hide()


# ---------------------------------------------------------------- what is remembered
def test_a_remembered_mute_is_never_heard_not_even_at_first(qtbot, tmp_path):
    made = Live(tmp_path)
    store = SessionStore()
    digest = "d" * 64
    store.learn(made.path, digest)
    store.put(Session(SongIdentity(digest, rate=RATE), {"vocals": Strip(mute=True)}))
    try:
        made.bridge.open(made.path)
        made.until(lambda s: s.playing and made.device.render is not None)
        heard = []
        while sum(len(x) for x in heard if x.any()) < RATE:  # silence until it begins
            made.bridge.tick()
            heard.append(made.device.pull(512, 512))
            time.sleep(0.001)
        sound = np.concatenate(heard)
        sound = sound[np.flatnonzero(np.abs(sound).max(axis=1) > 0)[0] :][: RATE // 2]
        assert made.share_of("bass", sound) > 0.02
        assert made.share_of("vocals", sound) < 1e-4
    finally:
        made.window.close()
        made.window.deleteLater()
