"""The one file of the window that sees Engine: polls it 30 times a second, says what happened.

Everything here runs on the gui thread. Calls of the engine return at once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from demixme import settings as settings_store
from demixme.audiofile.ownparts import OWN_PARTS
from demixme.core.mixstate import MixState
from demixme.core.session import SUFFIX
from demixme.core.track import SongInfo
from demixme.engine import status as said
from demixme.engine.status import DeviceInfo, Status
from demixme.export.order import Order
from demixme.export.ownparts import OWN
from demixme.messages import sentence
from demixme.ui.desk import Desk, Loop
from demixme.ui.export_task import ExportTask
from demixme.ui.language import language_of
from demixme.ui.memory import Memory
from demixme.ui.notice import Notice
from demixme.ui.own_presets import OwnPreset

if TYPE_CHECKING:
    from demixme.engine.engine import Engine

MakeEngine = Callable[[], "Engine"]
TICK_MS = 33
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelChoice:
    """One model of the model menu."""

    name: str
    title: str
    sentence: str = ""
    research_only: bool = False
    card: tuple[str, ...] = ()  # what its card says, line by line


class Bridge(QObject):
    """Engine, desk and settings for the widgets; signals say what happened, `ticked` each poll.

    `wishes` are what the actions of notices do; the window fills them in.
    """

    ticked = Signal(object, float)
    song_coming = Signal()
    song_opened = Signal(object)
    song_failed = Signal()
    song_ended = Signal()
    song_closed = Signal()
    playing_changed = Signal(bool)
    sought = Signal()
    volume_changed = Signal(float)
    device_changed = Signal(object)
    model_changed = Signal(str)
    recent_changed = Signal()
    settings_changed = Signal()
    presets_changed = Signal(tuple)
    noticed = Signal(object)

    def __init__(
        self,
        engine: "Engine",
        models: Callable[[], Sequence[ModelChoice]] = tuple,
        settings_path: Path | None = None,
        diagnostics: Callable[[], str] = str,
    ) -> None:
        super().__init__()
        self._diagnostics = diagnostics
        self._engine = engine
        self._models = models
        self._settings_path = settings_path
        self.settings = settings_store.load(settings_path)
        self.status = Status()
        self.desk = Desk(self._send_mix, self._send_loop, engine.set_original)
        self._waiting_mix: MixState | None = None
        self._own = ""  # what stands for a model while a song with own parts is open
        self._came = False
        self._play_wanted = False  # as soon as the song that is being opened is there
        self.memory = Memory(self)
        self.wishes: dict[str, Callable[[], object]] = {}
        self._told: set[str] = set()
        self._last_s = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    # ------------------------------------------------------------ life
    def start(self) -> None:
        """Hand the settings to the engine and begin to poll."""
        wanted = self.settings
        self._engine.set_volume(wanted.volume)
        self._engine.set_buffer_ms(wanted.buffer_ms)
        if wanted.device:
            self._engine.set_device(DeviceInfo(wanted.device, wanted.host_api, 2))
        self._engine.set_silent_when_late(wanted.late == "silence")
        self._engine.set_model(wanted.model)
        self._engine.refresh_devices()
        self._timer.start()
        self.tick()

    def close(self) -> None:
        """Stop polling, keep the settings, close the engine."""
        self._timer.stop()
        self.memory.close(self.status)
        settings_store.save(self.settings, self._settings_path)
        self._engine.close()

    def change_settings(self, **changes: object) -> None:
        """Remember other settings; written when the window closes and at each song."""
        self.settings = self.settings.changed(**changes)
        self.settings_changed.emit()

    def keep_settings(self) -> None:
        """Write the settings now."""
        settings_store.save(self.settings, self._settings_path)

    # ------------------------------------------------------------ polling
    def tick(self) -> None:
        """Poll the engine once and say what changed."""
        now_s = time.monotonic()
        passed_s, self._last_s = min(0.5, now_s - self._last_s), now_s
        before, status = self.status, self._engine.poll()
        if status.song is not before.song:
            self.memory.leave(before)
            kept = self.settings.keep_mix and before.song is not None
            self.memory.carried = self.desk.mix if kept else None
        self.status = status
        self._follow_desk(status)
        for event in status.events:
            self._hear(event)
        self.memory.follow(status, passed_s)
        self._begin_playing()
        if status.playing != before.playing:
            self.playing_changed.emit(status.playing)
        if status.song is None and before.song is not None:
            self.song_closed.emit()
        if status.device != before.device:
            self.device_changed.emit(status.device)
        self.ticked.emit(status, passed_s)

    def _follow_desk(self, status: Status) -> None:
        """Show the engine's mix; what was moved before it had one goes to it first."""
        if status.mix is None:
            return
        moved, self._waiting_mix = self._waiting_mix, None
        if moved is not None and moved.parts == status.mix.parts:
            self._engine.set_mix(moved)
            self.desk.take(moved, status.loop)
        else:
            self.desk.take(status.mix, status.loop)

    def _send_mix(self, mix: MixState) -> None:
        if self.status.mix is None:
            self._waiting_mix = mix  # until the model has said which parts there are
        else:
            self._engine.set_mix(mix)

    def _hear(self, event: said.Event) -> None:
        match event:
            case said.SongOpened(info=info):
                self._song_came(info)
            case said.SongFailed(error=error):
                self._play_wanted = False
                self.say_error(error, self.tr("Open another…"), "open", of_song=True)
                self.song_failed.emit()
            case said.SongEnded():
                self.song_ended.emit()
            case said.DecodingEnded(error=error) if error is not None:
                self.say_error(error, of_song=True)
            case said.DecodingEnded(repaired_frames=frames) if frames:
                self._say(
                    self.tr("The file held {n} broken samples; they are silent now.").format(
                        n=frames
                    )
                )
            case said.ModelReady(name=name):
                self.memory.parts_come = True
                self.model_changed.emit(name)
            case said.ModelFailed(error=error):
                self.memory.parts_come = False
                self.say_error(error)
            case said.SeparationFailedAt(error=error):
                self._say_once("separation", error)
            case _:
                self._hear_device(event)

    def _hear_device(self, event: said.Event) -> None:
        match event:
            case said.DeviceFailed(error=error):
                self.say_error(error, self.tr("Choose another output…"), "devices")
            case said.BufferRaised(buffer_ms=buffer_ms):
                self.change_settings(buffer_ms=max(20.0, min(200.0, buffer_ms)))
                text = self.tr("There were drop-outs: the sound buffer is {n} ms now.")
                self._say(text.format(n=round(buffer_ms)))
            case said.EngineFault(where=where, trace=trace):
                _log.error("fault in %s: %s", where, trace)
                text = self.tr("Something broke inside ({where}). The log file says more.")
                self._say(text.format(where=where), is_error=True)

    def _song_came(self, info: SongInfo) -> None:
        self._told.clear()
        self._waiting_mix = None
        self._came = True
        self.desk.forget()
        self.desk.set_named_loops(())
        self.settings = self.settings.with_recent(info.path)
        settings_store.save(self.settings, self._settings_path)
        self.recent_changed.emit()
        self.song_coming.emit()
        self._take_own_parts(info)
        self.memory.enter(info, self.status)
        self.song_opened.emit(info)

    def _take_own_parts(self, info: SongInfo) -> None:
        """Let a song with parts of its own be played by them, and the next one by the model."""
        own = f"{OWN}{info.path}" if info.format_name == OWN_PARTS else ""
        if own or self._own:
            self._engine.set_model(own or self.settings.model)
        self._own = own

    def _begin_playing(self) -> None:
        """Play the song that was opened, with its own mix from the first sample on."""
        if self._play_wanted and self._came and not self.memory.waits:
            self._play_wanted = self._came = False
            self._engine.play()

    def say_error(
        self, error: BaseException, action: str = "", wish: str = "", of_song: bool = False
    ) -> None:
        """Say what an error means, with a wish of the window's as its action."""
        _log.warning("%r", error)
        act = self.wishes.get(wish)
        text = sentence(error, short=True)
        self.noticed.emit(Notice(text, action if act else "", act, True, of_song))

    def _say_once(self, about: str, error: BaseException) -> None:
        if about not in self._told:
            self._told.add(about)
            self.say_error(error)

    def _say(self, text: str, is_error: bool = False) -> None:
        self.noticed.emit(Notice(text, is_error=is_error))

    # ------------------------------------------------------------ song
    def open(self, path: Path | str) -> None:
        """Open a song, or a session, in place of what is there, and play it."""
        path = Path(path)
        if path.suffix.lower() == SUFFIX:
            self.memory.open_file(path)
            return
        self._play_wanted, self._came = True, False
        self._engine.open(path)

    @property
    def has_song(self) -> bool:
        """Say whether a song is there."""
        return self.status.song is not None

    def play_pause(self) -> None:
        """Play, or pause."""
        if self.status.playing:
            self._engine.pause()
        elif self.has_song:
            self._engine.play()

    def stop(self) -> None:
        """Stop and go to the start."""
        self._engine.stop()

    def seek(self, frame: int) -> None:
        """Go to a place of the song."""
        if self.has_song:
            self._engine.seek(max(0, min(frame, max(0, self.status.frames - 1))))
            self.sought.emit()

    def seek_by(self, seconds: float) -> None:
        """Go some seconds forth or back."""
        if self.status.song is not None:
            frames = round(seconds * self.status.song.rate)
            self.seek(self.status.position_frame + frames)

    @property
    def own_presets(self) -> tuple[OwnPreset, ...]:
        """Return the presets that the person kept."""
        return tuple(OwnPreset.stored(p) for p in self.settings.presets)

    def set_own_presets(self, own: tuple[OwnPreset, ...]) -> None:
        """Keep these presets, on disk as well."""
        self.change_settings(presets=[p.to_store() for p in own])
        settings_store.save(self.settings, self._settings_path)
        self.presets_changed.emit(own)

    def _send_loop(self, loop: Loop) -> None:
        if loop is None:
            self._engine.set_loop(None)
        else:
            self._engine.set_loop(*loop)

    def spectra(self) -> said.Spectra | None:
        """Return the spectra of what is heard now; asked for only while they are seen."""
        return self._engine.spectra()

    # ------------------------------------------------------------ sound
    def set_volume(self, volume: float) -> None:
        """Set the monitoring volume, linear 0…1."""
        self._engine.set_volume(volume)
        self.change_settings(volume=volume)
        self.volume_changed.emit(volume)

    def devices(self) -> Sequence[DeviceInfo]:
        """Return the outputs there are, as last listed; list them anew for the next time."""
        self._engine.refresh_devices()
        found: Sequence[DeviceInfo] = self._engine.devices()
        return found

    def set_device(self, device: DeviceInfo | None) -> None:
        """Play through another output; None is the system's default."""
        self._engine.set_device(device)
        self.change_settings(
            device=device.name if device else "", host_api=device.host_api if device else ""
        )

    def set_buffer_ms(self, buffer_ms: float) -> None:
        """Ask for another buffer."""
        self._engine.set_buffer_ms(buffer_ms)
        self.change_settings(buffer_ms=buffer_ms)

    def set_late(self, late: str) -> None:
        """Wait where a part is not separated yet, or go on in silence."""
        self._engine.set_silent_when_late(late == "silence")
        self.change_settings(late=late)

    @property
    def language(self) -> str:
        """Return the window's language, "en" or "es"."""
        return language_of(self.settings.language)

    def diagnostics_text(self) -> str:
        """Return what to paste where somebody asks for help: this machine, and how it plays."""
        status = self.status
        device = f"{status.device.name} ({status.device.host_api})" if status.device else "none"
        lines = [
            f"output: {device}, buffer {status.buffer_ms:.0f} ms, latency {status.latency_s:.3f} s",
            f"underruns: {status.underruns}, waits: {status.waits}",
            f"model: {status.model}, {status.speed:.1f} x real time",
        ]
        return "\n".join((self._diagnostics().rstrip(), "playing", *(f"  {x}" for x in lines), ""))

    def models(self) -> Sequence[ModelChoice]:
        """Return the models there are."""
        return self._models()

    def set_model(self, name: str) -> None:
        """Separate with another model."""
        self._own = ""
        self._engine.set_model(name)
        self.change_settings(model=name)

    # ------------------------------------------------------------ export
    def export_task(self, order: Order) -> ExportTask | None:
        """Return the task that runs an order on the song that is open; None without one."""
        track = self.status.track
        if track is None:
            return None
        source = self._engine.feed() if order.needs_stems else None
        return ExportTask(track, source, order)
