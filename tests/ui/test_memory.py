"""A song comes back as it was left, sessions travel as small files, nothing is overwritten."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from demixme.core.errors import FileMissing
from demixme.core.mixstate import Move, Strip
from demixme.core.parts import Parts
from demixme.core.session import NamedLoop, Session, SongIdentity, from_json, to_json
from demixme.engine.status import ModelFailed, ModelReady
from demixme.sessions import SessionStore
from demixme.ui import digest_task
from tests.support.fake_engine import FakeEngine

RATE = 44100
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def digests(monkeypatch):
    """Every song is known by its bytes, at once; FFmpeg has its own tests."""

    def digest(path, _interrupt=None):
        if not Path(path).is_file():
            raise FileMissing(path)
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()

    monkeypatch.setattr(digest_task, "song_digest", digest)
    return digest


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(b"a song")
    return path


def begin(make_desk, path=None, engine=None):
    desk = make_desk(engine or FakeEngine(seconds=32.0), song=False)
    if path is not None:
        desk.open(path)
    return desk


def learn(desk):
    """Let the task that reads the file begin and end."""
    memory = desk.bridge.memory
    memory.follow(desk.bridge.status, 10.0)
    if memory._task is not None:
        memory._task._thread.join()
    desk.pump()


def leave_at(desk, frame):
    desk.engine.seek(frame)
    desk.pump()
    desk.window.close()


def left_muted(make_desk, song, frame=12 * RATE):
    desk = begin(make_desk, song)
    learn(desk)
    desk.desk.toggle_mute("vocals")
    desk.desk.set_level("drums", -6.0)
    desk.desk.set_loop((2 * RATE, 4 * RATE))
    leave_at(desk, frame)


# ---------------------------------------------------------------- taken back
def test_a_song_comes_back_as_it_was_left(make_desk, song):
    left_muted(make_desk, song)
    desk = begin(make_desk, song)
    assert desk.mix.strips["vocals"].mute
    assert desk.mix.strips["drums"].level_db == -6.0
    assert desk.engine.status.loop == (2 * RATE, 4 * RATE)
    assert desk.engine.status.position_frame == 12 * RATE
    assert desk.channel("vocals").mute.isChecked()
    assert not desk.desk.can_undo
    said = desk.window.bar.label.text()
    assert said.startswith("Continued at 0:12, Vocals muted, Drums volume, minus 6 decibels")


def test_everything_is_set_before_the_first_sample(make_desk, song):
    left_muted(make_desk, song)
    desk = begin(make_desk, song)
    names = [call[0] for call in desk.engine.calls]
    assert names.count("play") == 1
    for what in ("set_mix", "set_loop", "seek"):
        assert names.index(what) < names.index("play")


def test_start_fresh_is_one_click_and_can_be_taken_back(make_desk, song):
    left_muted(make_desk, song)
    desk = begin(make_desk, song)
    assert desk.window.bar.action.text() == "Start fresh"
    QTest.mouseClick(desk.window.bar.action, Qt.MouseButton.LeftButton)
    desk.pump()
    assert not any(s.mute for s in desk.mix.strips.values())
    assert desk.engine.status.loop is None
    assert desk.engine.status.position_frame == 0
    desk.desk.undo()
    assert desk.mix.strips["vocals"].mute


def test_near_its_end_it_starts_at_0(make_desk, song):
    left_muted(make_desk, song, frame=25 * RATE)
    desk = begin(make_desk, song)
    assert desk.engine.status.position_frame == 0
    assert desk.mix.strips["vocals"].mute
    assert desk.window.bar.label.text().startswith("Vocals muted")


def test_another_song_begins_neutral_and_the_first_comes_back(make_desk, song, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(b"another song")
    desk = begin(make_desk, song)
    learn(desk)
    desk.desk.toggle_mute("bass")
    desk.desk.set_named_loops((NamedLoop("chorus", RATE, 2 * RATE),))
    desk.open(other)
    assert not desk.mix.strips["bass"].mute
    assert desk.desk.named_loops == ()
    assert desk.window.bar.isHidden()
    desk.open(song)
    assert desk.mix.strips["bass"].mute
    assert desk.desk.named_loops == (NamedLoop("chorus", RATE, 2 * RATE),)


def test_a_song_left_before_it_was_known_is_kept_all_the_same(make_desk, song, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(b"another song")
    desk = begin(make_desk, song)
    desk.desk.toggle_mute("bass")
    desk.open(other)
    learn(desk)
    desk.open(song)
    assert desk.mix.strips["bass"].mute


def test_closing_at_once_keeps_it_too(make_desk, song):
    desk = begin(make_desk, song)
    desk.desk.toggle_mute("bass")
    desk.window.close()
    assert begin(make_desk, song).mix.strips["bass"].mute


def test_a_song_nobody_touched_leaves_nothing(make_desk, song):
    desk = begin(make_desk, song)
    learn(desk)
    desk.window.close()
    assert SessionStore().count() == 0
    assert begin(make_desk, song).window.bar.isHidden()


def test_it_is_kept_while_it_plays_for_the_case_of_a_crash(make_desk, song, digests):
    desk = begin(make_desk, song)
    learn(desk)
    desk.desk.toggle_mute("bass")
    desk.bridge.memory.follow(desk.bridge.status, 31.0)
    assert SessionStore().get(digests(song)).strips["bass"].mute


def test_a_song_known_only_by_its_sound_is_offered(make_desk, song, tmp_path):
    left_muted(make_desk, song)
    moved = tmp_path / "elsewhere.wav"
    song.rename(moved)
    desk = begin(make_desk, moved)
    desk.desk.set_level("bass", -3.0)
    learn(desk)
    assert desk.mix.strips["bass"].level_db == -3.0
    assert not desk.mix.strips["vocals"].mute
    assert "here before" in desk.window.bar.label.text()
    QTest.mouseClick(desk.window.bar.action, Qt.MouseButton.LeftButton)
    assert desk.mix.strips["vocals"].mute
    assert desk.mix.strips["bass"].level_db == 0.0


def test_a_mix_waits_for_the_parts_and_the_song_for_the_mix(make_desk, song):
    left_muted(make_desk, song)
    engine = FakeEngine(seconds=32.0)
    desk = begin(make_desk, engine=engine)
    engine.hide_mix = True
    desk.open(song)
    assert not engine.status.playing
    engine.show_mix()
    desk.pump()
    assert engine.status.mix.strips["vocals"].mute
    assert engine.status.playing


def test_without_a_model_the_song_plays_all_the_same(make_desk, song):
    left_muted(make_desk, song)
    engine = FakeEngine(seconds=32.0)
    desk = begin(make_desk, engine=engine)
    engine.hide_mix = True
    desk.open(song)
    engine.events.append(ModelFailed(FileMissing("model")))
    desk.pump()
    assert engine.status.playing
    engine.events.append(ModelReady("default", engine.parts))
    engine.show_mix()
    desk.pump()
    assert engine.status.mix.strips["vocals"].mute


def test_parts_the_song_has_not_are_kept_for_the_time_it_has_them(make_desk, song, digests):
    left_muted(make_desk, song)
    two = Parts(("voice", "band"), "band")
    desk = begin(make_desk, song, FakeEngine(two, seconds=32.0))
    desk.desk.toggle_mute("voice")
    desk.window.close()
    kept = SessionStore().get(digests(song))
    assert kept.strips["vocals"].mute
    assert kept.strips["voice"].mute


def test_one_song_is_forgotten_or_all(make_desk, song):
    left_muted(make_desk, song)
    desk = begin(make_desk, song)
    desk.bridge.memory.forget_song()
    desk.window.close()
    assert SessionStore().count() == 0
    left_muted(make_desk, song)
    desk = begin(make_desk, song)
    desk.bridge.memory.forget_all()
    desk.window.close()
    assert not begin(make_desk, song).mix.strips["vocals"].mute


# ---------------------------------------------------------------- session files
def saved(desk, path, monkeypatch):
    monkeypatch.setattr("demixme.ui.doors.choose_new_file", lambda *_: path)
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_S, CTRL)
    if desk.bridge.memory._task is not None:
        desk.bridge.memory._task._thread.join()
    desk.pump()
    return path.with_suffix(".demix")


def test_a_session_is_saved_and_opened(make_desk, song, tmp_path, monkeypatch, digests):
    desk = begin(make_desk, song)
    desk.desk.toggle_mute("bass")
    desk.bridge.memory.recording = (Move(5, "drums", Strip(-3.0)),)
    desk.engine.seek(9 * RATE)
    desk.pump()
    file = saved(desk, tmp_path / "mine", monkeypatch)
    assert "mine.demix" in desk.window.bar.label.text()
    session, bad = from_json(file.read_bytes())
    assert bad == ()
    assert session.song == SongIdentity(
        digests(song), "song.wav", "song", "Nobody", RATE, 32 * RATE
    )
    assert session.moves == (Move(5, "drums", Strip(-3.0)),)
    assert str(tmp_path) not in file.read_text("utf-8")
    desk.desk.reset()
    desk.open(file)  # the song is open: only set
    assert desk.mix.strips["bass"].mute
    assert len(desk.engine.asked("open")) == 1
    SessionStore().forget_all()
    desk.window.close()
    SessionStore().forget_all()
    again = begin(make_desk, file)  # another machine: the song lies beside the file
    learn(again)
    again.pump(3)
    assert again.engine.status.song.path == song
    assert again.mix.strips["bass"].mute
    assert again.mix.moves == (Move(5, "drums", Strip(-3.0)),)
    assert again.engine.status.position_frame == 9 * RATE
    assert again.engine.status.playing


def test_a_session_beats_the_songs_own_memory(make_desk, song, tmp_path, digests):
    left_muted(make_desk, song)
    file = tmp_path / "x.demix"
    identity = SongIdentity(digests(song), "song.wav", rate=RATE, frames=32 * RATE)
    file.write_text(to_json(Session(identity, {"other": Strip(mute=True)})))
    desk = begin(make_desk, file)
    desk.pump(3)
    assert desk.mix.strips["other"].mute
    assert not desk.mix.strips["vocals"].mute


def written(tmp_path, song, digests, seconds=32.0, name="song.wav"):
    identity = SongIdentity(digests(song), name, rate=RATE, frames=round(seconds * RATE))
    file = tmp_path / "shared" / "x.demix"
    file.parent.mkdir()
    file.write_text(to_json(Session(identity, {"vocals": Strip(mute=True)})))
    return file


def asked(desk, monkeypatch, answer):
    said = []
    monkeypatch.setattr("demixme.ui.doors.choose_file", lambda *a: said.append(a[1]) or answer)
    return said


def finish(desk):
    task = desk.bridge.memory._task
    if task is not None:
        task._thread.join()
    desk.pump(3)


def test_a_moved_song_is_asked_for_once(make_desk, song, tmp_path, monkeypatch, digests):
    file = written(tmp_path, song, digests)
    desk = begin(make_desk)
    questions = asked(desk, monkeypatch, song)
    desk.open(file)
    finish(desk)
    assert questions == ["Where is “song.wav”?"]
    assert desk.mix.strips["vocals"].mute
    desk.open(tmp_path / "nothing.wav")
    desk.open(file)
    finish(desk)
    assert len(questions) == 1
    assert desk.mix.strips["vocals"].mute


def test_nobody_is_asked_twice_about_a_song_that_is_not_there(
    make_desk, song, tmp_path, monkeypatch, digests
):
    desk = begin(make_desk)
    questions = asked(desk, monkeypatch, None)
    desk.open(written(tmp_path, song, digests))
    finish(desk)
    assert len(questions) == 1
    assert desk.engine.asked("open") == []


@pytest.mark.parametrize(("seconds", "alike"), [(32.5, True), (200.0, False)])
def test_another_encoding_is_offered_another_song_is_not(
    make_desk, song, tmp_path, monkeypatch, digests, seconds, alike
):
    other = tmp_path / "other.mp3"
    other.write_bytes(b"the same song, encoded anew")
    desk = begin(make_desk)
    asked(desk, monkeypatch, other)
    desk.open(written(tmp_path, song, digests, seconds))
    finish(desk)
    assert desk.engine.status.song.path == other
    assert not desk.mix.strips["vocals"].mute
    said = desk.window.bar.label.text()
    assert ("another encoding" in said) is alike
    assert ("another song" in said) is not alike
    if alike:
        QTest.mouseClick(desk.window.bar.action, Qt.MouseButton.LeftButton)
        assert desk.mix.strips["vocals"].mute


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "demixme-session", "version": 99}'])
def test_a_broken_session_is_said_and_the_song_plays_on(make_desk, song, tmp_path, content):
    file = tmp_path / "broken.demix"
    file.write_bytes(content)
    desk = begin(make_desk, song)
    desk.open(file)
    assert desk.window.bar.notice.is_error
    assert "broken.demix" in desk.window.bar.label.text()
    assert desk.engine.status.playing
    desk.open(tmp_path / "missing.demix")
    assert "missing.demix" in desk.window.bar.label.text()


def test_a_session_that_cannot_be_written_is_said(make_desk, song, tmp_path, monkeypatch):
    desk = begin(make_desk, song)
    (tmp_path / "file").write_bytes(b"")
    saved(desk, tmp_path / "file" / "x.demix", monkeypatch)
    assert desk.window.bar.notice.is_error


def test_another_rate_scales_what_is_taken_back(make_desk, song, tmp_path, digests):
    identity = SongIdentity(digests(song), "song.wav", rate=2 * RATE, frames=64 * RATE)
    session = Session(identity, {"vocals": Strip(mute=True)}, position_frame=24 * RATE)
    SessionStore().put(session)
    SessionStore().learn(song, digests(song))
    desk = begin(make_desk, song)
    assert desk.engine.status.position_frame == 12 * RATE
    assert desk.bridge.memory.session(desk.bridge.status).song.rate == RATE


@pytest.mark.parametrize("loop", [(RATE, 600 * RATE), (RATE, RATE + 5)])
def test_a_region_that_is_no_loop_of_the_song_is_left_out(make_desk, song, digests, loop):
    identity = SongIdentity(digests(song), rate=RATE)
    session = Session(identity, loop=loop, kept_loop=loop, loops=(NamedLoop("x", 0, 600 * RATE),))
    SessionStore().put(replace(session, position_frame=2 * RATE))
    SessionStore().learn(song, digests(song))
    desk = begin(make_desk, song)
    assert desk.engine.status.loop is None
    assert desk.desk.named_loops == ()
