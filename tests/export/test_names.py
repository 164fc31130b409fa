import pytest

from demixme.core.errors import InvalidValue
from demixme.export.names import filled, free_name, title_suffix

VALUES = {"song": "A/B song", "mix": "no vocals", "artist": "", "model": "first", "part": "bass"}


@pytest.mark.parametrize(
    ("template", "want"),
    [
        ("{song} ({mix})", "A_B song (no vocals)"),
        ("{song}/{part}", "A_B song/bass"),
        ("{model}\\{song} - {part}", "first/A_B song - bass"),
        ("{artist} - {song}", "A_B song"),
        ("{song} ({artist})", "A_B song"),
        ("../{song}", "_/A_B song"),
        ("con", "_con"),
    ],
)
def test_a_template_is_filled(template, want):
    assert filled(template, VALUES).as_posix() == want


@pytest.mark.parametrize("template", ["", " ", "{}", "{nonsense}", "{song", "song}", "/"])
def test_a_template_that_names_nothing_or_something_unknown(template):
    with pytest.raises(InvalidValue):
        filled(template, VALUES)


def test_a_name_that_nobody_has(tmp_path):
    path = tmp_path / "a.wav"
    assert free_name(path) == path
    for name in ("a.wav", "a 2.wav"):
        (tmp_path / name).touch()
    assert free_name(path).name == "a 3.wav"


def test_what_a_name_says_more_than_the_songs(tmp_path):
    song = tmp_path / "A song.mp3"
    assert title_suffix(song, tmp_path / "A song (karaoke).wav") == "(karaoke)"
    assert title_suffix(song, tmp_path / "A song.flac") == ""
    assert title_suffix(song, tmp_path / "else.flac") == ""
