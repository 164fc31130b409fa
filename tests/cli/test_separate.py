"""`demixme separate`, with the model that ships, on two seconds of song."""

import numpy as np
import pytest
import soundfile as sf

from demixme.audiofile.paths import safe_name
from tests.support.songs import tune, write_song

FOUR = ["vocals", "drums", "bass", "other"]


def parts_of(folder, song, suffix="wav"):
    return {p.stem: p for p in (folder / safe_name(song.stem)).glob(f"*.{suffix}")}


def test_four_files_that_add_up_to_the_song(demixme, song, tmp_path):
    said = demixme("separate", song, "-o", tmp_path / "out")
    assert said.code == 0
    files = parts_of(tmp_path / "out", song)
    assert set(files) == set(FOUR)
    total = sum(sf.read(f, dtype="int16")[0].astype(np.int64) for f in files.values())
    assert np.array_equal(total, sf.read(song, dtype="int16")[0])
    assert all(f"{part}.wav" in said.out for part in FOUR)
    assert "× real time" in said.err


def test_only_some_parts_in_flac(demixme, song, tmp_path):
    said = demixme("separate", song, "-o", tmp_path, "--stems", "Vocals,bass", "--format", "flac")
    assert said.code == 0
    assert set(parts_of(tmp_path, song, "flac")) == {"vocals", "bass"}


def test_without_a_folder_the_parts_come_here(demixme, song, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert demixme("separate", song.name, "--quiet").err == ""
    assert set(parts_of(tmp_path, song)) == set(FOUR)


def test_json_is_one_object_with_every_file(demixme, song, tmp_path):
    said = demixme("separate", song, "-o", tmp_path, "--json", "--encoding", "float32")
    assert said.code == 0
    [done] = said.answer["songs"]
    assert said.answer["ok"] is True
    assert list(done["files"]) == FOUR
    assert all(sf.info(f).frames == 88200 for f in done["files"].values())
    assert done["encoding"] == "float32"
    assert done["seconds"] == 2.0
    assert done["speed"] > 0


def test_files_that_are_there_are_not_replaced_unasked(demixme, song, tmp_path):
    folder = tmp_path / safe_name(song.stem)
    folder.mkdir()
    (folder / "bass.wav").write_bytes(b"mine")
    said = demixme("separate", song, "-o", tmp_path, "--stems", "bass")
    assert said.code == 1
    assert "is there already" in said.err
    assert (folder / "bass.wav").read_bytes() == b"mine"
    assert demixme("separate", song, "-o", tmp_path, "--stems", "bass", "--overwrite").code == 0


def test_what_was_done_before_is_not_done_again(demixme, song, tmp_path):
    words = ("separate", song, "-o", tmp_path, "--stems", "bass")
    assert demixme(*words).code == 0
    [file] = parts_of(tmp_path, song).values()
    before = file.stat().st_mtime_ns
    said = demixme(*words, "--json")
    assert (said.code, said.answer["songs"][0]["state"]) == (0, "skipped")
    assert file.stat().st_mtime_ns == before
    assert demixme(*words, "--encoding=pcm24").code == 0  # our own files, made another way
    assert sf.info(file).subtype == "PCM_24"


def test_one_song_of_several_fails_and_the_others_are_done(demixme, song, tmp_path):
    said = demixme("separate", tmp_path / "none.mp3", song, "-o", tmp_path, "--stems", "bass")
    assert said.code == 3
    assert "none.mp3" in said.err
    assert "1 of 2 songs failed" in said.err
    assert set(parts_of(tmp_path, song)) == {"bass"}


def test_all_songs_fail(demixme, tmp_path):
    said = demixme("separate", tmp_path / "a.mp3", tmp_path / "b.mp3", "-o", tmp_path, "--json")
    assert said.code == 1
    assert [s["kind"] for s in said.answer["songs"]] == ["FileMissing", "FileMissing"]
    assert said.answer["ok"] is False


def test_two_songs_of_one_name_do_not_replace_each_other(demixme, song, tmp_path):
    (tmp_path / "b").mkdir()
    twin = write_song(tmp_path / "b" / song.name, tune(1.0, seed=3))
    words = ("-o", tmp_path / "out", "--stems", "bass", "--overwrite", "--json")
    said = demixme("separate", song, twin, *words)
    assert said.code == 3
    assert said.answer["songs"][1]["kind"] == "FileExists"
    assert sf.info(parts_of(tmp_path / "out", song)["bass"]).frames == 88200


def test_an_unknown_part_is_said_before_any_work(demixme, tmp_path):
    said = demixme("separate", tmp_path / "none.wav", "--stems", "piano", "-o", tmp_path)
    assert said.code == 2
    assert "“piano”" in said.err
    assert "vocals, drums, bass, other, instrumental" in said.err


def test_another_rate_and_mono(demixme, tmp_path):
    song = write_song(tmp_path / "mono.wav", tune(1.0, 48000, channels=1), 48000)
    assert demixme("separate", song, "-o", tmp_path / "out").code == 0
    infos = [sf.info(f) for f in parts_of(tmp_path / "out", song).values()]
    assert {(i.samplerate, i.channels, i.frames) for i in infos} == {(48000, 1, 48000)}


@pytest.mark.parametrize("word", ["--threads=0", "--threads=x", "--format=wma", "--nonsense"])
def test_a_wrong_option_is_one_line_and_where_help_is(demixme, song, word):
    said = demixme("separate", song, word)
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 2
    assert "--help" in said.err


def test_the_instrumental_and_a_lossy_format(demixme, song, tmp_path):
    words = ("--stems", "instrumental,vocals", "--format=m4a", "--json")
    said = demixme("separate", song, "-o", tmp_path, *words)
    assert said.code == 0
    [done] = said.answer["songs"]
    assert list(done["files"]) == ["vocals", "instrumental"]
    assert (done["encoding"], done["gain_db"]) == ("aac", 0.0)


def test_best_quality_adds_up_as_well_and_is_not_the_same(demixme, song, tmp_path):
    x, rate = sf.read(song, dtype="float64")
    x[:, 1] *= np.linspace(1.0, 0.1, len(x))
    write_song(song, x, rate)
    for quality in ("normal", "best"):
        words = ("-o", tmp_path / quality, "--quality", quality, "--encoding", "pcm16")
        assert demixme("separate", song, *words).code == 0
    best = {p: sf.read(f, dtype="int16")[0] for p, f in parts_of(tmp_path / "best", song).items()}
    normal = parts_of(tmp_path / "normal", song)
    total = sum(best.values(), np.zeros(1, np.int64))
    assert np.array_equal(total, sf.read(song, dtype="int16")[0])
    assert any((sf.read(normal[p], dtype="int16")[0] != best[p]).any() for p in FOUR)
