"""Pieces of a song, levels and what an export says about itself."""

import numpy as np
import pytest

from demixme.audiofile.loudness import LoudnessMeter
from demixme.core.errors import InvalidValue
from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.export.remix import export_remix
from demixme.export.render import Level, render
from demixme.export.slots import DirectSlots
from tests.export.conftest import loaded
from tests.support import separators, songs

SPANS = [(0, 5000), (40_010, 40_700), (70_001, 132_300), (132_000, 132_300), (55_000, 100_001)]


def true_peak_db(path):
    x, rate = songs.read_all(path)
    meter = LoudnessMeter(rate, x.shape[1])
    meter.feed(x.astype(np.float32))
    return meter.result().true_peak_db


def lively(parts):
    a, b = parts.stored[0], parts.rest
    moves = [Move(f, a, Strip(-(f % 17))) for f in range(39_000, 41_000, 300)]  # ramps over ramps
    return MixState(parts, {b: Strip(-1.0)}, 9.0, (*moves, Move(60_000, MASTER, Strip(10.0))))


@pytest.mark.parametrize("level", [Level.AS_HEARD, Level.LIMIT])
@pytest.mark.parametrize("span", SPANS)
def test_a_piece_holds_what_the_whole_song_has_there(four, span, level):
    separator, track = four
    mix = lively(separator.parts)

    def rendered(**options):
        source = DirectSlots(separator, track.read)
        return np.concatenate(list(render(track, mix, source, level=level, **options)))

    whole = rendered()
    assert np.abs(whole).max() > 0.8  # the limiter is at work
    first, last = span
    np.testing.assert_allclose(rendered(span=span), whole[first:last], rtol=0, atol=1e-6)


def test_a_piece_lies_within_the_song(four):
    _, track = four
    for span in ((-1, 5), (5, 5), (0, track.frames + 1)):
        with pytest.raises(InvalidValue):
            list(render(track, MixState(separators.four_parts(0.1).parts), None, span=span))


def heard_db(track, mix, separator):
    source = DirectSlots(separator, track.read)
    meter = LoudnessMeter(track.rate, 2)
    for block in render(track, mix, source, level=Level.NORMALISE):
        meter.feed(block)
    return meter.result().true_peak_db


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3"])
@pytest.mark.parametrize("master_db", [-30.0, 10.0])
def test_normalise_puts_the_true_peak_at_minus_one(four, tmp_path, suffix, master_db):
    separator, track = four
    mix = MixState(separator.parts, {"bass": Strip(-6.0)}, master_db)
    source = DirectSlots(separator, track.read)
    path = tmp_path / f"o.{suffix}"
    made = export_remix(track, mix, source, path, level=Level.NORMALISE)
    assert made.loudness.true_peak_db == pytest.approx(-1.0, abs=0.1)
    if suffix != "mp3":  # lossy coding comes behind the level and moves peaks
        assert true_peak_db(path) == pytest.approx(-1.0, abs=0.1)
    assert made.clipped_frames == 0
    assert made.gain_db == pytest.approx(-1.0 - heard_db(track, mix, separator), abs=0.1)


def test_normalise_is_one_gain_for_the_whole_song(four, tmp_path):
    separator, track = four
    mix = MixState(separator.parts, {"bass": Strip(-6.0)}, -12.0)
    source = DirectSlots(separator, track.read)
    made = export_remix(track, mix, source, tmp_path / "o.wav", level=Level.NORMALISE)
    source = DirectSlots(separator, track.read)
    heard = np.concatenate(list(render(track, mix, source)))
    got = songs.read_all(made.path)[0]
    np.testing.assert_allclose(got, heard * 10 ** (made.gain_db / 20), rtol=0, atol=1e-5)


def test_normalise_leaves_silence_alone(tmp_path):
    separator, track = loaded(tmp_path, separators.four_parts(0.5))
    mix = MixState(separator.parts, {}, -np.inf)
    made = export_remix(track, mix, None, tmp_path / "o.wav", level=Level.NORMALISE)
    assert made.gain_db == 0.0
    assert np.abs(songs.read_all(made.path)[0]).max() == 0.0
    assert made.loudness.lufs == -np.inf


def test_limit_keeps_the_true_peak_below_minus_one(four, tmp_path):
    separator, track = four
    mix = MixState(separator.parts, {"drums": Strip(6.0)}, 10.0)
    source = DirectSlots(separator, track.read)
    made = export_remix(track, mix, source, tmp_path / "o.wav", level=Level.LIMIT)
    assert -1.5 < made.loudness.true_peak_db <= -0.85
    assert true_peak_db(made.path) == pytest.approx(made.loudness.true_peak_db, abs=0.02)


def test_loudness_of_a_quiet_piece_is_its_own(four, tmp_path):
    separator, track = four
    mix = MixState(separator.parts)
    loud = export_remix(track, mix, None, tmp_path / "a.wav").loudness
    mix = MixState(separator.parts, {}, -20.0)
    soft = export_remix(track, mix, None, tmp_path / "b.wav").loudness
    assert soft.lufs == pytest.approx(loud.lufs - 20.0, abs=0.1)
    assert soft.true_peak_db == pytest.approx(loud.true_peak_db - 20.0, abs=0.1)


def test_another_rate_is_said(four, tmp_path):
    separator, track = four
    made = export_remix(track, MixState(separator.parts), None, tmp_path / "a.opus")
    assert (made.rate, made.file_rate, made.encoding) == (44100, 48000, "opus")
