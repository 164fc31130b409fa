"""The Windows installer: what its script may and may not do, and that it compiles."""

import re
import shutil
import zipfile
from pathlib import Path

import drawn_icons
import pytest
import version_info
import windows_installer

WINDOWS = windows_installer.SCRIPT.parent
NO_COMMENT = re.compile(r"^\s*;.*$", re.MULTILINE)


def script() -> str:
    texts = [path.read_text("utf-8") for path in sorted(WINDOWS.glob("*.ns[ih]"))]
    return NO_COMMENT.sub("", "\n".join(texts))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like the program's, with names that are not plain."""
    made = tmp_path / "DemixME"
    for name in ("DemixME.exe", "demixme-cli.exe", "_internal/models/m.onnx", "_internal/ñ $x.txt"):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"MZ")
    return made


# ---------------------------------------------------------------- rules
def test_only_caches_are_removed_as_a_whole() -> None:
    removed = re.findall(r"RMDir\s+/r\s+(.*)", script())
    assert removed == [
        '"$LOCALAPPDATA\\DemixME\\Cache"',
        '"$LOCALAPPDATA\\DemixME\\Logs"',
    ]


def test_needs_no_administrator_and_writes_for_one_person_only() -> None:
    text = script()
    assert "RequestExecutionLevel user" in text
    assert "SetShellVarContext all" not in text
    roots = set(re.findall(r"\b(HK[A-Z]+)\b", text))
    assert roots == {"HKCU"}


def test_never_takes_the_default_for_songs() -> None:
    """Of a song's type only its list of programs to open with is written."""
    text = script()
    writes = re.findall(r'WriteRegStr HKCU "\$\{CLASSES\}\\(\.[^"]*)" "([^"]*)"', text)
    assert writes == [(".${TYPE}\\OpenWithProgids", "DemixME.Song"), (".demix", "")]
    assert "UserChoice" not in text


def test_uninstalling_removes_only_our_keys() -> None:
    """Whole keys that go are ours, or empty."""
    text = script()
    removed = re.findall(r'DeleteRegKey HKCU "(.*)"', text)
    assert sorted(removed) == [
        "${CLASSES}\\Applications\\DemixME.exe",
        "${CLASSES}\\DemixME.Session",
        "${CLASSES}\\DemixME.Song",
        "${UNINSTALL}",
    ]
    values = re.findall(r'DeleteRegValue HKCU "(.*)" "(.*)"', text)
    assert set(values) == {
        ("${CLASSES}\\.${TYPE}\\OpenWithProgids", "DemixME.Song"),
        ("${CLASSES}\\.demix", ""),
    }


def test_paths_are_quoted_and_several_songs_make_one_start() -> None:
    text = script()
    assert '\'"$INSTDIR\\DemixME.exe" "%1"\'' in text
    assert '"MultiSelectModel" "Player"' in text
    assert "SupportedTypes" in text


def test_refuses_old_and_32_bit_windows_and_a_running_program() -> None:
    text = script()
    assert "${RunningX64}" in text
    assert "${AtLeastBuild} 17763" in text  # Windows 10 1809
    init = text[text.index("Function .onInit") :]
    assert "RefuseOldWindows" in init[: init.index("FunctionEnd")]
    for end in ("RUNNING", "REFUSED"):
        assert re.search(rf"SetErrorLevel \$\{{{end}\}}\s+Quit", text)
    # every question has an answer of its own when nobody is there
    assert all("/SD ID" in row for row in text.splitlines() if "MessageBox" in row)


def test_an_older_version_takes_its_own_list_with_it_before_the_new_one_comes() -> None:
    text = script()
    old = text.index("uninstall.exe\" /S /KEEPCACHE _?=$INSTDIR'")
    assert old < text.index("!insertmacro InstallFiles")


# ---------------------------------------------------------------- the generated list
def test_the_list_removes_what_it_installs_and_nothing_else(folder: Path) -> None:
    text = windows_installer.list_of(folder, "1.2.3")
    installed = {Path(p).relative_to(folder).as_posix() for p in re.findall(r'File "(.*)"', text)}
    removed = {
        p.replace("\\", "/").replace("$$", "$")
        for p in re.findall(r'Delete "\$INSTDIR\\(.*)"', text)
    }
    assert installed == removed == set(windows_installer.files_of(folder))
    assert re.findall(r'RMDir "\$INSTDIR\\(.*)"', text) == ["_internal\\models", "_internal"]


def test_the_song_types_are_those_that_the_program_says_it_opens(folder: Path) -> None:
    text = windows_installer.list_of(folder, "1.2.3")
    assert set(re.findall(r"\$\{DO\} (\w+)", text)) == set(version_info.SONGS)


@pytest.mark.skipif(shutil.which("makensis") is None, reason="makensis is not here")
@pytest.mark.parametrize("sign", ["", "true"])
def test_compiles(folder: Path, tmp_path: Path, sign: str) -> None:
    icon = tmp_path / "demixme.ico"
    icon.write_bytes(drawn_icons.ico({16: b"\x89PNG", 32: b"\x89PNG"}))
    setup = tmp_path / "DemixME-setup.exe"
    windows_installer.make_setup(folder, setup, icon, sign)
    data = setup.read_bytes()
    assert data[:2] == b"MZ"
    assert "0.1.0".encode("utf-16le") in data  # the version resource


def test_portable_zip_keeps_a_data_folder_beside_the_program(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "portable.zip"
    windows_installer.make_portable(folder, path)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    assert "DemixME/data/README.txt" in names
    assert "DemixME/_internal/ñ $x.txt" in names
    assert names - {"DemixME/data/README.txt"} == {
        f"DemixME/{name}" for name in windows_installer.files_of(folder)
    }


# ---------------------------------------------------------------- icon and version
def test_icons_hold_every_size() -> None:
    pictures = {16: b"\x89PNG16", 256: b"\x89PNG256"}
    data = drawn_icons.ico(pictures)
    assert data[:6] == b"\x00\x00\x01\x00\x02\x00"
    assert all(picture in data for picture in pictures.values())
    data = drawn_icons.icns(pictures)
    assert data[:4] == b"icns"
    assert int.from_bytes(data[4:8], "big") == len(data)


def test_the_icon_is_drawn() -> None:
    assert drawn_icons.png(32)[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("text", "four"),
    [("1.2.3", (1, 2, 3, 0)), ("0.1.0rc2", (0, 1, 0, 2)), ("2.0+local.7", (2, 0, 0, 0))],
)
def test_version_in_four_numbers(text: str, four: tuple[int, ...]) -> None:
    assert version_info.numbers(text) == four


def test_one_version_number_is_everywhere() -> None:
    import demixme

    assert version_info.version() == demixme.__version__
    assert repr(demixme.__version__) in version_info.windows_resource(
        "DemixME", demixme.__version__
    )
    assert version_info.info_plist()["CFBundleShortVersionString"] == demixme.__version__


def test_macos_opens_songs_and_owns_sessions() -> None:
    types = version_info.info_plist()["CFBundleDocumentTypes"]
    assert [t["LSHandlerRank"] for t in types] == ["Alternate", "Owner"]
