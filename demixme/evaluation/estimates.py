"""The parts of songs as other programs leave them on disk."""

import re
from collections.abc import Iterator
from pathlib import Path

from demixme.audiofile.collections import Sound, file_of, read_file
from demixme.audiofile.paths import safe_name
from demixme.core.errors import FileMissing
from demixme.core.parts import STEMS
from demixme.evaluation.reference import at_rate

_SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".opus", ".aiff")


def find_estimates(folder: Path, song: str) -> dict[str, Path]:
    """Return the files of a song's parts: ``<song>/<part>.wav``, or names with the part in them.

    Known are a folder for each song, here or one or two folders further in (as Demucs leaves
    ``separated/htdemucs/<song>/vocals.wav`` and data sets ``test/<song>/vocals.wav``), and files
    side by side as Ultimate Vocal Remover and its kin name them: ``1_<song>_(Vocals).wav``,
    ``<song>_(Vocals)_<model>.flac``, ``<song>.vocals.wav``.

    Raises
    ------
    FileMissing
        There is no such folder.
    """
    if not folder.is_dir():
        raise FileMissing(folder)
    for inside in _folders_of(folder, song):
        found = {part: file_of(inside, part) for part in STEMS}
        if any(found.values()):
            return {part: path for part, path in found.items() if path is not None}
        if named := _named(inside, song):
            return named
    return _named(folder, song)


def _folders_of(folder: Path, song: str) -> Iterator[Path]:
    names = {song, safe_name(song)}
    for pattern in ("*/", "*/*/", "*/*/*/"):
        yield from (p for p in sorted(folder.glob(pattern)) if p.name in names and p.is_dir())


def _named(folder: Path, song: str) -> dict[str, Path]:
    """Return files whose names hold the song's name and then a part's, in brackets or not."""
    either = "|".join(re.escape(n) for n in sorted({song, safe_name(song)}, key=len, reverse=True))
    wanted = re.compile(
        rf"(?:\d+_)?(?:{either})[ _.\-]*[(\[]?(?P<part>{'|'.join(STEMS)})[)\]]?(?:[ _.\-].*)?",
        re.IGNORECASE | re.DOTALL,
    )
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        named = wanted.fullmatch(path.stem)
        if named and path.suffix.lower() in _SUFFIXES and path.is_file():
            found.setdefault(named["part"].lower(), path)
    return found


def read_estimate(path: Path, rate: int) -> Sound:
    """Return a part [frames, 2] at the rate of the song it is compared with."""
    return at_rate(*read_file(path), rate)
