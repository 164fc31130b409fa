import pytest

from demixme.core.errors import InvalidParts
from demixme.core.parts import FOUR_PARTS, Parts


def test_the_rest_is_never_stored_and_stands_last_on_the_mixer():
    assert FOUR_PARTS.names == ("bass", "drums", "other", "vocals")
    assert FOUR_PARTS.stored == ("bass", "drums", "vocals")
    assert FOUR_PARTS.mixer_order == ("vocals", "drums", "bass", "other")


def test_any_two_to_eight_names():
    assert Parts(("voice", "band"), "band").mixer_order == ("voice", "band")
    six = Parts(("bass", "drums", "guitar", "other", "piano", "vocals"), "other")
    assert six.mixer_order == ("vocals", "drums", "bass", "guitar", "piano", "other")
    eight = Parts(tuple("abcdefgh"), "c")
    assert eight.mixer_order == (*"abdefgh", "c")
    assert sorted(eight.mixer_order) == sorted(eight.names)


@pytest.mark.parametrize(
    ("names", "rest"),
    [
        ((), ""),
        (("one",), "one"),
        (tuple("abcdefghi"), "a"),
        (("a", "a"), "a"),
        (("a", ""), "a"),
        (("a", " b"), "a"),
        (("a", "b\n"), "a"),
        (("a", 3), "a"),
        (("a", "b"), "c"),
    ],
)
def test_what_cannot_be_mixed_is_refused(names, rest):
    with pytest.raises(InvalidParts):
        Parts(names, rest)
