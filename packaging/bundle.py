"""Builds the program's folder dist/DemixME in an environment of its own, checks and runs it.

    python packaging/bundle.py [--no-self-test]

Called by `dev.py package`. The environment holds what constraints.txt pins and nothing else.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
from collections.abc import Iterable, Iterator
from pathlib import Path

import contents
import pinned
import self_test

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = ROOT / "build"
ENVIRONMENT = BUILD / "environment"
DIST = ROOT / "dist"
FOLDER = DIST / "DemixME"
CONSTRAINTS = pinned.FILE
WINDOWS, LINUX, MACOS = (sys.platform == s for s in ("win32", "linux", "darwin"))
#: The newest GLIBC the Linux program may need: Debian 12 has it.
NEWEST_GLIBC = (2, 36)


class BuildFailed(Exception):
    """The program cannot be built; the text says why."""


def say(text: str) -> None:
    """Tell the person what is done."""
    print(f"package: {text}", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- the environment
def requirements() -> list[str]:
    """Return what the environment holds: the app's dependencies and PyInstaller."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return [*tomllib.load(file)["project"]["dependencies"], "pyinstaller"]


def environment() -> Path:
    """Return the Python of the build's own environment; made anew when the pins have changed."""
    python = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")
    key = [CONSTRAINTS.read_text("utf-8"), requirements(), sys.version, str(ENVIRONMENT)]
    mark = hashlib.sha256(json.dumps(key).encode()).hexdigest()
    stamp = ENVIRONMENT / "made-of.txt"
    if python.is_file() and stamp.is_file() and stamp.read_text("utf-8") == mark:
        return python
    say("making a clean environment with the pinned packages")
    venv.create(ENVIRONMENT, clear=True, with_pip=True, symlinks=not WINDOWS)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--only-binary=:all:", "-c", CONSTRAINTS, *requirements()])
    foreign = sorted(unpinned(python))
    if foreign:
        raise BuildFailed(f"not pinned in {CONSTRAINTS.name}: {', '.join(foreign)}")
    stamp.write_text(mark, "utf-8")
    return python


def unpinned(python: Path) -> Iterator[str]:
    """Yield the packages of the environment that constraints.txt does not name."""
    listed = run([python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"])
    versions = pinned.versions()
    for row in json.loads(listed):
        name, version = pinned.plain(row["name"]), row["version"]
        if name not in ("pip", "setuptools") and versions.get(name) != version:
            yield f"{name}=={version}"


def run(command: Iterable[object], **options: object) -> str:
    """Run a program and return what it prints; BuildFailed with its words when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        **options,
    )
    if done.returncode:
        last = (done.stdout + done.stderr)[-4000:]
        raise BuildFailed(f"{' '.join(words[:6])} … ended with {done.returncode}:\n{last}")
    return done.stdout


# ---------------------------------------------------------------- freezing
def freeze(python: Path) -> None:
    """Let PyInstaller collect the folder, and hold what it says against what we allow."""
    say("collecting the program's files")
    paths = ["--distpath", DIST, "--workpath", BUILD / "frozen"]
    command = [python, "-m", "PyInstaller", "--noconfirm", *paths, HERE / "demixme.spec"]
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=clean | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        check=False,
    )
    (BUILD / "pyinstaller.log").write_text(done.stdout, "utf-8")
    if done.returncode:
        raise BuildFailed(done.stdout[-4000:])
    wrong = sorted(complaints(done.stdout))
    if wrong:
        raise BuildFailed("\n".join(wrong))
    for path in DIST.iterdir():
        if path not in (FOLDER, DIST / "DemixME.app"):
            raise BuildFailed(f"{path} does not belong into {DIST}")


def complaints(log: str) -> Iterator[str]:
    """Yield the lines of PyInstaller's log that are errors: a library or module of ours missing."""
    for line in log.splitlines():
        if "Library not found" in line:
            needing = re.search(r"dependency of '([^']+)'", line)
            path = needing.group(1) if needing else ""
            if contents.needed((path, "", "BINARY"), ()):  # what needs it goes along
                yield line
        elif "Hidden import" in line and "not found" in line and "'demixme" in line:
            yield line


def missing_imports(python: Path) -> list[str]:
    """Return the imports of the app's sources that are not in the folder."""
    say("checking that every import of the app is inside")
    table = BUILD / "frozen" / "demixme" / "PYZ-00.toc"
    archived = set(re.findall(r"^\s*\[?\('([\w.]+)',", table.read_text("utf-8"), re.MULTILINE))
    named = {n for n in contents.app_imports() if not n.startswith(contents.ROOMS_LEFT_OUT)}
    packages = {n.split(".")[0] for n in named}
    third = {p for p in packages if p not in sys.stdlib_module_names}
    ask = (
        "import importlib.util, json, sys\n"
        "def there(n):\n"
        "    try: return importlib.util.find_spec(n) is not None\n"
        "    except (ImportError, AttributeError, ValueError): return False\n"
        "print(json.dumps([n for n in json.loads(sys.argv[1]) if there(n)]))"
    )
    listed = sorted(n for n in named if n.split(".")[0] in third and n not in archived)
    modules = json.loads(run([python, "-c", ask, json.dumps(listed)], cwd=ROOT))
    compiled = {
        p.relative_to(inside()).as_posix().split(".")[0].replace("/", ".")
        for suffix in (".so", ".pyd")
        for p in inside().rglob(f"*{suffix}")
    }
    allowed = set(contents.LEFT_OUT)
    return [m for m in modules if m not in compiled and m.split(".")[0] not in allowed]


def inside() -> Path:
    """Return the folder in which the program's libraries lie."""
    app = DIST / "DemixME.app" / "Contents" / "Frameworks"
    return app if MACOS else FOLDER / "_internal"


# ---------------------------------------------------------------- ELF files (Linux)
def elf_files(folder: Path) -> list[Path]:
    """Return the ELF files of a folder, links left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def newest_glibc(path: Path) -> tuple[int, ...]:
    """Return the newest GLIBC version that an ELF file asks for, () if it asks for none."""
    listed = run(["objdump", "-T", path])
    return max((tuple(map(int, v.split("."))) for v in _GLIBC.findall(listed)), default=())


_GLIBC = re.compile(r"\*UND\*.*\bGLIBC_([\d.]+)\)?")


def too_new(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return the ELF files that need a newer GLIBC than Debian 12 has."""
    needs = {str(p.relative_to(folder)): newest_glibc(p) for p in elf_files(folder)}
    return {name: version for name, version in needs.items() if version > NEWEST_GLIBC}


def strip(folder: Path) -> None:
    """Take debugging names out of the ELF files, where the file stays one that can be loaded."""
    for path in elf_files(folder):
        if path.parent == folder:
            continue  # the programs: what follows the ELF part is their archive
        part = path.with_name(path.name + ".part")
        run(["strip", "--strip-unneeded", "-o", part, path])
        # auditwheel's patchelf leaves libraries that strip breaks
        if _aligned(part):
            part.replace(path)
        else:
            part.unlink()


def _aligned(path: Path) -> bool:
    rows = re.findall(r"^\s+LOAD\s+(.*)$", run(["readelf", "-lW", path]), re.MULTILINE)
    for row in rows:
        words = row.split()
        offset, address, align = (int(words[n], 16) for n in (0, 1, -1))
        if (offset - address) % align:
            return False
    return True


# ---------------------------------------------------------------- all of it
def size_mb(folder: Path) -> float:
    """Return the size of a folder's files."""
    return sum(p.lstat().st_size for p in folder.rglob("*") if not p.is_dir()) / 1e6


def build() -> None:
    """Make the folder and check what lies in it."""
    python = environment()
    freeze(python)
    missing = missing_imports(python)
    if missing:
        raise BuildFailed(f"imported by the app, but not in the folder: {', '.join(missing)}")
    if LINUX:
        say("stripping")
        strip(FOLDER)
        newer = too_new(FOLDER)
        if newer:
            raise BuildFailed(f"need a newer GLIBC than 2.36: {newer}")
    say(f"{FOLDER} is made: {size_mb(FOLDER):.0f} MB")


def main() -> int:
    """Do it and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-self-test", action="store_true", help="build and check only")
    arguments = parser.parse_args()
    began = time.monotonic()
    if LINUX and not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        say("this Python has no shared library; PyInstaller may refuse it")
    try:
        build()
        if not arguments.no_self_test:
            self_test.run_all(FOLDER)
    except (BuildFailed, self_test.TestFailed) as why:
        say(str(why))
        return 1
    say(f"done in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
