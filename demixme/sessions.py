"""What is remembered of each song: sessions by the song's digest, and which file is which song.

Lies in the person's own folder, one small file a song, so forgetting one touches no other. Nothing
here raises: what cannot be read is as if it were not there, what cannot be written is logged.
"""

import hashlib
import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demixme import textfile
from demixme.core.errors import DemixError
from demixme.core.session import MOST_BYTES, SUFFIX, Session, from_json, to_json
from demixme.resources import sessions_folder

_MOST_FILES = 4000
_MOST_INDEX_BYTES = 8 << 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """A file as it was when its digest was made."""

    stamp: str
    digest: str


class SessionStore:
    """The sessions of all songs, and an index from files to digests. Thread: gui."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or sessions_folder()
        self._files: dict[str, _Known] | None = None

    # ------------------------------------------------------------ which song a file is
    @property
    def _index(self) -> Path:
        return self.folder / "index.json"

    def _known(self) -> dict[str, _Known]:
        if self._files is None:
            self._files = {}
            with suppress(OSError, ValueError, RecursionError):
                raw = json.loads(textfile.read_bytes(self._index, _MOST_INDEX_BYTES))
                self._files = dict(filter(None, map(_entry, raw.items() if _is(raw) else ())))
        return self._files

    def digest_of(self, path: Path) -> str:
        """Return the digest of a file that is as it was when that was made, else ""."""
        known = self._known().get(str(path))
        return known.digest if known is not None and known.stamp == stamp_of(path) else ""

    def files_of(self, digest: str) -> list[Path]:
        """Return where a song lay when it was last seen, newest first."""
        found = [Path(p) for p, known in self._known().items() if known.digest == digest]
        return found[::-1]

    def learn(self, path: Path, digest: str) -> None:
        """Remember that a file, as it is now, holds this song."""
        stamp = stamp_of(path)
        if not stamp:
            return
        files = self._known()
        files.pop(str(path), None)
        files[str(path)] = _Known(stamp, digest)
        for name in list(files)[:-_MOST_FILES]:
            del files[name]
        self._write(self._index, json.dumps({p: [k.stamp, k.digest] for p, k in files.items()}))

    # ------------------------------------------------------------ sessions
    def _file(self, digest: str) -> Path:
        return self.folder / f"{digest}{SUFFIX}"

    def get(self, digest: str) -> Session | None:
        """Return what is remembered of a song."""
        if not digest:
            return None
        path = self._file(digest)
        try:
            session, bad = from_json(textfile.read_bytes(path, MOST_BYTES), str(path))
        except (OSError, ValueError, DemixError) as error:
            if not isinstance(error, FileNotFoundError):
                _log.warning("session %s cannot be read: %r", path, error)
            return None
        if bad:
            _log.warning("session %s: left out %s", path, ", ".join(bad))
        return session

    def put(self, session: Session) -> None:
        """Remember a song under its digest."""
        if session.song.digest:
            self._write(self._file(session.song.digest), to_json(session))

    def forget(self, digest: str) -> None:
        """Forget one song."""
        with suppress(OSError):
            self._file(digest).unlink(missing_ok=True)

    def forget_all(self) -> None:
        """Forget every song, and which files they were."""
        self._files = {}
        with suppress(OSError):
            for path in (*self.folder.glob(f"*{SUFFIX}"), self._index):
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def count(self) -> int:
        """Return how many songs are remembered."""
        try:
            return sum(1 for _ in self.folder.glob(f"*{SUFFIX}"))
        except OSError:
            return 0

    def _write(self, path: Path, text: str) -> None:
        try:
            textfile.write_text(path, text)
        except OSError as error:
            _log.warning("%s cannot be written: %s", path, error)


def _is(raw: Any) -> bool:
    return isinstance(raw, dict)


def _entry(item: tuple[str, Any]) -> tuple[str, _Known] | None:
    name, value = item
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value):
        return name, _Known(*value)
    return None


def stamp_of(path: Path) -> str:
    """Return size and time of change of a file, or of all files of a folder; "" if it is gone."""
    try:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file())
            text = "\n".join(f"{p.name} {_facts(p)}" for p in inside)
            return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
        return _facts(path)
    except (OSError, ValueError):
        return ""


def _facts(path: Path) -> str:
    facts = path.stat()
    return f"{facts.st_size} {facts.st_mtime_ns}"
