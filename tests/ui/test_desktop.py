"""Media keys from outside the window, and staying awake; no test speaks to the system itself."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from demixme.ui import awake as awake_module
from demixme.ui import hot_keys, remote
from demixme.ui.awake import Awake, ChildKeeper, WindowsKeeper, system_keeper
from demixme.ui.desktop import Desktop
from demixme.ui.hot_keys import HotKeys
from demixme.ui.mpris import player_values
from demixme.ui.remote import Now, Remote

SUPPORT = Path(__file__).parents[1] / "support"
RATE = 44100


class FakeKeeper:
    def __init__(self):
        self.said = []

    def hold(self):
        self.said.append("hold")

    def release(self):
        self.said.append("release")


class FakeWindows:
    """user32 and kernel32 as far as hot keys go: one message queue, some keys held by others."""

    def __init__(self, taken=()):
        self.messages = Queue()
        self.held = {}
        self.taken = taken
        self.threads = []

    def GetCurrentThreadId(self):
        return 77

    def PeekMessageW(self, *_):
        return 0

    def RegisterHotKey(self, window, number, modifiers, key):
        assert (window, modifiers) == (None, 0x4000)
        if key in self.taken:
            return 0
        self.threads.append(threading.current_thread())
        self.held[number] = key
        return 1

    def UnregisterHotKey(self, _, number):
        assert threading.current_thread() in self.threads
        del self.held[number]
        return 1

    def GetMessageW(self, pointer, *_):
        message, value = self.messages.get(timeout=10)
        pointer._obj.message, pointer._obj.wparam = message, value
        return 0 if message == 0x0012 else 1

    def PostThreadMessageW(self, thread, message, *_):
        assert thread == 77
        self.messages.put((message, 0))


@pytest.fixture
def outside(make_desk):
    """A window with a song, its ties to a desktop, and fakes for what lies behind."""
    windows, keeper = FakeWindows(), FakeKeeper()
    desk = make_desk(song=False)
    desk.keeper, desk.windows = keeper, windows
    keys = HotKeys(Remote(), windows, windows)
    desk.outside = Desktop(desk.window, keeper, keys, "none")
    keys.shared = desk.outside.shared
    yield desk
    desk.outside.close()


# ---------------------------------------------------------------- staying awake
def test_the_computer_stays_awake_while_music_plays(outside):
    outside.open()
    assert outside.keeper.said == ["hold"]
    outside.bridge.play_pause()
    outside.pump(5)
    assert outside.keeper.said == ["hold", "release"]
    outside.bridge.play_pause()
    outside.pump()
    outside.outside.close()
    assert outside.keeper.said == ["hold", "release", "hold", "release"]


def test_windows_is_told_by_the_execution_state():
    said = []

    class Kernel:
        def SetThreadExecutionState(self, state):
            said.append(state)

    awake = Awake(WindowsKeeper(Kernel()))
    for playing in (True, True, False, False):
        awake.follow(playing)
    assert said == [0x80000001, 0x80000000]


@pytest.mark.skipif(os.name == "nt", reason="children of macOS and Linux")
def test_a_child_holds_it_and_ends_with_its_input(tmp_path):
    note = tmp_path / "ended"
    script = f"import sys; sys.stdin.read(); open({str(note)!r}, 'w').close()"
    keeper = ChildKeeper((sys.executable, "-c", script))
    keeper.hold()
    child = keeper._child
    assert child.poll() is None
    child.stdin.close()  # as when this process is killed
    assert child.wait(20) == 0
    assert note.exists()
    keeper.hold()
    child = keeper._child
    keeper.release()
    assert child.returncode is not None


def test_where_the_program_is_missing_nothing_happens():
    keeper = ChildKeeper(("demixme-there-is-no-such-program",))
    keeper.hold()
    keeper.release()


def test_each_system_has_its_keeper():
    assert "caffeinate" in system_keeper("darwin")._command
    assert "--what=sleep:idle" in system_keeper("linux")._command
    assert awake_module._INHIBIT[-1] == "cat"


# ---------------------------------------------------------------- media keys
def test_hot_keys_are_held_only_while_a_song_is_loaded(outside):
    windows = outside.windows
    assert windows.held == {}
    outside.open()
    outside.outside.keys._ready.wait(10)
    assert set(windows.held) == set(hot_keys.KEYS)
    playing = outside.engine.status.playing
    windows.messages.put((0x0312, 0xB3))
    until(outside, lambda: outside.engine.status.playing != playing)
    outside.engine.close_song()
    outside.pump(3)
    assert windows.held == {}


def until(desk, done):
    for _ in range(400):
        desk.pump()
        if done():
            return
        QTest.qWait(5)
    pytest.fail("that never came")


def test_a_key_that_another_program_holds_stays_with_it():
    windows = FakeWindows(taken=(0xB0,))
    keys = HotKeys(Remote(), windows, windows)
    keys.hold()
    keys.hold()
    keys._ready.wait(10)
    assert set(windows.held) == {0xB1, 0xB2, 0xB3}
    keys.release()
    keys.release()
    assert windows.held == {}


@pytest.mark.parametrize(
    ("key", "wanted"), [(Qt.Key.Key_MediaPlay, "pause"), (Qt.Key.Key_MediaStop, "stop")]
)
def test_media_keys_work_in_the_window(desk, key, wanted):
    QTest.keyClick(desk.window.windowHandle(), key)
    desk.pump()
    assert desk.engine.asked(wanted)


def test_keyboards_with_one_key_for_both_play_and_pause_too(desk):
    keys = {s[0].key() for s in desk.window.actions_table.by_id["play"].shortcuts()}
    # QTest has no letters for these two and warns, so they are looked up
    assert {Qt.Key.Key_MediaTogglePlayPause, Qt.Key.Key_MediaPause} <= keys


def test_what_the_desktop_asks_for_is_done(outside):
    outside.open()
    ask = outside.outside.shared.ask
    for what, value, seen in (
        (remote.PAUSE, 0.0, lambda: not outside.engine.status.playing),
        (remote.PAUSE, 0.0, lambda: not outside.engine.status.playing),
        (remote.PLAY, 0.0, lambda: outside.engine.status.playing),
        (remote.SEEK_TO, 3.0, lambda: outside.engine.status.position_frame == 3 * RATE),
        (remote.SEEK_BY, 2.0, lambda: outside.engine.status.position_frame == 5 * RATE),
        (remote.VOLUME, 0.5, lambda: outside.engine.status.volume == 0.25),
        (remote.OPEN, "http://x/y.mp3", lambda: len(outside.engine.asked("open")) == 1),
        (remote.OPEN, "file:///m/z.mp3", lambda: len(outside.engine.asked("open")) == 2),
        (remote.STOP, 0.0, lambda: not outside.engine.status.playing),
    ):
        ask(what, value)
        outside.pump(2)
        assert seen(), what
    values = player_values(outside.outside.shared.now)
    assert values["Metadata"][1]["xesam:title"] == ("s", "z")
    assert player_values(Now())["PlaybackStatus"] == ("s", "Stopped")


@pytest.mark.skipif(sys.platform != "linux", reason="MPRIS is for Linux")
def test_another_process_rules_the_player_by_mpris():
    runner = shutil.which("dbus-run-session")
    if runner is None:
        pytest.skip("dbus-run-session is not installed")
    done = subprocess.run(
        [runner, "--", sys.executable, str(SUPPORT / "mpris_client.py")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    everything = seen["all"]
    assert everything["Position"][0] == "x"
    assert everything["CanGoNext"] == ["b", True]
    metadata = everything["Metadata"][1]
    assert everything["Metadata"][0] == "a{sv}"
    assert metadata["mpris:length"] == ["x", 12_000_000]
    assert metadata["mpris:trackid"][0] == "o"
    assert metadata["xesam:title"] == ["s", "a & söng"]
    assert metadata["xesam:artist"] == ["as", ["Nobody"]]
    assert metadata["xesam:url"][1].startswith("file:///music/a%20")
    assert seen["identity"] == ["s", "DemixME"]
    assert 'name="Seeked"' in seen["xml"][0]
    assert seen["signal"][1]["PlaybackStatus"] == ["s", "Paused"]
    assert seen["position"][1] == pytest.approx(5_000_000, abs=1000)
    assert seen["after_seek"][1] == pytest.approx(3_000_000, abs=1000)
    assert seen["volume"] == ["d", 0.5]
    assert seen["next"]["xesam:title"][1].startswith("b")
    assert "there is no" in seen["unknown"][0]
    assert seen["ended"]
