"""Names of exported files: templates, and names that nobody has yet."""

import re
from collections.abc import Mapping
from pathlib import Path

from demixme.audiofile.paths import safe_name
from demixme.core.errors import InvalidValue

#: What may stand in a template in braces.
FIELDS = ("song", "title", "artist", "part", "mix", "model")
_FIELD = re.compile(r"\{(\w*)\}")


def check_template(template: str) -> None:
    """Raise InvalidValue for a template with a field that is none, or that names nothing."""
    unknown = [f for f in _FIELD.findall(template) if f not in FIELDS]
    stray = _FIELD.sub("", template)
    if unknown or "{" in stray or "}" in stray or not template.strip(" /\\."):
        raise InvalidValue("name", template, ", ".join(f"{{{f}}}" for f in FIELDS))


def filled(template: str, values: Mapping[str, str]) -> Path:
    """Return a relative path: each piece between slashes filled in and made a name that is allowed.

    A field that is not known for this song is empty; brackets and dashes left alone around it go.
    """
    check_template(template)
    pieces = [p for p in re.split(r"[/\\]", template) if p.strip()]
    return Path(*(safe_name(_tidy(_put(piece, values))) for piece in pieces))


def _put(piece: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda m: re.sub(r"[/\\]", "_", values.get(m[1], "")), piece)


def _tidy(name: str) -> str:
    name = re.sub(r"\(\s*\)|\[\s*\]", "", name)
    return re.sub(r"\s+", " ", name).strip().strip("-–").strip()


def free_name(path: Path) -> Path:
    """Return `path`, or where that is there already the first of “name 2”, “name 3” that is not."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
    return free


def title_suffix(song: Path, written: Path) -> str:
    """Return what a file's name says more than the song's: ``(no vocals)``; empty if nothing."""
    own, made = song.stem, written.stem
    return made[len(own) :].strip(" -–_") if made.startswith(own) else ""
