"""A song with parts of its own in the window: no separation, its names, colours and sound."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from demixme.audiofile.decode import open_song
from demixme.audiofile.stemmp4 import StemWriter, manifest_of
from demixme.engine.engine import Engine
from demixme.engine.nulldevice import NullDevice
from demixme.export.ownparts import OwnParts
from demixme.ui import app as window_app
from tests.support import songs
from tests.support.separators import KnownModel, KnownStems, known_song

RATE = 44100


@pytest.fixture
def window(qtbot, tmp_path):
    plain = known_song(("bass", "drums", "other", "vocals"), "other", 3.0)
    songs.write_song(tmp_path / "plain.wav", sum(plain.values()), subtype="FLOAT")
    separator = KnownStems(plain, "other")
    own = OwnParts(open_song, lambda name: KnownModel(separator, name), tmp_path / "cache")
    engine = Engine(open_song=own.open_song, load_model=own.load_model, device=NullDevice())
    made = window_app.make_window(window_app.WindowOptions(lambda: engine))
    made.resize(1280, 800)
    made.show()
    made.bridge.start()
    made.bridge._timer.stop()
    yield made
    made.close()


def until(window, done, limit_s=30.0):
    end = time.monotonic() + limit_s
    while not done(window.bridge.status):
        assert time.monotonic() < end, "it never came so far"
        window.bridge.tick()
        QCoreApplication.processEvents()
        time.sleep(0.005)


def opened(window, path, names):
    window.bridge.open(path)
    until(window, lambda s: s.separated >= 1.0 and s.parts and set(s.parts.names) == set(names))
    return window.bridge.status


def test_a_folder_plays_its_parts_and_the_next_song_the_models(window, tmp_path):
    folder = tmp_path / "song"
    folder.mkdir()
    parts = known_song(("bass", "guitar", "piano"), "piano", 3.0)
    for name, x in parts.items():
        songs.write_song(folder / f"{name}.wav", x, subtype="FLOAT")
    status = opened(window, folder, parts)
    assert list(window.mixer.strips) == ["bass", "guitar", "piano"]
    assert "own parts" in window.header.model.text()
    out = np.empty((RATE, 2, 2), np.float32)
    assert status.store.read_into(out, 20_000) == RATE
    want = np.stack([parts["bass"], parts["guitar"]], axis=1)[20_000 : 20_000 + RATE]
    assert np.abs(out - want).max() < 1e-4
    opened(window, tmp_path / "plain.wav", ("bass", "drums", "other", "vocals"))
    assert "own parts" not in window.header.model.text()


def test_a_stem_file_keeps_its_names_and_colours(window, tmp_path):
    names = ("Kick", "Low", "Keys", "Choir")
    path = tmp_path / "song.stem.mp4"
    manifest = manifest_of(names)
    manifest["stems"][1]["color"] = "#123456"
    with StemWriter(path, RATE, manifest) as writer:
        writer.write([np.zeros((RATE, 2), np.float32), *([songs.tune(1.0).astype("f4")] * 4)])
        writer.commit()
    opened(window, path, names)
    assert set(window.mixer.strips) == set(names)
    assert window.mixer.strips["Low"].colour == QColor("#123456")
    opened(window, tmp_path / "plain.wav", ("bass", "drums", "other", "vocals"))
    assert window.look.theme.own == {}
