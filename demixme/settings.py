"""What the person has chosen, kept between runs: declared fields, one JSON file, never a crash."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from demixme import textfile
from demixme.resources import config_folder

VERSION = 1
MOST_RECENT = 12
LOOKS = ("system", "dark", "light")
EXPORT_FORMATS = (
    *("source", "pcm16", "pcm24", "float32", "flac16", "flac24"),
    *("mp3", "ogg", "opus", "m4a"),
)
BUFFER_MS = (20.0, 200.0)
PRESET_DB = (-120.0, 10.0)
MOST_PRESETS = 100
MOST_SHORTCUTS, MOST_KEYS = 500, 8
LANGUAGES = ("", "en", "es")
LATE = ("wait", "silence")
STORE_MB = (128, 16384)

_log = logging.getLogger(__name__)
_MOST_BYTES = 1 << 20


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > 4096:
        raise ValueError
    return value


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in allowed:
            raise ValueError
        return str(value)

    return check


def _number(low: float, high: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not low <= value <= high:
            raise ValueError
        return float(value)

    return check


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError
    return tuple(dict.fromkeys(_text(v) for v in value))[:MOST_RECENT]


def _presets(value: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST_PRESETS:
        raise ValueError
    return tuple(_preset(v) for v in value)


def _preset(value: Any) -> dict[str, Any]:
    """Return one own preset: {"name": …, "strips": {part: [level dB or null, balance, muted]}}."""
    if not isinstance(value, dict) or not isinstance(value.get("strips"), dict):
        raise ValueError
    strips = {}
    for part, (level, pan, mute) in value["strips"].items():
        if not isinstance(mute, bool):
            raise ValueError
        level = None if level is None else _number(*PRESET_DB)(level)
        strips[_text(part)] = (level, _number(-1.0, 1.0)(pan), mute)
    return {"name": _text(value.get("name")), "strips": strips}


def _shortcuts(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST_SHORTCUTS:
        raise ValueError
    made = {}
    for action, keys in value:
        if not isinstance(keys, list | tuple) or len(keys) > MOST_KEYS:
            raise ValueError
        made[_text(action)] = tuple(_text(k) for k in keys)
    return tuple(made.items())


def _declared(default: Any, check: Callable[[Any], Any]) -> Any:
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True)
class Settings:
    """Everything that is remembered; every field has a default and a check."""

    recent: tuple[str, ...] = _declared((), _texts)  # newest first
    geometry: str = _declared("", _text)  # the window's own words, base64
    look: str = _declared("system", _one_of(*LOOKS))
    language: str = _declared("", _one_of(*LANGUAGES))  # "" follows the system
    device: str = _declared("", _text)  # "" is the system's default
    host_api: str = _declared("", _text)
    buffer_ms: float = _declared(50.0, _number(*BUFFER_MS))
    volume: float = _declared(1.0, _number(0.0, 1.0))  # monitoring volume, linear
    model: str = _declared("", _text)  # "" is the default model
    late: str = _declared("wait", _one_of(*LATE))  # where a part is not separated yet
    store_mb: float = _declared(512.0, _number(*STORE_MB))  # memory for separated parts
    shortcuts: tuple[tuple[str, tuple[str, ...]], ...] = _declared((), _shortcuts)  # own keys
    export_folder: str = _declared("", _text)
    export_format: str = _declared("source", _one_of(*EXPORT_FORMATS))
    spectrum: bool = _declared(False, _switch)  # shown beside the waveform
    stop_between: bool = _declared(False, _switch)  # the songs of the queue
    keep_mix: bool = _declared(False, _switch)  # for the next song
    presets: tuple[dict[str, Any], ...] = _declared((), _presets)  # one's own, as they were kept

    def with_recent(self, path: Path | str) -> "Settings":
        """Return the settings with a song first in the recent ones."""
        first = str(path)
        return self.changed(recent=(first, *(p for p in self.recent if p != first)))

    def changed(self, **changes: Any) -> "Settings":
        """Return the settings with some fields changed; a value out of range raises ValueError."""
        checks = {f.name: f.metadata["check"] for f in fields(self)}
        now = {f.name: getattr(self, f.name) for f in fields(self)}
        return Settings(**now | {name: checks[name](value) for name, value in changes.items()})


#: From one version to the next: `MIGRATIONS[n]` makes version n + 1 out of version n.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def settings_file() -> Path:
    """Return the path of the settings file; it need not exist yet."""
    return config_folder() / "settings.json"


def load(path: Path | None = None) -> Settings:
    """Return the settings of a file; whatever is in it, bad values fall back to their defaults."""
    path = path or settings_file()
    try:
        stored = json.loads(textfile.read_bytes(path, _MOST_BYTES))
        if not isinstance(stored, dict):
            raise ValueError("no object")
        stored = _migrated(stored)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        _log.warning("settings %s cannot be read (%s): defaults are used", path, error)
        return Settings()
    return _checked(stored, path)


def _migrated(stored: dict[str, Any]) -> dict[str, Any]:
    version = stored.get("version", VERSION)
    if isinstance(version, bool) or not isinstance(version, int):
        return stored
    while version in MIGRATIONS and version < VERSION:
        stored = MIGRATIONS[version](stored)
        version += 1
    return stored


def _checked(stored: dict[str, Any], path: Path) -> Settings:
    good: dict[str, Any] = {}
    bad = []
    for declared in fields(Settings):
        if declared.name not in stored:
            continue
        try:
            good[declared.name] = declared.metadata["check"](stored[declared.name])
        except (ValueError, TypeError):
            bad.append(declared.name)
    if bad:
        _log.warning("settings %s: defaults are used for %s", path, ", ".join(bad))
    return Settings(**good)


def save(settings: Settings, path: Path | None = None) -> bool:
    """Write the settings in one step; False (and one log line) where that is not possible."""
    path = path or settings_file()
    text = json.dumps({"version": VERSION, **asdict(settings)}, indent=1, ensure_ascii=True)
    try:
        textfile.write_text(path, text + "\n")
    except OSError as error:
        _log.warning("settings %s cannot be written: %s", path, error)
        return False
    return True
