"""A session document comes back as it was, and any content at all is refused or repaired."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from demixme.core import session as document
from demixme.core.errors import SessionDamaged, SessionTooNew
from demixme.core.mixstate import MASTER, Move, Strip
from demixme.core.parts import FOUR_PARTS, Parts
from demixme.core.session import NamedLoop, Session, SongIdentity, from_json, to_json

DIGEST = "0123456789abcdef" * 4
FULL = Session(
    SongIdentity(DIGEST, "söng.flac", "Söng", "Nobody", 48000, 4_800_000),
    {
        "vocals": Strip(-math.inf, True, False, 0.0),
        "drums": Strip(-6.2, False, True, -0.3),
        "guitar": Strip(1.5),
    },
    -1.5,
    (48000, 96000),
    (48000, 96000),
    3_211_000,
    (NamedLoop("chorus — 2", 480_000, 960_000),),
    (Move(10, "vocals", Strip(-3.0)), Move(20, MASTER, Strip(-math.inf))),
)


def test_every_field_comes_back():
    text = to_json(FULL)
    assert from_json(text) == (FULL, ())
    assert to_json(from_json(text)[0]) == text
    assert text.isascii()
    assert "Infinity" not in text
    json.loads(text, parse_constant=lambda c: pytest.fail(c))  # strict JSON


def test_an_empty_session_comes_back():
    assert from_json(to_json(Session())) == (Session(), ())


def test_its_mix_takes_the_parts_the_song_has():
    mix = FULL.mix(FOUR_PARTS)
    assert mix.strips["vocals"].mute
    assert mix.strips["bass"] == Strip()
    assert mix.master_db == -1.5
    assert len(mix.moves) == 2
    two = FULL.mix(Parts(("voice", "band"), "band"))
    assert two.strips["voice"] == Strip()
    assert [m.part for m in two.moves] == [MASTER]


def test_another_rate_scales_every_frame():
    half = FULL.at_rate(24000)
    assert half.song.rate == 24000
    assert half.song.seconds == FULL.song.seconds == 100.0
    assert half.loop == (24000, 48000)
    assert half.position_frame == 3_211_000 // 2
    assert half.loops[0] == NamedLoop("chorus — 2", 240_000, 480_000)
    assert [m.frame for m in half.moves] == [5, 10]
    assert FULL.at_rate(48000) is FULL


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": "other", "version": 1}',
        b'{"format": "demixme-session"}',
        b'{"format": "demixme-session", "version": "1"}',
        b'{"format": "demixme-session", "version": true}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_session_is_refused(text):
    with pytest.raises(SessionDamaged):
        from_json(text, "x.demix")


def test_what_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(document, "MOST_BYTES", 100)
    with pytest.raises(SessionDamaged):
        from_json(to_json(FULL))


def test_a_later_version_is_refused_by_name():
    with pytest.raises(SessionTooNew) as caught:
        from_json('{"format": "demixme-session", "version": 99}', "x.demix")
    assert caught.value.path.name == "x.demix"


def test_an_older_version_is_migrated_step_by_step(monkeypatch):
    monkeypatch.setattr(document, "VERSION", 3)
    steps = {
        1: lambda old: {**old, "at": old["place"]},
        2: lambda old: {**old, "position_frame": old["at"] * 2},
    }
    monkeypatch.setattr(document, "MIGRATIONS", steps)
    head = {"format": "demixme-session"}
    made, bad = from_json(json.dumps({**head, "version": 1, "place": 4}))
    assert (made.position_frame, bad) == (8, ())
    assert from_json(json.dumps({**head, "version": 2, "at": 4}))[0].position_frame == 8
    with pytest.raises(SessionDamaged):
        from_json(json.dumps({**head, "version": 1}))


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ({"position_frame": -1}, "position_frame"),
        ({"position_frame": 1.5}, "position_frame"),
        ({"loop": [5, 5]}, "loop"),
        ({"loop": "all"}, "loop"),
        ({"loops": [{"name": "x"}]}, "loops"),
        ({"loops": {"a": 1}}, "loops"),
        ({"moves": [{"frame": 1, "part": 3}]}, "moves"),
        ({"mix": {"master_db": 99}}, "master_db"),
        ({"mix": {"strips": {"vocals": 3}}}, "strips"),
        ({"mix": {"strips": {"vocals": {"pan": 10**400}}}}, "pan"),
        ({"mix": []}, "mix"),
        ({"song": {"digest": "abc"}}, "digest"),
        ({"song": {"file_name": "/home/somebody/song.wav"}}, "file_name"),
    ],
)
def test_one_bad_value_is_left_out_and_named(change, bad):
    stored = json.loads(to_json(FULL)) | change
    made, names = from_json(json.dumps(stored))
    assert names == (bad,)
    assert from_json(to_json(made)) == (made, ())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_subnormal=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["song", "mix", "loop", "kept_loop", "position_frame", "loops", "moves", "version", "x"]
)
INNER = st.sampled_from(
    ["digest", "strips", "master_db", "vocals", "level_db", "mute", "pan", "name", "first", "last"]
)


@hypothesis_settings(deadline=None, max_examples=300)
@given(
    stored=st.dictionaries(
        KEYS, JSON | st.dictionaries(INNER, JSON | st.dictionaries(INNER, JSON)), max_size=6
    )
)
def test_any_object_is_repaired_or_refused(stored):
    try:
        made, _ = from_json(json.dumps({"version": 1, **stored, "format": document.FORMAT}))
    except (SessionDamaged, SessionTooNew):
        return
    assert from_json(to_json(made)) == (made, ())
    made.mix(FOUR_PARTS)
    made.at_rate(22050)


@hypothesis_settings(deadline=None, max_examples=200)
@given(text=st.binary(max_size=200))
def test_any_bytes_are_refused(text):
    with pytest.raises(SessionDamaged):
        from_json(text)


@hypothesis_settings(deadline=None, max_examples=200)
@given(at=st.integers(0, 2000), flip=st.integers(1, 255))
def test_a_flipped_byte_never_crashes(at, flip):
    raw = bytearray(to_json(FULL).encode())
    raw[at % len(raw)] ^= flip
    try:
        made, _ = from_json(bytes(raw))
    except (SessionDamaged, SessionTooNew):
        return
    to_json(made)
