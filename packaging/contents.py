"""What belongs into the program's folder and what stays out."""

import ast
import fnmatch
import os
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]

#: Rooms of ours that the program never opens: they need extras that only pip brings.
ROOMS_LEFT_OUT = ("demixme.training", "demixme.evaluation")
#: Never needed by the program, whatever else the environment holds.
LEFT_OUT = [
    *ROOMS_LEFT_OUT,
    *("torch", "lightning_fabric", "matplotlib", "onnx", "museval", "distributed", "dask"),
    *("tkinter", "IPython", "PIL", "pandas", "pytest", "hypothesis", "mypy", "setuptools"),
    *("readline", "curses", "sqlite3", "dbm", "ssl", "_ssl", "pycparser"),
    *("onnxruntime.quantization", "onnxruntime.tools", "onnxruntime.transformers"),
    *(f"PySide6.Qt{name}" for name in ("Qml", "Quick", "QuickWidgets", "Pdf", "Sql", "Designer")),
]
#: Left out of scipy unless the app imports one of them: they import each other.
SCIPY_LEFT_OUT = [
    *("signal", "optimize", "sparse", "spatial", "stats", "ndimage", "integrate", "interpolate"),
    *("cluster", "io", "odr", "datasets", "differentiate"),
]
#: Files of Qt that only modules left out, or nobody here, would load.
UNUSED_QT = (
    *("*Qml*", "*Quick*", "*Pdf*", "*VirtualKeyboard*", "*opengl32sw*", "*qmltooling*"),
    *("*virtualkeyboard*", "*/egldeviceintegrations/*", "*EglFS*", "*EglFs*", "*/sqldrivers/*"),
    *("*/plugins/tls/*", "*/plugins/networkinformation/*", "*/plugins/generic/*"),
    *("*/platforms/libqeglfs*", "*/platforms/libqlinuxfb*", "*/platforms/libqvnc*"),
    *("*/platforms/libqvkkhrdisplay*", "*/platforms/libqminimalegl*", "*/platforms/libqminimal.*"),
    *("*/platforms/qminimal.*", "*/platforms/qdirect2d*", "*/platformthemes/libqgtk3*"),
    *("*/imageformats/*qtiff*", "*/imageformats/*qwbmp*", "*/imageformats/*qtga*"),
    *("*/imageformats/*qicns*", "*/imageformats/*qgif*"),
    *("*/wayland-shell-integration/libivi*", "*/wayland-shell-integration/libfullscreen*"),
    *("*/wayland-shell-integration/libqt-shell*", "*/wayland-shell-integration/libwl-shell*"),
    *("*/wayland-graphics-integration-client/libvulkan*", "*WlShellIntegration*"),
)
#: PortAudio in sounddevice's wheel for other processors, and with a driver we do not offer.
UNUSED_PORTAUDIO = ("*portaudio*asio*", "*portaudio32bit*", "*portaudioarm64*")
UNUSED = (
    *UNUSED_PORTAUDIO,
    *("*/tests/*", "*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.pyi", "*.dist-info/WHEEL"),
    *("*/include/*", "*.pxd", "*/_soundfile_data/COPYING"),
)
#: Of the build machine's own libraries only these go along on Linux: what Qt needs on an X display
#: and many desktops lack, Kerberos, which Qt's local sockets are linked with, and Python's own.
#: Graphics, fonts, sound and the C and C++ libraries stay the system's.
FROM_THE_SYSTEM = (
    *("libpython3.*", "libffi.so.*", "libcrypto.so.*", "libbz2.so.*", "liblzma.so.*"),
    *("libxcb-cursor.*", "libxcb-icccm.*", "libxcb-image.*", "libxcb-keysyms.*"),
    *("libxcb-render-util.*", "libxcb-util.*", "libxcb-xkb.*", "libxcb-shape.*"),
    *("libxcb-randr.*", "libxcb-render.*", "libxcb-shm.*", "libxcb-sync.*", "libxcb-xfixes.*"),
    *("libxkbcommon.so.*", "libxkbcommon-x11.so.*"),
    *("libgssapi_krb5.*", "libkrb5.*", "libkrb5support.*", "libk5crypto.*", "libcom_err.*"),
    "libkeyutils.*",
)
#: One copy of each at the root of the Windows folder, whoever brings it.
MSVC = ("msvcp140*.dll", "vcruntime140*.dll", "concrt140.dll")

Entry = tuple[str, str, str]  # name in the folder, source, kind: PyInstaller's


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a name fits one of the patterns, whatever the case."""
    return any(fnmatch.fnmatchcase(name.lower(), p.lower()) for p in patterns)


def environments() -> list[Path]:
    """Return the folders of the build's own Python and packages; the rest is the machine's."""
    return [Path(sys.prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve()]


def needed(entry: Entry, own: Iterable[Path]) -> bool:
    """Return whether a collected file belongs into the folder; `own` are `environments()`."""
    name = "/" + entry[0].replace("\\", "/")
    if "/translations/" in name and "PySide6" in name:
        return name.endswith("/qtbase_es.qm")  # it holds OK and Cancel
    if matches(name, UNUSED) or (re.search("Qt|PySide6", name) and matches(name, UNUSED_QT)):
        return False
    source = Path(entry[1]).resolve() if entry[1] else None
    if not sys.platform.startswith("linux") or entry[2] != "BINARY" or source is None:
        return True
    ours = any(source.is_relative_to(folder) for folder in own)
    return ours or matches(PurePosixPath(name).name, FROM_THE_SYSTEM)


def chosen(entries: Iterable[Entry]) -> list[Entry]:
    """Return what belongs into the folder, without links to what does not."""
    own = environments()
    kept = [e for e in entries if needed(e, own)]
    names = {e[0] for e in kept}
    return [e for e in kept if e[2] != "SYMLINK" or link_target(e) in names]


def link_target(entry: Entry) -> str:
    """Return the name in the folder that a collected link points to."""
    return os.path.normpath(os.path.join(os.path.dirname(entry[0]), entry[1]))


def one_runtime(entries: list[Entry], newest: dict[str, str]) -> list[Entry]:
    """Put one copy of each Microsoft runtime library at the root: the file `newest` names."""
    kept = [e for e in entries if not matches(Path(e[0].replace("\\", "/")).name, MSVC)]
    return kept + [(name, source, "BINARY") for name, source in sorted(newest.items())]


def desktop_files() -> list[tuple[str, str]]:
    """Return what Linux desktops read, as (name below share, source)."""
    linux = ROOT / "packaging" / "linux"
    return [
        ("applications/demixme.desktop", str(linux / "demixme.desktop")),
        ("mime/packages/demixme.xml", str(linux / "demixme.xml")),
        ("icons/demixme.svg", str(ROOT / "assets" / "icons" / "demixme.svg")),
        ("add-to-menu.sh", str(linux / "add-to-menu.sh")),
    ]


def packages() -> list[str]:
    """Return the names of the packages the app depends on; it says which version of each it has."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    return [re.match(r"[\w.-]+", requirement).group() for requirement in wanted]


def app_modules() -> Iterator[Path]:
    """Yield the source files of the rooms that the program can open."""
    for path in sorted((ROOT / "demixme").rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not any(dotted == room or dotted.startswith(room + ".") for room in ROOMS_LEFT_OUT):
            yield path


def app_imports() -> set[str]:
    """Return every module, of ours and of others, that the app's sources name in an import."""
    names: set[str] = set()
    for path in app_modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return names


def own_modules() -> list[str]:
    """Return the dotted names of the app's modules: many are imported only when they are needed."""
    dotted = (".".join(p.relative_to(ROOT).with_suffix("").parts) for p in app_modules())
    return [name.removesuffix(".__init__") for name in dotted]


def left_out() -> list[str]:
    """Return the modules that stay out."""
    heavy = {f"scipy.{name}" for name in SCIPY_LEFT_OUT}
    uses = any(re.match(rf"{re.escape(h)}(\.|$)", name) for h in heavy for name in app_imports())
    return LEFT_OUT + ([] if uses else sorted(heavy))
