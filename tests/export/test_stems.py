import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from mutagen import id3, wave

from demixme.audiofile.quantise import Quantiser
from demixme.audiofile.tagcopy import read_all_tags
from demixme.core.errors import FileExists, InvalidValue, SeparationFailed, UnknownPart
from demixme.core.mixstate import MixState, Move, Strip
from demixme.core.parts import Parts
from demixme.export.render import render
from demixme.export.slots import DirectSlots
from demixme.export.song import load_song
from demixme.export.stemnames import stem_paths
from demixme.export.stems import export_stems
from tests.export.conftest import loaded
from tests.support import separators, songs

MAKERS = {2: separators.two_parts, 4: separators.four_parts, 6: separators.six_parts}


def exported(separator, track, folder, **options):
    return export_stems(track, DirectSlots(separator, track.read), folder, **options)


def whole_numbers(paths, bits):
    return {p: np.rint(songs.read_all(f)[0] * (1 << (bits - 1))) for p, f in paths.items()}


@pytest.mark.parametrize("count", MAKERS)
@pytest.mark.parametrize(
    ("subtype", "encoding", "container"),
    [
        ("PCM_16", None, "wav"),
        ("PCM_24", None, "flac"),
        ("PCM_24", "pcm16", "wav"),
        ("FLOAT", "pcm16", "flac"),
        ("FLOAT", "pcm24", "wav"),
    ],
)
def test_integer_files_add_up_exactly(tmp_path, count, subtype, encoding, container):
    separator, track = loaded(tmp_path, MAKERS[count](2.0), subtype)
    made = exported(separator, track, tmp_path / "o", encoding=encoding, container=container)
    bits = {"pcm16": 16, "pcm24": 24}[made.encoding]
    total = sum(whole_numbers(made.paths, bits).values())
    mixture = track.read(0, track.frames)
    np.testing.assert_array_equal(total, Quantiser(bits).whole(mixture, 0))
    if subtype == {16: "PCM_16", 24: "PCM_24"}[bits]:
        np.testing.assert_array_equal(total / (1 << (bits - 1)), mixture)
    assert made.clipped_frames == 0


@pytest.mark.parametrize("count", MAKERS)
def test_float_files_add_up(tmp_path, count):
    separator, track = loaded(tmp_path, MAKERS[count](2.0))
    made = exported(separator, track, tmp_path / "o")
    assert made.encoding == "float32"
    stems = {p: songs.read_all(f)[0] for p, f in made.paths.items()}
    assert np.abs(sum(stems.values()) - track.read(0, track.frames)).max() <= 1e-6
    for part, stem in stems.items():
        assert np.abs(stem - separator.stems[part]).max() < 1e-5 * count


def test_files_lie_in_a_folder_of_the_song_and_carry_the_parts_names(four, tmp_path):
    separator, track = four
    made = exported(separator, track, tmp_path / "new" / "o")
    assert tuple(made.paths) == separator.parts.mixer_order
    for part, path in made.paths.items():
        assert path == tmp_path / "new" / "o" / "song" / f"{part}.wav"
    assert sorted(os.listdir(path.parent)) == sorted(f"{p}.wav" for p in separator.parts.names)


@pytest.mark.parametrize("only", [["other"], ["vocals"], ["drums", "other"]])
def test_a_subset_is_the_same_files(four, tmp_path, only):
    separator, track = four
    every = exported(separator, track, tmp_path / "all", encoding="pcm16")
    some = exported(separator, track, tmp_path / "some", encoding="pcm16", only=only)
    assert set(some.paths) == set(only)
    assert len(os.listdir(tmp_path / "some" / "song")) == len(only)
    for part, path in some.paths.items():
        assert path.read_bytes() == every.paths[part].read_bytes()


def test_a_mono_song_gives_mono_files_that_add_up(tmp_path):
    separator = separators.four_parts(1.0)
    separator.stems = {n: np.repeat(x[:, :1], 2, axis=1) for n, x in separator.stems.items()}
    x = np.sum([s[:, :1] for s in separator.stems.values()], axis=0)
    track = load_song(songs.write_song(tmp_path / "mono.wav", x)).track
    made = exported(separator, track, tmp_path / "o")
    assert made.channels == 1
    whole = whole_numbers(made.paths, 16)
    assert all(w.shape == (track.frames, 1) for w in whole.values())
    np.testing.assert_array_equal(sum(whole.values()) / 32768, track.read(0, track.frames)[:, :1])


@pytest.mark.parametrize("container", ["wav", "mp3"])
def test_where_one_would_clip_all_are_as_much_lower(tmp_path, container):
    separator = separators.two_parts(0.5)
    separator.stems["voice"][1000:1010] = -1.0
    separator.mixture[1000:1010] = 0.5  # so the band stands at 1.5 there
    _, track = loaded(tmp_path, separator)
    encoding = "pcm16" if container == "wav" else None
    made = exported(separator, track, tmp_path / "o", encoding=encoding, container=container)
    assert made.clipped_frames == 0
    assert made.gain_db == pytest.approx(-3.6)
    if container == "wav":
        gain = np.float32(10 ** (made.gain_db / 20))
        whole = whole_numbers(made.paths, 16)
        assert whole["band"][1005] / 32768 == pytest.approx(1.5 * gain, abs=1e-3)
        total = Quantiser(16).whole(track.read(0, track.frames) * gain, 0)
        np.testing.assert_array_equal(sum(whole.values()), total)
    loud = exported(separator, track, tmp_path / "f", encoding="float32")
    assert loud.gain_db == 0.0
    assert songs.read_all(loud.paths["band"])[0].max() == pytest.approx(1.5, abs=1e-3)


@pytest.mark.parametrize("encoding", ["pcm16", "float32"])
def test_the_instrumental_is_the_song_without_the_vocals(four, tmp_path, encoding):
    separator, track = four
    every = (*separator.parts.names, "instrumental")
    made = exported(separator, track, tmp_path, encoding=encoding, only=every)
    assert list(made.paths) == [*separator.parts.mixer_order, "instrumental"]
    x = {p: songs.read_all(f)[0] for p, f in made.paths.items()}
    song = songs.read_all(track.info.path)[0]
    if encoding == "pcm16":
        song = Quantiser(16).whole(song.astype(np.float32), 0) / 32768
    assert np.abs(x["instrumental"] + x["vocals"] - song).max() <= 1e-6
    assert "instrumental" not in exported(separator, track, tmp_path / "o").paths


def test_a_piece_of_the_song_is_that_piece_of_every_stem(four, tmp_path):
    separator, track = four
    whole = exported(separator, track, tmp_path / "w", encoding="float32")
    piece = exported(separator, track, tmp_path / "p", encoding="float32", span=(30_001, 71_234))
    assert piece.frames == 41_233
    for part, path in piece.paths.items():
        want = songs.read_all(whole.paths[part])[0][30_001:71_234]
        np.testing.assert_array_equal(songs.read_all(path)[0], want)


@pytest.mark.parametrize("encoding", ["pcm24", "float32"])
def test_as_in_my_mix_the_stems_add_up_to_the_mix(four, tmp_path, encoding):
    separator, track = four
    strips = {"bass": Strip(-6.0), "vocals": Strip(mute=True), "other": Strip(-20.0, pan=0.4)}
    moves = (Move(40_000, "drums", Strip(-12.0)), Move(40_300, "vocals", Strip(-3.0)))
    mix = MixState(separator.parts, strips, -3.0, moves)
    made = exported(separator, track, tmp_path, encoding=encoding, mix=mix, span=(20_000, 90_000))
    x = {p: songs.read_all(f)[0] for p, f in made.paths.items()}
    source = DirectSlots(separator, track.read)
    heard = np.concatenate(list(render(track, mix, source, span=(20_000, 90_000))))
    assert np.abs(heard).max() < 0.85  # the limiter is at rest
    assert np.abs(sum(x.values()) - heard).max() < 1e-5
    assert np.abs(x["vocals"][:20_000]).max() == 0.0
    assert np.abs(x["vocals"][25_000:]).max() > 0.01


def test_as_in_my_mix_too_all_are_as_much_lower(four, tmp_path):
    separator, track = four
    separator.stems = {n: 3 * x for n, x in separator.stems.items()}
    mix = MixState(separator.parts, {n: Strip(10.0) for n in separator.parts.names}, 10.0)
    made = exported(separator, track, tmp_path, encoding="pcm16", mix=mix)
    peaks = [np.abs(songs.read_all(f)[0]).max() for f in made.paths.values()]
    assert made.gain_db < 0
    assert 0.97 < max(peaks) <= 1.0


def test_tags_go_along_and_name_the_part(four, tmp_path):
    separator, track = four
    song = shutil.copy(track.info.path, tmp_path / "tagged.wav")
    file = wave.WAVE(song)
    file.add_tags()
    file.tags.add(id3.TIT2(text=["Title"]))
    file.save()
    made = exported(separator, load_song(song).track, tmp_path, only=["bass"], container="flac")
    assert read_all_tags(made.paths["bass"]).texts["title"] == ("Title (bass)",)


def test_nothing_is_begun_where_a_file_is_in_the_way(four, tmp_path):
    separator, track = four
    (tmp_path / "song").mkdir()
    (tmp_path / "song" / "drums.wav").write_bytes(b"mine")
    with pytest.raises(FileExists):
        exported(separator, track, tmp_path)
    assert separator.calls == []
    assert os.listdir(tmp_path / "song") == ["drums.wav"]
    exported(separator, track, tmp_path, overwrite=True)
    assert len(os.listdir(tmp_path / "song")) == 4


def test_a_failure_leaves_no_files(tmp_path):
    separator, track = loaded(tmp_path, separators.four_parts(3.0, fail_calls={2}))
    with pytest.raises(SeparationFailed):
        exported(separator, track, tmp_path)
    assert os.listdir(tmp_path / "song") == []


def test_unknown_parts_and_none(four, tmp_path):
    separator, track = four
    with pytest.raises(UnknownPart):
        exported(separator, track, tmp_path, only=["guitar"])
    with pytest.raises(InvalidValue):
        exported(separator, track, tmp_path, only=[])


def test_every_part_has_a_name_of_its_own():
    parts = Parts(("a/b", "a_b", "A_B", "con"), "con")
    paths = stem_paths("o", "x/a song.mp3", parts, "wav")
    assert set(paths) == set(parts.names)
    assert all(p.parent == Path("o/a song") for p in paths.values())
    assert len({p.name.casefold() for p in paths.values()}) == 4
    assert paths["con"].name == "_con.wav"
