"""What a command says, and where: results on stdout, progress and complaints on stderr."""

import codecs
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from demixme.core.units import clock_text

_BAR = 20
_REDRAW_S = 0.1
_PLAIN_S = 5.0
_PLAINER = str.maketrans(
    {"−": "-", "∞": "inf", "≈": "~", "×": "x", "…": "...", "–": "-", "—": "-", "·": "-", "→": "->"}
    | {"“": '"', "”": '"', "’": "'", "█": "#", "░": "."}
)


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replace what the terminal's encoding lacks: typography by ASCII, the rest by its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(_PLAINER)
    return lacking.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error("demixme-plainer", _plainer)


def make_streams_safe() -> None:
    """Let no file name or sign make writing to the terminal fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with suppress(OSError, ValueError):
                reconfigure(errors="demixme-plainer")


class Console:
    """The terminal of one command. `quiet` keeps only results and errors, `as_json` one object."""

    def __init__(self, quiet: bool = False, as_json: bool = False) -> None:
        self.quiet = quiet
        self.as_json = as_json
        self._answered = False

    # ------------------------------------------------------------ lines
    def say(self, text: str = "") -> None:
        """Print a line of the result, unless the result is JSON."""
        if not self.as_json:
            _write(sys.stdout, text + "\n")

    def tell(self, text: str) -> None:
        """Print a line that is not part of the result, unless asked to be quiet."""
        if not self.quiet:
            _write(sys.stderr, text + "\n")

    def complain(self, text: str) -> None:
        """Print what went wrong, always; as JSON it is for `answer` to say."""
        if not self.as_json:
            _write(sys.stderr, f"demixme: {text}\n")

    def answer(self, **fields: Any) -> None:
        """Print the one JSON object, if that is what was asked for."""
        if self.as_json and not self._answered:
            self._answered = True
            _write(sys.stdout, json.dumps(_jsonable(fields), ensure_ascii=True) + "\n")

    def table(self, rows: Iterable[Sequence[str]], indent: str = "") -> None:
        """Print rows of text with their columns aligned."""
        lines = [tuple(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = (c.ljust(w) for c, w in zip(line, widths, strict=True))
            self.say(indent + "  ".join(cells).rstrip())

    # ------------------------------------------------------------ progress
    @contextmanager
    def progress(self, what: str) -> Iterator["Progress"]:
        """Show how far a piece of work is; the line is gone when it ends."""
        shown = Progress(what, None if self.quiet else sys.stderr)
        try:
            yield shown
        finally:
            shown.close()


class Progress:
    """One line of progress: redrawn on a terminal, a few plain lines elsewhere."""

    def __init__(
        self, what: str, stream: TextIO | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._what = what
        self._stream = stream
        self._clock = clock
        self._drawn_at = clock() - _REDRAW_S
        self._said_at = clock()
        self._drawn = 0  # columns on the line now
        self._live = stream is not None and _is_terminal(stream)

    def update(self, done: int, total: int, speed: float, left_s: float) -> None:
        """Say that `done` of `total` frames are done; it is an `export.progress.Progress`."""
        now = self._clock()
        if self._stream is None or total <= 0:
            return
        if self._live and now - self._drawn_at >= _REDRAW_S:
            self._drawn_at = now
            text = self._text(done / total, speed, left_s, bar=True)
            if len(text) > _columns():
                text = self._text(done / total, speed, left_s, bar=False)
            self._draw(text)
        elif not self._live and now - self._said_at >= _PLAIN_S and done < total:
            self._said_at = now
            _write(self._stream, self._text(done / total, speed, left_s, bar=False) + "\n")

    def stage(self, what: str, share: float) -> None:
        """Say that `share`, 0…1, of one stage is done."""
        self._what = what or self._what
        self.update(int(share * 1000), 1000, 0.0, 0.0)

    def line(self, text: str) -> None:
        """Show one line in place of the last; only where it can be redrawn."""
        now = self._clock()
        if self._live and now - self._drawn_at >= _REDRAW_S:
            self._drawn_at = now
            self._draw(text)

    def _text(self, share: float, speed: float, left_s: float, bar: bool) -> str:
        share = min(1.0, share)
        filled = int(share * _BAR)
        pieces = [f"{self._what}  {'█' * filled}{'░' * (_BAR - filled)}  " if bar else self._what]
        pieces.append(f"{share:4.0%}" if bar else f": {share:.0%}")
        if speed > 0:
            left = clock_text(left_s + 0.999)
            pieces.append(f"  {speed:.1f} × real time" if bar else f", {speed:.1f} × real time")
            pieces.append(f"  {left} left" if bar else f", {left} left")
        return "".join(pieces)

    def close(self) -> None:
        """Take the line away."""
        self._draw("")

    def _draw(self, text: str) -> None:
        if len(text) > _columns():  # the end says more than the name
            text = text[-_columns() :]
        if self._stream is not None and (text or self._drawn):
            blank = " " * (self._drawn - len(text))
            _write(self._stream, f"\r{text}{blank}" + ("" if text else "\r"))
            self._drawn = len(text)


def speed_text(song_s: float, took_s: float) -> str:
    """Return a length and how fast it went: ``3:42 in 21 s (10.6 × real time)``."""
    took = f"{took_s:.0f} s" if took_s >= 10 else f"{took_s:.1f} s"
    speed = f" ({song_s / took_s:.1f} × real time)" if took_s > 0 else ""
    return f"{clock_text(song_s)} in {took}{speed}"


def _columns() -> int:
    return max(1, shutil.get_terminal_size().columns - 1)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # a windowed program on Windows has none
        return
    try:
        stream.write(text)
    except UnicodeEncodeError as error:  # a stream that could not be made safe
        plainer = text.translate(_PLAINER)
        stream.write(plainer.encode(error.encoding, "backslashreplace").decode(error.encoding))
    except ValueError:  # closed
        return
    with suppress(ValueError):
        stream.flush()


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(v) for v in value]
    if isinstance(value, float):
        return None if value != value or value in (float("inf"), float("-inf")) else value
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
