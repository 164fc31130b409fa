"""How people write parts and levels on a command line."""

import math
from argparse import ArgumentParser

import pytest

from demixme.commands.arguments import Parser, add_mix, levels_by_part, pans_by_part, parts_named
from demixme.commands.mixing import mix_of, mix_text
from demixme.core.errors import InvalidValue, UnknownPart
from demixme.core.mixstate import Strip
from demixme.core.parts import FOUR_PARTS, Parts

PARTS = FOUR_PARTS.names


def mix(*words, parts=FOUR_PARTS):
    parser = ArgumentParser()
    add_mix(parser)
    return mix_of(parser.parse_args(words), parts)


def test_parts_by_commas_or_repetition_and_in_any_case():
    assert parts_named(["vocals,Drums", "BASS"], PARTS) == ["vocals", "drums", "bass"]
    assert parts_named(["vocals, vocals", "vocals"], PARTS) == ["vocals"]
    assert parts_named([], PARTS) == []


def test_a_part_whose_name_holds_a_comma_or_an_equals_sign():
    odd = ("guitar, clean", "a=b", "rest")
    assert parts_named(["Guitar, clean"], odd) == ["guitar, clean"]
    assert levels_by_part(["a=b=-3"], odd) == {"a=b": -3.0}


def test_an_unknown_part_names_the_known_ones():
    with pytest.raises(UnknownPart) as raised:
        parts_named(["vocals,piano"], PARTS)
    assert raised.value.name == "piano"
    assert raised.value.known == PARTS


@pytest.mark.parametrize(
    ("text", "level_db"),
    [
        ("-6", -6.0),
        ("−6", -6.0),
        ("+2,5", 2.5),
        ("-6dB", -6.0),
        ("3 db", 3.0),
        ("-inf", -math.inf),
        ("−∞", -math.inf),
        ("10", 10.0),
    ],
)
def test_levels_as_people_write_them(text, level_db):
    assert levels_by_part([f"vocals={text}"], PARTS) == {"vocals": level_db}
    assert mix(f"--master={text}").master_db == level_db


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "11", "-121", "1e9", "- 6 -"])
def test_levels_that_are_none(text, capsys):
    with pytest.raises(InvalidValue):
        levels_by_part([f"vocals={text}"], PARTS)
    parser = Parser(prog="p")
    add_mix(parser)
    with pytest.raises(SystemExit) as end:
        parser.parse_args([f"--master={text}"])
    assert end.value.code == 2
    assert "level in dB" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["vocals", "=3", "", "vocals-3"])
def test_a_gain_without_a_part_or_a_value(text):
    with pytest.raises(InvalidValue):
        levels_by_part([text], PARTS)


@pytest.mark.parametrize("text", ["vocals=2", "vocals=left", "vocals=nan", "vocals="])
def test_a_balance_out_of_range(text):
    with pytest.raises(InvalidValue):
        pans_by_part([text], PARTS)


def test_every_option_reaches_the_mix():
    made = mix(
        *("--mute", "vocals,bass", "--solo", "drums", "--gain", "other=-3", "--pan", "drums=-0.5"),
        *("--gain", "drums=2", "--master", "-1"),
    )
    assert made.strips["vocals"] == Strip(mute=True)
    assert made.strips["bass"] == Strip(mute=True)
    assert made.strips["drums"] == Strip(level_db=2.0, solo=True, pan=-0.5)
    assert made.strips["other"] == Strip(level_db=-3.0)
    assert made.master_db == -1.0


def test_parts_are_those_of_the_model():
    made = mix("--mute", "voice", parts=Parts(("voice", "band"), "band"))
    assert made.strips["voice"].mute
    with pytest.raises(UnknownPart):
        mix("--mute", "vocals", parts=Parts(("voice", "band"), "band"))


def test_a_mix_in_words():
    assert mix_text(mix()) == "all parts as they are"
    said = mix_text(mix("--mute", "vocals", "--gain", "drums=-6", "--pan", "bass=0.25"))
    assert said == "vocals muted, drums −6.0 dB, bass 25% right"
