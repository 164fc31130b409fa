"""The exact version of every package that the program is built from."""

import re
from pathlib import Path

FILE = Path(__file__).resolve().parent / "constraints.txt"


def plain(name: str) -> str:
    """Return a package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def versions() -> dict[str, str]:
    """Return the pinned version of each package, by its plain name."""
    lines = FILE.read_text("utf-8").splitlines()
    rows = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {plain(name): version for name, version in rows}
