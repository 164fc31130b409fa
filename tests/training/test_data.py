"""Readers of every collection, packs, mixes: what goes in comes out, at the right place."""

import json
from pathlib import Path

import numpy as np
import pytest

from demixme.audiofile.collections import ACCOMPANIMENT, find_songs
from demixme.audiofile.encode import open_writer
from demixme.core.errors import FileUnreadable
from demixme.core.parts import STEMS
from demixme.training.augment import Augmentation
from demixme.training.data.mixes import UNLIMITED_HZ, Mixes, Run, Source, _at_speed
from demixme.training.data.pack import Pack, write_pack
from tests.support.songsets import LEVELS, RATE, dsd100, folders, pairs, ramp, write_stems

pytestmark = pytest.mark.training

PLAIN = Augmentation(
    coherent=1.0,
    varispeed=0.0,
    relevel=0.0,
    swap=0.0,
    mono_stem=0.0,
    mono_mix=0.0,
    silent=0.0,
    balance=0.0,
    drive=0.0,
    equalised=0.0,
    mastering=0.0,
    level_swing_db=0.0,
)


def test_one_long_pair_is_cut_by_its_index(tmp_path: Path) -> None:
    write_stems(tmp_path, ("vocals", ACCOMPANIMENT))
    listed = {"list": [["a", 0.1, 0.2], ["b", 0.5, 0.4]]}
    (tmp_path / "index.json").write_text(json.dumps(listed))
    (song,) = find_songs(tmp_path)
    write_pack(tmp_path / "pack", [song])
    pack = Pack(tmp_path / "pack")
    assert [e.frames for e in pack.entries] == [8820, 17640]
    heard = pack.read(pack.entries[1], "vocals", 0, 4)
    assert heard[0, 0] == pytest.approx(LEVELS["vocals"] * 0.75, abs=1e-3)


def test_nothing_to_train_on_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        Pack(tmp_path)


# ---------------------------------------------------------------- packs
def test_packs_hold_every_part_in_its_place(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack", find_songs(folders(tmp_path / "songs")))
    pack = Pack(tmp_path / "pack")
    one, two = pack.entries
    assert (one.name, two.name, two.parts) == ("one", "two", ("drums", "vocals"))
    assert pack.having("bass") == [0]
    for entry in (one, two):
        for part in STEMS:
            heard = pack.read(entry, part, RATE - 10, 20)
            assert heard.shape == (2, 20)
            wanted = LEVELS[part] if part in entry.parts else 0.0
            assert heard[0, 9] == pytest.approx(wanted, abs=1e-4)
            assert not heard[:, 10:].any()  # never the next song


def test_what_is_too_loud_is_turned_down_as_a_whole(tmp_path: Path) -> None:
    song = tmp_path / "songs" / "loud"
    for part, level in (("bass", 2.0), ("drums", 0.5)):
        song.mkdir(parents=True, exist_ok=True)
        writer = open_writer(song / f"{part}.wav", RATE, 2, "float32")
        writer.write(ramp(level))
        writer.commit()
    write_pack(tmp_path / "pack", find_songs(tmp_path / "songs"))
    pack = Pack(tmp_path / "pack")
    bass, drums = (pack.read(pack.entries[0], p, RATE - 1, 1)[0, 0] for p in ("bass", "drums"))
    assert bass == pytest.approx(1.0, abs=1e-3)
    assert drums == pytest.approx(0.25, abs=1e-3)


def test_a_low_rate_is_resampled_and_its_band_noted(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack", find_songs(pairs(tmp_path / "pairs")))
    pack = Pack(tmp_path / "pack")
    assert pack.entries[0].limit_hz == pytest.approx(7600.0)
    assert pack.entries[0].frames == pytest.approx(RATE * RATE / 16000, abs=3)
    mix = Mixes([Source(tmp_path / "pack")], 4096, PLAIN)[0]
    assert mix["limit_hz"] == pytest.approx(7600.0)
    assert not mix["split_known"]
    assert not mix["stems"][[0, 1]].any()
    assert mix["stems"][[2, 3]].any(axis=(1, 2)).all()


# ---------------------------------------------------------------- mixes
def test_mixes_are_the_same_whenever_asked_for(pack: Path) -> None:
    a, b = (Mixes([Source(pack)], 8192, Augmentation(), seed=5) for _ in range(2))
    for number in (7, 3, 7):
        for key, value in a[number].items():
            np.testing.assert_array_equal(value, b[number][key])
    assert not np.array_equal(a[7]["stems"], a[3]["stems"])
    other = Mixes([Source(pack)], 8192, Augmentation(), seed=6)
    assert not np.array_equal(a[7]["stems"], other[7]["stems"])


def test_stems_of_one_place_come_from_one_place(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack", find_songs(dsd100(tmp_path / "dsd")))
    for number in range(5):
        stems = Mixes([Source(tmp_path / "pack")], 4096, PLAIN)[number]["stems"]
        ratios = np.abs(stems).mean((1, 2)) / np.abs(stems[0]).mean()
        # the ramps keep their proportions at one place; 3 dB is the loudness that is drawn
        np.testing.assert_array_less(np.abs(20 * np.log10(ratios / [1, 2, 3, 4])), 6.1)
        for stem in stems:
            slope = (np.abs(stem[0, -1]) - np.abs(stem[0, 0])) / np.abs(stem[0, 0])
            first = np.abs(stems[0][0])
            assert slope == pytest.approx((first[-1] - first[0]) / first[0], rel=0.02)


def test_weights_choose_where_stems_come_from(songs: Path, tmp_path: Path) -> None:
    write_pack(tmp_path / "a", find_songs(songs))
    write_pack(tmp_path / "b", find_songs(folders(tmp_path / "ramps")))
    remix = Augmentation(coherent=0.0, **{k: 0.0 for k in ("silent", "second_other", "varispeed")})
    nothing = dict.fromkeys(STEMS, 0.0)
    sources = [Source(tmp_path / "a", 0.0), Source(tmp_path / "b", 0.0, {**nothing, "vocals": 1e9})]
    mixes = Mixes(sources, 8192, remix)
    for number in range(5):
        stems = mixes[number]["stems"]
        assert (np.sign(stems[3]) == np.sign(stems[3, 0, 0])).all()  # a ramp has one sign
        assert not (np.sign(stems[2]) == np.sign(stems[2, 0, 0])).all()


def test_a_missing_part_is_silent_in_remixes(tmp_path: Path) -> None:
    write_stems(tmp_path / "songs" / "x", ("drums", "vocals"))
    write_pack(tmp_path / "pack", find_songs(tmp_path / "songs"))
    mix = Mixes([Source(tmp_path / "pack")], 4096, Augmentation(silent=0.0))[0]
    assert mix["stems"].any(axis=(1, 2)).tolist() == [False, True, False, True]
    assert mix["limit_hz"] == np.float32(UNLIMITED_HZ)


def test_varispeed_moves_pitch_and_tempo_together() -> None:
    time = np.arange(60000) / RATE
    tone = np.stack([np.sin(2 * np.pi * 440 * time)] * 2).astype(np.float32)
    made = _at_speed(tone, 50000)
    assert made.shape == (2, 50000)
    wanted = np.sin(2 * np.pi * 440 * 1.2 * time[:50000])
    assert np.abs(made[0, 500:-500] - wanted[500:-500]).max() < 2e-3


def test_no_mix_is_seen_twice_however_a_run_is_cut() -> None:
    whole = list(Run(0, 40))
    assert sorted([*Run(0, 20), *Run(20, 40)]) == whole
    assert sorted([*Run(0, 40, 0, 2), *Run(0, 40, 1, 2)]) == whole
    assert len(Run(3, 40, 1, 3)) == len(list(Run(3, 40, 1, 3)))
