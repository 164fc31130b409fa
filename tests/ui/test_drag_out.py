"""Strips dragged or copied out of the window, as files."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from demixme.core.mixstate import MASTER
from demixme.ui import drag_out
from tests.ui.test_live import LEFT, Live


@pytest.fixture
def live(qtbot, tmp_path):
    made = Live(tmp_path)
    made.open()
    yield made
    made.window.close()


def written(live):
    out, end = live.window.drag_out, time.monotonic() + 30.0
    while out.task is not None:
        assert time.monotonic() < end
        live.bridge.tick()
        out.tick()
        QCoreApplication.processEvents()
        time.sleep(0.01)


def press_name(live, channel):
    QTest.mouseClick(channel.handle, LEFT, pos=QPoint(20, 20))


def only_path(mime):
    [url] = mime.urls()
    return Path(url.toLocalFile())


def test_the_first_press_writes_the_part_and_a_drag_hands_it_over(live, monkeypatch):
    dragged = []

    class Drag:
        def __init__(self, source):
            pass

        def setMimeData(self, mime):
            self.mime = mime

        def exec(self, actions):
            dragged.append((self.mime, actions))

    monkeypatch.setattr(drag_out, "QDrag", Drag)
    bass = live.window.mixer.strips["bass"]
    QTest.mouseClick(bass.mute, LEFT)  # a strip is handed over as it is in the song
    assert live.window.drag_out.mime("bass") is None
    live.window.drag_out.drag("bass")
    assert dragged == []
    press_name(live, bass)
    assert bass.handle.share is not None
    written(live)
    assert bass.handle.share is None
    handle = bass.handle
    QTest.mousePress(handle, LEFT, pos=QPoint(10, 20))
    for x in (12, 30, 60):
        QTest.mouseMove(handle, QPoint(x, 20))
        QCoreApplication.processEvents()
    live.window.drag_out.drag("bass") if not dragged else None
    mime, actions = dragged[0]
    assert actions == Qt.DropAction.CopyAction
    path = only_path(mime)
    assert path.name == "known - bass.wav"
    assert np.abs(sf.read(path)[0] - live.stems["bass"]).max() < 1e-3
    QTest.mouseRelease(handle, LEFT, pos=QPoint(60, 20))
    live.window.close()
    assert not path.exists()


def test_ctrl_c_on_a_focused_strip_copies_its_address(live):
    drums = live.window.mixer.strips["drums"]
    drums.fader.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(drums.fader, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    written(live)
    path = only_path(QGuiApplication.clipboard().mimeData())
    assert path.name == "known - drums.wav"
    assert "Copied" in live.window.bar.label.text()


def test_master_is_the_mix_and_another_mix_another_file(live):
    out, master = live.window.drag_out, live.window.mixer.master
    press_name(live, master)
    written(live)
    first = only_path(out.mime(MASTER))
    whole = sum(live.stems.values())
    assert np.abs(sf.read(first)[0] - whole).max() < 1e-3
    QTest.mouseClick(live.window.mixer.strips["vocals"].mute, LEFT)
    live.bridge.tick()
    assert out.mime(MASTER) is None
    press_name(live, master)
    written(live)
    second = only_path(out.mime(MASTER))
    assert second.name == "known (Karaoke).wav"
    assert np.abs(sf.read(second)[0] - (whole - live.stems["vocals"])).max() < 1e-3
    assert first.exists()
