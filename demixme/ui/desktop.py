"""Ties the window to the desktop it runs on: media keys in the background, and staying awake.

Made by `run_window` only, so that no test speaks to the system of whoever runs it.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl

from demixme.core.track import SongInfo
from demixme.engine.status import Status
from demixme.ui import hot_keys, remote
from demixme.ui.awake import Awake, Keeper, system_keeper
from demixme.ui.hot_keys import HotKeys
from demixme.ui.mpris import Mpris
from demixme.ui.remote import Now, Remote

if TYPE_CHECKING:
    from demixme.ui.window import Window

_TOLD_S = 0.5  # how old the place in the song may be that the desktop is told


class Desktop(QObject):
    """Says how the player stands, and does what the desktop asks, at each tick."""

    def __init__(
        self,
        window: "Window",
        keeper: Keeper | None = None,
        keys: HotKeys | None = None,
        platform: str = sys.platform,
    ) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = window.bridge
        self.shared = Remote()
        self.awake = Awake(keeper or system_keeper())
        self.keys = keys
        self.mpris: Mpris | None = None
        self._platform = platform
        self._songs = 0
        libraries = hot_keys.windows()
        if keys is None and libraries is not None:
            self.keys = HotKeys(self.shared, *libraries)
        self.bridge.ticked.connect(self._tick)
        self.bridge.playing_changed.connect(self.awake.follow)
        self.bridge.song_opened.connect(self._song_came)
        self.bridge.song_closed.connect(self._song_went)

    def close(self) -> None:
        """Let everything go."""
        self.awake.follow(False)
        if self.keys is not None:
            self.keys.release()
        if self.mpris is not None:
            self.mpris.close()

    # ------------------------------------------------------------ songs
    def _song_came(self, _: SongInfo) -> None:
        self._songs += 1
        if self.keys is not None:
            self.keys.hold()
        if self.mpris is None and self._platform.startswith("linux"):
            self.mpris = Mpris(self.shared)
            self.mpris.start()

    def _song_went(self) -> None:
        if self.keys is not None:
            self.keys.release()

    # ------------------------------------------------------------ each tick
    def _tick(self, status: Status, _: float) -> None:
        for what, value in self.shared.taken():
            self._do(what, value)
        now = self._now(status)
        before = self.shared.now
        late = now.stamp_s - before.stamp_s > _TOLD_S
        jumped = abs(now.position_s - before.position_now_s()) > _TOLD_S
        if late or jumped or _apart_from_place(now) != _apart_from_place(before):
            self.shared.now = now

    def _now(self, status: Status) -> Now:
        song, queue = status.song, self.window.commands.queue
        if song is None:
            return Now(volume=status.volume**0.5, stamp_s=time.monotonic())
        return Now(
            playing=status.playing,
            title=_sendable(song.title or song.path.stem),
            artist=_sendable(song.artist),
            address=bytes(QUrl.fromLocalFile(str(song.path)).toEncoded().data()).decode("ascii"),
            length_s=status.frames / song.rate,
            position_s=status.position_frame / song.rate,
            stamp_s=time.monotonic(),
            volume=status.volume**0.5,
            has_next=queue.following is not None,
            has_previous=queue.index > 0,
            song=self._songs,
        )

    def _do(self, what: str, value: float | str) -> None:
        bridge, queue = self.bridge, self.window.commands.queue
        simple = {
            remote.PLAY: lambda: self._play(True),
            remote.PAUSE: lambda: self._play(False),
            remote.PLAY_PAUSE: bridge.play_pause,
            remote.STOP: bridge.stop,
            remote.NEXT: lambda: queue.step(1),
            remote.PREVIOUS: lambda: queue.step(-1),
            remote.RAISE: self._raise,
            remote.QUIT: self.window.close,
        }
        if what in simple:
            simple[what]()
        elif isinstance(value, str):
            if QUrl(value).isLocalFile():
                queue.play([Path(QUrl(value).toLocalFile())])
        else:
            self._do_number(what, value)

    def _do_number(self, what: str, value: float) -> None:
        song = self.bridge.status.song
        if what == remote.VOLUME:
            self.bridge.set_volume(value**2)
        elif what == remote.SEEK_BY:
            self.bridge.seek_by(value)
        elif what == remote.SEEK_TO and song is not None:
            self.bridge.seek(round(value * song.rate))

    def _play(self, wanted: bool) -> None:
        if self.bridge.status.playing != wanted:
            self.bridge.play_pause()

    def _raise(self) -> None:
        self.window.showNormal()
        self.window.activateWindow()


def _sendable(text: str) -> str:
    """Return a text without what no bus takes, such as bytes of a name that are no letters."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _apart_from_place(now: Now) -> tuple[object, ...]:
    return (now.playing, now.song, now.length_s, now.volume, now.has_next, now.has_previous)
