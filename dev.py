#!/usr/bin/env python3
"""Everything one does in this repository, from a bare machine on: python3 dev.py VERB.

  run [SONG]          open the app on SONG, or on the demo song; without a display
                      separate and remix it into out/ instead
  run -- COMMAND ...  any command of demixme, for example: run -- separate song.mp3 -o stems
  test [ARGS ...]     ruff, mypy and pytest; ARGS go to pytest; --long adds what takes
                      minutes, --training what needs PyTorch
  bench [NAME ...]    the benchmarks in tests/bench, one after the other
  package             build the program for this machine into dist/DemixME, and test it
  screenshots         pictures of the window into out/screenshots
  clean [--all]       remove what was built; --all also the environment .venv
  help                this text

The first call finds a fitting Python (CPython 3.11 to 3.14, 64-bit) and makes the environment
.venv; on Debian and Ubuntu it also installs missing system packages, or names them. Later calls
need no network. This file runs on any Python from 3.8 on and needs nothing but it.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OUT = ROOT / "out"
OLDEST, NEWEST = (3, 11), (3, 14)
NO_WINDOW = 4  # exit code of demixme where no window can be opened
WINDOWS, LINUX, MACOS = (sys.platform == s for s in ("win32", "linux", "darwin"))
#: Where a Python may lie that is not on the path.
UNUSUAL_PLACES = (
    "/opt/homebrew/bin/python3.%d",
    "/usr/local/bin/python3.%d",
    "/Library/Frameworks/Python.framework/Versions/3.%d/bin/python3",
    "~/.local/bin/python3.%d",
    "~/.local/share/uv/python/cpython-3.%d.*/bin/python3",
    "~/.pyenv/versions/3.%d.*/bin/python3",
)
#: What a child says about its Python.
PROBE = """
import importlib.util, json, struct, sys, sysconfig
makes_venv = all(importlib.util.find_spec(name) for name in ("ensurepip", "venv"))
print(json.dumps({
    "executable": sys.executable, "base": getattr(sys, "_base_executable", ""),
    "name": sys.implementation.name, "prefix": sys.prefix,
    "version": list(sys.version_info[:3]), "bits": struct.calcsize("P") * 8,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "platform": sysconfig.get_platform(), "abi": sysconfig.get_config_var("SOABI") or "",
    "makes_venv": makes_venv, "site": sysconfig.get_path("purelib")}))
"""
READ_PROJECT = """
import json, sys, tomllib
with open(sys.argv[1], "rb") as f:
    project = tomllib.load(f)["project"]
print(json.dumps({"": project["dependencies"], **project["optional-dependencies"]}))
"""
#: Shared library=its Debian package: PortAudio, and Qt off screen and on an X display.
LIBRARIES = """
libportaudio.so.2=libportaudio2 libGL.so.1=libgl1 libEGL.so.1=libegl1
libxkbcommon.so.0=libxkbcommon0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
libdbus-1.so.3=libdbus-1-3 libfontconfig.so.1=libfontconfig1 libglib-2.0.so.0=libglib2.0-0
libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-shape.so.0=libxcb-shape0
"""
RUN_FILES = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf=fonts-dejavu-core "
TEST_FILES = """
/usr/bin/Xvfb=xvfb /usr/bin/xauth=xauth /usr/bin/pulseaudio=pulseaudio
/usr/bin/parec=pulseaudio-utils /usr/bin/dbus-run-session=dbus-daemon
/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so=libasound2-plugins
"""
PACKAGE_FILES = "/usr/bin/objdump=binutils /usr/bin/Xvfb=xvfb /usr/bin/xauth=xauth"


class Stop(Exception):
    """Nothing more can be done; the text says why and what to do."""


def say(text: str) -> None:
    """Tell the person something; standard output belongs to the command that is run."""
    print("dev.py: " + text, file=sys.stderr, flush=True)


def child(command: list[Any], **options: Any) -> int:
    """Run a program to its end and return its exit code (128 + n for signal n)."""
    with subprocess.Popen([str(c) for c in command], **options) as process:
        while True:
            try:
                code = process.wait()
                return 128 - code if code < 0 else code
            except KeyboardInterrupt:  # Ctrl+C has reached the child as well: it ends by itself
                continue


def answer(command: list[Any]) -> str:
    """Return what a program prints, "" when it cannot be run or fails."""
    words, null = [str(c) for c in command], subprocess.DEVNULL
    try:
        out = subprocess.check_output(words, stdin=null, stderr=null, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""
    return out.decode("utf-8", "replace")


def read_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text, {} when there is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# ---------------------------------------------------------------- a fitting Python
def probe(python: str | Path) -> dict[str, Any]:
    """Return what a Python says about itself, {} when it does not run."""
    return read_object(answer([python, "-I", "-c", PROBE]))


def fits(info: dict[str, Any]) -> bool:
    """Return whether our packages have wheels for this Python."""
    return bool(
        info
        and info["name"] == "cpython"
        and OLDEST <= tuple(info["version"][:2]) <= NEWEST
        and info["bits"] == 64
        and not info["free_threaded"]
        # x64 on Windows for ARM too: not all packages have wheels for win-arm64
        and (not info["platform"].startswith("win") or info["platform"] == "win-amd64")
    )


def from_launcher(listing: str) -> list[str]:
    """Return the programs that `py -0p` lists."""
    return re.findall(r"([A-Za-z]:\\.*\.exe)\s*$", listing, re.MULTILINE)


def pythons() -> Iterator[str]:
    """Yield every Python that may be there, the one that runs this first, then the newest first."""
    yield sys.executable
    if WINDOWS:
        yield from from_launcher(answer(["py", "-0p"]))
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        yield shutil.which("python3.%d" % minor) or ""
        for place in UNUSUAL_PLACES:
            found = glob.glob(os.path.expanduser(place % minor))
            yield from sorted(found, reverse=True)
    yield shutil.which("python3") or ""


def find_python() -> dict[str, Any]:
    """Return the first fitting Python."""
    tried = set()
    for python in pythons():
        if not python or python in tried or "\\windowsapps\\" in python.lower():
            continue
        tried.add(python)
        if fits(info := probe(python)):
            return info
    raise Stop(
        "DemixME needs CPython 3.11 to 3.14 (64-bit, not free-threaded), which is not here.\n"
        "Install it with\n    %s\nand start this again." % python_command()
    )


def python_command() -> str:
    """Return the one command that installs a fitting Python on this system."""
    if WINDOWS:
        return "winget install --exact --id Python.Python.3.13 --architecture x64"
    if MACOS and shutil.which("brew"):
        return "brew install python@3.13"
    admin = "" if not hasattr(os, "geteuid") or os.geteuid() == 0 else "sudo "
    if shutil.which("apt-get"):
        for v in ("3.13", "3.12", "3.11"):
            if "Candidate: 3" in answer(["apt-cache", "policy", "python" + v]):
                return "%sapt-get install python%s python%s-venv" % (admin, v, v)
    for words in ("dnf install python3.12", "zypper install python312", "pacman -S python"):
        if shutil.which(words.split()[0]):
            return admin + words
    return "curl -LsSf https://astral.sh/uv/install.sh | sh && ~/.local/bin/uv python install 3.13"


def no_wheels(abi: str) -> str:
    """Return a sentence when our packages have no wheels for this system, "" otherwise."""
    if "musl" in abi:
        return "There are no ready-made packages for musl (Alpine): a system with glibc is needed."
    mac = answer(["sw_vers", "-productVersion"]).strip() if MACOS else ""
    if mac and int(mac.split(".")[0]) < 14:
        return "There are no ready-made packages for macOS %s: 14 or newer is needed." % mac
    library, version = platform.libc_ver()
    if library == "glibc" and tuple(int(n) for n in re.findall(r"\d+", version)[:2]) < (2, 28):
        return "There are no ready-made packages for glibc %s: 2.28 or newer is needed." % version
    return ""


# ---------------------------------------------------------------- system packages (Linux)
def missing_packages(files: str = "") -> list[str]:
    """Return the Debian names of what the app's libraries and these files lack here."""
    cache = answer([shutil.which("ldconfig") or "/sbin/ldconfig", "-p"])
    libraries = [pair.split("=") for pair in LIBRARIES.split()]
    lacking = [name for library, name in libraries if cache and library not in cache]
    pairs = [pair.split("=") for pair in (RUN_FILES + files).split()]
    return lacking + [name for pattern, name in pairs if not glob.glob(pattern)]


def install_packages(names: list[str], why: str) -> bool:
    """Install Debian packages where that needs no password, else name the command."""
    if not names or not LINUX:
        return True
    if not shutil.which("apt-get"):
        say("missing for %s, here called by their Debian names: %s" % (why, " ".join(names)))
        return False
    words = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    say("missing for %s: sudo %s" % (why, " ".join(words)))
    admin = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if admin and subprocess.call(["sh", "-c", "sudo -n true 2>/dev/null"]) != 0:
        return False
    admin += ["env", "DEBIAN_FRONTEND=noninteractive"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": sys.stderr}
    if child([*admin, *words], **quiet) == 0:
        return True
    child([*admin, "apt-get", "update"], **quiet)
    return child([*admin, *words], **quiet) == 0


# ---------------------------------------------------------------- the environment
def venv_python() -> Path:
    """Return the environment's Python."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def read_stamp() -> dict[str, Any]:
    """Return what the last set-up left, {} when there is none that can be read."""
    stamp = VENV / "demixme.json"
    return read_object(stamp.read_text("utf-8", "replace")) if stamp.is_file() else {}


def environment() -> dict[str, Any]:
    """Return the environment's Python; make it anew when it is broken or from somewhere else."""
    info = probe(venv_python()) if venv_python().exists() else {}
    moved = read_stamp().get("folder", str(VENV)) != str(VENV)
    own = fits(info) and os.path.realpath(info["prefix"]) == os.path.realpath(VENV)
    if own and not moved:
        return info
    python = find_python()
    if no_wheels(python["abi"]):
        raise Stop(no_wheels(python["abi"]))
    if not python["makes_venv"]:
        name = "python%d.%d-venv" % tuple(python["version"][:2])
        if not install_packages([name], "making the environment"):
            raise Stop("%s cannot make an environment: install %s." % (python["executable"], name))
    if VENV.exists():
        if not (VENV / "pyvenv.cfg").is_file() and any(VENV.iterdir()):
            raise Stop("%s is in the way and is no Python environment: move it away." % VENV)
        say("%s does not work here: making it anew" % VENV)
        shutil.rmtree(VENV)
    say("making %s with %s" % (VENV, python["executable"]))
    if child([python["executable"], "-m", "venv", VENV], stdout=sys.stderr) != 0:
        raise Stop("The environment could not be made; the lines above say why.")
    return probe(venv_python())


def take_small_torch(pip: list[Any], wanted: list[str]) -> None:
    """Take PyTorch's build for the processor alone where no NVIDIA card needs the other, if any."""
    torch = next((w for w in wanted if w.startswith("torch==")), "")
    if torch and LINUX and not shutil.which("nvidia-smi"):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": sys.stderr, "stderr": subprocess.DEVNULL}
        if child([*pip, "--no-deps", torch + "+cpu"], **quiet) != 0:
            say(torch + " comes with gigabytes of CUDA; docs/TRAINING.md names a smaller build")


def prepared(extras: tuple[str, ...] = ()) -> Path:
    """Make the environment hold our packages and return its Python; pip runs only after changes."""
    info, python = environment(), venv_python()
    wanted = json.loads(answer([python, "-I", "-c", READ_PROJECT, ROOT / "pyproject.toml"]))
    stamp = read_stamp()
    same = stamp.get("python") == info["version"]
    installed = stamp.get("installed", {}) if same else {}
    for extra in ("", *extras):
        mark = hashlib.sha256(json.dumps(wanted[extra]).encode()).hexdigest()
        if installed.get(extra) == mark:
            continue
        say("installing packages" + (" [%s]" % extra if extra else ""))
        only = [] if extra else ["--only-binary=:all:"]
        pip = [python, "-m", "pip", "install", "--disable-pip-version-check", *only]
        take_small_torch(pip, wanted[extra])
        if child([*pip, *wanted[extra]], stdout=sys.stderr, stdin=subprocess.DEVNULL) != 0:
            raise Stop("pip could not install the packages (see above). Is this computer online?")
        installed = {**installed, extra: mark}
        stamp = {"folder": str(VENV), "python": info["version"], "installed": installed}
        (VENV / "demixme.json").write_text(json.dumps(stamp), "utf-8")
    # our own code runs from where it stands
    (Path(info["site"]) / "demixme-checkout.pth").write_text(str(ROOT) + "\n", "utf-8")
    return python


# ---------------------------------------------------------------- verbs
def run(args: list[str]) -> int:
    """Open the app, or pass a command on."""
    install_packages(missing_packages(), "the window and sound")
    demixme = [prepared(), "-m", "demixme"]
    if args[:1] == ["--"]:
        return child([*demixme, *args[1:]])
    song = args or [str(ROOT / "assets" / "demo" / "demo.ogg")]
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if not LINUX or any(os.environ.get(name) for name in screens):
        code = child([*demixme, *song])
        if code != NO_WINDOW or not LINUX:
            return code
    say("there is no display here: separating and remixing into %s instead" % OUT)
    return child([*demixme, "headless", *song, "-o", OUT])


def test(args: list[str]) -> int:
    """Check style and types, then run the tests; pytest's closing line comes last."""
    install_packages(missing_packages(TEST_FILES), "the tests")
    python = prepared(("dev", "training", "rendering") if "--training" in args else ("dev",))
    codes = {}
    for words in ("ruff check .", "ruff format --check .", "mypy"):
        say(words)
        codes[words] = child([python, "-m", *words.split()], cwd=str(ROOT))
    code = child([python, "-m", "pytest", *args], cwd=str(ROOT))
    if any(codes.values()):
        say("failed before the tests: " + ", ".join(w for w, c in codes.items() if c))
    return code or max(codes.values())


def bench(names: list[str]) -> int:
    """Run the benchmarks one after the other; fails when one does."""
    install_packages(missing_packages(TEST_FILES), "the benchmarks")
    scripts = {p.stem[6:]: p for p in sorted((ROOT / "tests" / "bench").glob("bench_*.py"))}
    unknown = [n for n in names if n not in scripts]
    if unknown:
        raise Stop("No benchmark %s; there are: %s" % (", ".join(unknown), ", ".join(scripts)))
    python, worst = prepared(("dev",)), 0
    for name in names or scripts:
        say("bench " + name)
        worst = child([python, scripts[name]], cwd=str(ROOT)) or worst
    return worst


def package(args: list[str]) -> int:
    """Build the program for this machine into dist/DemixME and let it test itself."""
    info = environment()
    own = str(info.get("base", "")).startswith("/usr/bin/")  # Debian's, whose library comes apart
    library = " /usr/lib/*/libpython{0}.so.1.0=libpython{0}" if own else ""
    files = PACKAGE_FILES + library.format("%d.%d" % tuple(info["version"][:2]))
    install_packages(missing_packages(files), "building the program")
    return child([venv_python(), ROOT / "packaging" / "bundle.py", *args], cwd=str(ROOT))


def screenshots(args: list[str]) -> int:
    """Take pictures of the window's main states, off screen."""
    install_packages(missing_packages(), "the window")
    return child([prepared(), ROOT / "tools" / "screenshots.py", OUT / "screenshots", *args])


def clean(args: list[str]) -> int:
    """Remove what was built."""
    names = ["build", "dist", "out", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"]
    for name in names + [".venv"] * ("--all" in args):
        shutil.rmtree(str(ROOT / name), ignore_errors=True)
    return 0


VERBS = {
    **{verb.__name__: verb for verb in (run, test, bench, package, screenshots, clean)},
    **{word: lambda args: print(__doc__) or 0 for word in ("help", "-h", "--help")},
}


def main(args: list[str]) -> int:
    """Do what the first word says."""
    verb = args[0] if args else "help"
    if verb not in VERBS:
        say("there is no verb %r; these are: %s" % (verb, ", ".join(VERBS)))
        return 2
    try:
        return VERBS[verb](args[1:])
    except Stop as why:
        say(str(why))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
