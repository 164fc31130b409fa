"""The proof that faders at 0 dB are the song: a file and live sound, compared sample by sample.

Thread: the caller's, which plays gui and audio thread in one: nothing here needs a sound card.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from demixme.core.errors import InvalidValue
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.dsp.limiter import delay_frames
from demixme.dsp.mixer import RAMP_S
from demixme.engine.nulldevice import NullDevice
from demixme.engine.status import ModelFailed, SongFailed, Status
from demixme.export.remix import export_remix
from demixme.export.slots import SlotSource
from demixme.export.song import load_song
from demixme.export.stems import export_stems

BLOCK_FRAMES = 512
LARGEST_SUM_ERROR = 1e-6
_TICK_S = 0.02
_RESTING_S = 2.0  # a song too long for the store is never separated as a whole
_MOVES_FRAMES = 20000  # of the second pass in which controls are moved, less in a short song

#: ``progress(what, share)``: what is being done, and how much of it is done, 0…1.
Progress = Callable[[str, float], None]


class LiveEngine(Protocol):
    """What the null test asks of an Engine."""

    def open(self, path: Path) -> None: ...  # noqa: D102
    def play(self) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    def set_model(self, name: str) -> None: ...  # noqa: D102
    def set_mix(self, mix: MixState) -> None: ...  # noqa: D102
    def set_volume(self, gain: float) -> None: ...  # noqa: D102
    def set_original(self, original: bool) -> None: ...  # noqa: D102
    def poll(self) -> Status: ...  # noqa: D102
    def feed(self) -> SlotSource: ...  # noqa: D102


@dataclass(frozen=True)
class NullReport:
    """Largest differences from the decoded song, linear; all but `stems_sum` are to be exactly 0.

    `exported` is the exported file read again, `before_play` live sound from frame 0 with every
    control moved and restored before Play, `while_playing` live sound from one ramp and the
    limiter's window after the last move. `stems_sum` is the largest difference between the sum of
    the exported float parts and the song, to be ≤ 1e-6.
    """

    frames: int
    rate: int
    parts: tuple[str, ...]
    encoding: str
    exported: float
    before_play: float
    while_playing: float
    compared_frames: int
    stems_sum: float

    @property
    def passed(self) -> bool:
        """Whether the song passed bit for bit, and its parts add up."""
        exact = self.exported == self.before_play == self.while_playing == 0.0
        return exact and self.stems_sum <= LARGEST_SUM_ERROR


def null_test(
    path: Path,
    model: str,
    make_engine: Callable[[NullDevice], LiveEngine],
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> NullReport:
    """Run the whole test on a song; the caller closes the engine it made.

    Raises whatever is wrong with song or model, and Cancelled.
    """
    interrupt = interrupt or Interrupt()
    tell = progress or (lambda what, share: None)
    track = load_song(path, lambda done, total, *_: tell("reading", done / total), interrupt).track
    device = NullDevice()
    live = _Live(make_engine(device), device, track, tell, interrupt)
    parts = live.prepare(path, model)
    before_play = live.pass_before_play(parts)
    while_playing, compared = live.pass_while_playing(parts)
    with tempfile.TemporaryDirectory(prefix="demixme-nulltest-") as folder:
        encoding, exported = exported_difference(track, live.mix(), Path(folder), interrupt)
        stems_sum = stems_sum_error(track, live.engine.feed(), Path(folder), tell, interrupt)
    return NullReport(
        track.frames,
        track.rate,
        parts.names,
        encoding,
        exported,
        before_play,
        while_playing,
        compared,
        stems_sum,
    )


# ---------------------------------------------------------------- files
def exported_difference(
    track: Track, mix: MixState, folder: Path, interrupt: Interrupt
) -> tuple[str, float]:
    """Export a mix in the song's own depth, read it again; return encoding and difference."""
    made = export_remix(track, mix, None, folder / "null.wav", interrupt=interrupt)
    again = load_song(made.path, interrupt=interrupt).track
    made.path.unlink()
    if again.frames != track.frames:
        return made.encoding, float("inf")
    return made.encoding, largest_difference(track.read, again.read, track.frames)


def stems_sum_error(
    track: Track, source: SlotSource, folder: Path, tell: Progress, interrupt: Interrupt
) -> float:
    """Export the parts as floats; return how far their sum is from the song at most."""
    try:
        made = export_stems(
            track,
            source,
            folder,
            encoding="float32",
            interrupt=interrupt,
            progress=lambda done, total, *_: tell("adding the parts", done / total),
        )
    finally:
        source.close()
    stems = [load_song(p, interrupt=interrupt).track for p in made.paths.values()]

    def total(first: int, frames: int) -> NDArray[np.float32]:
        summed = np.sum([s.read(first, frames) for s in stems], axis=0, dtype=np.float64)
        return np.asarray(summed, np.float32)

    return largest_difference(track.read, total, track.frames)


Reader = Callable[[int, int], NDArray[np.float32]]


def largest_difference(one: Reader, other: Reader, frames: int, first: int = 0) -> float:
    """Return the largest |difference| of two sounds over frames `first` … `frames` − 1."""
    largest = 0.0
    for at in range(first, frames, 65536):
        n = min(65536, frames - at)
        difference = np.abs(one(at, n).astype(np.float64) - other(at, n))
        largest = max(largest, float(difference.max()))
    return largest


# ---------------------------------------------------------------- live
def disturbed(parts: Parts, number: int) -> MixState:
    """Return a mix with every control away from its place; each `number` moves them elsewhere."""
    mix = MixState(parts).with_master((-7.0, 3.0)[number % 2])
    for k, part in enumerate(parts.names):
        mix = mix.with_strip(
            part,
            level_db=(-3.0 - k, 4.0, -40.0)[(number + k) % 3],
            mute=(number + k) % 2 == 0,
            solo=(number + k) % 4 == 1,
            pan=(-0.5, 0.25, 1.0)[(number + k) % 3],
        )
    return mix


class _Live:
    """One song in an engine whose sound goes into arrays."""

    def __init__(
        self,
        engine: LiveEngine,
        device: NullDevice,
        track: Track,
        tell: Progress,
        interrupt: Interrupt,
    ) -> None:
        self.engine = engine
        self._device = device
        self._track = track
        self._tell = tell
        self._interrupt = interrupt
        self._delay_frames = delay_frames(track.rate)

    def prepare(self, path: Path, model: str) -> Parts:
        """Open song and model and wait until the parts are there; return them."""
        self.engine.set_model(model)
        self.engine.open(path)
        rested_s = 0.0
        while True:
            status = self._poll()
            ready = status.length_known and status.parts is not None and self._device.render
            if ready and status.separated >= 1.0:
                break
            rested_s = rested_s + _TICK_S if ready and not status.separating else 0.0
            if rested_s > _RESTING_S:
                break
            self._tell("separating", status.separated)
            time.sleep(_TICK_S)
        assert status.parts is not None
        if status.track is None or status.track.rate != self._track.rate:
            raise InvalidValue("rate", self._track.rate, "a rate that plays as it is")
        return status.parts

    def mix(self) -> MixState:
        """Return the mix as the engine has it now."""
        mix = self._poll().mix
        assert mix is not None
        return mix

    def pass_before_play(self, parts: Parts) -> float:
        """Move and restore every control, play from frame 0, compare every frame."""
        for number in range(3):
            self._disturb(parts, number)
        self._restore(parts)
        self.engine.play()
        wanted = self._track.frames + self._delay_frames
        heard = [self._pull("playing", wanted)]
        return self._difference(heard, 0, 0)

    def pass_while_playing(self, parts: Parts) -> tuple[float, int]:
        """Move every control while playing; return difference and frames compared after the last.

        The song may be held meanwhile, so its place is taken from the engine, not counted.
        """
        self.engine.stop()
        self._pull("", 4 * self._delay_frames)  # whatever the limiter still holds
        self.engine.play()
        share = min(_MOVES_FRAMES, self._track.frames // 4)
        heard = []
        for number in range(5):
            self._disturb(parts, number)
            heard.append(self._pull("moving controls", max(1, share // 5)))
        self._restore(parts)
        heard.append(self._pull("moving controls", 1))
        ramp_frames = max(1, round(RAMP_S * self._track.rate))
        settled = min(self._track.frames, self._song_frame() + ramp_frames + self._delay_frames)
        while self._song_frame() < settled:
            heard.append(self._pull("moving controls", 64))
        pulled, reached = sum(map(len, heard)), self._song_frame()
        wanted = self._track.frames - reached + self._delay_frames
        heard.append(self._pull("playing", max(0, wanted)))
        self.engine.stop()
        return self._difference(heard, pulled - reached, reached), self._track.frames - reached

    def _difference(self, heard: list[NDArray[np.float32]], offset: int, first: int) -> float:
        """Compare with the song from frame `first`; song frame f was heard as f + offset + W."""
        sound = np.concatenate(heard)

        def played(at: int, frames: int) -> NDArray[np.float32]:
            begin = at + offset + self._delay_frames
            return sound[begin : begin + frames]

        return largest_difference(self._track.read, played, self._track.frames, first)

    def _disturb(self, parts: Parts, number: int) -> None:
        self.engine.set_mix(disturbed(parts, number))
        self.engine.set_volume(0.3)
        self.engine.set_original(number % 2 == 1)
        self._poll()

    def _restore(self, parts: Parts) -> None:
        self.engine.set_mix(MixState(parts))
        self.engine.set_volume(1.0)
        self.engine.set_original(False)
        self._poll()

    def _song_frame(self) -> int:
        render = self._device.render
        assert render is not None
        head = render.probe.head
        return self._track.frames if head.ended else head.song_frame

    def _pull(self, what: str, frames: int) -> NDArray[np.float32]:
        out = np.empty((frames, 2), np.float32)
        for at in range(0, frames, BLOCK_FRAMES):
            n = min(BLOCK_FRAMES, frames - at)
            out[at : at + n] = self._device.pull(n)
            if at % (64 * BLOCK_FRAMES) == 0:
                self._poll()
                self._tell(what, at / frames)
        return out

    def _poll(self) -> Status:
        self._interrupt.check()
        status = self.engine.poll()
        for event in status.events:
            if isinstance(event, SongFailed | ModelFailed):
                raise event.error
        return status
