"""The starter, dev.py: what it chooses, says and installs; nothing is downloaded here."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dev

SCRIPT = Path(dev.__file__)
GOOD = {
    "executable": "/usr/bin/python3",
    "name": "cpython",
    "version": [3, 12, 4],
    "bits": 64,
    "free_threaded": False,
    "platform": "linux-x86_64",
    "abi": "cpython-312-x86_64-linux-gnu",
    "prefix": "/usr",
    "makes_venv": True,
    "site": "/usr/lib/python3/site-packages",
}


# ---------------------------------------------------------------- the file itself
def test_parses_as_python_3_8_and_needs_only_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 8))
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [str(node.module)]
        assert {n.split(".")[0] for n in names} <= sys.stdlib_module_names


def _old_python() -> str | None:
    homes = Path("~/.pyenv/versions").expanduser().glob("3.[89].*/bin/python3")
    return next((str(p) for p in sorted(homes)), None) or shutil.which("python3.8")


@pytest.mark.skipif(_old_python() is None, reason="no Python 3.8 or 3.9 on this machine")
def test_speaks_under_an_old_python() -> None:
    old = str(_old_python())
    done = subprocess.run([old, SCRIPT, "help"], capture_output=True, text=True, check=True)
    assert "run [SONG]" in done.stdout
    assert subprocess.run([old, SCRIPT, "fly"], capture_output=True, check=False).returncode == 2


def test_unknown_verb_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "run, test, bench, package" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 3, 130])
def test_exit_code_of_the_child_is_passed_on(code: int) -> None:
    assert dev.child([sys.executable, "-c", f"import sys; sys.exit({code})"]) == code


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_child_ended_by_a_signal_gives_128_and_the_signal() -> None:
    assert dev.child([sys.executable, "-c", "import os; os.kill(os.getpid(), 15)"]) == 143


# ---------------------------------------------------------------- a fitting Python
@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"version": [3, 11, 0]}, True),
        ({"version": [3, 14, 2]}, True),
        ({"version": [3, 10, 9]}, False),
        ({"version": [3, 15, 0]}, False),
        ({"name": "pypy"}, False),
        ({"bits": 32}, False),
        ({"free_threaded": True}, False),
        ({"platform": "win-amd64"}, True),
        ({"platform": "win-arm64"}, False),
        ({"platform": "win32"}, False),
    ],
)
def test_which_python_fits(change: dict[str, Any], fits: bool) -> None:
    assert dev.fits({**GOOD, **change}) is fits


def test_what_does_not_run_does_not_fit(tmp_path: Path) -> None:
    assert dev.fits(dev.probe(tmp_path / "nothing")) is False


def test_this_python_fits() -> None:
    info = dev.probe(sys.executable)
    assert tuple(info["version"]) == sys.version_info[:3]
    assert dev.fits(info)


def test_pythons_of_the_windows_launcher() -> None:
    listing = (
        " -V:3.14t         C:\\Users\\José Díaz\\Python314\\python3.14t.exe\r\n"
        " -V:3.12 *        C:\\Program Files\\Python312\\python.exe\r\n"
        " -3.11-64         D:\\py\\python.exe\n"
        "Installed Pythons found by py Launcher\n"
    )
    assert dev.from_launcher(listing) == [
        "C:\\Users\\José Díaz\\Python314\\python3.14t.exe",
        "C:\\Program Files\\Python312\\python.exe",
        "D:\\py\\python.exe",
    ]


def test_the_stores_stub_is_never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    stub = "C:\\Users\\x\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe"
    started = []

    def probe(python: str) -> dict[str, Any]:
        started.append(python)
        return GOOD

    monkeypatch.setattr(dev, "probe", probe)
    monkeypatch.setattr(dev, "pythons", lambda: iter([stub, "", "C:\\py\\python.exe"]))
    assert dev.find_python() == GOOD
    assert started == ["C:\\py\\python.exe"]


def test_without_a_fitting_python_one_command_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "install_packages", lambda names, why: True)
    monkeypatch.setattr(dev, "pythons", lambda: iter([sys.executable]))
    monkeypatch.setattr(dev, "probe", lambda python: {**GOOD, "version": [3, 8, 1]})
    monkeypatch.setattr(dev, "python_command", lambda: "get python")
    assert dev.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "CPython 3.11 to 3.14" in said
    assert "\n    get python\n" in said


@pytest.mark.parametrize(
    ("system", "tools", "command"),
    [
        ("WINDOWS", [], "winget install --exact --id Python.Python.3.13 --architecture x64"),
        ("MACOS", ["brew"], "brew install python@3.13"),
        ("LINUX", ["dnf"], "dnf install python3.12"),
        ("LINUX", ["pacman"], "pacman -S python"),
        ("LINUX", ["apt-get"], "apt-get install python3.12 python3.12-venv"),
        ("LINUX", [], "uv python install 3.13"),
        ("MACOS", [], "uv python install 3.13"),
    ],
)
def test_the_command_that_installs_a_python(
    system: str, tools: list[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WINDOWS", "MACOS", "LINUX"):
        monkeypatch.setattr(dev, name, name == system)
    monkeypatch.setattr(shutil, "which", lambda name: name if name in tools else None)
    known = "python3.12:\n  Candidate: 3.12.3-1\n"
    monkeypatch.setattr(dev, "answer", lambda words: known if words[-1] == "python3.12" else "")
    assert dev.python_command().removeprefix("sudo ").endswith(command)


@pytest.mark.parametrize(
    ("abi", "mac", "libc", "says"),
    [
        ("cpython-312-x86_64-linux-gnu", "", ("glibc", "2.36"), ""),
        ("cpython-312-x86_64-linux-gnu", "", ("glibc", "2.28"), ""),
        ("cpython-312-x86_64-linux-gnu", "", ("glibc", "2.17"), "glibc 2.17: 2.28 or newer"),
        ("cpython-312-x86_64-linux-musl", "", ("", ""), "musl"),
        ("cpython-312-darwin", "13.6.1\n", ("", ""), "macOS 13.6.1: 14 or newer"),
        ("cpython-312-darwin", "14.0\n", ("", ""), ""),
    ],
)
def test_says_where_no_wheels_exist(
    abi: str, mac: str, libc: tuple[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "MACOS", bool(mac))
    monkeypatch.setattr(dev, "answer", lambda words: mac)
    monkeypatch.setattr(dev.platform, "libc_ver", lambda: libc)
    sentence = dev.no_wheels(abi)
    assert (says in sentence) if says else sentence == ""


# ---------------------------------------------------------------- system packages
def test_missing_libraries_are_called_by_their_debian_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    libraries = [pair.split("=")[0] for pair in dev.LIBRARIES.split()]
    there = "\n".join(x for x in libraries if "xcb-cursor" not in x and "portaudio" not in x)
    monkeypatch.setattr(dev, "answer", lambda words: there)
    missing = dev.missing_packages("/no/such/file=some-package " + __file__ + "=present")
    assert {"libportaudio2", "libxcb-cursor0", "some-package"} <= set(missing)
    assert not {"libgl1", "present"} & set(missing)


@pytest.mark.skipif(not dev.LINUX, reason="apt")
@pytest.mark.parametrize(("root", "sudo", "installs"), [(0, 1, True), (7, 0, True), (7, 1, False)])
def test_packages_are_installed_only_where_no_password_is_asked(
    root: int,
    sudo: int,
    installs: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "geteuid", lambda: root)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(subprocess, "call", lambda words: sudo)
    monkeypatch.setattr(dev, "child", lambda words, **options: started.append(words) or 0)
    assert dev.install_packages(["libegl1"], "the window") is installs
    assert "apt-get install -y --no-install-recommends libegl1" in capsys.readouterr().err
    assert bool(started) is installs
    assert all(words[0] == ("env" if root == 0 else "sudo") for words in started)


# ---------------------------------------------------------------- the environment
@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two packages to install, and a pip that only notes what it is told."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    _write_project(tmp_path, "numpy>=2")
    return tmp_path


def _write_project(folder: Path, runtime: str) -> None:
    text = f'[project]\ndependencies = ["{runtime}"]\n'
    text += '[project.optional-dependencies]\ndev = ["pytest"]\n'
    (folder / "pyproject.toml").write_text(text, "utf-8")


class FakePip:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[list[str]] = []
        self.code = 0
        self._child = dev.child
        monkeypatch.setattr(dev, "child", self)

    def __call__(self, words: list[Any], **options: Any) -> int:
        command = [str(w) for w in words]
        if "pip" in command:
            self.calls.append(command[command.index("install") + 1 :])
            return self.code
        if "venv" in command:
            command.append("--without-pip")
        return self._child(command, **options)


def test_packages_are_installed_once_and_again_after_a_change(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = FakePip(monkeypatch)
    python = dev.prepared()
    assert pip.calls == [["--disable-pip-version-check", "--only-binary=:all:", "numpy>=2"]]
    dev.prepared()
    assert len(pip.calls) == 1
    dev.prepared(("dev",))
    assert pip.calls[1:] == [["--disable-pip-version-check", "pytest"]]
    _write_project(checkout, "numpy>=3")
    dev.prepared(("dev",))
    assert pip.calls[2:] == [["--disable-pip-version-check", "--only-binary=:all:", "numpy>=3"]]
    ask = [str(python), "-c", "import demixme_here; print(demixme_here.__file__)"]
    (checkout / "demixme_here.py").write_text("", "utf-8")
    found = subprocess.run(ask, cwd="/", capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()) == checkout / "demixme_here.py"


@pytest.mark.parametrize(("card", "there"), [(None, 0), (None, 1), ("/usr/bin/nvidia-smi", 0)])
def test_the_small_torch_is_taken_where_it_is_to_be_had_and_will_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], card: Any, there: int
) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(dev, "LINUX", True)
    monkeypatch.setattr(dev.shutil, "which", lambda name: card)
    monkeypatch.setattr(dev, "child", lambda words, **o: calls.append(words) or there)
    for wanted in ("numpy>=2", "torch==2.13.0"):
        dev.take_small_torch(["pip"], [wanted])
    assert [c[-1] for c in calls] == ([] if card else ["torch==2.13.0+cpu"])
    assert ("docs/TRAINING.md" in capsys.readouterr().err) is bool(there)


def test_what_pip_could_not_install_is_tried_again(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = FakePip(monkeypatch)
    pip.code = 1
    for _ in (1, 2):
        with pytest.raises(dev.Stop, match="online"):
            dev.prepared()
    assert len(pip.calls) == 2


def test_environment_from_elsewhere_is_made_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = FakePip(monkeypatch)
    dev.prepared()
    stamp = checkout / ".venv" / "demixme.json"
    said = json.loads(stamp.read_text("utf-8"))
    stamp.write_text(json.dumps({**said, "folder": "/elsewhere/.venv"}), "utf-8")
    (checkout / ".venv" / "left-over").touch()
    dev.prepared()
    assert len(pip.calls) == 2
    assert not (checkout / ".venv" / "left-over").exists()


def test_broken_environment_is_made_anew(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = FakePip(monkeypatch)
    dev.prepared()
    python = dev.venv_python()
    python.unlink()
    python.symlink_to(checkout / "gone")
    dev.prepared()
    assert len(pip.calls) == 2
    assert dev.fits(dev.probe(python))


def test_a_folder_that_is_no_environment_is_left_alone(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FakePip(monkeypatch)
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "thesis.txt").touch()
    with pytest.raises(dev.Stop, match="move it away"):
        dev.prepared()
    assert (checkout / ".venv" / "thesis.txt").exists()


# ---------------------------------------------------------------- verbs
@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that verbs start, instead of starting them."""
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "prepared", lambda extras=(): Path("python"))
    monkeypatch.setattr(dev, "install_packages", lambda names, why: True)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        dev, "child", lambda words, **o: commands.append([str(w) for w in words[3:]]) or 0
    )
    return commands


def test_run_passes_any_command_on(started: list[list[str]]) -> None:
    assert dev.main(["run", "--", "separate", "a b.mp3", "--quiet"]) == 0
    assert started == [["separate", "a b.mp3", "--quiet"]]


def test_run_opens_the_song_or_the_demo(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    dev.main(["run", "song.mp3"])
    dev.main(["run"])
    assert started[0] == ["song.mp3"]
    assert Path(started[1][0]).is_file()


@pytest.mark.skipif(not dev.LINUX, reason="elsewhere there always is a display")
def test_run_without_a_display_says_so_and_does_the_job_headless(
    started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    dev.main(["run", "song.mp3"])
    assert started == [["headless", "song.mp3", "-o", str(dev.OUT)]]
    assert "no display" in capsys.readouterr().err


@pytest.mark.skipif(not dev.LINUX, reason="elsewhere there always is a display")
def test_run_on_a_display_that_does_not_answer_does_the_job_headless(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":99")
    codes = iter([dev.NO_WINDOW, 0])
    monkeypatch.setattr(
        dev, "child", lambda words, **o: started.append([str(w) for w in words[3:]]) or next(codes)
    )
    assert dev.main(["run", "song.mp3"]) == 0
    assert started == [["song.mp3"], ["headless", "song.mp3", "-o", str(dev.OUT)]]


def test_a_failed_check_fails_the_test_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "prepared", lambda extras=(): Path("python"))
    monkeypatch.setattr(dev, "install_packages", lambda names, why: True)
    monkeypatch.setattr(dev, "child", lambda words, **o: 5 if "mypy" in words else 0)
    assert dev.main(["test"]) == 5
    assert "failed before the tests: mypy" in capsys.readouterr().err
    monkeypatch.setattr(dev, "child", lambda words, **o: 1 if "pytest" in words else 0)
    assert dev.main(["test"]) == 1


def test_bench_names_the_benchmarks_there_are(
    started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["bench", "nothing"]) == 1
    assert "No benchmark nothing" in capsys.readouterr().err
    assert started == []
