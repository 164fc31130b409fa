"""What Linux desktops read about the program."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import contents
import pytest
import version_info

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")


def entry(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, "utf-8")
    return parser["Desktop Entry"]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "My $Programs" / "Demix ME" / "_internal" / "share"
    for name, source in contents.desktop_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / name)
    return folder


def test_the_entry_opens_the_songs_and_sessions_we_say(share: Path) -> None:
    row = entry(share / "applications" / "demixme.desktop")
    types = row["MimeType"].split(";")
    assert version_info.SESSION_MIME in types
    assert set(version_info.SONGS.values()) <= set(types)
    assert row["Exec"].endswith(" %F")


def test_the_session_type_is_declared(share: Path) -> None:
    root = ElementTree.parse(share / "mime" / "packages" / "demixme.xml").getroot()
    name = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert root.find(f"{name}mime-type").attrib["type"] == version_info.SESSION_MIME
    assert root.find(f"{name}mime-type/{name}glob").attrib["pattern"] == "*.demix"


def test_adds_itself_to_the_menu_and_goes_again(share: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = {"XDG_DATA_HOME": str(data), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    script = share / "add-to-menu.sh"
    subprocess.run(["sh", script], env=environment, check=True)
    made = data / "applications" / "demixme.desktop"
    program = share.parents[1] / "DemixME"
    assert entry(made)["Exec"] == '"' + str(program).replace("$", "\\\\$") + '" %F'
    assert (data / "icons" / "hicolor" / "scalable" / "apps" / "demixme.svg").is_file()
    subprocess.run(["sh", script, "--remove"], env=environment, check=True)
    assert not made.exists()
