"""Many songs from the command line: in this process, in children, on a cluster."""

import json
import subprocess
import time

import numpy as np
import pytest
import soundfile as sf

from demixme.children import command
from tests.support.songs import tune, write_song


@pytest.fixture
def library(tmp_path):
    """Two songs, one in a sub-folder, and a file that is none."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    write_song(folder / "one.wav", tune(0.6, seed=1))
    write_song(folder / "sub" / "two.wav", tune(0.7, seed=2))
    return folder


def found(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.*") if p.is_file())


def test_a_folder_is_mirrored_in_children_and_done_once(shell, library, tmp_path):
    (library / "bad.mp3").write_bytes(b"x" * 2000)
    words = ("separate", library, "-o", tmp_path / "out", "--stems=bass,vocals", "--jobs=2")
    said = shell(*words)
    assert said.code == 3
    assert found(tmp_path / "out") == [
        *("one/bass.wav", "one/demixme.json", "one/vocals.wav"),
        *("sub/two/bass.wav", "sub/two/demixme.json", "sub/two/vocals.wav"),
    ]
    assert "bad.mp3" in said.err
    assert "1 of 3 songs failed" in said.err
    rows = [
        line.split() for line in said.out.splitlines() if line.startswith(("bad", "one", "two"))
    ]
    assert [(r[0], r[-1]) for r in rows] == [
        ("bad.mp3", "failed"),
        ("one.wav", "done"),
        ("two.wav", "done"),
    ]
    again = shell(*words)
    assert again.code == 3
    assert again.out.count("skipped") == 2


@pytest.mark.long
def test_children_and_this_process_write_the_same(demixme, shell, library, tmp_path):
    mix = ("--mute=vocals", "--format=flac")
    assert demixme("remix", library, "-o", tmp_path / "a", *mix).code == 0
    assert shell("remix", library, "-o", tmp_path / "b", *mix, "--jobs=2").code == 0
    names = found(tmp_path / "a")
    assert names == found(tmp_path / "b")
    assert "sub/two (vocals muted).flac" in names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_names_by_a_template(demixme, library, tmp_path):
    words = ("--master=-6", "--name={model}/{song} {mix}", "--json")
    said = demixme("remix", library, "-o", tmp_path / "o", *words)
    assert said.code == 0
    assert [s["state"] for s in said.answer["songs"]] == ["done", "done"]
    assert all("master −6.0 dB" in s["files"]["mix"] for s in said.answer["songs"])
    assert demixme("separate", library, "-o", tmp_path, "--name={nonsense}").code == 2


def test_a_folder_without_songs(demixme, tmp_path):
    (tmp_path / "none").mkdir()
    assert demixme("separate", tmp_path / "none", "-o", tmp_path / "o").code == 1


def test_a_cluster_needs_its_package_and_a_number(demixme, library, tmp_path):
    pytest.importorskip("distributed")
    said = demixme("separate", library, "-o", tmp_path / "o", "--cluster=local:x")
    assert said.code == 2


def samples(folder):
    return {p.relative_to(folder).as_posix(): sf.read(p)[0] for p in sorted(folder.rglob("*.wav"))}


@pytest.mark.long
def test_twelve_songs_on_two_workers_one_of_which_is_killed(shell, tmp_path):
    pytest.importorskip("distributed")
    psutil = pytest.importorskip("psutil")
    folder = tmp_path / "in"
    folder.mkdir()
    for k in range(12):
        write_song(folder / f"{k:02d}.wav", tune(3.0, seed=k))
    words = ("separate", str(folder), "--stems=vocals,drums", "-o")
    run = subprocess.Popen(
        command(*words, str(tmp_path / "a"), "--cluster=local:2", "--json"), stdout=subprocess.PIPE
    )
    while len(list((tmp_path / "a").glob("*/demixme.json"))) < 4:
        assert run.poll() is None
        time.sleep(0.02)
    workers = [p for p in psutil.Process(run.pid).children() if "spawn_main" in str(p.cmdline())]
    assert len(workers) == 2
    workers[0].kill()
    answer = json.loads(run.communicate(timeout=200)[0])
    assert run.returncode == 0
    assert [s["state"] for s in answer["songs"]] == ["done"] * 12
    assert shell(*words, tmp_path / "b", "--jobs=2").code == 0
    a, b = samples(tmp_path / "a"), samples(tmp_path / "b")
    assert len(a) == 24
    assert a.keys() == b.keys()
    for name, x in a.items():
        assert len(x) == 3 * 44100
        np.testing.assert_array_equal(x, b[name])
    assert shell(*words, tmp_path / "a", "--jobs=2").out.count("skipped") == 12
    # a killed worker leaves its part, which the next work in that folder removes, and no half file
    names = {p.name for p in (tmp_path / "a").rglob("*.*") if not p.name.endswith(".part")}
    assert names == {"vocals.wav", "drums.wav", "demixme.json"}


@pytest.mark.long
def test_a_cluster_nobody_answers_for_is_a_sentence(shell, library, tmp_path):
    pytest.importorskip("distributed")
    start = "from demixme.commands import cluster; cluster._CONNECT_S = 1"
    words = ("--cluster=tcp://127.0.0.1:1", "--json")
    said = shell("separate", library, "-o", tmp_path / "o", *words, prelude=start)
    assert said.code == 1
    assert said.answer["kind"] == "NoWorkers"
