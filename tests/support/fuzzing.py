"""Opens broken files in a program of its own and watches it and its children from outside.

A door is a function that takes a file's path; whatever is in the file, it returns or raises a
DemixError. `python -m tests.support.fuzzing DOOR SEEDS FIRST LAST` is the program that is watched:
for every file it says its number, and what came of it.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from demixme.core.errors import DemixError
from tests.support.mutations import mutated

ROOT = Path(__file__).parents[2]
MOST_BYTES = 2 << 30
LONGEST_S = 10.0
_LOOK_S = 0.05
_MOST_FRAMES = 50_000_000


# ---------------------------------------------------------------- doors
def song(path):
    """Open and decode a song."""
    from demixme.audiofile.decode import open_song

    decoder = open_song(path)
    frames = 0
    try:
        for block in decoder.blocks():
            frames += len(block)
            said("block")
            if frames > _MOST_FRAMES:
                break
    finally:
        decoder.close()


def tags(path):
    """Read the tags of a song, in both ways."""
    from demixme.audiofile.tagcopy import read_all_tags
    from demixme.audiofile.tags import read_tags

    title, artist = read_tags(path)
    assert len(title) <= 300
    assert len(artist) <= 300
    read_all_tags(path)


def model(path):
    """Load a network whose sidecar vouches for it, and run it once."""
    import hashlib

    from demixme.separation.registry import load_model

    sidecar = path.with_suffix(".json")
    spec = json.loads((path.parent / "whole.json").read_text("utf-8"))
    spec["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar.write_text(json.dumps(spec), "utf-8")
    load_model(path).close()


def sidecar(path):
    """Read the sidecar of a model."""
    from demixme.core.modelspec import parse_spec

    parse_spec(path.read_bytes(), "fuzzed")


def settings(path):
    """Read the settings and write them again."""
    from demixme import settings as room

    room.save(room.load(path), path.with_name("again.json"))


def session(path):
    """Read a session document."""
    from demixme.core.session import from_json

    from_json(path.read_bytes(), str(path))


def faulty(path):
    """Do what the file says, to see that it is seen."""
    exec(path.read_text("utf-8"))


DOORS = {f.__name__: f for f in (song, tags, model, sidecar, settings, session, faulty)}


# ---------------------------------------------------------------- the program that is watched
def said(what):
    """Tell whoever watches that it goes on."""
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


def main(door, seeds, first, last):
    """Open the broken files FIRST … LAST; the seed of a number is the one at its remainder."""
    files = sorted(Path(seeds).iterdir())
    whole = [f.read_bytes() for f in files]
    with tempfile.TemporaryDirectory() as folder:
        for extra in Path(seeds).parent.glob("whole.*"):
            (Path(folder) / extra.name).write_bytes(extra.read_bytes())
        for number in range(int(first), int(last)):
            which = number % len(files)
            said(f"case {number} {files[which].name}")
            path = Path(folder) / f"case{files[which].suffix}"
            broken = whole[which] if door == "faulty" else mutated(whole[which], number)
            path.write_bytes(broken)
            try:
                DOORS[door](path)
                said("opened")
            except DemixError as error:
                said(f"refused {type(error).__name__}")
    return 0


# ---------------------------------------------------------------- watching
@dataclass
class Findings:
    """What went wrong, a line each, and what was measured on the way."""

    wrong: list = field(default_factory=list)
    cases: int = 0
    opened: int = 0
    most_bytes: int = 0
    longest_s: float = 0.0
    slowest: str = ""


def fuzz(door, seeds, first, last):
    """Run the cases in one program after another, as often as one dies; return Findings."""
    found, at = Findings(), first
    while at < last:
        at = _watched(door, seeds, at, last, found) + 1
    return found


def _watched(door, seeds, first, last, found):
    """Run one program to its end; return the number of its last case."""
    words = [sys.executable, "-m", "tests.support.fuzzing", door, seeds, first, last]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [str(w) for w in words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        os.set_blocking(process.stdout.fileno(), False)
        case, said_at, left = f"case {first - 1}", time.monotonic(), b""
        ended = False
        while not ended:
            ended = process.poll() is not None  # before the last look at what it said
            lines, left = _lines(process, left)
            now = time.monotonic()
            if lines and now - said_at > found.longest_s:
                found.longest_s, found.slowest = now - said_at, case
            said_at = now if lines else said_at
            for line in lines:
                case = line if line.startswith("case") else case
                found.cases += line.startswith("case")
                found.opened += line == "opened"
            found.most_bytes = max(found.most_bytes, memory_bytes(process.pid))
            if fault := _fault(now - said_at, memory_bytes(process.pid)):
                found.wrong.append(f"{case}: {fault}")
                os.killpg(process.pid, signal.SIGKILL)
                break
            if not lines and not ended:
                time.sleep(_LOOK_S)
        if process.wait() != 0 and not (found.wrong and found.wrong[-1].startswith(case)):
            errors.seek(0)
            text = errors.read().decode("utf-8", "replace").strip()[-600:]
            found.wrong.append(f"{case}: ended with {process.returncode}: {text}")
        process.stdout.close()
    number = int(case.split()[1])
    return number if process.returncode else last


def _lines(process, left):
    with suppress(OSError):
        left += process.stdout.read() or b""
    *lines, left = left.split(b"\n")
    return [line.decode("utf-8", "replace") for line in lines], left


def _fault(silent_s, held_bytes):
    if silent_s > LONGEST_S:
        return f"nothing for {silent_s:.1f} s"
    return f"{held_bytes >> 20} MiB" if held_bytes > MOST_BYTES else ""


def memory_bytes(root):
    """Return what a process and all its descendants hold now."""
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:
                total += int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", "rb") as file:
                    todo += [int(child) for child in file.read().split()]
        except (OSError, IndexError, ValueError):
            continue
    return total


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
