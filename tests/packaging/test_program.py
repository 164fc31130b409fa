"""The built program itself: what it needs, where it writes, that it keeps to itself."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import bundle
import contents
import licences
import pinned
import pytest
import self_test
import windows_runtime

FOLDER = bundle.FOLDER
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "assets" / "demo" / "demo.ogg"
#: pip's names for the three systems; a wheel for any of them will do.
SYSTEMS = {
    "windows": ["win_amd64"],
    "macos": [
        *(f"macosx_{n}_0_{a}" for n in (14, 13, 12, 11) for a in ("arm64", "universal2")),
        "macosx_10_9_universal2",
    ],
    "linux": [
        *(f"manylinux_2_{n}_x86_64" for n in (34, 28, 27, 26, 24, 17, 12, 5)),
        "manylinux2014_x86_64",
    ],
}
pytestmark = pytest.mark.long
built = pytest.mark.skipif(
    not (FOLDER / "demixme-cli").is_file(), reason="python3 dev.py package first"
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="about Linux")


# ---------------------------------------------------------------- the pinned packages
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.timeout(900)
def test_every_pinned_package_has_a_wheel_for(system: str, tmp_path: Path) -> None:
    words = [f"--platform={tag}" for tag in SYSTEMS[system]]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--quiet"),
            *("--only-binary=:all:", "--python-version=3.11", "--implementation=cp"),
            *("--target", tmp_path, *words, "-r", pinned.FILE),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def windows_wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Download the wheels that the Windows program is made of."""
    folder = tmp_path_factory.mktemp("wheels")
    words = ["--platform=win_amd64", "--python-version=3.11", "--only-binary=:all:", "--no-deps"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "-d", folder, *words]
    subprocess.run([*pip, "-r", pinned.FILE], check=True)
    return folder


@pytest.mark.timeout(1800)
def test_windows_libraries_have_licences_and_no_newer_toolset(
    windows_wheels: Path, tmp_path: Path
) -> None:
    """The newest runtime that comes along fits the newest linker that was used."""
    pytest.importorskip("pefile")
    left = {f"{name.replace('-', '_')}" for name in licences.BUILD_ONLY} | {"pyinstaller"}
    runtimes: list[tuple[int, ...]] = []
    linkers: dict[str, tuple[int, int]] = {}
    for wheel in sorted(windows_wheels.glob("*.whl")):
        if wheel.name.split("-")[0].lower() in left:
            continue
        with zipfile.ZipFile(wheel) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith((".dll", ".pyd"))]
            names = [n for n in names if contents.needed((n, "", "BINARY"), ())]
            licences.owners(names)
            for name in names:
                path = Path(archive.extract(name, tmp_path))
                if contents.matches(path.name, contents.MSVC) and "-" not in path.name:
                    runtimes.append(windows_runtime.version(path))
                elif "msvcp140.dll" in windows_runtime.imports(path):
                    # C's part of the runtime (vcruntime140) has not changed its face since 2015
                    linkers[name] = windows_runtime.linker(path)
    newest = max(runtimes)
    # linker 14.xx belongs to runtime 14.xx; other numbers are MinGW's
    newer = {n: v for n, v in linkers.items() if v[0] == 14 and v > tuple(newest[:2])}
    assert newer == {}, newest


# ---------------------------------------------------------------- the program
@built
@linux
def test_no_file_needs_a_newer_glibc_than_debian_12_has() -> None:
    assert bundle.too_new(FOLDER) == {}
    assert len(bundle.elf_files(FOLDER)) > 100


@built
@linux
def test_the_systems_sound_stays_the_systems() -> None:
    names = {path.name for path in FOLDER.rglob("*.so*")}
    assert not [n for n in names if n.startswith(("libportaudio", "libjack", "libasound.so"))]


@built
@linux
@pytest.mark.timeout(300)
def test_makes_no_connection_and_writes_only_where_it_should(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not here")
    trace, home, out = tmp_path / "trace", tmp_path / "home", tmp_path / "out"
    words = ["strace", "-f", "-qq", "-e", "trace=connect,openat,mkdir,rename", "-o", trace]
    command = [FOLDER / "demixme-cli", "separate", DEMO, "-o", out, "--quiet"]
    environment = self_test.environment(HOME=str(home), DEMIXME_HOME=str(home))
    environment = {k: v for k, v in environment.items() if k != "CI" and not k.startswith("XDG")}
    subprocess.run([*words, *command], env=environment, check=True, timeout=250)
    rows = trace.read_text("utf-8", errors="replace").splitlines()
    connections = [r for r in rows if " connect(" in r and "AF_UNIX" not in r]
    assert connections == []
    written = [r for r in rows if re.search(r"O_WRONLY|O_RDWR|O_CREAT| mkdir\(| rename\(", r)]
    allowed = (str(home), str(out), "/dev/", "/proc/", "/tmp/demixme", "/dev/shm/")
    names = [re.search(r'"([^"]*)"', r) for r in written]
    elsewhere = {m.group(1) for m in names if m and m.group(1).startswith("/")}
    assert {n for n in elsewhere if not n.startswith(allowed)} == set()
