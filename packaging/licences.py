"""Says whose work is in the program: each library, its licence, where its source lies."""

import fnmatch
import platform
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE / "licences.toml"
TEXTS = HERE / "licences"
#: Where they lie in the program's folder.
FOLDER = "licences"
#: What makes a file a shared library.
LIBRARY = (".so", ".dll", ".pyd", ".dylib")
#: Pinned, but used while building only: nothing of it goes along.
BUILD_ONLY = {
    *("altgraph", "macholib", "pefile", "pycparser", "pyinstaller-hooks-contrib"),
    *("pywin32-ctypes", "setuptools"),
}


class LicenceMissing(Exception):
    """A part of the program has no licence in the table."""


@dataclass(frozen=True)
class Component:
    """One row of the table."""

    name: str
    version: str
    licence: str
    source: str
    texts: tuple[str | list[str], ...]
    files: tuple[str, ...]
    packages: tuple[str, ...] = ()
    bundled_by: str = ""
    note: str = ""


def table() -> list[Component]:
    """Return the rows, in the order in which their patterns are tried."""
    with TABLE.open("rb") as file:
        rows = tomllib.load(file)["component"]
    lists = ("texts", "files", "packages")
    return [Component(**{k: tuple(v) if k in lists else v for k, v in r.items()}) for r in rows]


def is_library(name: str) -> bool:
    """Return whether a file of this name is a shared library."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return last.endswith(LIBRARY) or ".so." in last or ".framework/" in name or last == "Python"


def owner(name: str, rows: Iterable[Component]) -> Component | None:
    """Return the row that a library belongs to."""
    plain = name.replace("\\", "/")
    for row in rows:
        if any(fnmatch.fnmatch(plain.lower(), pattern.lower()) for pattern in row.files):
            return row
    return None


def owners(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the libraries of each component; LicenceMissing names those of nobody."""
    rows = table()
    found: dict[str, list[str]] = {}
    nobodys = []
    for name in sorted(names):
        if is_library(name):
            row = owner(name, rows)
            if row is None:
                nobodys.append(name)
            else:
                found.setdefault(row.name, []).append(name)
    if nobodys:
        raise LicenceMissing(f"no licence in {TABLE.name} for: {', '.join(nobodys)}")
    return found


def version_of(row: Component, pins: dict[str, str]) -> str:
    """Return the version a row means: its own words, or the pin of the package it names."""
    if row.bundled_by:
        package, _, version = row.bundled_by.partition("==")
        if pins[package.lower()] != version:
            raise LicenceMissing(
                f"{row.name}: {row.bundled_by} is pinned otherwise now; read its versions again"
            )
    if row.version == "python":
        return platform.python_version()
    return pins.get(row.version.lower(), row.version)


def text_of(wanted: str | list[str], site: Path) -> tuple[str, str]:
    """Return name and words of a licence text; one of a package must hold what we read in it."""
    if isinstance(wanted, str):
        return wanted, (TEXTS / wanted).read_text("utf-8")
    pattern, phrase = wanted
    for path in sorted(site.glob(pattern)):
        text = path.read_text("utf-8", errors="replace")
        if phrase in text:
            name = path.relative_to(site).as_posix().replace("/", " ")
            return name if path.suffix == ".txt" else f"{name}.txt", text
    raise LicenceMissing(f"{pattern} is not there or does not hold “{phrase}”")


def sources(rows: Iterable[Component], found: dict[str, list[str]], pins: dict[str, str]) -> str:
    """Return SOURCES.md: what is in the program, its exact versions, and where its source lies."""
    lines = [
        "# What this program is made of",
        "",
        "DemixME itself is free software under the GNU General Public License, version 3 or later;",
        "its source is the repository this program was built from. Below is everything of others",
        "inside: under which licence, and where the source of that very version lies. The texts of",
        "the licences are beside this file.",
    ]
    for row in rows:
        lines += ["", f"## {row.name}", "", f"* version: {version_of(row, pins)}"]
        lines += [f"* came with: {row.bundled_by}"] if row.bundled_by else []
        lines += [f"* licence: {row.licence}" + (f" ({row.note})" if row.note else "")]
        lines += [f"* source: {row.source}"]
        texts = ", ".join(t if isinstance(t, str) else t[0].rpartition("/")[2] for t in row.texts)
        lines += [f"* texts: {texts}"] if texts else []
        names = [name.replace("\\", "/").rpartition("/")[2] for name in found.get(row.name, [])]
        shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
        lines += [f"* files: {shown}"] if names else []
    return "\n".join(lines) + "\n"


def write(names: Iterable[str], folder: Path, site: Path, pins: dict[str, str]) -> list[Path]:
    """Write SOURCES.md and the licence texts of these files into a folder; return their paths."""
    found = owners(names)
    rows = [row for row in table() if row.name in found or row.packages]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / "SOURCES.md").write_text(sources(rows, found, pins), "utf-8")
    (folder / "DemixME.txt").write_text((HERE.parent / "LICENSE").read_text("utf-8"), "utf-8")
    for row in rows:
        for wanted in row.texts:
            name, text = text_of(wanted, site)
            (folder / name).write_text(text, "utf-8")
    return sorted(folder.iterdir())
