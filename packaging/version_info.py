"""What Windows and macOS show about the programs, all from the one version number."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IDENTIFIER = "org.demixme.DemixME"
COPYRIGHT = "The DemixME authors, GPL-3.0-or-later"
#: Sound files the program opens: extension -> MIME type.
SONGS = {
    "wav": "audio/x-wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
    "aac": "audio/aac",
    "aif": "audio/x-aiff",
    "aiff": "audio/x-aiff",
    "wma": "audio/x-ms-wma",
}
SESSION = "demix"
SESSION_MIME = "application/x-demixme-session+json"


def version() -> str:
    """Return the version, as demixme/__init__.py says it."""
    text = (ROOT / "demixme" / "__init__.py").read_text("utf-8")
    return re.search(r'__version__ = "([^"]+)"', text).group(1)


def numbers(text: str) -> tuple[int, int, int, int]:
    """Return a version as the four numbers Windows wants."""
    found = [int(n) for n in re.findall(r"\d+", text.partition("+")[0])[:4]]
    return tuple(found + [0] * (4 - len(found)))


def windows_resource(name: str, text: str) -> str:
    """Return PyInstaller's description of a version resource."""
    four = numbers(text)
    strings = {
        "CompanyName": "DemixME",
        "FileDescription": "DemixME" if name == "DemixME" else "DemixME commands",
        "FileVersion": text,
        "InternalName": name,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{name}.exe",
        "ProductName": "DemixME",
        "ProductVersion": text,
    }
    rows = ", ".join(f"StringStruct({k!r}, {v!r})" for k, v in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0, "
        "OS=0x40004, fileType=1, subtype=0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('040904B0', [{rows}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def write_for(name: str, folder: Path) -> str:
    """Write the version resource of one program and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.version.txt"
    path.write_text(windows_resource(name, version()), "utf-8")
    return str(path)


def info_plist() -> dict[str, Any]:
    """Return what the macOS program says of itself: it opens songs, and owns .demix files."""
    return {
        "CFBundleShortVersionString": version(),
        "CFBundleDisplayName": "DemixME",
        "LSMinimumSystemVersion": "14.0",
        "LSApplicationCategoryType": "public.app-category.music",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": COPYRIGHT,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Song",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",  # offered, never the program that opens all music
                "LSItemContentTypes": ["public.audio", "public.mpeg-4-audio"],
            },
            {
                "CFBundleTypeName": "DemixME session",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [f"{IDENTIFIER}.session"],
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{IDENTIFIER}.session",
                "UTTypeDescription": "DemixME session",
                "UTTypeConformsTo": ["public.json"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [SESSION],
                    "public.mime-type": [SESSION_MIME],
                },
            }
        ],
    }
