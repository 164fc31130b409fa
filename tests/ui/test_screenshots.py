"""`dev.py screenshots`: the tool still finds its way through the window of today."""

import pytest
from PySide6.QtGui import QImage

from demixme.ui.app import WindowOptions
from tests.support.liveengine import ArrayDecoder, Stage
from tests.support.separators import four_parts
from tools import screenshots


@pytest.fixture
def options(qtbot, tmp_path):
    separator = four_parts(4.0)
    decoder = ArrayDecoder("song.wav", separator.mixture, separator.rate)
    stage = Stage({"song.wav": decoder}, {"": separator}, device=screenshots.silent_device())
    yield WindowOptions(lambda: stage.engine, settings_path=tmp_path / "settings.json")
    stage.close()


def test_states_can_be_pictured(options, tmp_path):
    states = ["empty", "playing", "original", "exporting", "error"]
    taken = screenshots.take(tmp_path, "light", "song.wav", states, (900, 600), options)
    assert [p.name for p in taken] == [f"{s}-light.png" for s in states]
    pictures = {p.stem: QImage(str(p)) for p in taken}
    assert all((i.width(), i.height()) == (900, 600) for i in pictures.values())
    for name, picture in pictures.items():
        assert all(picture != other for n, other in pictures.items() if n != name), name
