"""Makes setup.exe and the portable zip out of the Windows program's folder; works on Linux too.

python packaging/windows_installer.py FOLDER SETUP.exe [--sign COMMAND]
python packaging/windows_installer.py FOLDER DemixME-portable.zip
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import version_info

HERE = Path(__file__).resolve().parent
SCRIPT = HERE / "windows" / "installer.nsi"
PORTABLE_NOTE = "Settings, sessions, your own models and the cache of this DemixME are kept here.\n"


def files_of(folder: Path) -> list[str]:
    """Return the files of a folder, as paths with / below it."""
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(found)


def folders_of(files: Iterable[str]) -> list[str]:
    """Return every folder that holds one of the files, the deepest first."""
    found = {str(parent) for name in files for parent in PurePosixPath(name).parents}
    return sorted(found - {"."}, key=lambda name: (-name.count("/"), name))


def quoted(name: str) -> str:
    r"""Return a path as NSIS writes it: with \ between folders, its own $ doubled."""
    return name.replace("$", "$$").replace("/", "\\")


def list_of(folder: Path, text: str) -> str:
    """Return the part of the script that is generated: the files, the version, the song types."""
    files = files_of(folder)
    size_kb = sum((folder / name).stat().st_size for name in files) // 1024
    numbers = ".".join(map(str, version_info.numbers(text)))
    install, at = [], None
    for name in files:
        parent = PurePosixPath(name).parent
        if parent != at:
            below = "" if str(parent) == "." else "\\" + quoted(str(parent))
            install.append(f'  SetOutPath "$INSTDIR{below}"')
            at = parent
        install.append(f'  File "{folder / name}"')
    remove = [f'  Delete "$INSTDIR\\{quoted(name)}"' for name in files]
    remove += [f'  RMDir "$INSTDIR\\{quoted(name)}"' for name in folders_of(files)]
    types = [f"  !insertmacro ${{DO}} {name}" for name in version_info.SONGS]
    return "\n".join(
        [
            f'!define VERSION "{text}"',
            f'!define VERSION_NUMBERS "{numbers}"',
            f"!define SIZE_KB {size_kb}",
            "!macro InstallFiles",
            *install,
            "!macroend",
            "!macro RemoveFiles",
            *remove,
            "!macroend",
            "!macro EachSongType DO",
            *types,
            "!macroend",
            "",
        ]
    )


def make_setup(folder: Path, setup: Path, icon: Path, sign: str = "") -> None:
    """Compile the installer of a folder; whoever calls sees makensis' words when it fails."""
    makensis = shutil.which("makensis")
    if makensis is None:
        raise SystemExit("makensis is not here: apt-get install nsis, or choco install nsis")
    with tempfile.TemporaryDirectory() as place:
        generated = Path(place, "list.nsh")
        generated.write_text(list_of(folder.resolve(), version_info.version()), "utf-8-sig")
        defines = {"LIST": generated, "SETUP": setup.resolve(), "ICON": icon.resolve()}
        if sign:
            defines["SIGN"] = sign
        words = [f"-D{name}={value}" for name, value in defines.items()]
        command = [makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *words, str(SCRIPT)]
        done = subprocess.run(command, cwd=SCRIPT.parent, check=False)
    if done.returncode:
        raise SystemExit(f"makensis ended with {done.returncode}")


def make_portable(folder: Path, path: Path) -> None:
    """Zip a folder with an empty `data` beside the programs, where everything is then kept."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in files_of(folder):
            archive.write(folder / name, f"DemixME/{name}")
        archive.writestr("DemixME/data/README.txt", PORTABLE_NOTE)


def main() -> int:
    """Make what the second word's ending asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("made", type=Path, help="setup.exe or a .zip")
    parser.add_argument("--icon", type=Path, help="default: beside the folder's DemixME.exe")
    parser.add_argument("--sign", default="", help="command that signs the file it is given")
    arguments = parser.parse_args()
    if not (arguments.folder / "DemixME.exe").is_file():
        raise SystemExit(f"{arguments.folder} is not the Windows program's folder")
    if arguments.made.suffix == ".zip":
        make_portable(arguments.folder, arguments.made)
        return 0
    icon = arguments.icon or arguments.folder / "_internal" / "assets" / "demixme.ico"
    make_setup(arguments.folder, arguments.made, icon, arguments.sign)
    return 0


if __name__ == "__main__":
    sys.exit(main())
