"""What belongs into the program's folder."""

import sys
from pathlib import Path

import bundle
import contents
import pinned
import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = Path("/env")

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6\\opengl32sw.dll", False),
        ("PySide6/Qt/translations/qtbase_es.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("_sounddevice_data/portaudio-binaries/libportaudio64bit.dll", True),
        ("_sounddevice_data/portaudio-binaries/libportaudio64bit-asio.dll", False),
        ("_sounddevice_data/portaudio-binaries/libportaudio32bit.dll", False),
        ("numpy/_core/_multiarray_umath.so", True),
    ],
)
def test_what_goes_along(name: str, kept: bool) -> None:
    assert contents.needed((name, "/env/" + name, "BINARY"), [ENVIRONMENT]) is kept


@linux
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("libportaudio.so.2", False),
        ("libasound.so.2", False),
        ("libjack.so.0", False),
        ("libstdc++.so.6", False),
        ("libfontconfig.so.1", False),
        ("libxcb.so.1", False),
        ("libxcb-cursor.so.0", True),
        ("libpython3.11.so.1.0", True),
    ],
)
def test_the_systems_libraries_stay_the_systems(name: str, kept: bool) -> None:
    assert contents.needed((name, f"/usr/lib/{name}", "BINARY"), [ENVIRONMENT]) is kept


@linux
def test_links_to_what_stays_out_stay_out() -> None:
    at = str(contents.environments()[0])
    entries = [
        ("PySide6/Qt/lib/libQt6Core.so.6", f"{at}/a", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Quick.so.6", "PySide6/Qt/lib/libQt6Quick.so.6", "SYMLINK"),
        ("PySide6/Qt/lib/libQt6Quick.so.6", f"{at}/b", "BINARY"),
    ]
    assert [e[0] for e in contents.chosen(entries)] == [e[0] for e in entries[:2]]


def test_one_copy_of_the_microsoft_runtime() -> None:
    entries = [
        ("PySide6\\MSVCP140.dll", "a", "BINARY"),
        ("shiboken6/vcruntime140_1.dll", "b", "BINARY"),
        ("vcruntime140.dll", "c", "BINARY"),
        ("numpy/x.pyd", "d", "EXTENSION"),
    ]
    newest = {"msvcp140.dll": "new/msvcp140.dll", "vcruntime140.dll": "new/vcruntime140.dll"}
    assert contents.one_runtime(entries, newest) == [
        entries[3],
        ("msvcp140.dll", "new/msvcp140.dll", "BINARY"),
        ("vcruntime140.dll", "new/vcruntime140.dll", "BINARY"),
    ]


def test_every_room_that_can_open_is_named() -> None:
    named = contents.own_modules()
    assert {"demixme.ui.app", "demixme.cli", "demixme.engine.device"} <= set(named)
    assert not [m for m in named if m.startswith(("demixme.training", "demixme.evaluation"))]


def test_scipy_stays_small_only_while_nobody_imports_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "app_imports", lambda: {"numpy", "scipy.fft"})
    assert "scipy.optimize" in contents.left_out()
    monkeypatch.setattr(contents, "app_imports", lambda: {"scipy.signal.resample"})
    assert "scipy.optimize" not in contents.left_out()


# ---------------------------------------------------------------- what PyInstaller says
def test_a_library_that_is_not_found_is_an_error() -> None:
    log = (
        "1 WARNING: Library not found: could not resolve 'libx.so', dependency of "
        "'/e/PySide6/Qt/plugins/platforms/libqxcb.so'.\n"
        "2 WARNING: Library not found: could not resolve 'libgtk-3.so.0', dependency of "
        "'/e/PySide6/Qt/plugins/platformthemes/libqgtk3.so'.\n"
        "3 WARNING: Library shell32 required via ctypes not found\n"
        '4 WARNING: Hidden import "scipy.special._cdflib" not found!\n'
        "5 ERROR: Hidden import 'demixme.ui.gone' not found\n"
    )
    assert [line[0] for line in bundle.complaints(log)] == ["1", "5"]


def test_every_dependency_is_pinned() -> None:
    wanted = {pinned.plain(name) for name in contents.packages()}
    assert wanted <= set(pinned.versions())
    assert {"pyinstaller", "pefile", "pywin32-ctypes", "macholib"} <= set(pinned.versions())


def test_both_programs_begin_where_children_begin() -> None:
    """Hidden verbs of child processes are known to `demixme.__main__` alone."""
    text = (ROOT / "packaging" / "entry.py").read_text("utf-8")
    assert "from demixme.__main__ import main" in text
    code = [row for row in text.splitlines() if row and not row.startswith(("import", '"""'))]
    assert code[0] == "multiprocessing.freeze_support()"
