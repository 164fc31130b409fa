"""Refresh the translations: the code's texts into assets/i18n/*.ts, these into *.qm.

.venv/bin/python tools/translate.py            update and compile; translate what is unfinished,
                                               by hand or in Qt Linguist, and run it again
.venv/bin/python tools/translate.py --check    change nothing; fail where something is to be done
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "assets" / "i18n"
#: Language -> whether only its plurals are translated, because the literals are in it.
LANGUAGES = {"en": True, "es": False}
_FIELD = re.compile(r"\{[^{}]*\}|%n")


@dataclass(frozen=True)
class Message:
    """One text of the code, and its translations: one, or one a plural form."""

    context: str
    source: str
    forms: tuple[str, ...]
    finished: bool


def sources() -> list[Path]:
    """Return the files with texts for people."""
    return [*sorted((ROOT / "demixme" / "ui").glob("*.py")), ROOT / "demixme" / "messages.py"]


def ts_file(language: str, folder: Path = FOLDER) -> Path:
    """Return the file of a language."""
    return folder / f"demixme_{language}.ts"


def run(tool: str, *words: object) -> None:
    """Run one of Qt's tools; what it warns of is an error."""
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    command = [str(program), *(str(w) for w in words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    said = done.stdout + done.stderr
    if done.returncode or "warning" in said.lower():
        raise SystemExit(f"{tool} failed:\n{said}")


def update(folder: Path) -> None:
    """Bring the code's texts into the .ts files of a folder."""
    for language, plural_only in LANGUAGES.items():
        options = ["-pluralonly"] if plural_only else []
        languages = ("-source-language", "en", "-target-language", language)
        quiet = ("-silent", "-no-obsolete", "-locations", "none")
        run("lupdate", *quiet, *options, *languages, *sources(), "-ts", ts_file(language, folder))


def compile_all(folder: Path, into: Path) -> None:
    """Make the .qm files."""
    for language in LANGUAGES:
        ts = ts_file(language, folder)
        made = into / ts.with_suffix(".qm").name
        fresh = made.with_suffix(".part")
        run("lrelease", "-silent", ts, "-qm", fresh)
        fresh.replace(made)  # a program that runs has the former one mapped into its memory


def messages(ts: Path) -> Iterator[Message]:
    """Yield the messages of a .ts file."""
    for context in ElementTree.parse(ts).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [f.text or "" for f in translation.iter("numerusform")]
            yield Message(
                name,
                message.findtext("source", ""),
                tuple(forms or [translation.text or ""]),
                translation.get("type") is None,
            )


def problems() -> list[str]:
    """Return what is to be done before the translations are whole."""
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        for language in LANGUAGES:
            shutil.copy(ts_file(language), fresh)
        update(fresh)
        for language in LANGUAGES:
            found += _changed(ts_file(language), ts_file(language, fresh))
            found += _unfinished(ts_file(language))
        compile_all(FOLDER, fresh)
        for language in LANGUAGES:
            made = ts_file(language).with_suffix(".qm")
            if not made.is_file() or made.read_bytes() != (fresh / made.name).read_bytes():
                found.append(f"{made.name} is not made from {ts_file(language).name}")
    return found


def _changed(ts: Path, fresh: Path) -> Iterator[str]:
    """Yield the texts that lupdate would add or take away."""
    here, there = ({(m.context, m.source) for m in messages(f)} for f in (ts, fresh))
    yield from (f"{ts.name} lacks {text!r} of {context}" for context, text in sorted(there - here))
    yield from (f"{ts.name} keeps {text!r} of {context}" for context, text in sorted(here - there))


def _unfinished(ts: Path) -> Iterator[str]:
    for m in messages(ts):
        if not m.finished or not all(f.strip() for f in m.forms):
            yield f"{ts.name}: {m.source!r} of {m.context} is not translated"
        elif any(
            sorted(set(_FIELD.findall(f))) != sorted(set(_FIELD.findall(m.source))) for f in m.forms
        ):
            yield f"{ts.name}: {m.source!r} of {m.context} has other fields than {m.forms}"


def _fields(text: str) -> set[str]:
    return set(_FIELD.findall(text))


def main() -> None:
    """Update and compile, or only check."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    given = parser.parse_args()
    if not given.check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        update(FOLDER)
        compile_all(FOLDER, FOLDER)
    found = problems()
    print("\n".join(found) or "the translations are whole")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
