"""Tests of the window run without a screen; any warning of Qt fails them."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import gc

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from demixme.ui import app as window_app
from demixme.ui import language
from tests.support.fake_engine import FakeEngine


def pytest_collection_modifyitems(items):
    # what the offscreen platform cannot do and says so
    ignored = pytest.mark.qt_log_ignore(
        "This plugin does not support (propagateSizeHints|raise|grabbing)"
    )
    for item in items:
        if "tests/ui/" in item.path.as_posix():
            item.add_marker(ignored)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    """Let the system of whoever runs the tests speak English."""
    monkeypatch.setattr(language, "system_languages", lambda: ["en-US"])


@pytest.fixture(scope="session")
def qapp():
    return window_app.application()


class Desk:
    """A window with a fake engine, polled by the test and not by the clock."""

    def __init__(self, engine, look="dark", models=tuple):
        self.engine = engine
        options = window_app.WindowOptions(lambda: engine, models, look=look)
        self.window = window_app.make_window(options)
        self.bridge = self.window.bridge
        self.desk = self.bridge.desk
        self.mixer = self.window.mixer
        self.transport = self.window.transport

    def show(self, width=1280, height=800):
        self.window.resize(width, height)
        self.window.show()
        self.bridge.start()
        self.bridge._timer.stop()
        self.pump()

    def open(self, path="/music/song.wav"):
        self.bridge.open(path)
        self.pump(10)

    def pump(self, times=1):
        for _ in range(times):
            self.bridge.tick()
            QCoreApplication.processEvents()
        for view in (self.window.waveform, self.window.overview):
            view.settle()

    @property
    def mix(self):
        return self.engine.status.mix

    def channel(self, name):
        return self.mixer.strips[name]


@pytest.fixture
def make_desk(qtbot, tmp_path):
    made = []

    def make(engine=None, look="dark", models=tuple, size=(1280, 800), song=True):
        desk = Desk(engine or FakeEngine(), look, models)
        made.append(desk)
        desk.show(*size)
        if song:
            desk.open()
        return desk

    yield make
    for desk in made:
        desk.window.close()
        desk.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def desk(make_desk):
    """A shown window with the fake engine and an open song of four parts."""
    return make_desk()
