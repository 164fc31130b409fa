"""The table of licences: every library has one, and its text is really there."""

from pathlib import Path

import licences
import pinned
import pytest

SITE = Path(pytest.__file__).parents[1]


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", "Qt"),
        ("PySide6/Qt6Core.dll", "Qt"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "Qt"),
        ("PySide6/plugins/platforms/qwindows.dll", "Qt"),
        ("PySide6/QtCore.abi3.so", "PySide6 and Shiboken"),
        ("av.libs/libavcodec-5e6b81c2.so.62.28.102", "FFmpeg, in PyAV"),
        ("av.libs\\avcodec-62-984de33114b7fa384296817dec999c9d.dll", "FFmpeg, in PyAV"),
        ("av/.dylibs/libavcodec.62.28.102.dylib", "FFmpeg, in PyAV"),
        ("av.libs/libxcb-5ddf6756.so.1.1.0", "libxcb and libXau, in PyAV"),
        ("libxcb-cursor.so.0", "XCB and xkbcommon, of the X display"),
        ("av/audio/frame.abi3.so", "PyAV"),
        ("numpy.libs/libscipy_openblas64_-32a4.so", "OpenBLAS and LAPACK, in NumPy and SciPy"),
        ("numpy/_core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so", "NumPy"),
        ("python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so", "Python"),
        ("_socket.pyd", "Python"),
        ("msvcp140.dll", "Microsoft Visual C++ runtime"),
    ],
)
def test_whose_a_library_is(name: str, owner: str) -> None:
    assert licences.is_library(name)
    found = licences.owner(name, licences.table())
    assert found is not None
    assert found.name == owner


def test_a_library_of_nobody_stops_the_build() -> None:
    with pytest.raises(licences.LicenceMissing, match=r"libstrange\.so\.4"):
        licences.owners(["libpython3.11.so.1.0", "some/libstrange.so.4", "notes.txt"])


def test_every_pinned_package_is_in_the_table_or_stays_behind() -> None:
    named = {pinned.plain(p) for row in licences.table() for p in row.packages}
    assert set(pinned.versions()) == named | licences.BUILD_ONLY


def test_versions_read_from_a_wheel_hold_for_that_wheel_only() -> None:
    row = next(r for r in licences.table() if r.name.startswith("FFmpeg"))
    assert licences.version_of(row, pinned.versions()) == "8.1.2"
    with pytest.raises(licences.LicenceMissing, match="read its versions again"):
        licences.version_of(row, pinned.versions() | {"av": "19.0.0"})


@pytest.mark.parametrize("row", licences.table(), ids=lambda row: row.name)
def test_each_text_is_there_and_is_a_licence(row: licences.Component) -> None:
    assert row.texts or row.name.startswith("Microsoft")
    for text in row.texts:
        if isinstance(text, str):
            words = (licences.TEXTS / text).read_text("utf-8").lower()
            assert "copyright" in words
            assert any(w in words for w in ("license", "licence", "permission"))


def test_no_text_lies_about_unused() -> None:
    used = {t for row in licences.table() for t in row.texts if isinstance(t, str)}
    assert {p.name for p in licences.TEXTS.iterdir()} == used


def test_a_packages_text_must_hold_what_we_read_in_it(tmp_path: Path) -> None:
    (tmp_path / "x-1.dist-info").mkdir()
    (tmp_path / "x-1.dist-info" / "LICENSE").write_text("commercial terms", "utf-8")
    with pytest.raises(licences.LicenceMissing, match="does not hold"):
        licences.text_of(["x-*.dist-info/LICENSE", "GNU"], tmp_path)
    name, _ = licences.text_of(["x-*.dist-info/LICENSE", "commercial"], tmp_path)
    assert name == "x-1.dist-info LICENSE.txt"


def test_sources_name_version_licence_and_address(tmp_path: Path) -> None:
    row = next(r for r in licences.table() if r.name.startswith("x265"))
    text = licences.sources(
        [row], {row.name: ["av.libs/libx265-f5385bb8.so.216"]}, pinned.versions()
    )
    assert "version: 4.2" in text
    assert "GPL-2.0-or-later" in text
    assert "https://bitbucket.org/multicoreware/x265_git/downloads/x265_4.2.tar.gz" in text
    assert "libx265-f5385bb8.so.216" in text
