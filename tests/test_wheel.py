"""What people install: the sdist and the wheel hold all they need, and the wheel works anywhere."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

import demixme

ROOT = Path(__file__).parents[1]
RATE = 44100
#: Put into an environment, it makes the packages of the window and of live sound unusable there.
WITHOUT_QT_AND_PORTAUDIO = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError("libEGL.so.1: cannot open shared object file")
        if top == "sounddevice":
            raise OSError("PortAudio library not found")

sys.meta_path.insert(0, Missing())
"""


# ---------------------------------------------------------------- what is built
@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and from it the wheel; return their folder."""
    folder = tmp_path_factory.mktemp("built")
    words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("demixme-*.whl")
    return found


def shipped() -> set[str]:
    """Return the files of ours that nothing works without, as they lie in the repository."""
    tracked = subprocess.run(
        ["git", "ls-files", "models", "assets", "demixme"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    return {name for name in tracked if name and (ROOT / name).is_file()}


def test_sdist_holds_models_assets_and_tests(built: Path) -> None:
    (path,) = built.glob("demixme-*.tar.gz")
    with tarfile.open(path) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    assert {"models/default.onnx", "models/default.json", "assets/demo/demo.ogg"} <= names
    assert {"pyproject.toml", "LICENSE", "README.md", "dev.py", "tests/conftest.py"} <= names
    assert shipped() <= names
    assert [n for n in names if n.startswith((".venv", "out/", "dist/"))] == []


def test_wheel_holds_models_and_assets_inside_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"demixme/models/default.onnx", "demixme/assets/demo/demo.ogg"} <= names
    checkpoint = "models/checkpoints/"
    kept = {n for n in shipped() if not n.startswith(checkpoint)}
    inside = {n if n.startswith("demixme/") else f"demixme/{n}" for n in kept}
    assert [n for n in names if checkpoint in n] == []
    assert inside <= names
    assert {n.split("/")[0] for n in names} == {
        "demixme",
        f"demixme-{demixme.__version__}.dist-info",
    }


# ---------------------------------------------------------------- what is installed
class Installed:
    """An environment of its own with the wheel in it."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
        scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = scripts / ("python.exe" if os.name == "nt" else "python")
        self.demixme = scripts / ("demixme.exe" if os.name == "nt" else "demixme")
        ask = [self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        self.site = Path(subprocess.check_output(ask, text=True).strip())

    def install(self, wheel: Path, *options: str) -> None:
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", *options, wheel]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    def run(self, *words: object, folder: Path) -> subprocess.CompletedProcess[str]:
        command = [str(self.demixme), *(str(w) for w in words)]
        return subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", timeout=240, check=False
        )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel alone in an environment; the packages it needs are borrowed from this one."""
    made = Installed(tmp_path_factory.mktemp("installed"))
    made.install(wheel, "--no-deps", "--no-index")
    # a .pth inside a borrowed folder is not read: our checkout stays out of sight
    borrowed = sysconfig.get_path("purelib")
    (made.site / "borrowed.pth").write_text(borrowed + "\n", "utf-8")
    return made


@pytest.fixture
def somewhere(tmp_path: Path) -> Path:
    """A folder far from the checkout, with a song of two seconds whose name is not plain."""
    rng = np.random.default_rng(4)
    t = np.arange(2 * RATE) / RATE
    song = 0.2 * np.sin(2 * np.pi * 220 * t)[:, None] + 0.05 * rng.standard_normal((len(t), 2))
    soundfile.write(tmp_path / "canción 1.wav", song, RATE, "PCM_16")
    return tmp_path


def check_separates(installed: Installed, folder: Path) -> None:
    """Separate the song of `folder` and hold the written parts against it."""
    done = installed.run("separate", "canción 1.wav", "-o", "parts", "--quiet", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    written = sorted(p.relative_to(folder / "parts") for p in (folder / "parts").rglob("*.wav"))
    parts = ("bass", "drums", "other", "vocals")
    assert written == [Path("canción 1", f"{name}.wav") for name in parts]
    song, rate = soundfile.read(folder / "canción 1.wav", dtype="int16")
    read = [soundfile.read(folder / "parts" / p, dtype="int16") for p in written]
    assert {r for _, r in read} == {rate}
    total = np.sum([x.astype(np.int32) for x, _ in read], axis=0)
    np.testing.assert_array_equal(total, song)  # nothing clips: exactly the song


def test_the_installed_package_is_the_wheels(installed: Installed, somewhere: Path) -> None:
    ask = "import demixme.resources as r; print(r.__file__); print(r.models_folder())"
    said = subprocess.check_output([installed.python, "-c", ask], cwd=somewhere, text=True)
    module, models = (Path(line).resolve() for line in said.splitlines())
    assert module.parent == (installed.site / "demixme").resolve()
    assert models == module.parent / "models"


def test_version(installed: Installed, somewhere: Path) -> None:
    done = installed.run("--version", folder=somewhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"DemixME {demixme.__version__}"


def test_separates_from_any_folder(installed: Installed, somewhere: Path) -> None:
    check_separates(installed, somewhere)


def test_python_call(installed: Installed, somewhere: Path) -> None:
    ask = (
        "import demixme, json; parts = demixme.separate('canción 1.wav');"
        "print(json.dumps({name: [list(x.shape), str(x.dtype)] for name, x in parts.items()}))"
    )
    words = [installed.python, "-X", "utf8", "-c", ask]
    said = json.loads(subprocess.check_output(words, cwd=somewhere, text=True))
    assert list(said) == ["vocals", "drums", "bass", "other"]  # as the strips stand
    assert all(facts == [[2 * RATE, 2], "float32"] for facts in said.values())


def test_works_without_qt_and_portaudio(installed: Installed, somewhere: Path) -> None:
    poor = installed.site / "sitecustomize.py"
    poor.write_text(WITHOUT_QT_AND_PORTAUDIO, "utf-8")
    try:
        missing = subprocess.run([installed.python, "-c", "import PySide6"], capture_output=True)
        assert missing.returncode == 1
        check_separates(installed, somewhere)
        song = "canción 1.wav"
        for words in (
            ("remix", song, "-o", "out.wav", "--mute", "vocals", "--quiet"),
            ("nulltest", song, "--quiet"),
            ("doctor",),
        ):
            done = installed.run(*words, folder=somewhere)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
    finally:
        poor.unlink()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_installs_into_an_empty_environment_with_all_it_needs(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory, somewhere: Path
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    try:
        made = Installed(folder)
        made.install(wheel, "--only-binary=:all:")
        check_separates(made, somewhere)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
