"""A second start hands its songs to the first one, and macOS hands over files as events."""

import json
import os
import subprocess
import sys
from multiprocessing.connection import Client, Listener
from pathlib import Path

import pytest

from demixme.ui import handover
from demixme.ui.arrivals import TOGETHER_S, Arrivals

#: One start: says whether it was the first, and what was handed to it until its input ends.
START = """
import json, sys, threading
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from demixme.ui import handover
from demixme.ui.arrivals import TOGETHER_S, Arrivals

app = QCoreApplication([])
first = handover.first_start([Path(sys.argv[1])])
if first is None:
    print(json.dumps({"first": False}), flush=True)
    sys.exit()
taken = []
first.receive(taken.extend)
print(json.dumps({"first": True}), flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), app.quit())).start()
app.exec()
first.close()
print(json.dumps(taken), flush=True)
"""
STARTS = 20


def start(song: str, folder: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", START, song],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    )


@pytest.mark.timeout(200)
def test_of_twenty_starts_at_once_one_is_the_first_and_gets_all_songs(tmp_path: Path) -> None:
    starts = [start(f"song {number}.wav", tmp_path) for number in range(STARTS)]
    said = [json.loads(s.stdout.readline()) for s in starts]
    firsts = [s for s, row in zip(starts, said, strict=True) if row["first"]]
    for other in starts:
        if other not in firsts:
            other.communicate(timeout=60)
            assert other.returncode == 0
    taken = [json.loads(s.communicate(timeout=60)[0]) for s in firsts]
    assert len(firsts) == 1
    own = starts.index(firsts[0])
    expected = {str(tmp_path / f"song {n}.wav") for n in range(STARTS) if n != own}
    assert sorted(taken[0]) == sorted(expected)


def test_a_socket_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    name = str(tmp_path / "stale")
    crash = (
        "import os, sys; from multiprocessing.connection import Listener;"
        "s = Listener(sys.argv[1]); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", crash, name], check=False)
    assert sys.platform == "win32" or os.path.exists(name)
    first = handover.first_start([], name)
    assert first is not None
    try:
        assert handover.hand_over(name, [])
    finally:
        first.close()


def test_who_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    name = str(tmp_path / "deaf")
    with Listener(name):  # nobody accepts
        assert handover.hand_over(name, [Path("a.wav")]) is False


def test_what_is_handed_over_before_anybody_receives_waits(qtbot, tmp_path: Path) -> None:
    name = str(tmp_path / "early")
    first = handover.first_start([], name)
    assert first is not None
    taken: list[list[str]] = []
    try:
        assert handover.hand_over(name, [tmp_path / "ñ 音.wav"])
        assert handover.first_start([tmp_path / "b.wav"], name) is None
        qtbot.waitUntil(lambda: len(first._waiting) == 2)
        first.receive(taken.append)
        assert taken == [[str(tmp_path / "ñ 音.wav")], [str(tmp_path / "b.wav")]]
    finally:
        first.close()


def test_nonsense_is_not_taken(qtbot, tmp_path: Path) -> None:
    name = str(tmp_path / "first")
    first = handover.first_start([], name)
    assert first is not None
    try:
        for words in (b"hello", b"{}", b"[1]", b"\xff"):
            with Client(name) as guest:
                guest.send_bytes(words)
                with pytest.raises((EOFError, OSError)):
                    guest.recv_bytes()
        assert handover.hand_over(name, [])  # it still listens
    finally:
        first.close()


def test_another_home_is_another_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = handover.socket_name()
    monkeypatch.setenv("DEMIXME_HOME", str(tmp_path))
    assert handover.socket_name() != name
    monkeypatch.setenv("DISPLAY", ":77")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    other = handover.socket_name()
    monkeypatch.setenv("DISPLAY", ":78")
    assert handover.socket_name() != other


def test_macos_hands_over_files_also_before_the_window_is_up(tmp_path: Path) -> None:
    code = """
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from demixme.ui import app
made = app.application()
send = lambda name: QCoreApplication.sendEvent(made, QFileOpenEvent(QUrl.fromLocalFile(name)))
send("/music/early.wav")
taken = []
made.opened_by_desktop(taken.append)
send("/music/late.wav")
print(taken)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[['/music/early.wav'], ['/music/late.wav']]"


# ---------------------------------------------------------------- what the window does with them
def test_songs_that_come_together_are_queued_and_one_by_itself_plays(make_desk, tmp_path) -> None:
    songs = [tmp_path / f"{number}.wav" for number in range(5)]
    for song in songs:
        song.touch()
    clock = [100.0]
    desk = make_desk(song=False)
    queue = desk.window.commands.queue
    arrivals = Arrivals(desk.window, lambda: clock[0])
    arrivals.open([songs[0]])
    for song in songs[1:4]:
        clock[0] += 0.9 * TOGETHER_S
        arrivals.take([str(song)])
    desk.pump()
    assert queue.songs == tuple(songs[:4])
    assert queue.current == songs[0]
    clock[0] += 2 * TOGETHER_S
    arrivals.take([])  # a start without a song only brings the window to the front
    arrivals.take([str(songs[4])])
    desk.pump()
    assert queue.songs == (songs[4],)
