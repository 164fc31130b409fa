"""The steps of the workflows in .github/workflows: python packaging/release_steps.py STEP.

Every `run:` line of a workflow is one call of this script or of dev.py, and our tests run them.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import self_test
import version_info
import windows_installer

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
FOLDER = DIST / "DemixME"
OUT = ROOT / "out" / "release"
WINDOWS, LINUX, MACOS = (sys.platform == s for s in ("win32", "linux", "darwin"))
INSTALL_S = 300


class StepFailed(Exception):
    """A step cannot be done; the text says why."""


def stem() -> str:
    """Return how the files of this version begin."""
    return f"DemixME-{version_info.version()}"


def setup_file() -> Path:
    """Return the Windows installer's path."""
    return OUT / f"{stem()}-windows-x64-setup.exe"


# ---------------------------------------------------------------- before anything is built
def check_version() -> None:
    """Fail when the tag that started the release is not this version."""
    tag = os.environ.get("GITHUB_REF_NAME", "")
    if tag != f"v{version_info.version()}":
        raise StepFailed(f"{tag} is not the tag of version {version_info.version()}")


def research_models(folder: Path) -> list[str]:
    """Return the models that were trained on material for research use only."""
    rows = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    return sorted(name for name, spec in rows.items() if spec.get("research_only"))


def check_models() -> None:
    """Fail while a model in the bundle is marked research use."""
    marked = research_models(ROOT / "models")
    if marked:
        raise StepFailed(f"for research use only, so not to be released: {', '.join(marked)}")


# ---------------------------------------------------------------- building
def system_packages() -> None:
    """Install what the release's Debian lacks to make setup.exe."""
    names = ["nsis"]
    subprocess.run(["apt-get", "update", "-q"], check=True)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    subprocess.run(install, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


def pack() -> None:
    """Put the built program into one file to be handed on: a tar keeps links and permissions."""
    OUT.mkdir(parents=True, exist_ok=True)
    if WINDOWS:
        windows_installer.make_portable(FOLDER, OUT / f"{stem()}-windows-x64-portable.zip")
        path = OUT / "windows-folder.tar"
    else:
        system = "macos-arm64" if MACOS else "linux-x64"
        path = OUT / f"{stem()}-{system}.tar.xz"
    made = DIST / "DemixME.app" if MACOS else FOLDER
    with tarfile.open(path, "w" if path.suffix == ".tar" else "w:xz") as archive:
        archive.add(made, made.name)


def make_setup() -> None:
    """Make setup.exe of the Windows folder that another machine has built."""
    with tarfile.open(OUT / "windows-folder.tar") as archive:
        shutil.rmtree(FOLDER, ignore_errors=True)
        archive.extractall(DIST, filter="data")
    icon = FOLDER / "_internal" / "assets" / "demixme.ico"
    windows_installer.make_setup(FOLDER, setup_file(), icon, os.environ.get("SIGN_COMMAND", ""))


def sign(names: list[str]) -> None:
    """Sign files with the command of SIGN_COMMAND; without one, say so and go on."""
    command = os.environ.get("SIGN_COMMAND", "")
    if not command:
        print("no certificate: nothing is signed", flush=True)
        return
    for path in sorted(p for name in names for p in signable(Path(name))):
        subprocess.run([*command.split(), str(path)], check=True, timeout=INSTALL_S)


def signable(path: Path) -> Iterator[Path]:
    """Yield a file, or the programs and libraries of a folder."""
    if path.is_file():
        yield path
        return
    for found in path.rglob("*"):
        if found.suffix.lower() in (".exe", ".dll", ".pyd") and found.is_file():
            yield found


# ---------------------------------------------------------------- the installed program
def test_setup() -> None:
    """Install silently, test the installed program, uninstall silently, look what is left."""
    if not WINDOWS:
        raise StepFailed("setup.exe is tested on Windows")
    with tempfile.TemporaryDirectory(prefix="Demix ñ ") as place:
        folder = Path(place, "DemixME")
        _silent([setup_file(), "/S", f"/D={folder}"])
        self_test.run_all(folder)
        _silent([setup_file(), "/S", f"/D={folder}"])  # over itself
        mine = folder / "mine.txt"
        mine.write_text("stays", "utf-8")
        # _?= makes the uninstaller work in place, so that we can wait for it
        _silent([folder / "uninstall.exe", "/S", f"_?={folder}"])
        left = {p.name for p in folder.rglob("*")} - {"uninstall.exe"}
        if left != {"mine.txt"}:
            raise StepFailed(f"after uninstalling there is still: {sorted(left)}")


def _silent(words: list[object]) -> None:
    """Run an installer to its end; NSIS wants its last word unquoted, spaces and all."""
    *first, last = (str(word) for word in words)
    command = f"{subprocess.list2cmdline(first)} {last}"
    done = subprocess.run(command, timeout=INSTALL_S, check=False)
    if done.returncode:
        raise StepFailed(f"{command} ended with {done.returncode}")


# ---------------------------------------------------------------- the end
def checksums() -> None:
    """Write SHA256SUMS over the files of the release; what is only handed on is removed."""
    (OUT / "windows-folder.tar").unlink(missing_ok=True)
    rows = []
    for path in sorted(OUT.iterdir()):
        if path.name != "SHA256SUMS":
            with path.open("rb") as file:
                rows.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (OUT / "SHA256SUMS").write_text("".join(rows), "utf-8")


def main(words: list[str]) -> int:
    """Do the step that the first word names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("names", nargs="*", help="what the step is about")
    arguments = parser.parse_args(words)
    try:
        STEPS[arguments.step](arguments.names)
    except (StepFailed, self_test.TestFailed) as why:
        print(f"{arguments.step}: {why}", file=sys.stderr)
        return 1
    return 0


STEPS = {
    "check-version": lambda _: check_version(),
    "check-models": lambda _: check_models(),
    "system-packages": lambda _: system_packages(),
    "pack": lambda _: pack(),
    "make-setup": lambda _: make_setup(),
    "sign": sign,
    "test-setup": lambda _: test_setup(),
    "checksums": lambda _: checksums(),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
