"""The play queue: the songs that follow one another, and whether the music stops between them."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from demixme.audiofile.songlist import songs_of
from demixme.core.track import SongInfo
from demixme.ui.bridge import Bridge


class PlayQueue(QObject):
    """Holds the songs; opens the next one when a song has ended.

    A song opened in another way than through the queue is a queue of its own.
    """

    changed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self.bridge = bridge
        self.songs: tuple[Path, ...] = ()
        self.index = -1  # of the song that is open, or being opened
        self.by_itself = False  # the song being opened follows one that ended
        bridge.song_opened.connect(self._opened)
        bridge.song_failed.connect(self._failed)
        bridge.song_ended.connect(self._ended)

    # ------------------------------------------------------------ what stands in it
    @property
    def current(self) -> Path | None:
        """Return the song that is open or being opened."""
        return self.songs[self.index] if 0 <= self.index < len(self.songs) else None

    @property
    def following(self) -> Path | None:
        """Return the song after the present one."""
        return self.songs[self.index + 1] if self.index + 1 < len(self.songs) else None

    def play(self, paths: Iterable[Path]) -> bool:
        """Play these files and folders in place of what is there; False where there is no song."""
        songs = songs_of(paths)
        if songs:
            self.songs = songs
            self._go(0)
        return bool(songs)

    def add(self, paths: Iterable[Path]) -> int:
        """Put files and folders behind the last song; return how many songs they are."""
        songs = songs_of(paths)
        new = tuple(s for s in songs if s not in self.songs)
        if not self.songs:
            self.play(new)
        elif new:
            self.songs += new
            self.changed.emit()
        return len(new)

    def clear(self) -> None:
        """Leave only the song that is open."""
        current = self.current
        self.songs = () if current is None else (current,)
        self.index = len(self.songs) - 1
        self.changed.emit()

    # ------------------------------------------------------------ going through it
    def step(self, by: int) -> None:
        """Play the next (1) or the previous (−1) song, if there is one."""
        if 0 <= self.index + by < len(self.songs):
            self._go(self.index + by)

    def jump(self, index: int) -> None:
        """Play a song of the queue."""
        if 0 <= index < len(self.songs):
            self._go(index)

    def _go(self, index: int, by_itself: bool = False) -> None:
        self.index, self.by_itself = index, by_itself
        self.changed.emit()
        self.bridge.open(self.songs[index])

    def _opened(self, info: SongInfo) -> None:
        self.by_itself = False
        if self.current != info.path:
            if info.path in self.songs:
                self.index = self.songs.index(info.path)
            else:
                self.songs, self.index = (info.path,), 0
            self.changed.emit()

    def _failed(self) -> None:
        by_itself, self.by_itself = self.by_itself, False
        if by_itself:  # said in the bar; the music goes on with the one after it
            self._go_on()

    def _ended(self) -> None:
        if not self.bridge.settings.stop_between:
            self._go_on()

    def _go_on(self) -> None:
        if self.following is not None:
            self._go(self.index + 1, by_itself=True)
