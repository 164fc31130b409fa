"""The session document: what a person has set for one song, as JSON without any audio.

Its format is versioned: `MIGRATIONS[n]` makes version n + 1 out of version n. Whatever is in a
document, reading it repairs single bad values by leaving them out, and refuses what is no session.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from demixme.core.errors import InvalidValue, SessionDamaged, SessionTooNew
from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.core.parts import MOST_PARTS, Parts
from demixme.core.units import SILENCE_DB

FORMAT = "demixme-session"
VERSION = 1
SUFFIX = ".demix"
MOST_BYTES = 32 << 20
MOST_LOOPS = 200
MOST_MOVES = 100_000
_LONGEST_TEXT = 500
_MOST_FRAMES = 1 << 40
_MOST_RATE_HZ = 1 << 20

#: From one version of the document to the next.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass(frozen=True)
class SongIdentity:
    """How a session knows its song.

    `digest` is the SHA-256 of its encoded packets (`audiofile.identity`), the rest is for people
    and for telling another encoding of about the same length; frames are at `rate`.
    """

    digest: str = ""
    file_name: str = ""
    title: str = ""
    artist: str = ""
    rate: int = 0
    frames: int = 0

    @property
    def seconds(self) -> float:
        """Return the song's length in seconds, 0 where it is not known."""
        return self.frames / self.rate if self.rate else 0.0


@dataclass(frozen=True)
class NamedLoop:
    """A region with a name, in frames of the file; `last` is behind the region."""

    name: str
    first: int
    last: int

    @property
    def region(self) -> tuple[int, int]:
        """Return its first frame and the frame behind it."""
        return self.first, self.last


@dataclass(frozen=True)
class Session:
    """What is remembered for one song. All frames are frames of the file at `song.rate`.

    Parameters
    ----------
    song : SongIdentity
    strips : mapping of str to Strip
        By part name; parts that the model of now has not are kept and ignored.
    master_db : float
    loop : tuple of int, optional
        First frame and the frame behind the region that was looped.
    kept_loop : tuple of int, optional
        The region that "loop on" brings back.
    position_frame : int
    loops : tuple of NamedLoop
    moves : tuple of Move
        The recorded performance.
    """

    song: SongIdentity = SongIdentity()
    strips: Mapping[str, Strip] = field(default_factory=dict)
    master_db: float = 0.0
    loop: tuple[int, int] | None = None
    kept_loop: tuple[int, int] | None = None
    position_frame: int = 0
    loops: tuple[NamedLoop, ...] = ()
    moves: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "strips", MappingProxyType(dict(self.strips)))

    def mix(self, parts: Parts) -> MixState:
        """Return the session's mix for a song of these parts; what it does not know is neutral."""
        strips = {n: s for n, s in self.strips.items() if n in parts.names}
        moves = tuple(m for m in self.moves if m.part in (*parts.names, MASTER))
        return MixState(parts, strips, self.master_db, moves)

    def at_rate(self, rate: int) -> "Session":
        """Return the session with all frames as frames at another rate."""
        if not self.song.rate or rate == self.song.rate:
            return self
        k = rate / self.song.rate
        scaled = _Scaled(k)
        return Session(
            SongIdentity(
                **vars(self.song) | {"rate": rate, "frames": round(self.song.frames * k)},
            ),
            self.strips,
            self.master_db,
            scaled.region(self.loop),
            scaled.region(self.kept_loop),
            round(self.position_frame * k),
            tuple(NamedLoop(x.name, round(x.first * k), round(x.last * k)) for x in self.loops),
            tuple(Move(round(m.frame * k), m.part, m.strip) for m in self.moves),
        )


@dataclass(frozen=True)
class _Scaled:
    k: float

    def region(self, region: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if region is None else (round(region[0] * self.k), round(region[1] * self.k))


# ---------------------------------------------------------------- writing
def to_json(session: Session) -> str:
    """Return the document of a session; the same session always gives the same text."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "song": vars(session.song),
        "mix": {
            "master_db": _number(session.master_db),
            "strips": {name: _strip(s) for name, s in sorted(session.strips.items())},
        },
        "loop": session.loop,
        "kept_loop": session.kept_loop,
        "position_frame": session.position_frame,
        "loops": [vars(x) for x in session.loops],
        "moves": [{"frame": m.frame, "part": m.part, **_strip(m.strip)} for m in session.moves],
    }
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _number(level_db: float) -> float | str:
    return "-inf" if level_db == SILENCE_DB else level_db


def _strip(strip: Strip) -> dict[str, Any]:
    return vars(strip) | {"level_db": _number(strip.level_db)}


# ---------------------------------------------------------------- reading
def from_json(text: bytes | str, path: str = "") -> tuple[Session, tuple[str, ...]]:
    """Return the session of a document, and the names of what was bad in it and left out.

    Parameters
    ----------
    text : bytes or str
        UTF-8.
    path : str
        Where it comes from, for the errors.

    Raises
    ------
    SessionDamaged
        It is no session at all.
    SessionTooNew
        A later DemixME wrote it.
    """
    return _Reader(_document(text, path)).session()


def _document(text: bytes | str, path: str) -> dict[str, Any]:
    try:
        if len(text) > MOST_BYTES:
            raise ValueError("too long")
        stored: dict[str, Any] = json.loads(text)
        if not isinstance(stored, dict) or stored.get("format") != FORMAT:
            raise ValueError("no session")
        version = _whole(stored.get("version"), 1, 1 << 31)
    except (ValueError, RecursionError) as e:
        raise SessionDamaged(path, str(e)) from e
    if version > VERSION:
        raise SessionTooNew(path, f"version {version}")
    try:
        while version < VERSION:
            stored = MIGRATIONS[version](stored)
            version += 1
    except (ValueError, TypeError, LookupError, AttributeError) as e:
        raise SessionDamaged(path, f"version {version}: {e}") from e
    return stored


def _whole(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"not a whole number of {low} … {high}")
    return value


def _frame(value: Any) -> int:
    return _whole(value, 0, _MOST_FRAMES)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError("not a short text")
    return "".join(c for c in value if c.isprintable())


def _level(value: Any) -> float:
    if value == "-inf":
        return SILENCE_DB
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a level")
    return Strip(level_db=float(value)).level_db


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _pan(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a balance")
    return Strip(pan=float(value)).pan


def _region(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("not a region")
    first, last = _frame(value[0]), _frame(value[1])
    if last <= first:
        raise ValueError("an empty region")
    return first, last


class _Reader:
    """Reads value by value; what is bad is left out and its name kept in `bad`."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self.stored = stored
        self.bad: dict[str, None] = {}

    def session(self) -> tuple[Session, tuple[str, ...]]:
        mix = self._object(self.stored, "mix")
        made = Session(
            song=self._song(self._object(self.stored, "song")),
            strips=self._strips(self._object(mix, "strips")),
            master_db=self._get(mix, "master_db", _level, 0.0),
            loop=self._get(self.stored, "loop", _region, None),
            kept_loop=self._get(self.stored, "kept_loop", _region, None),
            position_frame=self._get(self.stored, "position_frame", _frame, 0),
            loops=tuple(self._each("loops", self._loop, MOST_LOOPS)),
            moves=tuple(self._each("moves", self._move, MOST_MOVES)),
        )
        return made, tuple(self.bad)

    def _get(
        self, where: dict[str, Any], name: str, check: Callable[[Any], Any], usual: Any
    ) -> Any:
        if name not in where:
            return usual
        try:
            return check(where[name])
        except (ValueError, OverflowError, InvalidValue):
            self.bad[name] = None
            return usual

    def _object(self, where: dict[str, Any], name: str) -> dict[str, Any]:
        found = where.get(name, {})
        if isinstance(found, dict):
            return found
        self.bad[name] = None
        return {}

    def _song(self, stored: dict[str, Any]) -> SongIdentity:
        return SongIdentity(
            digest=self._get(stored, "digest", _digest, ""),
            file_name=self._get(stored, "file_name", _file_name, ""),
            title=self._get(stored, "title", _text, ""),
            artist=self._get(stored, "artist", _text, ""),
            rate=self._get(stored, "rate", lambda v: _whole(v, 0, _MOST_RATE_HZ), 0),
            frames=self._get(stored, "frames", _frame, 0),
        )

    def _strips(self, stored: dict[str, Any]) -> dict[str, Strip]:
        made: dict[str, Strip] = {}
        for name, values in list(stored.items())[: 4 * MOST_PARTS]:
            if isinstance(values, dict) and len(name) <= _LONGEST_TEXT:
                made[name] = self._strip(values)
            else:
                self.bad["strips"] = None
        return made

    def _strip(self, values: dict[str, Any]) -> Strip:
        return Strip(
            self._get(values, "level_db", _level, 0.0),
            self._get(values, "mute", _truth, False),
            self._get(values, "solo", _truth, False),
            self._get(values, "pan", _pan, 0.0),
        )

    def _each(self, name: str, make: Callable[[dict[str, Any]], Any], most: int) -> list[Any]:
        found = self.stored.get(name, [])
        if not isinstance(found, list):
            self.bad[name] = None
            return []
        made = []
        for values in found[:most]:
            try:
                made.append(make(values))
            except (ValueError, TypeError, LookupError, AttributeError):
                self.bad[name] = None
        if len(found) > most:
            self.bad[name] = None
        return made

    def _loop(self, values: dict[str, Any]) -> NamedLoop:
        region = _region([values["first"], values["last"]])
        assert region is not None
        return NamedLoop(_text(values["name"]), *region)

    def _move(self, values: dict[str, Any]) -> Move:
        return Move(_frame(values["frame"]), _text(values["part"]), self._strip(values))


def _digest(value: Any) -> str:
    text = _text(value)
    if text and (len(text) != 64 or set(text) - set("0123456789abcdef")):
        raise ValueError("not a digest")
    return text


def _file_name(value: Any) -> str:
    """Return a file's name without any folder, so that a shared session names no place."""
    text = _text(value)
    if "/" in text or "\\" in text:
        raise ValueError("a path")
    return text
