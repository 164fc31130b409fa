"""Rendered songs are what they claim; needs the free sources beside the checkout."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from demixme.core.parts import STEMS
from tools.renderer.audit import audit_songs, mislabelled
from tools.renderer.kits import hydrogen_kit
from tools.renderer.score import Chord, Score, bass_line, sections, without
from tools.renderer.song import Studio, mastered
from tools.renderer.sound import (
    RATE_HZ,
    Note,
    at_level,
    hz_of,
    key_of,
    level_db,
    panned,
    pitch_hz,
    resampled,
)
from tools.renderer.sources import Sources, SourcesMissing
from tools.renderer.split import HELD_KITS, HELD_VOICES, SPLITS, VOICES
from tools.renderer.voices import phrases

pytestmark = pytest.mark.training

SOURCES = Path(__file__).parents[3] / "shared" / "data" / "sources"
SONGS = 20


def studio(split: str) -> Studio:
    if not SOURCES.is_dir():
        pytest.skip("the sources of songs are not beside the checkout")
    if shutil.which("fluidsynth") is None:
        pytest.skip("FluidSynth is not installed")
    try:
        return Studio(Sources(SOURCES, SPLITS[split]))
    except SourcesMissing as error:
        pytest.skip(str(error))


def tone(hz: float, seconds: float = 1.0, overtones: int = 5) -> np.ndarray:
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    made = sum(np.sin(2 * np.pi * hz * k * time) / k for k in range(1, overtones + 1))
    return np.asarray(made, np.float32)


# ---------------------------------------------------------------- the audit itself
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_songs_are_in_tune_on_time_and_at_their_levels() -> None:
    made = studio("train")
    found = audit_songs(made.record(number) for number in range(SONGS))
    assert found.faults == []
    assert found.songs == SONGS
    figures = found.figures()
    assert figures["in_tune"] > 0.75
    assert figures["on_time"] > 0.9
    assert figures["bass_in_tune"] > 0.9
    assert figures["bass_with_kick"] > 0.5
    assert figures["kicks_heard"] > 0.8
    # taken together and taken apart: a voice that is off must not hide among those that are right
    assert min(found.in_tune) > 0.5
    assert max(mislabelled(made.shop).values()) < 0.05


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_number_always_gives_the_same_song() -> None:
    first, second = (studio("valid").record(3, seconds=8.0) for _ in range(2))
    for stem in STEMS:
        np.testing.assert_array_equal(first.stems[stem], second.stems[stem])
    assert first.facts == second.facts


@pytest.mark.long
@pytest.mark.timeout(600)
def test_nobody_sings_in_songs_without_a_voice() -> None:
    song = studio("novoice").record(1, seconds=8.0)
    assert not song.stems["vocals"].any()
    assert song.stems["other"].any()
    assert "lead" in song.facts["layers"]


# ---------------------------------------------------------------- splits
def test_training_and_validation_share_nothing() -> None:
    train, valid = SPLITS["train"], SPLITS["valid"]
    assert not train.voices.keys() & valid.voices.keys()
    assert train.voices.keys() | valid.voices.keys() == VOICES.keys()
    assert set(valid.voices) == set(HELD_VOICES)
    assert not set(train.basses) & set(valid.basses)
    for kit in HELD_KITS:
        assert valid.takes_kit(kit)
        assert not train.takes_kit(kit)
    assert not valid.takes_kit("TR_808")
    for font in ("TimGM6mb.sf2", "FluidR3_GM.sf2"):
        assert train.takes_font(font) != valid.takes_font(font)
    for split in SPLITS.values():
        assert sum(split.voices.values()) == pytest.approx(1.0)
    assert SPLITS["all"].takes_kit("TR_909")
    assert SPLITS["all"].takes_kit("TR_808")


# ---------------------------------------------------------------- parts of it
@pytest.mark.parametrize("key", [28.0, 33.4, 45.0, 69.0])
def test_pitch_is_heard_in_its_own_octave(key: float) -> None:
    assert key_of(pitch_hz(tone(hz_of(key))[:16384])) == pytest.approx(key, abs=0.1)


def test_noise_has_no_pitch() -> None:
    assert pitch_hz(np.random.default_rng(0).standard_normal(16384)) == 0.0


def test_resampling_moves_the_pitch() -> None:
    x = np.stack([tone(220.0)] * 2, axis=1)
    assert pitch_hz(resampled(x, 2 ** (3 / 12))[:16384, 0]) == pytest.approx(261.6, abs=0.5)


def test_levels_are_set_where_it_sounds() -> None:
    x = np.zeros((RATE_HZ, 2), np.float32)
    x[:4410] = 0.01
    assert level_db(at_level(x, -20.0)) == pytest.approx(-20.0, abs=0.01)
    assert not at_level(np.zeros((10, 2), np.float32), -20.0).any()
    np.testing.assert_allclose(panned(x, 0.5), x, rtol=1e-6)
    assert not panned(x, 0.0)[:, 1].any(where=np.abs(panned(x, 0.0)[:, 1]) > 1e-8)


def test_mastering_keeps_the_sum() -> None:
    rng = np.random.default_rng(1)
    stems = {s: rng.standard_normal((RATE_HZ, 2)).astype(np.float32) * 0.2 for s in STEMS}
    for seed in range(6):
        made = mastered(stems, np.random.default_rng(seed))
        gains = [made[s] / stems[s] for s in STEMS]
        for g in gains[1:]:
            np.testing.assert_allclose(g, gains[0], rtol=1e-3)
        assert max(np.abs(x).max() for x in made.values()) <= 1.0


def a_score() -> Score:
    chords = [Chord(2.0 * k, 2.0 * k + 2.0, (0, 9, 5, 7)[k % 4], (0, 4, 7)) for k in range(8)]
    melody = [Note(0.5 * k, 0.5, 60 + k % 5) for k in range(32)]
    return Score("test", 16.0, 120.0, melody, [], [], chords)


def test_a_bass_follows_the_kick_on_the_chords_roots() -> None:
    kicks = list(np.arange(0, 16, 0.5))
    for seed in range(20):
        line, with_kick = bass_line(a_score(), kicks, np.random.default_rng(seed))
        assert all(28 <= n.key <= 50 for n in line)
        on_chords = [n for n in line if n.start_s % 2.0 == 0.0]
        roots = {(0, 9, 5, 7)[int(n.start_s // 2) % 4] == n.key % 12 for n in on_chords}
        assert roots == {True}
        if with_kick:
            assert all(min(abs(n.start_s - k) for k in kicks) < 1e-9 for n in line)


def test_parts_rest_for_whole_sections_but_not_for_ever() -> None:
    score = a_score()
    for seed in range(20):
        rests = sections(score, np.random.default_rng(seed), silent=0.9)
        kept = without(score.melody, rests)
        assert kept
        assert all(b - a == 8.0 for a, b in rests)
        assert not any(a <= n.start_s < b for n in kept for a, b in rests)


def test_singers_breathe_where_the_melody_rests() -> None:
    melody = [Note(0, 0.5, 60), Note(0.5, 0.5, 62), Note(2.0, 0.5, 64)]
    assert [len(p) for p in phrases(melody)] == [2, 1]
    assert max(map(len, phrases([Note(k, 1.0, 60) for k in range(40)]))) <= 15


def test_a_hydrogen_kit_is_read_by_the_names_of_its_drums(tmp_path: Path) -> None:
    sf = pytest.importorskip("soundfile")
    for name, level in (("k1.wav", 0.2), ("k2.wav", 0.8), ("s.wav", 0.5)):
        sf.write(tmp_path / name, np.full((1000, 1), level), RATE_HZ)
    layers = "".join(
        f"<layer><min>{low}</min><filename>{f}</filename></layer>"
        for low, f in ((0.5, "k2.wav"), (0, "k1.wav"))
    )
    (tmp_path / "drumkit.xml").write_text(
        f"<instrument><name>Bass Drum</name>{layers}</instrument>"
        "<instrument><name>Snare</name><filename>s.wav</filename></instrument>"
        "<instrument><name>Snare Roll</name><filename>s.wav</filename></instrument>"
        "<instrument><name>Open Hat</name><filename>gone.wav</filename></instrument>"
    )
    kit = hydrogen_kit(tmp_path)
    assert set(kit.drums) == {"kick", "snare"}
    assert [x.lowest for x in kit.drums["kick"][0]] == [0.0, 0.5]
    assert kit.drums["kick"][0][0].sound[0, 0] == pytest.approx(0.2, abs=1e-3)
    assert len(kit.drums["snare"]) == 1
    assert not kit.complete


# ---------------------------------------------------------------- validation mixes
def test_validation_mixes_are_fixed_and_of_several_songs(tmp_path: Path) -> None:
    from tools.validation_mixes import make_mix, read_stem

    rng = np.random.default_rng(0)
    songs = {
        name: {s: (rng.standard_normal((40 * RATE_HZ, 2)) * 0.1).astype(np.float32) for s in parts}
        for name, parts in dict.fromkeys("abcd", STEMS).items()
    }
    stems, origins = make_mix(songs, 0)
    again, _ = make_mix(songs, 0)
    assert set(stems) == set(STEMS)
    assert len({o["song"] for o in origins.values()}) == len(STEMS)
    for stem in STEMS:
        np.testing.assert_array_equal(stems[stem], again[stem])
        assert len(stems[stem]) == 30 * RATE_HZ
        at = round(origins[stem]["first_s"] * RATE_HZ)
        part = songs[origins[stem]["song"]][stem][at : at + len(stems[stem])]
        ratio = stems[stem] / part
        np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-3)
    assert read_stem(tmp_path, "bass") is None
    json.dumps(origins)


def test_a_bass_that_hardly_plays_is_left_out() -> None:
    from tools.validation_mixes import make_mix

    x = np.random.default_rng(0).standard_normal((40 * RATE_HZ, 2)).astype(np.float32) * 0.1
    bass = x.copy()
    bass[RATE_HZ:] = 0.0
    stems, _ = make_mix({"a": {"bass": bass, "drums": x, "other": x, "vocals": x}}, 1)
    assert set(stems) == {"drums", "other", "vocals"}
