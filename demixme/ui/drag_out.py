"""Strips dragged into other programs, or copied: their sound as a WAV in the cache.

The first press has it written; once it stands whole, a drag or Ctrl+C hands over its address. The
files stay until the program ends.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QWidget

from demixme import resources
from demixme.audiofile.paths import safe_name
from demixme.core.errors import DemixError
from demixme.core.mixstate import MASTER, MixState
from demixme.core.track import Track
from demixme.export.order import Order, RemixOrder, StemsOrder
from demixme.messages import sentence
from demixme.ui.bridge import Bridge
from demixme.ui.export_form import mix_words
from demixme.ui.export_task import ExportTask
from demixme.ui.mixer import Mixer
from demixme.ui.name_handle import NameHandle
from demixme.ui.notice import Notice

_TICK_MS = 100


@dataclass(frozen=True)
class _Key:
    """What a file holds; of the master, the mix as well."""

    track: int
    name: str
    model: str
    mix: tuple[object, ...]


class DragOut(QObject):
    """Writes the sound of strips and hands it over; one at a time."""

    noticed = Signal(object)

    def __init__(self, bridge: Bridge, mixer: Mixer) -> None:
        super().__init__(mixer)
        self.bridge = bridge
        self.mixer = mixer
        self.task: ExportTask | None = None
        self._working: _Key | None = None
        self._copies: _Key | None = None  # goes onto the clipboard when it stands
        self._files: dict[_Key, Path] = {}
        self._tracks: list[Track] = []  # kept, so that no other one gets the number of one of them
        self._folder = resources.cache_folder() / f"dragged-{os.getpid()}"
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        mixer.name_pressed.connect(self.prepare)
        mixer.name_dragged.connect(self.drag)
        mixer.copy_wanted.connect(self.copy)

    # ------------------------------------------------------------ what a hand does
    def prepare(self, name: str) -> None:
        """Have the sound of a strip written, if it is not."""
        key, track = self._key(name), self.bridge.status.track
        if key is None or track is None or key in self._files or key == self._working:
            return
        if self.task is not None:
            self.task.cancel()
            self._end()
        try:
            self.task = self.bridge.export_task(self._order(name, track))
        except DemixError as error:
            self._say_error(error)
            return
        if self.task is not None:
            self._tracks.append(track)
            self._working = key
            self.task.start()
            self._timer.start()
            self._show(name, 0.0)

    def drag(self, name: str) -> None:
        """Let a strip's sound be dropped elsewhere, if it stands whole."""
        mime = self.mime(name)
        if mime is not None:
            drag = QDrag(self._handle(name))
            drag.setMimeData(mime)
            drag.exec(Qt.DropAction.CopyAction)

    def copy(self, name: str) -> None:
        """Put the address of a strip's sound on the clipboard, as soon as it stands whole."""
        self.prepare(name)
        mime = self.mime(name)
        if mime is not None:
            QGuiApplication.clipboard().setMimeData(mime)
            self.noticed.emit(Notice(self.tr("Copied: paste it into a folder or a program.")))
        else:
            self._copies = self._key(name)

    def mime(self, name: str) -> QMimeData | None:
        """Return the address of a strip's sound; None while it is not written."""
        key = self._key(name)
        path = self._files.get(key) if key is not None else None
        if path is None or not path.exists():
            return None
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        return mime

    # ------------------------------------------------------------ work
    def _key(self, name: str) -> _Key | None:
        status, mix = self.bridge.status, self.bridge.desk.mix
        if status.track is None:
            return None
        return _Key(id(status.track), name, status.model, _facts(mix) if name == MASTER else ())

    def _order(self, name: str, track: Track) -> Order:
        mix = self.bridge.desk.mix
        stem = safe_name(track.info.path.stem)
        folder = self._folder / str(len(self._files) + len(self._tracks))
        if name == MASTER:
            path = folder / f"{stem} ({safe_name(mix_words(mix))}).wav"
            return RemixOrder(mix, path, overwrite=True)
        template = "{song} - {part}"
        return StemsOrder(mix.parts, folder, only=(name,), template=template, overwrite=True)

    def tick(self) -> None:
        """Show how far the sound is; keep it when it stands."""
        task, key = self.task, self._working
        if task is None or key is None:
            return
        self._show(key.name, task.done)
        if not task.ended:
            return
        self._end()
        if task.error is not None:
            self._say_error(task.error)
        elif task.result is not None:
            targets = task.order.targets(self._tracks[-1].info.path)
            self._files[key] = next(iter(targets.values()))
            if self._copies == key == self._key(key.name):
                self.copy(key.name)

    def _end(self) -> None:
        self._timer.stop()
        if self.task is not None:
            self.task.join()
        if self._working is not None:
            self._show(self._working.name, None)
        self.task = self._working = None

    def _handle(self, name: str) -> NameHandle | QWidget:
        channel = self.mixer.channel(name)
        return channel.handle if channel is not None else self.mixer

    def _show(self, name: str, share: float | None) -> None:
        handle = self._handle(name)
        if isinstance(handle, NameHandle):
            handle.show_share(share)

    def _say_error(self, error: BaseException) -> None:
        self.noticed.emit(Notice(sentence(error, short=True), is_error=True))

    def shut(self) -> None:
        """Stop, and remove what was written, as the program ends."""
        if self.task is not None:
            self.task.cancel()
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)


def _facts(mix: MixState) -> tuple[object, ...]:
    """Return a mix as something that can be looked up."""
    return (mix.parts, *(mix.strips[n] for n in mix.parts.names), mix.master_db, mix.moves)
