import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demixme.audiofile.paths import check_regular_file, extended_path, safe_name


@pytest.mark.parametrize(
    ("path", "extended"),
    [
        (r"C:\Music\a.wav", r"\\?\C:\Music\a.wav"),
        ("C:/Music/./x/../a.wav", r"\\?\C:\Music\a.wav"),
        (r"\\server\share\a.wav", r"\\?\UNC\server\share\a.wav"),
        (r"\\?\C:\a.wav", r"\\?\C:\a.wav"),
    ],
)
def test_windows_paths_may_be_long(path, extended):
    assert extended_path(path) == extended


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Song (live)", "Song (live)"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "_"),
        ("end. ", "end"),
        ("con", "_con"),
        ("LPT1.wav", "_LPT1.wav"),
        ("", "_"),
    ],
)
def test_safe_names(text, name):
    assert safe_name(text) == name


@given(st.text())
def test_a_safe_name_is_one_name(text):
    try:
        name = safe_name(text)
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in text)
        return
    assert name == safe_name(name)
    assert Path(name).name == name
    assert 0 < len(os.fsencode(name)) <= 150
    assert not set(name) & set('<>:"/\\|?*\0\n')


def test_the_size_is_told(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    assert check_regular_file(tmp_path / "a") == 5
