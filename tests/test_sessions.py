"""Songs are remembered by what they are, files by how they are; nothing stops the program."""

import os

import pytest

from demixme.core.mixstate import Strip
from demixme.core.session import Session, SongIdentity
from demixme.sessions import SessionStore, stamp_of

A, B = "a" * 64, "b" * 64
SONG = Session(SongIdentity(A, "a.wav"), {"vocals": Strip(mute=True)}, position_frame=5)


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "söng.wav"
    path.write_bytes(b"sound")
    return path


def test_a_song_comes_back_in_the_next_run(song, user_folders):
    store = SessionStore()
    store.learn(song, A)
    store.put(SONG)
    again = SessionStore()
    assert again.digest_of(song) == A
    assert again.files_of(A) == [song]
    assert again.get(A) == SONG
    assert again.count() == 1
    assert again.folder.is_relative_to(user_folders)


def test_a_changed_or_missing_file_is_not_known(song):
    store = SessionStore()
    store.learn(song, A)
    os.utime(song, ns=(1, 1))
    assert store.digest_of(song) == ""
    store.learn(song, B)
    assert store.digest_of(song) == B
    song.write_bytes(b"longer sound")
    assert store.digest_of(song) == ""
    song.unlink()
    assert store.digest_of(song) == ""
    store.learn(song, A)
    assert store.files_of(A) == []


def test_a_folder_is_known_by_its_files(tmp_path):
    (tmp_path / "bass.wav").write_bytes(b"1")
    store = SessionStore(tmp_path / "sessions")
    store.learn(tmp_path, A)
    before = stamp_of(tmp_path)
    (tmp_path / "drums.wav").write_bytes(b"2")
    assert stamp_of(tmp_path) != before
    assert store.digest_of(tmp_path) == ""


def test_the_newest_place_comes_first(tmp_path):
    store = SessionStore(tmp_path / "sessions")
    for name in ("one", "two", "one"):
        (tmp_path / name).write_bytes(b"x")
        store.learn(tmp_path / name, A)
    assert [p.name for p in store.files_of(A)] == ["one", "two"]


def test_one_song_is_forgotten_or_all(song):
    store = SessionStore()
    store.learn(song, A)
    store.put(SONG)
    store.put(Session(SongIdentity(B)))
    store.forget(A)
    assert store.get(A) is None
    assert store.count() == 1
    store.forget_all()
    assert (store.count(), store.digest_of(song)) == (0, "")
    assert SessionStore().digest_of(song) == ""


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"x": 3, "y": [1, 2]}', b"\xff"])
def test_damaged_files_are_as_if_they_were_not_there(content, song):
    store = SessionStore()
    store.folder.mkdir(parents=True)
    (store.folder / "index.json").write_bytes(content)
    (store.folder / f"{A}.demix").write_bytes(content)
    assert store.digest_of(song) == ""
    assert store.get(A) is None
    store.learn(song, A)
    assert store.digest_of(song) == A


def test_a_folder_that_cannot_be_written_is_only_logged(tmp_path, caplog):
    (tmp_path / "file").write_bytes(b"")
    store = SessionStore(tmp_path / "file" / "sessions")
    store.put(SONG)
    assert store.get(A) is None
    assert store.count() == 0
    assert "cannot be written" in caplog.text
