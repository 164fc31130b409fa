"""Commands that need no window and no sound work where Qt and PortAudio are missing."""

import json
import os
import sys

import pytest

BLOCKED = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph', 'sounddevice', 'torch'):
            raise ImportError(f'{name} is blocked')
sys.meta_path.insert(0, Wall())
"""
NO_DISPLAY = {k: "" for k in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}


def test_separate(shell, song, tmp_path):
    said = shell("separate", song, "-o", tmp_path / "out", "--json", prelude=BLOCKED)
    assert said.code == 0, said.err
    assert len(said.answer["songs"][0]["files"]) == 4


def test_remix(shell, song, tmp_path):
    words = ("remix", song, "-o", tmp_path / "o.wav", "--mute=vocals")
    said = shell(*words, prelude=BLOCKED)
    assert said.code == 0, said.err
    assert (tmp_path / "o.wav").is_file()


def test_models(shell):
    said = shell("models", "--json", prelude=BLOCKED)
    assert said.code == 0
    assert all(m["speed"] > 0 for m in said.answer["models"])


def test_doctor_names_what_is_missing_and_goes_on(shell):
    said = shell("doctor", prelude=BLOCKED)
    assert said.code == 0
    assert "not here" in said.out
    for section in ("DemixME", "packages", "window", "sound", "models", "folders"):
        assert f"{section}\n" in said.out
    assert "× real time" in said.out
    assert json.loads(shell("doctor", "--json", prelude=BLOCKED).out)["ok"] is True


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a display optional")
def test_the_window_says_in_a_sentence_what_is_missing(shell, song):
    env = os.environ | NO_DISPLAY
    said = shell(song, env=env)
    assert said.code == 4
    assert len(said.err.splitlines()) == 1
    assert "no display" in said.err
    said = shell(song, prelude=BLOCKED, env=env | {"QT_QPA_PLATFORM": "offscreen"})
    assert said.code == 4
    assert len(said.err.splitlines()) == 1
    assert "blocked" in said.err


def test_a_missing_song_is_said_before_any_window(shell, tmp_path):
    said = shell(tmp_path / "none.mp3")
    assert said.code == 1
    assert "There is no file" in said.err


def test_headless_does_the_rest_without_qt(shell, song, tmp_path):
    env = os.environ | NO_DISPLAY
    said = shell("headless", song, "-o", tmp_path / "out", prelude=BLOCKED, env=env)
    assert said.code == 0, said.err
    assert "There is no display" in said.out
    assert "× real time" in said.out
    assert said.out.splitlines()[-1] == str((tmp_path / "out").resolve())
    assert [p.suffix for p in (tmp_path / "out").glob("*(no vocals).wav")] == [".wav"]


def test_importing_the_command_line_is_quick_and_light(shell):
    loaded = "import demixme.cli, sys; print(sorted(sys.modules))"
    said = shell(prelude=f"{loaded}; raise SystemExit")
    for heavy in ("onnxruntime", "PySide6.QtWidgets", "sounddevice", "scipy", "soundfile"):
        assert f"'{heavy}'" not in said.out


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind there")
def test_nobody_reads_the_output(shell):
    closed = "import os; r, w = os.pipe(); os.close(r); os.dup2(w, 1)"
    said = shell("--version", prelude=closed)
    assert "Exception" not in said.err
    said = shell("models", "--no-speed", prelude=closed)
    assert "Exception" not in said.err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_of_few_letters(shell, song, tmp_path, encoding):
    env = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    said = shell("separate", song, "-o", tmp_path / "ö", "--stems=bass", env=env)
    assert said.code == 0, said.err
    assert "bass.wav" in said.out


def test_no_terminal_at_all(shell, song, tmp_path):
    nothing = "import sys; sys.stdout = sys.stderr = None"
    said = shell("separate", song, "-o", tmp_path / "out", "--stems=bass", prelude=nothing)
    assert said.code == 0
    assert shell("separate", "--nonsense", prelude=nothing).code == 2
    assert shell("--help", prelude=nothing).code == 0
