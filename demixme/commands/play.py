"""`demixme play`: a song through the engine and the sound card, with a mix, without a window."""

from argparse import ArgumentParser, Namespace
from time import sleep as _wait
from typing import TYPE_CHECKING

from demixme.commands import machine
from demixme.commands.arguments import add_mix, add_model, add_output, add_song, number_between
from demixme.commands.console import Console
from demixme.commands.mixing import is_mixed, mix_of, mix_text
from demixme.core.errors import FileMissing
from demixme.core.units import clock_text
from demixme.engine import status as said
from demixme.messages import sentence
from demixme.settings import BUFFER_MS

if TYPE_CHECKING:
    from demixme.engine.engine import Engine

SUMMARY = "play a song through the sound card, with a mix"

_TICK_S = 0.033
_LONGEST_S = 1e6


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_song(parser)
    add_mix(parser)
    group = parser.add_argument_group("sound")
    group.add_argument(
        "--seconds",
        type=number_between(0.0, _LONGEST_S, "seconds"),
        metavar="N",
        help="stop after N seconds of the song",
    )
    group.add_argument(
        "--device", metavar="NAME", help="output, or part of its name (“demixme devices”)"
    )
    group.add_argument(
        "--buffer-ms",
        type=number_between(*BUFFER_MS, "ms"),
        default=50.0,
        metavar="MS",
        help="device buffer, 20 … 200 ms (default 50)",
    )
    add_model(parser)
    add_output(parser, json=False)


def run(arguments: Namespace, console: Console) -> int:
    """Play until the song ends, the seconds are over, or Ctrl+C."""
    if not arguments.song.exists():
        raise FileMissing(arguments.song)
    wanted = machine.device_named(arguments.device, machine.outputs())
    engine = machine.make_engine(arguments.threads)
    try:
        engine.set_buffer_ms(arguments.buffer_ms)
        if wanted is not None:
            engine.set_device(wanted)
        _Player(engine, arguments, console).play()
    finally:
        engine.close()
    return 0


class _Player:
    """One song played to its end; everything on the main thread."""

    def __init__(self, engine: "Engine", arguments: Namespace, console: Console) -> None:
        self._engine = engine
        self._arguments = arguments
        self._seconds: float | None = arguments.seconds
        self._console = console
        self._over = False
        self._started = False

    def play(self) -> None:
        """Open the song, start it as soon as it can start, and follow it."""
        if is_mixed(self._arguments):  # the song as it is needs no model
            self._engine.set_model(self._arguments.model)
        self._engine.open(self._arguments.song)
        with self._console.progress("") as shown:
            while not self._over:
                status = self._engine.poll()
                for event in status.events:
                    self._hear(event)
                self._start_if_ready(status)
                if self._started:
                    shown.line(self._line(status))
                    self._stop_in_time(status)
                _wait(_TICK_S)
        self._report(status)

    def _start_if_ready(self, status: said.Status) -> None:
        if self._started or status.song is None:
            return
        words = ""
        if is_mixed(self._arguments):
            if status.mix is None:
                return
            mix = mix_of(self._arguments, status.mix.parts)
            self._engine.set_mix(mix)
            words = f": {mix_text(mix)}"
        self._started = True
        title = " — ".join(filter(None, (status.song.title, status.song.artist)))
        self._console.tell(f"{title or status.song.path.name}{words}")
        self._engine.play()

    def _hear(self, event: said.Event) -> None:
        match event:
            case said.SongFailed(error=error) | said.ModelFailed(error=error):
                raise error
            case said.DeviceFailed(error=error):
                raise error
            case said.DecodingEnded(error=error) if error is not None:
                self._console.tell(sentence(error))
            case said.SeparationFailedAt(error=error):
                self._console.tell(sentence(error))
            case said.BufferRaised(buffer_ms=buffer_ms):
                self._console.tell(f"The sound broke up: the buffer is {buffer_ms:g} ms now.")
            case said.SongEnded():
                self._over = True

    def _stop_in_time(self, status: said.Status) -> None:
        rate = status.song.rate if status.song is not None else 1
        if self._seconds is not None and status.position_frame >= self._seconds * rate:
            self._engine.pause()
            self._over = True

    def _line(self, status: said.Status) -> str:
        rate = status.song.rate if status.song is not None else 1
        length = clock_text(status.frames / rate)
        about = "" if status.length_known else "≈"
        pieces = [f"{clock_text(status.position_frame / rate)} / {about}{length}"]
        if status.waiting:
            pieces.append("waiting for separation")
        elif status.separating and status.speed > 0:
            pieces.append(f"separated {status.separated:.0%}, {status.speed:.1f} × real time")
        if status.device is not None:
            pieces.append(status.device.name)
        if status.underruns:
            pieces.append(f"{status.underruns} drop-outs")
        return "  ·  ".join(pieces)

    def _report(self, status: said.Status) -> None:
        if status.underruns or status.waits:
            self._console.tell(f"drop-outs: {status.underruns}, waits: {status.waits}")
