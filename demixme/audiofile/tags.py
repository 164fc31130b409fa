"""Title and artist of a song. Broken tags are no tags: they never keep a song from opening."""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from demixme.audiofile.paths import system_path

_LONGEST = 300
_TITLE_KEYS = ("title", "TIT2", "\xa9nam", "Title")
_ARTIST_KEYS = ("artist", "TPE1", "\xa9ART", "Author")
#: What mutagen raises on damaged tags, besides its own error
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def read_tags(path: Path | str) -> tuple[str, str]:
    """Return title and artist of a song, each empty where the file names none.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    tuple of str
        Title and artist, one line each, at most 300 characters.
    """
    import mutagen  # late: it costs start-up time and only a song needs it

    try:
        file = mutagen.File(system_path(path), easy=True)
        tags = getattr(file, "tags", None)
        if tags is None:
            return "", ""
        return _first(tags, _TITLE_KEYS), _first(tags, _ARTIST_KEYS)
    except (mutagen.MutagenError, *BROKEN):
        return "", ""


def clean_text(value: object) -> str:
    """Return a tag's text on one line, without control characters, cut at 300 characters."""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return " ".join(text.split())[:_LONGEST]


def _first(tags: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        if key not in tags:
            continue
        value = tags[key]
        value = getattr(value, "text", value)  # an ID3 frame
        if isinstance(value, (list, tuple)):
            value = value[0] if value else ""
        if text := clean_text(value):
            return text
    return ""
