"""What faders, mute, solo, balance and timed moves mean, in gains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demixme.core.errors import InvalidValue, UnknownPart
from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.core.parts import FOUR_PARTS, Parts

NAMES = FOUR_PARTS.names


def gains(mix, frame=0):
    return dict(zip(mix.parts.names, mix.at(frame).gains.tolist(), strict=True))


def test_untouched_every_gain_is_exactly_one_and_no_stems_are_needed():
    mix = MixState(FOUR_PARTS)
    assert gains(mix) == {name: [1.0, 1.0] for name in NAMES}
    assert not mix.needs_stems
    assert not mix.with_master(-6.0).needs_stems
    assert mix.with_strip("bass", level_db=-0.1).needs_stems


def test_mute_beats_solo_and_solo_is_additive():
    mix = MixState(FOUR_PARTS).with_strip("bass", solo=True).with_strip("drums", solo=True)
    heard = {n for n, g in gains(mix).items() if g[0]}
    assert heard == {"bass", "drums"}
    heard = {n for n, g in gains(mix.with_strip("bass", mute=True)).items() if g[0]}
    assert heard == {"drums"}
    alone = MixState(FOUR_PARTS).with_strip("bass", solo=True, mute=True)
    assert not alone.at(0).gains.any()


def test_muting_never_moves_the_fader():
    mix = MixState(FOUR_PARTS).with_strip("bass", level_db=-3.0).with_strip("bass", mute=True)
    assert mix.strips["bass"].level_db == -3.0
    back = mix.with_strip("bass", mute=False)
    assert gains(back)["bass"][0] == pytest.approx(10 ** (-3 / 20))


@pytest.mark.parametrize(
    ("pan", "left", "right"), [(0, 1, 1), (-1, 1, 0), (1, 0, 1), (0.25, 0.75, 1), (-0.5, 1, 0.5)]
)
def test_balance_is_unity_at_the_centre_and_turns_one_side_down(pan, left, right):
    assert gains(MixState(FOUR_PARTS).with_strip("bass", pan=pan))["bass"] == [left, right]


def test_minus_infinity_is_silence_and_the_master_scales_all():
    mix = MixState(FOUR_PARTS).with_strip("drums", level_db=-np.inf).with_master(-20.0)
    assert gains(mix)["drums"] == [0.0, 0.0]
    assert gains(mix)["bass"][0] == pytest.approx(0.1)
    assert mix.at(0).strip_gains[0, 0] == 1.0


@pytest.mark.parametrize("wrong", [11.0, -200.0, np.nan, np.inf])
def test_levels_out_of_range(wrong):
    with pytest.raises(InvalidValue):
        MixState(FOUR_PARTS).with_strip("bass", level_db=wrong)
    with pytest.raises(InvalidValue):
        MixState(FOUR_PARTS, master_db=wrong)


def test_unknown_parts():
    with pytest.raises(UnknownPart):
        MixState(FOUR_PARTS).with_strip("piano", mute=True)
    with pytest.raises(UnknownPart):
        MixState(FOUR_PARTS, {"piano": Strip()})
    with pytest.raises(UnknownPart):
        MixState(FOUR_PARTS, moves=(Move(0, "piano", Strip()),))
    MixState(Parts(("piano", "band"), "band")).with_strip("piano", mute=True)


def test_a_strip_stands_as_its_last_move_at_or_before_says():
    mix = MixState(
        FOUR_PARTS,
        {"bass": Strip(-6.0)},
        moves=(Move(200, "bass", Strip(-20.0)), Move(100, "bass", Strip(mute=True))),
    )
    assert gains(mix, 99)["bass"][0] == pytest.approx(10 ** (-6 / 20))
    assert gains(mix, 100)["bass"] == [0.0, 0.0]
    assert gains(mix, 199)["bass"] == [0.0, 0.0]
    assert gains(mix, 200)["bass"][0] == pytest.approx(0.1)
    assert mix.breaks == (100, 200)
    assert [mix.next_break(f) for f in (0, 99, 100, 200)] == [100, 100, 200, None]


def test_a_strip_touched_by_hand_loses_its_moves_and_no_other_does():
    moves = (Move(5, "bass", Strip(mute=True)), Move(6, "drums", Strip()), Move(7, MASTER, Strip()))
    mix = MixState(FOUR_PARTS, moves=moves)
    assert {m.part for m in mix.with_strip("bass", level_db=-1).moves} == {"drums", MASTER}
    assert {m.part for m in mix.with_master(-1).moves} == {"bass", "drums"}


MOVES = st.lists(
    st.builds(
        Move,
        st.integers(0, 50),
        st.sampled_from((*NAMES, MASTER)),
        st.builds(
            Strip,
            st.floats(-60, 10),
            st.booleans(),
            st.booleans(),
            st.sampled_from([-1.0, -0.3, 0.0, 1.0]),
        ),
    ),
    max_size=12,
)


@given(MOVES)
def test_segments_are_what_playing_the_moves_one_by_one_gives(moves):
    mix = MixState(FOUR_PARTS, moves=tuple(moves))
    for frame in range(52):
        strips, master = dict.fromkeys(NAMES, Strip()), 0.0
        for move in sorted(moves, key=lambda m: m.frame):
            if move.frame <= frame:
                if move.part == MASTER:
                    master = move.strip.level_db
                else:
                    strips[move.part] = move.strip
        expected = MixState(FOUR_PARTS, strips, master).at(0)
        assert np.array_equal(mix.at(frame).gains, expected.gains)
