"""Which songs are meant by files and folders that a person hands over."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from demixme.audiofile.endings import READABLE

#: How files are called that are parts of one song.
PART_NAMES = frozenset(
    [
        "vocals",
        "voice",
        "drums",
        "bass",
        "other",
        "guitar",
        "piano",
        "keys",
        "mixture",
        "mix",
        "instrumental",
        "accompaniment",
    ]
)
MOST_SONGS = 2000
_DEEPEST = 4


def is_parts_folder(folder: Path) -> bool:
    """Say whether a folder is one song: its sound files, at least two, are named like parts."""
    names = [p.stem.lower() for p in _listed(folder) if _is_sound(p)]
    return len(names) >= 2 and all(name in PART_NAMES for name in names)


def sound_files(folder: Path) -> list[Path]:
    """Return the sound files that lie in a folder itself, in the order people sort them."""
    return [p for p in _listed(folder) if _is_sound(p)]


def songs_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the songs: files as they are given, a folder's sorted, a folder of parts as one song.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders. A file is taken whatever its name; in a folder the ending decides.

    Returns
    -------
    tuple of Path
        At most 2000, each once.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for song in _songs(path, 0):
            found[song] = None
            if len(found) >= MOST_SONGS:
                return tuple(found)
    return tuple(found)


def _songs(path: Path, depth: int) -> Iterator[Path]:
    if not path.is_dir() or is_parts_folder(path):
        yield path
    elif depth < _DEEPEST:
        for inside in _listed(path):
            if inside.is_dir() or _is_sound(inside):
                yield from _songs(inside, depth + 1)


def _listed(folder: Path) -> list[Path]:
    """Return what lies in a folder, nothing hidden, as people sort it: numbers by their value."""
    try:
        inside = [p for p in folder.iterdir() if not p.name.startswith(".")]
    except OSError:
        return []
    return sorted(inside, key=lambda p: _natural(p.name))


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    pieces: list[tuple[int, int, str]] = []
    digits = text = ""
    for character in name.casefold() + "\0":
        if character.isascii() and character.isdigit():
            if text:
                pieces.append((1, 0, text))
                text = ""
            digits += character
            continue
        if digits:
            pieces.append((0, int(digits), digits))
            digits = ""
        text += character
    return (*pieces, (1, 0, text))


def _is_sound(path: Path) -> bool:
    return path.suffix.lower().lstrip(".") in READABLE
