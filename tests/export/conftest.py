import pytest

from demixme.export.song import load_song
from tests.support import separators, songs


@pytest.fixture
def four(tmp_path):
    """A separator that knows the parts, and its song as a float file, decoded."""
    return loaded(tmp_path, separators.four_parts(3.0))


def loaded(folder, separator, subtype="FLOAT"):
    x = separator.mixture
    path = songs.write_song(folder / "song.wav", x, separator.rate, "WAV", subtype)
    return separator, load_song(path).track
