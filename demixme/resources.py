"""Where things lie: models and assets that ship, and the person's own folders."""

import os
import sys
from pathlib import Path

import platformdirs

APP = "DemixME"
#: A folder that takes the place of all of the person's folders: a stick, a test.
HOME_VARIABLE = "DEMIXME_HOME"

_SONG_SUFFIXES = (".flac", ".opus", ".ogg", ".mp3", ".wav")


def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parent
    inside = package / name  # in a wheel
    if inside.is_dir():
        return inside
    frozen = getattr(sys, "_MEIPASS", None)  # in a frozen app
    if frozen is not None:
        return Path(frozen) / name
    if (package.parent / "pyproject.toml").is_file():  # in a checkout
        return package.parent / name
    return inside


def models_folder() -> Path:
    """Return the folder of the models that ship."""
    return _shipped("models")


def assets_folder() -> Path:
    """Return the folder of icons, themes, translations and the demo song."""
    return _shipped("assets")


def manual(language: str = "en") -> Path | None:
    """Return the one-page manual in a language, else in English; None where it is missing."""
    folder = _shipped("docs")
    names = (f"MANUAL.{language}.md", "MANUAL.md")
    return next((folder / n for n in names if (folder / n).is_file()), None)


def licences_folder() -> Path | None:
    """Return the folder of all licence texts; only the packaged program has one."""
    folder = _shipped("licences")
    return folder if folder.is_dir() else None


def translations_folder() -> Path:
    """Return the folder of the translations."""
    return assets_folder() / "i18n"


def demo_song() -> Path | None:
    """Return our own demo song, or None where it is missing."""
    folder = assets_folder() / "demo"
    for suffix in _SONG_SUFFIXES:
        for path in sorted(folder.glob(f"*{suffix}")):
            return path
    return None


def _own(kind: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser() / kind
    portable = portable_folder()
    return portable / kind if portable is not None else None


def portable_folder() -> Path | None:
    """Return the folder `data` beside the frozen program, which then holds all of the person's."""
    if not getattr(sys, "frozen", False):
        return None
    folder = Path(sys.executable).resolve().parent / "data"
    return folder if folder.is_dir() else None


def config_folder() -> Path:
    """Return the folder of the settings; it need not exist yet."""
    return _own("config") or platformdirs.user_config_path(APP, appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made again; it need not exist yet."""
    return _own("cache") or platformdirs.user_cache_path(APP, appauthor=False)


def logs_folder() -> Path:
    """Return the folder of the log files; it need not exist yet."""
    return _own("logs") or platformdirs.user_log_path(APP, appauthor=False)


def sessions_folder() -> Path:
    """Return the folder of what is remembered of each song; it need not exist yet."""
    return _own("sessions") or platformdirs.user_data_path(APP, appauthor=False) / "sessions"


def user_models_folder() -> Path:
    """Return the folder in which people put models of their own; it need not exist yet."""
    return _own("models") or platformdirs.user_data_path(APP, appauthor=False) / "models"
