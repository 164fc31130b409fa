"""The engine's face: opens songs, plays and remixes them, says how things stand."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from demixme.core.errors import InvalidValue, ModelMissing
from demixme.core.mixstate import MixState, Move
from demixme.core.parts import Parts
from demixme.core.track import Decoder, Track
from demixme.engine.device import Device
from demixme.engine.feed import SlotFeed
from demixme.engine.graveyard import Graveyard
from demixme.engine.interpreter import Interpreter
from demixme.engine.loading import Decoded, Loading, Opened, OpenFailed
from demixme.engine.metering import Metering
from demixme.engine.output import Output
from demixme.engine.probe import Probe
from demixme.engine.reporting import fault_of, heard_frame, status_of
from demixme.engine.spectra import Spectra, spectra_of
from demixme.engine.status import (
    DecodingEnded,
    DeviceInfo,
    Event,
    ModelReady,
    SongEnded,
    SongFailed,
    SongOpened,
    Status,
)
from demixme.engine.transport import Loop, Play, PlayCell, carried_mix
from demixme.engine.worker import ModelLoaded, StemsPrepared, Worker, separated_share

_SHARE_S = 0.25  # how often the separated share is counted
_IDLE_TICKS = 10  # how often an idle worker looks again


class Engine:
    """Plays one song at a time. Every method belongs to the gui thread and returns at once.

    What was asked for shows in `poll` a moment later; errors come as events, and whatever played
    before keeps playing.

    Parameters
    ----------
    open_song : callable
        ``open_song(path) -> Decoder``; called in a task of its own.
    load_model : callable
        ``load_model(name) -> Model`` with `parts`, `separator(rate)` and `close()`; called on the
        worker thread.
    device : Device
    threads : int
        Threads a model may use; for whoever reads it.
    store_bytes : int
        Memory for separated audio.
    """

    def __init__(
        self,
        *,
        open_song: Callable[[Path], Decoder],
        load_model: Callable[[str], Any],
        device: Device,
        threads: int = 1,
        store_bytes: int = 512 << 20,
    ) -> None:
        self.threads = threads
        self._open_song = open_song
        self._interpreter = Interpreter()
        self._cell = PlayCell()
        self._probe = Probe()
        self._worker = Worker(self._cell, self._probe, load_model, store_bytes)
        self._output = Output(device, self._cell, self._probe)
        self._metering = Metering()
        self._graveyard = Graveyard()
        self._results: SimpleQueue[Opened | OpenFailed | Decoded] = SimpleQueue()
        self._loading: Loading | None = None
        self._decoding: Loading | None = None
        self._play_when_open = False
        self._model = ""
        self._parts: Parts | None = None
        self._separated: tuple[float, float, object] = (0.0, 0.0, None)
        self._ticks = 0
        self._closed = False

    # ------------------------------------------------------------ songs
    def open(self, path: Path | str) -> None:
        """Open a song; what plays keeps playing until the new one is there. Thread: gui.

        `SongOpened` or `SongFailed` follows. `play` called meanwhile belongs to the new song.
        """
        if self._loading is not None:
            self._loading.cancel()
        self._play_when_open = False
        self._loading = Loading(Path(path), self._open_song, self._results, self._worker.wake)
        self._loading.start()

    def close_song(self) -> None:
        """Fade out, forget the song, and whatever is being opened. Thread: gui."""
        for loading in (self._loading, self._decoding):
            if loading is not None:
                loading.cancel()
        self._loading = self._decoding = None
        self._bury(self._cell.play)
        self._change(
            generation=self._cell.play.generation + 1,
            target_frame=0,
            playing=False,
            loop=None,
            track=None,
            store=None,
            mix=None,
        )

    def set_model(self, name_or_path: str | Path) -> None:
        """Separate with another model; old slots sound until replaced. Thread: gui.

        `ModelReady` or `ModelFailed` follows.
        """
        self._worker.load(str(name_or_path))

    # ------------------------------------------------------------ transport
    def play(self) -> None:
        """Play from where the song stands, or the song being opened once it is. Thread: gui."""
        if self._loading is not None:
            self._play_when_open = True
        elif self._cell.play.track is not None:
            self._output.open(self._cell.play.track.rate)
            self._change(playing=True)

    def pause(self) -> None:
        """Fade out and stand still. Thread: gui."""
        self._play_when_open = False
        if self._cell.play.playing:
            self._change(playing=False)

    def stop(self) -> None:
        """Fade out and go back to frame 0. Thread: gui."""
        self._play_when_open = False
        self._jump(0, playing=False)

    def seek(self, frame: int) -> None:
        """Go to a frame of the song, clipped to its length. Thread: gui."""
        track = self._cell.play.track
        if track is not None:
            last = max(0, track.frames - 1)
            self._jump(min(max(0, int(frame)), last), playing=self._cell.play.playing)

    def set_loop(self, first: int | None, last: int | None = None) -> None:
        """Loop frames `first` … `last` − 1, or no longer (None). Thread: gui.

        Raises
        ------
        InvalidValue
            Shorter than 100 ms, or outside the song.
        """
        track = self._cell.play.track
        loop = None
        if first is not None and last is not None and track is not None:
            loop = Loop.checked(int(first), min(int(last), track.frames), track.rate)
        self._change(loop=loop)

    # ------------------------------------------------------------ mix
    def set_mix(self, mix: MixState) -> None:
        """Take a whole mix; its parts must be the song's. Thread: gui."""
        play = self._cell.play
        if play.mix is None or mix.parts != play.mix.parts:
            known = None if play.mix is None else play.mix.parts.names
            raise InvalidValue("mix", mix.parts.names, f"the parts {known}")
        if mix != play.mix:
            self._change(mix=mix)

    def set_strip(self, part: str, **changes: Any) -> None:
        """Change `level_db`, `mute`, `solo` or `pan` of one strip by hand. Thread: gui.

        Raises UnknownPart, InvalidValue; before the parts are known there is nothing to change.
        """
        mix = self._cell.play.mix
        if mix is not None:
            self.set_mix(mix.with_strip(part, **changes))

    def set_moves(self, moves: tuple[Move, ...]) -> None:
        """Take these timed moves in place of all others. Thread: gui."""
        mix = self._cell.play.mix
        if mix is not None:
            self.set_mix(replace(mix, moves=tuple(moves)))

    def set_master(self, level_db: float) -> None:
        """Change the master, which is part of the mix. Thread: gui."""
        mix = self._cell.play.mix
        if mix is not None:
            self.set_mix(mix.with_master(level_db))

    def set_volume(self, gain: float) -> None:
        """Change the monitoring volume, linear 0 … 1; never part of the mix. Thread: gui."""
        if not 0.0 <= gain <= 1.0:
            raise InvalidValue("volume", gain, "0 … 1")
        self._change(volume=float(gain))

    def set_original(self, original: bool) -> None:
        """Hear the untouched song instead of the mix (A/B), or the mix again. Thread: gui."""
        self._change(original=bool(original))

    def set_silent_when_late(self, silent: bool) -> None:
        """Go on in silence where a part is not separated yet, or wait there. Thread: gui."""
        self._change(silent_when_late=bool(silent))

    # ------------------------------------------------------------ devices
    def devices(self) -> tuple[DeviceInfo, ...]:
        """Return the outputs as last listed. Thread: gui."""
        return self._output.device.known()

    def refresh_devices(self) -> None:
        """List the outputs anew; `devices` has them a moment later. Thread: gui."""
        self._output.device.refresh()

    def set_device(self, device: DeviceInfo | None) -> None:
        """Play through this output; None is the system's own. Thread: gui."""
        self._output.set_wanted(device)

    def set_buffer_ms(self, buffer_ms: float) -> None:
        """Set the device's buffer, 20 … 200 ms. Thread: gui."""
        self._output.set_buffer_ms(buffer_ms)

    def set_buffer_growth(self, grows: bool) -> None:
        """Raise the buffer on repeated underruns, or never. Thread: gui."""
        self._output.grows = grows

    # ------------------------------------------------------------ export
    def feed(self) -> SlotFeed:
        """Return full slots of the present song and model for one export. Thread: gui.

        Raises ModelMissing while there is no song or no model for it.
        """
        play = self._cell.play
        feed = None
        if play.track is not None and play.store is not None:
            feed = self._worker.feed(play.track, play.store)
        if feed is None:
            raise ModelMissing(self._model)
        return feed

    # ------------------------------------------------------------ polling
    def poll(self) -> Status:
        """Return how things stand, and what happened since the last poll. Thread: gui, at 30 Hz."""
        events: list[Event] = []
        while not self._results.empty():
            self._take_song(self._results.get(), events)
        while not self._worker.results.empty():
            self._take_stems(self._worker.results.get(), events)
        while not self._worker.events.empty():
            events.append(self._worker.events.get())
        if not self._output.poll(events) and self._cell.play.playing:
            self._change(playing=False)
        self._see_end(events)
        events.extend(fault_of(self._probe))
        self._tick()
        play = self._cell.play
        rate = play.track.rate if play.track is not None else 44100
        frame = heard_frame(play, self._probe, self._output)
        sounding = play.playing and self._probe.head.sounding
        meters = self._metering.read(self._probe, play.store, play.mix, frame, rate, sounding)
        return status_of(
            play,
            self._probe,
            self._output,
            position_frame=frame,
            meters=meters,
            model=self._model,
            separated=self._share(play),
            separating=self._worker.busy,
            speed=self._worker.bench.speed if self._worker.bench is not None else 0.0,
            events=tuple(events),
        )

    def spectra(self) -> Spectra | None:
        """Return the spectra of what is heard now, None while nothing sounds. Thread: gui."""
        play, frame = self._cell.play, heard_frame(self._cell.play, self._probe, self._output)
        return spectra_of(play, frame) if play.playing and self._probe.head.sounding else None

    def close(self) -> None:
        """Fade out, end every thread's work, release everything. Thread: gui."""
        if self._closed:
            return
        self._closed = True
        self._change(playing=False)
        self._output.close()
        for loading in (self._loading, self._decoding):
            if loading is not None:
                loading.cancel()
                loading.join(5.0)
        self._worker.close()
        self._interpreter.restore()

    # ------------------------------------------------------------ inside
    def _change(self, **changes: Any) -> None:
        """Store another Play, then tell the worker. Thread: gui."""
        self._cell.play = replace(self._cell.play, **changes)
        self._interpreter.set_playing(self._cell.play.playing)
        if not self._closed:
            self._worker.news()

    def _jump(self, frame: int, **changes: Any) -> None:
        play = self._cell.play
        self._change(generation=play.generation + 1, target_frame=frame, **changes)

    def _bury(self, play: Play) -> None:
        """Keep a former song until the callback cannot hold it any more. Thread: gui."""
        self._graveyard.keep((play.track, play.store), self._probe.head.output_frame)

    def _take_song(self, said: Opened | OpenFailed | Decoded, events: list[Event]) -> None:
        if isinstance(said, Decoded):
            if said.track is self._cell.play.track:
                events.append(DecodingEnded(said.track.frames, said.repaired_frames, said.error))
                self._shorten_loop(said.track)
            return
        if said.loading is not self._loading:
            return
        self._loading = None
        if isinstance(said, OpenFailed):
            events.append(SongFailed(said.error))
            return
        if self._decoding is not None:
            self._decoding.cancel()
        self._decoding = said.loading
        former, track = self._cell.play, said.track
        self._bury(former)
        self._change(
            generation=former.generation + 1,
            target_frame=0,
            playing=self._play_when_open,
            loop=None,
            track=track,
            store=None,
            mix=None if self._parts is None else MixState(self._parts),
            original=False,
        )
        self._output.open(track.rate)
        self._worker.prepare(track)
        events.append(SongOpened(track.info))

    def _shorten_loop(self, track: Track) -> None:
        loop = self._cell.play.loop
        if loop is not None and loop.last > track.frames:
            try:
                loop = Loop.checked(loop.first, track.frames, track.rate)
            except InvalidValue:
                loop = None
            self._change(loop=loop)

    def _take_stems(self, said: ModelLoaded | StemsPrepared, events: list[Event]) -> None:
        play = self._cell.play
        if isinstance(said, ModelLoaded):
            self._model, self._parts = said.name, said.parts
            events.append(ModelReady(said.name, said.parts))
            if play.track is not None and play.mix is None:
                self._change(mix=MixState(said.parts))
            return
        if said.track is not play.track:
            return
        parts, store = said.store.parts, play.store
        new_grid = (parts, said.store.slot_frames)
        if store is not None and (store.parts, store.slot_frames) == new_grid:
            self._worker.news()  # the slots there sound until they are replaced
            return
        mix = play.mix
        if mix is None or mix.parts != parts:
            mix = carried_mix(mix, parts)
        self._graveyard.keep(store, self._probe.head.output_frame)
        self._change(store=said.store, mix=mix)

    def _see_end(self, events: list[Event]) -> None:
        play, head = self._cell.play, self._probe.head
        if play.playing and head.ended and head.generation == play.generation:
            self._jump(0, playing=False)
            events.append(SongEnded())

    def _share(self, play: Play) -> float:
        """Return the separated share, counted anew a few times a second. Thread: gui."""
        bench, now_s = self._worker.bench, time.perf_counter()
        about = (bench, play.store, self._worker.busy)
        if now_s - self._separated[0] >= _SHARE_S or about != self._separated[2]:
            known = bench is not None and bench.reader.track is play.track
            frames = play.track.frames if play.track is not None else 0
            share = separated_share(bench if known else None, play.store, frames)
            self._separated = (now_s, share, about)
        return self._separated[1]

    def _tick(self) -> None:
        self._ticks += 1
        self._interpreter.tick()
        self._worker.running = self._output.running
        play, head = self._cell.play, self._probe.head
        rate = play.track.rate if play.track is not None else 44100
        self._graveyard.sweep(head.output_frame, rate, self._output.running)
        if self._ticks % _IDLE_TICKS == 0:
            self._worker.wake()
