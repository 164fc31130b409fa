"""Files that somebody broke: seeded, so that a number names the same damage everywhere."""

import copy
import json
import random

#: What a length, a count or an offset in a header is set to.
_EXTREMES = (
    b"\x00" * 4,
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\x00\x00\x00",
)
_HEADER_BYTES = 600


#: What a value in a JSON file is set to.
_ABSURD = (
    *(None, True, -1, 0, 10**30, -(10**30), 1.5, -0.0, 1e308, float("nan"), float("inf")),
    *("", "x", "\0", "../../x", "/etc/passwd", "\ud800", "x" * 5000, [], {}, [[]], {"": None}),
    *([0] * 5000, [None] * 3, [1, 2, 3], {"a": {"a": {"a": []}}}),
)


def mutated(seed: bytes, number: int) -> bytes:
    """Return `seed` with the damage of this number; one to four wounds, most near the start.

    Every other one of a JSON file is still JSON, with absurd values.
    """
    rng = random.Random(number)
    if seed[:1] == b"{" and number % 2:
        return _absurd(json.loads(seed), rng)
    data = bytearray(seed)
    for _ in range(rng.choice((1, 1, 2, 4))):
        rng.choice(_WOUNDS)(data, rng)
    return bytes(data)


def _absurd(document: object, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 3))):
        holder: dict | list = {0: document}
        top, key = holder, 0
        while isinstance(holder[key], dict | list) and holder[key] and rng.random() < 0.8:
            holder = holder[key]
            key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        holder[key] = copy.deepcopy(rng.choice(_ABSURD))
        document = top[0]
    text = json.dumps(document)
    if rng.random() < 0.05:
        text = "[" * 100_000 + text
    return text.encode("utf-8", "surrogatepass")


def _place(data: bytearray, rng: random.Random) -> int:
    near = min(len(data), _HEADER_BYTES) if rng.random() < 0.6 else len(data)
    return rng.randrange(max(1, near))


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 3, 20))):
        if data:
            data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    at = _place(data, rng)
    data[at : at + rng.choice((1, 4, 50, 500))] = rng.randbytes(rng.choice((1, 4, 50, 500)))


def _extreme(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 2))):
        at, value = _place(data, rng), rng.choice(_EXTREMES)[: rng.choice((1, 2, 4))]
        data[at : at + len(value)] = value


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[_place(data, rng) :]


def _drop(data: bytearray, rng: random.Random) -> None:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 2, 17, 400, 5000))]


def _insert(data: bytearray, rng: random.Random) -> None:
    at, size = _place(data, rng), rng.choice((1, 2, 17, 400, 5000))
    data[at:at] = rng.randbytes(size) if rng.random() < 0.5 else bytes(size)


def _repeat(data: bytearray, rng: random.Random) -> None:
    at = _place(data, rng)
    piece = data[at : at + rng.choice((4, 64, 1000))]
    data[at:at] = piece * rng.choice((1, 2, 50))


def _blank(data: bytearray, rng: random.Random) -> None:
    at, size = _place(data, rng), rng.choice((4, 100, 3000))
    data[at : at + size] = rng.choice((b"\x00", b"\xff")) * size


_WOUNDS = (_flip, _overwrite, _extreme, _extreme, _cut, _drop, _insert, _repeat, _blank)
