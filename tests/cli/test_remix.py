"""`demixme remix`: the mix of the options reaches the file."""

import numpy as np
import pytest
import soundfile as sf


def read(path):
    return sf.read(path, dtype="float32", always_2d=True)[0]


def test_without_options_the_song_comes_out_bit_for_bit(demixme, song, tmp_path):
    said = demixme("remix", song, "-o", tmp_path / "same.wav")
    assert said.code == 0
    assert np.array_equal(read(tmp_path / "same.wav"), read(song))
    assert sf.info(tmp_path / "same.wav").subtype == "PCM_16"


def test_master_alone_scales_the_song(demixme, song, tmp_path):
    said = demixme("remix", song, "-o", tmp_path / "a.wav", "--master=-20", "--encoding=float32")
    assert said.code == 0
    assert np.abs(read(tmp_path / "a.wav") - read(song) * 0.1).max() < 1e-6


def test_muting_equals_the_song_without_that_part(demixme, song, tmp_path):
    assert demixme("separate", song, "-o", tmp_path, "--encoding=float32").code == 0
    out = tmp_path / "karaoke.wav"
    said = demixme("remix", song, "-o", out, "--mute", "Vocals", "--encoding=float32", "--json")
    assert said.code == 0
    assert said.answer["mix"] == "vocals muted"
    vocals = read(next(tmp_path.glob("s*/vocals.wav")))
    assert np.abs(vocals).max() > 1e-3
    assert np.abs(read(out) - (read(song) - vocals)).max() < 1e-4


def test_solo_gain_and_pan_reach_the_file(demixme, song, tmp_path):
    out = tmp_path / "o.flac"
    words = ("--solo=drums,bass", "--gain", "bass=-inf", "--pan", "drums=-1", "--encoding=pcm24")
    said = demixme("remix", song, "-o", out, *words)
    assert said.code == 0
    mixed = read(out)
    assert np.abs(mixed[:, 0]).max() > 1e-4
    assert np.abs(mixed[:, 1]).max() == 0.0
    assert "drums solo, drums 100% left" in said.err


def test_a_file_that_is_there_is_not_replaced_unasked(demixme, song, tmp_path):
    out = tmp_path / "o.wav"
    out.write_bytes(b"mine")
    said = demixme("remix", song, "-o", out)
    assert (said.code, out.read_bytes()) == (1, b"mine")
    assert demixme("remix", song, "-o", out, "--overwrite").code == 0
    assert len(read(out)) == 88200


def test_the_song_itself_is_never_replaced(demixme, song):
    before = song.read_bytes()
    assert demixme("remix", song, "-o", song, "--overwrite", "--master=-6").code != 0
    assert song.read_bytes() == before


def test_wrong_parts_levels_and_names(demixme, song, tmp_path):
    out = tmp_path / "o.wav"
    for words, text in {
        ("--mute=piano",): "“piano”",
        ("--gain=vocals",): "vocals=-6",
        ("--gain=vocals=99",): "“99”",
        ("--pan=vocals=3",): "“3”",
    }.items():
        said = demixme("remix", song, "-o", out, *words)
        assert said.code == 2
        assert text in said.err
    assert demixme("remix", song, "-o", tmp_path / "o.wma").code == 2
    assert demixme("remix", song).code == 2
    assert not out.exists()


@pytest.mark.parametrize("suffix", ["flac", "mp3", "ogg", "opus", "m4a"])
def test_every_format_by_the_name(demixme, song, tmp_path, suffix):
    out = tmp_path / f"o.{suffix}"
    said = demixme("remix", song, "-o", out, "--master=-6", "--json")
    assert said.code == 0
    assert said.answer["rate"] == (48000 if suffix == "opus" else 44100)
    assert out.stat().st_size > 1000


def test_best_quality_says_that_it_differs_from_what_is_heard(demixme, song, tmp_path):
    words = ("--mute=vocals", "--quality")
    said = demixme("remix", song, "-o", tmp_path / "a.wav", *words, "best")
    assert "differs from what is heard" in said.err
    said = demixme("remix", song, "-o", tmp_path / "b.wav", *words, "normal")
    assert "differs" not in said.err


def test_another_rate_is_said(demixme, song, tmp_path):
    said = demixme("remix", song, "-o", tmp_path / "o.opus")
    assert "Opus cannot hold 44100 Hz; it is written at 48000 Hz." in said.err


def test_a_piece_of_the_song(demixme, song, tmp_path):
    out = tmp_path / "o.wav"
    assert demixme("remix", song, "-o", out, "--from=0:00.5", "--to", "1,25").code == 0
    assert np.array_equal(read(out), read(song)[22050:55125])
    said = demixme("remix", song, "-o", tmp_path / "p.wav", "--from=3")
    assert (said.code, (tmp_path / "p.wav").exists()) == (2, False)
    assert demixme("remix", song, "-o", out, "--to=x").code == 2


@pytest.mark.parametrize(("level", "least"), [("normalise", -1.1), ("limit", -1.5)])
def test_levels(demixme, song, tmp_path, level, least):
    words = ("--master=9", f"--level={level}", "--json", "--encoding=float32")
    said = demixme("remix", song, "-o", tmp_path / "o.wav", *words)
    assert said.code == 0
    assert least < said.answer["true_peak_dbtp"] <= -0.85
    assert (said.answer["gain_db"] != 0) == (level == "normalise")
    assert -30 < said.answer["loudness_lufs"] < 0
