"""The log file of the person's log folder, the trace of a crash, and what nobody caught."""

import faulthandler
import logging
import logging.handlers
import sys
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from demixme.resources import logs_folder

_MOST_BYTES = 256 * 1024
_KEPT = 2
_log = logging.getLogger(__name__)
_crash_file: IO[str] | None = None
_found = ""


def log_file() -> Path:
    """Return the path of the log; it need not exist yet."""
    return logs_folder() / "demixme.log"


def last_crash() -> tuple[datetime, str] | None:
    """Return when and where the program last died without a word, or None if it never did."""
    for path in (_crash_path(), _last_crash_path()):
        with suppress(OSError):
            text = path.read_text("utf-8", errors="replace").strip()
            if text:
                return datetime.fromtimestamp(path.stat().st_mtime), text
    return None


def crash_at_last_run() -> str:
    """Return the trace of the last run where that crashed, as found by `start`; else ""."""
    return _found


class _QuietFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written is no reason to disturb anybody."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def start() -> None:
    """Log to the person's log folder from now on; where that is impossible, go on without."""
    stop()
    logger = logging.getLogger("demixme")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        logs_folder().mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = _QuietFile(
            log_file(), maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    )
    logger.addHandler(handler)
    _watch_for_crashes()
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def stop() -> None:
    """Close the log and stop watching for crashes."""
    global _crash_file
    if _crash_file is not None:
        faulthandler.disable()
        _crash_file.close()
        _crash_file = None
    logger = logging.getLogger("demixme")
    for handler in tuple(logger.handlers):
        if isinstance(handler, _QuietFile | logging.NullHandler):
            logger.removeHandler(handler)
            handler.close()


def _crash_path() -> Path:
    return logs_folder() / "crash.txt"


def _last_crash_path() -> Path:
    return logs_folder() / "last-crash.txt"


def _watch_for_crashes() -> None:
    """Let a crash of the interpreter or a library leave its stack in a file read the next time."""
    global _crash_file, _found
    _found = ""
    with suppress(OSError, RuntimeError):
        if _crash_path().exists() and _crash_path().stat().st_size:
            _found = _crash_path().read_text("utf-8", errors="replace").strip()
            _crash_path().replace(_last_crash_path())
            _log.error("the last run crashed; where is in %s", _last_crash_path())
    with suppress(OSError, RuntimeError, ValueError):
        file = _crash_path().open("a", encoding="utf-8")
        faulthandler.enable(file=file)  # holds on to the descriptor, not to the object
        if _crash_file is not None:
            _crash_file.close()
        _crash_file = file


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("uncaught", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: Any) -> None:
    if args.exc_value is not None:
        where = args.thread.name if args.thread is not None else "a thread"
        _log.critical(
            "uncaught in %s", where, exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
        )


def _unraisable(args: Any) -> None:
    _log.error("unraisable: %s", args.err_msg or args.object, exc_info=args.exc_value)
