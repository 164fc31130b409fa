"""Settings survive a restart, and a settings file of any content never stops the program."""

import json
import logging
import math
import os
import sys
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from demixme import settings, textfile
from demixme.settings import Settings, load, save

FULL = Settings(
    recent=("/music/söng.mp3", "C:\\b.wav"),
    geometry="AdnQywAD",
    look="dark",
    language="es",
    late="silence",
    store_mb=1024.0,
    shortcuts=(("play", ("Space", "F2")), ("quit", ())),
    device="Speakers (2)",
    host_api="Windows WASAPI",
    buffer_ms=80.0,
    volume=0.25,
    model="first",
    export_folder="/out",
    export_format="pcm24",
    spectrum=True,
    stop_between=True,
    keep_mix=True,
    presets=(
        {"name": "Mine", "strips": {"bass": (-6.0, 0.25, True), "vocals": (None, 0.0, False)}},
    ),
)


def written(path, content):
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_every_field_comes_back(tmp_path):
    path = tmp_path / "new" / "settings.json"
    assert all(getattr(FULL, f.name) != f.default for f in fields(Settings))
    assert save(FULL, path)
    assert load(path) == FULL
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]


def test_settings_lie_in_the_config_folder(user_folders):
    assert save(FULL)
    assert settings.settings_file().is_relative_to(user_folders)
    assert load() == FULL


def test_no_file_means_defaults_without_a_word(tmp_path, caplog):
    assert load(tmp_path / "none.json") == Settings()
    assert caplog.records == []


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff\xfe\x00", b"null", b"[1]", b'"x"', b"[" * 100_000, b" " * 2_000_000),
        *(b'{"version": 1e999}', b'{"volume": 1e400}', b"1" * 5000),
    ],
    ids=lambda c: repr(c[:12]),
)
def test_a_broken_file_means_defaults_and_at_most_one_line(tmp_path, caplog, content):
    with caplog.at_level(logging.WARNING):
        assert load(written(tmp_path / "settings.json", content)) == Settings()
    assert len(caplog.records) <= 1


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("recent", "a"),
        ("recent", [1]),
        ("recent", {"a": 1}),
        ("look", "pink"),
        ("look", ["dark"]),
        ("buffer_ms", 5),
        ("buffer_ms", True),
        ("buffer_ms", 10**400),
        ("volume", -0.1),
        ("volume", math.nan),
        ("volume", "1"),
        ("device", None),
        ("language", 3),
        ("export_format", "mp4"),
        ("geometry", "\0"),
    ],
)
def test_a_bad_value_falls_back_alone_with_one_log_line(tmp_path, caplog, name, bad):
    path = tmp_path / "settings.json"
    save(FULL, path)
    stored = json.loads(path.read_text()) | {name: bad}
    with caplog.at_level(logging.WARNING):
        got = load(written(path, stored))
    assert got == FULL.changed(**{name: getattr(Settings(), name)})
    assert len(caplog.records) == 1
    assert name in caplog.text


def test_keys_of_a_later_version_are_ignored(tmp_path):
    path = written(tmp_path / "s.json", {"version": 99, "volume": 0.5, "hologram": True})
    assert load(path) == Settings(volume=0.5)


def test_an_older_version_is_migrated_step_by_step(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "VERSION", 3)
    steps = {
        1: lambda old: {**old, "loudness": old["gain"] / 2},
        2: lambda old: {**old, "volume": old["loudness"]},
    }
    monkeypatch.setattr(settings, "MIGRATIONS", steps)
    assert load(written(tmp_path / "a.json", {"version": 1, "gain": 1.0})).volume == 0.5
    assert load(written(tmp_path / "b.json", {"version": 2, "loudness": 0.3})).volume == 0.3
    assert load(written(tmp_path / "c.json", {"version": 1})) == Settings()  # a migration raised


def test_recent_songs_come_once_newest_first_and_never_too_many():
    s = Settings()
    for k in range(20):
        s = s.with_recent(f"{k}.wav")
    s = s.with_recent("15.wav")
    assert s.recent[:3] == ("15.wav", "19.wav", "18.wav")
    assert len(s.recent) == settings.MOST_RECENT


def test_a_change_out_of_range_is_refused():
    with pytest.raises(ValueError):
        Settings().changed(volume=2.0)
    with pytest.raises(FrozenInstanceError):
        Settings().volume = 0.5


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_no_crash(tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert not save(FULL, tmp_path / "settings.json")
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_is_a_file_is_no_crash_and_leaves_nothing(tmp_path, caplog):
    written(tmp_path / "file", b"")
    assert not save(FULL, tmp_path / "file" / "settings.json")
    assert len(caplog.records) == 1


def test_a_failed_write_keeps_the_old_settings(tmp_path, monkeypatch):
    path = tmp_path / "settings.json"
    save(FULL, path)

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(textfile.os, "replace", full_disk)
    assert not save(Settings(), path)
    assert load(path) == FULL
    assert [p.name for p in tmp_path.iterdir()] == ["settings.json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)


@hypothesis_settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stored=st.dictionaries(
        st.sampled_from([f.name for f in fields(Settings)] + ["version", "x"]), JSON
    )
)
def test_any_object_loads_and_saves_again(tmp_path, stored):
    got = load(written(tmp_path / "settings.json", stored))
    assert save(got, tmp_path / "again.json")
    assert load(tmp_path / "again.json") == got
