"""Arguments that several commands share, and how people write levels and parts."""

import argparse
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from demixme.core.errors import InvalidValue, UnknownPart

EXIT_CODES = """\
exit codes:
  0    done
  1    failed; one sentence says why
  2    the command line is wrong
  3    some of several songs failed
  4    something it needs is not here: a display, Qt, a sound output, an optional package
  130  interrupted (Ctrl+C); 143 terminated"""

MOST_THREADS = 256


class Parser(argparse.ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, and exit with 2."""
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in message)
        self.exit(2, f"{self.prog}: {shown}\nTry “{self.prog} --help”.\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Exit, also where there is no stderr or it lacks a letter."""
        if message and sys.stderr is not None:
            self._print_message(message, sys.stderr)
        sys.exit(status)


# ---------------------------------------------------------------- shared arguments
def add_song(parser: argparse.ArgumentParser) -> None:
    """Add the one song of a command."""
    parser.add_argument(
        "song", type=Path, help="WAV, FLAC, MP3, M4A, OGG, Opus, AIFF, WMA, a video …"
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add what every separating command takes."""
    group = parser.add_argument_group("separation")
    group.add_argument(
        "--model",
        default="",
        metavar="NAME|FILE.onnx",
        help="model by name (see “demixme models”) or file, its .json beside it",
    )
    group.add_argument(
        "--threads", type=threads, default=1, metavar="N", help="threads of the network (default 1)"
    )


def add_quality(parser: argparse.ArgumentParser) -> None:
    """Add how carefully files are separated."""
    parser.add_argument(
        "--quality",
        choices=("normal", "best"),
        default="normal",
        help="best: slower and a little better than what is heard live (default normal)",
    )


def add_file_format(parser: argparse.ArgumentParser) -> None:
    """Add what kind of file is written, and whether one may be replaced."""
    group = parser.add_argument_group("files")
    group.add_argument(
        "--encoding",
        choices=("pcm16", "pcm24", "float32"),
        help="bits of a sample in WAV and FLAC (default: those of the song, at least 16)",
    )
    group.add_argument(
        "--from", dest="first_s", type=clock, metavar="TIME", help="begin there, as 1:02.5 or 62.5"
    )
    group.add_argument("--to", dest="last_s", type=clock, metavar="TIME", help="end there")
    group.add_argument("--overwrite", action="store_true", help="replace files that are there")


def add_output(parser: argparse.ArgumentParser, json: bool = True) -> None:
    """Add how much is said, and in what form."""
    parser.add_argument("--quiet", action="store_true", help="no progress, no remarks")
    if json:
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object on stdout instead of text"
        )


def add_mix(parser: argparse.ArgumentParser) -> None:
    """Add the mixer: mute, solo, gain, pan, master."""
    group = parser.add_argument_group("mix (parts by name; repeat an option or separate by commas)")
    group.add_argument("--mute", action="append", default=[], metavar="PART", help="silence it")
    group.add_argument("--solo", action="append", default=[], metavar="PART", help="only these")
    group.add_argument(
        "--gain", action="append", default=[], metavar="PART=dB", help="fader, −∞ (-inf) … +10"
    )
    group.add_argument(
        "--pan", action="append", default=[], metavar="PART=X", help="balance, −1 left … +1 right"
    )
    group.add_argument(
        "--master", type=master_level, default=0.0, metavar="dB", help="master fader (default 0)"
    )


# ---------------------------------------------------------------- values
def threads(text: str) -> int:
    """Read a number of threads."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1 to {MOST_THREADS}")
    return number


def count(text: str) -> int:
    """Read how many for argparse."""
    return threads(text)


def clock(text: str) -> float:
    """Read a time for argparse: seconds, minutes:seconds or hours:minutes:seconds."""
    total = 0.0
    for piece in text.split(":"):
        number = _number(piece)
        if number is None or not 0.0 <= number < 1e6:
            raise argparse.ArgumentTypeError(f"“{text}” is not a time like 1:02.5 or 62.5")
        total = total * 60.0 + number
    return total


def span_of(arguments: argparse.Namespace, rate: int, frames: int) -> tuple[int, int] | None:
    """Return the frames that ``--from`` and ``--to`` mean; None for the whole song."""
    if arguments.first_s is None and arguments.last_s is None:
        return None
    first = min(frames, round((arguments.first_s or 0.0) * rate))
    last = frames if arguments.last_s is None else min(frames, round(arguments.last_s * rate))
    if last <= first:
        raise InvalidValue("--from and --to", f"{first / rate:g} … {last / rate:g} s", "in order")
    return first, last


def number_between(low: float, high: float, unit: str) -> "type[float]":
    """Return a reader of numbers in a range, for argparse's `type`."""

    def read(text: str) -> float:
        number = _number(text)
        if number is None or not low <= number <= high:
            raise argparse.ArgumentTypeError(f"“{text}” is not {low:g} … {high:g} {unit}")
        return number

    return read  # type: ignore[return-value]


def master_level(text: str) -> float:
    """Read the master's level for argparse."""
    level = _level(text)
    if level is None:
        raise argparse.ArgumentTypeError(f"“{text}” is not a level in dB: −120 … +10 or -inf")
    return level


def _number(text: str) -> float | None:
    plain = text.strip().replace("−", "-").replace(",", ".").replace("∞", "inf")
    try:
        number = float(plain)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _level(text: str) -> float | None:
    text = text.strip()
    number = _number(text[:-2] if text.lower().endswith("db") else text)
    if number is None or not (number == -math.inf or -120.0 <= number <= 10.0):
        return None
    return number


def part_named(text: str, known: Sequence[str]) -> str:
    """Return the part a person means, whatever the case."""
    for name in known:
        if text == name:
            return name
    for name in known:
        if text.casefold() == name.casefold():
            return name
    raise UnknownPart(text, tuple(known))


def parts_named(texts: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return the parts of a repeated option; each may hold several, separated by commas."""
    found: list[str] = []
    for text in texts:
        # a part's own name may hold a comma
        names = [text] if text.casefold() in {n.casefold() for n in known} else text.split(",")
        found += [part_named(n.strip(), known) for n in names if n.strip()]
    return list(dict.fromkeys(found))


def levels_by_part(texts: Iterable[str], known: Sequence[str]) -> dict[str, float]:
    """Return part → dB of ``--gain part=dB``."""
    return {
        part_named(name, known): _valued("--gain", value, _level(value), "PART=dB, −120 … +10")
        for name, value in _pairs("--gain", texts, "PART=dB, for example vocals=-6")
    }


def pans_by_part(texts: Iterable[str], known: Sequence[str]) -> dict[str, float]:
    """Return part → balance of ``--pan part=x``."""
    return {
        part_named(name, known): _valued("--pan", value, _balance(value), "PART=X, −1 … +1")
        for name, value in _pairs("--pan", texts, "PART=X, for example vocals=-0.5")
    }


def _balance(text: str) -> float | None:
    number = _number(text)
    return number if number is not None and -1.0 <= number <= 1.0 else None


def _valued(option: str, text: str, value: float | None, allowed: str) -> float:
    if value is None:
        raise InvalidValue(option, text, allowed)
    return value


def _pairs(option: str, texts: Iterable[str], allowed: str) -> Iterable[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals or not name.strip():
            raise InvalidValue(option, text, allowed)
        yield name.strip(), value
