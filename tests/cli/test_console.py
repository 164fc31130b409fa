"""What the terminal gets: progress that helps, JSON that parses, and no letter that stops it."""

import io
import json
import sys

import pytest

from demixme.commands.console import Console, Progress, make_streams_safe, speed_text


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_terminal_gets_one_line_redrawn_and_taken_away(clock, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    progress = Progress("separating a.mp3", screen, clock)
    for clock.now in (0.0, 0.05, 1.0, 2.0):
        progress.update(int(clock.now * 20), 100, 20.0, 3.0)
    drawn = screen.getvalue()
    assert "\n" not in drawn
    assert drawn.count("\r") == 3  # not at 0.05 s
    assert "40%" in drawn
    assert "20.0 × real time" in drawn
    assert drawn.endswith("0:03 left")
    progress.close()
    assert screen.getvalue().endswith(" \r")


def test_a_pipe_gets_a_plain_line_now_and_then(clock):
    pipe = io.StringIO()
    progress = Progress("separating a.mp3", pipe, clock)
    for clock.now in range(13):
        progress.update(clock.now * 10, 1000, 10.0, 100.0 - clock.now)
    progress.close()
    assert pipe.getvalue().splitlines() == [
        "separating a.mp3: 5%, 10.0 × real time, 1:35 left",
        "separating a.mp3: 10%, 10.0 × real time, 1:30 left",
    ]


def test_a_narrow_terminal_never_wraps(clock, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    progress = Progress("a very long name of a song " * 3, screen, clock)
    clock.now = 1.0
    progress.update(10, 100, 1.0, 1.0)
    assert len(screen.getvalue().strip("\r")) < 40


def test_no_length_no_progress(clock):
    pipe = io.StringIO()
    progress = Progress("x", pipe, clock)
    clock.now = 60
    progress.update(0, 0, 0.0, 0.0)
    assert pipe.getvalue() == ""


def test_quiet_leaves_results_and_complaints(capsys):
    console = Console(quiet=True)
    console.say("result")
    console.tell("remark")
    console.complain("Wrong.")
    with console.progress("x") as progress:
        progress.update(1, 2, 1.0, 1.0)
    out, err = capsys.readouterr()
    assert (out, err) == ("result\n", "demixme: Wrong.\n")


def test_json_is_one_object_and_nothing_else(capsys):
    console = Console(as_json=True)
    console.say("result")
    console.complain("Wrong.")
    console.answer(ok=True, level=float("-inf"), path=sys, names=("ä", 1))
    console.answer(ok=False)
    out, err = capsys.readouterr()
    assert json.loads(out)["level"] is None
    assert json.loads(out)["names"] == ["ä", 1]
    assert err == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
def test_no_letter_stops_a_terminal(encoding, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding, write_through=True))
    make_streams_safe()
    Console().say("−6 dB … “söng” 3 × ∞ 夜 \udcff")
    said = raw.getvalue().decode(encoding)
    assert "6 dB" in said
    if encoding == "cp1252":
        assert said.strip() == "-6 dB … “söng” 3 × inf \\u591c \\udcff"


def test_a_stream_that_cannot_be_made_safe(monkeypatch):
    class Narrow(io.StringIO):
        encoding = "ascii"

        def write(self, text):
            text.encode("ascii")
            return super().write(text)

    screen = Narrow()
    monkeypatch.setattr(sys, "stdout", screen)
    Console().say("−6 dB 夜")
    assert screen.getvalue() == "-6 dB \\u591c\n"


def test_no_streams_at_all(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    make_streams_safe()
    console = Console()
    console.say("x")
    console.tell("x")
    console.complain("x")
    with console.progress("x") as progress:
        progress.update(1, 2, 1.0, 1.0)
    Console(as_json=True).answer(ok=True)


def test_a_closed_stream_is_no_crash(monkeypatch):
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    Console().tell("x")
    with Console().progress("x") as progress:
        progress.update(1, 2, 1.0, 1.0)


def test_a_table_is_aligned(capsys):
    Console().table([("a", "1"), ("long name", "2")], indent="  ")
    assert capsys.readouterr().out == "  a          1\n  long name  2\n"


def test_speed_in_words():
    assert speed_text(222.0, 21.0) == "3:42 in 21 s (10.6 × real time)"
    assert speed_text(5.0, 0.5) == "0:05 in 0.5 s (10.0 × real time)"
    assert speed_text(5.0, 0.0) == "0:05 in 0.0 s"
