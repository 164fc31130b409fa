"""Whatever a song, a model or a folder is, a person reads one sentence and never a traceback."""

import json
import os
import shutil
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demixme import cli
from demixme.commands import batchrun
from demixme.resources import models_folder, user_models_folder
from tests.support.songs import ODD_NAMES, cut_file, tune, write_song


def one_sentence(said, code=1):
    assert said.code == code
    assert said.out == ""
    [line] = said.err.splitlines()
    assert line.startswith("demixme: ")
    return line


BAD_FILES = {
    "missing.mp3": (None, "There is no file"),
    "empty.wav": (b"", "holds no sound"),
    "text.wav": (b"this is no sound at all\n" * 200, "is not audio"),
    "noise.mp3": (bytes(range(256)) * 64, "is not audio"),
    "head.flac": (b"fLaC\x00\x00\x00\x22", "is not audio"),
}


@pytest.mark.parametrize("command", ["separate", "remix"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_are_no_songs(demixme, tmp_path, command, name):
    content, words = BAD_FILES[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    out = tmp_path / ("o.wav" if command == "remix" else "out")
    line = one_sentence(demixme(command, path, "-o", out))
    assert words in line
    assert name in line
    assert not out.exists()


def test_a_folder_is_no_song(demixme, tmp_path):
    assert str(tmp_path) in one_sentence(demixme("separate", tmp_path, "-o", tmp_path))


def test_the_error_is_in_the_json_and_only_there(demixme, tmp_path):
    said = demixme("separate", tmp_path / "missing.mp3", "--json")
    assert said.code == 1
    assert said.err == ""
    assert said.answer["ok"] is False
    assert said.answer["kind"] == "FileMissing"
    assert "missing.mp3" in said.answer["error"]


def test_a_cut_file_is_separated_as_far_as_it_goes_and_it_is_said(demixme, tmp_path):
    song = cut_file(write_song(tmp_path / "cut.wav", tune(2.0)), 0.5)
    said = demixme("separate", song, "-o", tmp_path, "--stems=bass")
    assert said.code == 0
    assert "breaks off" in said.err
    assert (tmp_path / "cut" / "bass.wav").is_file()


def test_silence_and_broken_samples_are_songs(demixme, silent_song, tmp_path):
    assert demixme("separate", silent_song, "-o", tmp_path, "--stems=bass").code == 0
    x = tune(1.0)
    x[1000:1100] = np.nan
    broken = write_song(tmp_path / "nan.wav", x, subtype="FLOAT")
    said = demixme("separate", broken, "-o", tmp_path, "--stems=bass")
    assert said.code == 0
    assert "100 broken samples" in said.err


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse some of these names")
def test_odd_names(demixme, tmp_path, name):
    song = tmp_path / name
    write_song(tmp_path / "plain.wav", tune(0.3)).rename(song)
    said = demixme("separate", "--stems=bass", "-o", tmp_path / "out", "--", song)
    assert said.code == 0
    assert len(list((tmp_path / "out").glob("*/bass.wav"))) == 1
    said = demixme("separate", "--stems=bass", "-o", tmp_path / "out", "--json", "--", song)
    assert said.answer["songs"][0]["state"] == "skipped"


# ---------------------------------------------------------------- models
@pytest.fixture
def copied_model(tmp_path):
    """Return a copy of a shipped model, its sidecar beside it."""
    onnx = sorted(models_folder().glob("*.onnx"))[0]
    for path in (onnx, onnx.with_suffix(".json")):
        shutil.copy(path, tmp_path / f"copy{path.suffix}")
    return tmp_path / "copy.onnx"


def test_a_model_by_its_file(demixme, song, tmp_path, copied_model):
    words = ("--model", copied_model, "--stems=bass", "-o", tmp_path)
    assert demixme("separate", song, *words).code == 0


def test_no_such_model(demixme, song):
    line = one_sentence(demixme("separate", song, "--model", "nonsuch"))
    assert "nonsuch" in line
    one_sentence(demixme("separate", song, "--model", "nonsuch.onnx"))


@pytest.mark.parametrize("keep", [0.0, 0.5])
def test_a_corrupt_network(demixme, song, copied_model, keep):
    cut_file(copied_model, keep)
    assert "copy" in one_sentence(demixme("separate", song, "--model", copied_model))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"spec_version": 99}'])
def test_a_corrupt_sidecar(demixme, song, copied_model, text):
    copied_model.with_suffix(".json").write_text(text)
    assert "copy" in one_sentence(demixme("separate", song, "--model", copied_model))


def test_a_sidecar_of_another_network(demixme, song, copied_model):
    sidecar = copied_model.with_suffix(".json")
    spec = json.loads(sidecar.read_text("utf-8"))
    spec["stems"] = [*spec["stems"], "piano"]
    sidecar.write_text(json.dumps(spec), "utf-8")
    assert "do not belong together" in one_sentence(
        demixme("separate", song, "--model", copied_model)
    )


def test_models_of_ones_own_are_listed_and_marked(demixme, copied_model):
    folder = user_models_folder()
    folder.mkdir(parents=True)
    sidecar = copied_model.with_suffix(".json")
    spec = json.loads(sidecar.read_text("utf-8")) | {
        "title": "My own",
        "sentence": "Made at home.",
        "research_only": True,
    }
    sidecar.write_text(json.dumps(spec), "utf-8")
    for path in (copied_model, sidecar):
        shutil.copy(path, folder / f"mine{path.suffix}")
    said = demixme("models", "--no-speed")
    assert said.code == 0
    assert "mine: My own   [research use]" in said.out
    assert "Made at home." in said.out
    assert str(folder) in said.err
    listed = {m["name"]: m for m in demixme("models", "--no-speed", "--json").answer["models"]}
    assert listed["mine"]["research_only"] is True
    assert listed["mine"]["sdr_db"]


# ---------------------------------------------------------------- folders
def test_a_folder_that_cannot_be_made(demixme, song, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    line = one_sentence(demixme("separate", song, "-o", tmp_path / "file" / "out"))
    assert "file" in line
    one_sentence(demixme("remix", song, "-o", tmp_path / "file" / "o.wav"))


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that even root may not write to")
def test_a_folder_of_the_system(demixme, song):
    assert "“/sys”" in one_sentence(demixme("remix", song, "-o", "/sys/o.wav"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(demixme, song, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert "locked" in one_sentence(demixme("remix", song, "-o", folder / "o.wav"))


# ---------------------------------------------------------------- ends
def test_ctrl_c_ends_with_130_and_leaves_nothing(demixme, song, tmp_path, monkeypatch):
    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(batchrun, "_alone", pressed)
    said = demixme("separate", song, "-o", tmp_path / "out")
    assert (said.code, said.err) == (130, "Stopped.\n")
    assert demixme("separate", song, "--json").answer["kind"] == "Interrupted"


def test_a_fault_of_ours_is_one_sentence_and_a_log(demixme, song, monkeypatch, caplog):
    def broken(*_, **__):
        raise ZeroDivisionError("1 / 0")

    monkeypatch.setattr(batchrun, "_alone", broken)
    line = one_sentence(demixme("separate", song))
    assert "ZeroDivisionError" in line
    assert "Traceback" in caplog.text


WORDS = st.sampled_from(
    [
        *("separate", "remix", "models", "doctor", "headless", "--json", "--quiet", "-o"),
        *("--stems", "--mute", "--gain", "--model", "--threads", "1", "vocals", "vocals=3"),
        *("/dev/null", "--master", "-inf", "nan", "--format", "\0", "a\nb", "\udcff", ""),
        *("=", "--", "-", "–", "--pan=x"),
    ]
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(WORDS | st.text(max_size=6), max_size=6))
def test_no_words_bring_a_traceback(words, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.logs, "start", lambda: None)
    for name in ("models", "doctor", "headless", "play", "devices"):  # slow, or they make a sound
        if name in cli.COMMANDS:
            monkeypatch.setattr(cli.COMMANDS[name], "run", lambda *_: 0)
    monkeypatch.setattr(cli.window_command, "run", lambda *_: 0)
    code = cli.main(words)
    out, err = capsys.readouterr()
    assert code in (0, 1, 2, 3, 4)
    assert "Traceback" not in out + err
    if code == 2 and "--help" not in words:
        assert 1 <= len(err.splitlines()) <= 2
