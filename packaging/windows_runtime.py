"""Microsoft's C++ runtime: several packages bring it, one copy of the newest goes along."""

from collections.abc import Iterable
from pathlib import Path

import contents


def version(path: Path) -> tuple[int, ...]:
    """Return the file version of a Windows library."""
    import pefile

    with pefile.PE(str(path), fast_load=True) as library:
        library.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        fixed = library.VS_FIXEDFILEINFO[0]
        return (
            *divmod(fixed.FileVersionMS, 1 << 16),
            *divmod(fixed.FileVersionLS, 1 << 16),
        )


def linker(path: Path) -> tuple[int, int]:
    """Return the version of the linker that made a Windows library: (14, minor of the toolset)."""
    import pefile

    with pefile.PE(str(path), fast_load=True) as library:
        head = library.OPTIONAL_HEADER
        return head.MajorLinkerVersion, head.MinorLinkerVersion


def imports(path: Path) -> set[str]:
    """Return the libraries that a Windows library is linked with, in small letters."""
    import pefile

    with pefile.PE(str(path), fast_load=True) as library:
        library.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        return {e.dll.decode().lower() for e in getattr(library, "DIRECTORY_ENTRY_IMPORT", ())}


def newest(folders: Iterable[Path]) -> dict[str, str]:
    """Return the newest copy of each runtime library in these folders, by its plain name."""
    found: dict[str, tuple[tuple[int, ...], str]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.dll")):
            name = path.name.lower()
            if contents.matches(name, contents.MSVC) and "-" not in name:
                found[name] = max(found.get(name, ((), "")), (version(path), str(path)))
    return {name: source for name, (_, source) in found.items()}
