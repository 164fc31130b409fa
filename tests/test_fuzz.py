"""Every door for files takes whatever is in them: no crash, no hang over 10 s, no 2 GiB."""

import json
import sys
from contextlib import suppress

import pytest

from demixme import settings
from demixme.core.session import to_json
from tests.core.test_session import FULL
from tests.support import avsongs, fuzzing, networks, songs
from tests.support.mutations import mutated

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
SECONDS = 0.4
PIECE = 250
#: Cases of a door in a normal run, and with --long.
CASES = {
    "song": (30, 10_000),
    "tags": (420, 10_000),
    "model": (60, 2_000),
    "sidecar": (300, 10_000),
    "settings": (100, 2_000),
    "session": (300, 10_000),
}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Make whole files for every door; return the folder of their folders."""
    base = tmp_path_factory.mktemp("fuzz")
    for door in ("song", "model", "sidecar", "settings", "session"):
        (base / door).mkdir()
    for name in songs.FORMATS:
        songs.make_format(base / "song", name, songs.tune(SECONDS, 48000), 48000)
    for name in avsongs.FORMATS:
        x = songs.tune(SECONDS, avsongs.rate_of(name))
        avsongs.make_format(base / "song", name, x, tags={"title": "T", "artist": "A"})
    many = songs.tune(SECONDS, 48000, 6)
    avsongs.write(base / "song" / "surround.m4a", "aac", many, 48000)
    avsongs.write(base / "song" / "surround.opus", "libopus", many, 48000)
    songs.write_song(base / "song" / "alac.caf", many[:, :2], 48000, "CAF", "ALAC_16")
    (base / "tags").symlink_to(base / "song")
    networks.mask_model(base / "model", "net")
    (base / "model" / "net.json").rename(base / "whole.json")
    (base / "sidecar" / "a.json").write_text((base / "whole.json").read_text("utf-8"), "utf-8")
    strips = {"bass": [None, 0.5, True], "drums": [-3.0, 0.0, False]}
    chosen = settings.Settings().with_recent("/a/b.wav")
    chosen = chosen.changed(presets=({"name": "x", "strips": strips},))
    settings.save(chosen, base / "settings" / "a.json")
    (base / "session" / "a.demix").write_text(to_json(FULL), "utf-8")
    return base


def check(door, seeds, first, last):
    found = fuzzing.fuzz(door, seeds / door, first, last)
    assert found.wrong == []
    assert found.cases == last - first
    assert found.most_bytes < fuzzing.MOST_BYTES
    assert found.longest_s < fuzzing.LONGEST_S


@pytest.mark.parametrize("door", CASES)
def test_broken_files(seeds, door):
    check(door, seeds, 0, CASES[door][0])


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    ("door", "first"),
    [(door, at) for door, (_, many) in CASES.items() for at in range(0, many, PIECE)],
)
def test_very_many_broken_files(seeds, door, first):
    check(door, seeds, first, first + PIECE)


# ---------------------------------------------------------------- the watching itself
@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("import os; os.abort()", "ended with -6"),
        ("raise KeyError('oh')", "KeyError"),
        ("import time; time.sleep(60)", "nothing for"),
        ("x = bytearray(300 << 20); import time; time.sleep(60)", "MiB"),
    ],
)
def test_what_goes_wrong_is_seen(tmp_path, monkeypatch, deed, said):
    folder = tmp_path / "faulty"
    folder.mkdir()
    (folder / "a.py").write_text(deed, "utf-8")
    monkeypatch.setattr(fuzzing, "LONGEST_S", 1.5)
    monkeypatch.setattr(fuzzing, "MOST_BYTES", 250 << 20)
    found = fuzzing.fuzz("faulty", folder, 0, 2)
    assert len(found.wrong) == 2
    assert all(said in line for line in found.wrong)


def test_json_is_broken_in_its_values_too():
    seed = json.dumps({"a": [7, {"b": "c"}], "d": "e"}).encode()
    for number in range(1, 200, 2):
        with suppress(RecursionError):
            assert json.loads(mutated(seed, number)) != json.loads(seed)
