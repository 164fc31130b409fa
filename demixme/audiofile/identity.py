"""Which song a file is: a digest of its encoded sound, the same whatever its tags and name are."""

import hashlib
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from demixme import children
from demixme.audiofile.chains import goes_on
from demixme.audiofile.paths import check_regular_file, system_path
from demixme.core.errors import FileUnreadable
from demixme.core.interrupt import Interrupt

VERB = "_digest"
_LOOK_S = 0.05
_PIECE_BYTES = 1 << 20
_DIGEST = re.compile(rb"[0-9a-f]{64}")


def song_digest(path: Path | str, interrupt: Interrupt | None = None) -> str:
    """Return the digest of a song, without decoding it.

    SHA-256 over codec name, rate, channels and the concatenated payload of its audio packets as
    PyAV demuxes them, so tags and covers do not count. Several streams: over their digests in
    order. A folder: over the digests of its files, sorted by name. What PyAV cannot demux, and a
    chained Ogg, whose packets each FFmpeg cuts differently: over the bytes of the file.

    Parameters
    ----------
    path : Path or str
    interrupt : Interrupt, optional

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    FileMissing, FileUnreadable, Cancelled
    """
    path = Path(path)
    if path.is_dir():
        files = sorted((p for p in path.iterdir() if p.is_file()), key=lambda p: p.name)
        return _sum(bytes.fromhex(song_digest(p, interrupt)) for p in files)
    size_bytes = check_regular_file(path)
    if not _is_chained_ogg(path, size_bytes):
        found = _from_child(path, interrupt)
        if found:
            return found
    return _sum(_pieces(path, interrupt))


def _sum(pieces: Iterator[bytes]) -> str:
    total = hashlib.sha256()
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


def _pieces(path: Path, interrupt: Interrupt | None) -> Iterator[bytes]:
    try:
        with open(system_path(path), "rb") as file:
            while piece := file.read(_PIECE_BYTES):
                _look(interrupt)
                yield piece
    except OSError as error:
        raise FileUnreadable(path, str(error)) from error


def _look(interrupt: Interrupt | None) -> None:
    if interrupt is not None:
        interrupt.check()


def _is_chained_ogg(path: Path, size_bytes: int) -> bool:
    """Return whether an Ogg file goes on with another stream behind its first."""
    try:
        with open(system_path(path), "rb") as file:
            is_ogg = file.read(4) == b"OggS"
        return is_ogg and goes_on(path, size_bytes)
    except OSError:
        return False


def _from_child(path: Path, interrupt: Interrupt | None) -> str:
    """Return what the child says, "" where it says nothing or dies."""
    try:
        child = subprocess.Popen(
            children.command(VERB, str(path.absolute())),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=children.NO_CONSOLE,
        )
    except OSError:
        return ""
    said: list[bytes] = []
    reader = threading.Thread(
        target=lambda: said.append(child.stdout.read() if child.stdout else b""),
        name="demixme-digest",
        daemon=True,
    )
    reader.start()
    try:
        while reader.is_alive():
            reader.join(_LOOK_S)
            _look(interrupt)
    finally:
        child.kill()
        reader.join()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
    found = _DIGEST.search(b"".join(said))
    return found[0].decode() if found and child.returncode == 0 else ""
