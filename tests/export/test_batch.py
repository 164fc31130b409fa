"""Many songs: what is skipped, what is done again, and where it goes."""

import json
import os
import threading

import numpy as np
import pytest

from demixme.core.errors import FileExists, SeparationFailed, WorkerUnfit
from demixme.export import batch, manifest
from demixme.export.batch import Job, find_songs, run_job
from demixme.export.manifest import Entry, read_entry, write_entry
from tests.support import separators, songs

STEMS = {
    **{"format": "wav", "encoding": None, "first_s": None, "last_s": None},
    **{"stems": None, "quality": "normal"},
}


@pytest.fixture
def model():
    return separators.KnownModel(separators.four_parts(1.0))


@pytest.fixture
def song(tmp_path):
    return songs.write_song(tmp_path / "in" / "song.wav", separators.four_parts(1.0).mixture)


@pytest.fixture(autouse=True)
def _input(tmp_path):
    (tmp_path / "in").mkdir()


def job(model, song, folder, what="stems", **options):
    chosen = {**STEMS, "name": "{song}/{part}", **options}
    settings = {k: chosen.pop(k) for k in ("overwrite", "verify", "version") if k in chosen}
    return Job(str(song), str(folder), what, "known", model.name, model.sha256, chosen, **settings)


def remix(model, song, folder, **options):
    strips = {n: ["0.0", n == "vocals", False, 0.0] for n in model.parts.names}
    chosen = {"level": "heard", "strips": strips, "master_db": "-inf", "mix": "karaoke"}
    return job(model, song, folder, "remix", **{"name": "{song} ({mix})", **chosen, **options})


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_runs_give_equal_folders_that_name_no_place_and_no_time(model, song, tmp_path):
    for name in ("a", "b"):
        assert run_job(job(model, song, tmp_path / name), model).state == "done"
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    text = (tmp_path / "a" / "song" / "demixme.json").read_text()
    assert str(tmp_path) not in text
    [entry] = json.loads(text)["songs"].values()
    assert set(entry) == {"song_bytes", "song_digest", "model", "options", "files"}
    assert len(entry["files"]) == 4


def test_a_song_that_stands_there_is_skipped_without_looking_into_it(
    model, song, tmp_path, monkeypatch
):
    one = job(model, song, tmp_path / "o")
    run_job(one, model)
    monkeypatch.setattr(batch, "song_digest", lambda *_: pytest.fail("looked into the song"))
    assert run_job(one, model).state == "skipped"


def test_a_touched_song_is_looked_into_and_a_changed_one_done_again(model, song, tmp_path):
    one = job(model, song, tmp_path / "o")
    run_job(one, model)
    later = song.stat().st_mtime + 1000
    os.utime(song, (later, later))
    assert run_job(one, model).state == "skipped"
    data = bytearray(song.read_bytes())
    data[-1] ^= 1
    song.write_bytes(data)
    os.utime(song, (1, 1))  # as old and as long as before: only --verify sees it
    assert run_job(one, model).state == "skipped"
    assert run_job(job(model, song, tmp_path / "o", verify=True), model).state == "done"
    assert run_job(job(model, song, tmp_path / "o", verify=True), model).state == "skipped"


@pytest.mark.parametrize("other", [{"encoding": "pcm24"}, {"stems": ["bass"]}, {"first_s": 0.5}])
def test_other_options_are_done_again(model, song, tmp_path, other):
    run_job(job(model, song, tmp_path), model)
    assert run_job(job(model, song, tmp_path, **other), model).state == "done"


def test_another_model_is_done_again(model, song, tmp_path):
    run_job(job(model, song, tmp_path), model)
    model.sha256 = "another"
    assert run_job(job(model, song, tmp_path), model).state == "done"


def test_a_missing_or_cut_result_is_done_again(model, song, tmp_path):
    one = job(model, song, tmp_path)
    run_job(one, model)
    bass = tmp_path / "song" / "bass.wav"
    whole = bass.read_bytes()
    bass.unlink()
    assert run_job(one, model).state == "done"
    bass.write_bytes(whole[:-100])
    assert run_job(one, model).state == "done"
    assert bass.read_bytes() == whole


def test_what_is_not_ours_stays(model, song, tmp_path):
    (tmp_path / "song").mkdir()
    (tmp_path / "song" / "bass.wav").write_bytes(b"mine")
    with pytest.raises(FileExists):
        run_job(job(model, song, tmp_path), model)
    assert os.listdir(tmp_path / "song") == ["bass.wav"]
    assert run_job(job(model, song, tmp_path, overwrite=True), model).state == "done"


def test_a_failed_song_leaves_nothing_and_says_nothing_of_itself(tmp_path, song):
    model = separators.KnownModel(separators.four_parts(1.0, fail_calls={0}))
    with pytest.raises(SeparationFailed):
        run_job(job(model, song, tmp_path / "o"), model)
    assert contents(tmp_path / "o") == {}


def test_remixes_of_several_songs_share_a_folder(model, song, tmp_path):
    twin = songs.write_song(tmp_path / "in" / "twin.wav", separators.four_parts(1.0).mixture)
    for path in (song, twin):
        assert run_job(remix(model, path, tmp_path / "o"), model).state == "done"
    for path in (song, twin):
        assert run_job(remix(model, path, tmp_path / "o"), model).state == "skipped"
    names = ["demixme.json", "song (karaoke).wav", "twin (karaoke).wav"]
    assert sorted(os.listdir(tmp_path / "o")) == names
    assert np.abs(songs.read_all(tmp_path / "o" / names[1])[0]).max() == 0.0


def test_another_version_or_model_is_refused(model, song, tmp_path):
    with pytest.raises(WorkerUnfit):
        run_job(job(model, song, tmp_path, version="0.0.1"), model)
    one = job(model, song, tmp_path)
    model.sha256 = "another"
    with pytest.raises(WorkerUnfit):
        run_job(one, model)


def test_folders_are_mirrored_and_results_are_no_songs(tmp_path):
    folder = tmp_path / "in"
    for name in (
        "b.mp3",
        "a.WAV",
        "x.txt",
        ".hidden.wav",
        "sub/c.flac",
        "out/done.wav",
        ".h/d.ogg",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    out = folder / "out"
    alone = tmp_path / "alone.xyz"
    found = [(s.name, d.relative_to(out).as_posix()) for s, d in find_songs([folder, alone], out)]
    assert found == [("a.WAV", "."), ("b.mp3", "."), ("c.flac", "sub"), ("alone.xyz", ".")]
    assert [s.name for s, _ in find_songs([out], out)] == ["done.wav"]


def test_many_writers_lose_nothing(tmp_path):
    entry = Entry(1, "d", "m", {}, {"a.wav": 1})
    names = [f"{k}.wav" for k in range(24)]

    def write(mine):
        for name in mine:
            write_entry(tmp_path, name, entry)

    threads = [threading.Thread(target=write, args=(names[k::4],)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(read_entry(tmp_path, name) == entry for name in names)
    assert sorted(os.listdir(tmp_path)) == ["demixme.json", "in"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"songs": 3}', '{"songs": {"a": {"x": 1}}}'])
def test_a_broken_manifest_is_none(tmp_path, text):
    (tmp_path / "demixme.json").write_text(text)
    assert read_entry(tmp_path, "a") is None


def test_a_lock_that_nobody_holds_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "_LOCK_OLD_S", -1.0)
    (tmp_path / ".demixme.json.lock").touch()
    write_entry(tmp_path, "a", Entry(1, "d", "m", {}, {}))
    assert sorted(os.listdir(tmp_path)) == ["demixme.json", "in"]
