"""What overview and waveform share: a picture made in a task, and a play head that costs nothing.

The picture of the levels is made by numpy in a thread of its own; what stands still is painted into
one pixmap; while music plays only the play head's old and new column are repainted from it.
"""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from demixme.ui.levels import SongLevels
from demixme.ui.theme import Look
from demixme.ui.wave_image import WaveColours, wave_colours

_FAR = -1000


class PictureTask:
    """Makes one picture at a time in a thread of its own; the gui thread takes it when it is done.

    Thread: gui, but for `make`.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._made: tuple[Any, Any] | None = None

    @property
    def busy(self) -> bool:
        """Say whether a picture is being made, or lies there to be taken."""
        return self._thread is not None

    def begin(self, key: Any, make: Callable[[], Any]) -> None:
        """Make a picture; `key` says what it shows. Only where none is being made."""

        def run() -> None:
            self._made = (key, make())

        self._thread = threading.Thread(target=run, name="demixme-picture", daemon=True)
        self._thread.start()

    def taken(self, wait: bool = False) -> tuple[Any, Any] | None:
        """Return key and picture once it is done."""
        thread = self._thread
        if thread is None or (self._made is None and thread.is_alive() and not wait):
            return None
        thread.join()
        self._thread, made, self._made = None, self._made, None
        return made


class WaveView(QWidget):
    """A picture of levels with a play head on it. Frames are frames of the file."""

    head_reach = 2  # pixels on both sides of the play head that it covers

    def __init__(self, look: Look, levels: SongLevels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.levels = levels
        self.frames = 0
        self.position = 0
        self.loop: tuple[int, int] | None = None
        self.heard: frozenset[str] = frozenset()
        self._head_x = _FAR
        self._task = PictureTask()
        self._image: Any = None
        self._image_key: Any = None
        self._still: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look.changed.connect(self.repaint_all)

    # ------------------------------------------------------------ for subclasses
    def x_of(self, frame: float) -> float:
        """Return where a frame stands."""
        raise NotImplementedError

    def picture_key(self) -> Any:
        """Return what the picture of now depends on."""
        raise NotImplementedError

    def picture_job(self) -> Callable[[], Any]:
        """Return what makes the picture of now, in any thread."""
        raise NotImplementedError

    def paint_still(self, painter: QPainter) -> None:
        """Paint all that stands still."""
        raise NotImplementedError

    def paint_head(self, painter: QPainter, x: int) -> None:
        """Paint the play head."""
        raise NotImplementedError

    def colours(self, soft: float = 0.0) -> WaveColours:
        """Return the colours of the song's parts; those not heard are pale."""
        store = self.levels.store
        return wave_colours(self.look.theme, store.parts if store else None, self.heard, soft)

    # ------------------------------------------------------------ what it shows
    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Show the loop."""
        if loop != self.loop:
            self.loop = loop
            self.repaint_all()

    def set_heard(self, heard: frozenset[str]) -> None:
        """Say which parts are heard; the others are pale."""
        if heard != self.heard:
            self.heard = heard
            self.refresh()

    def repaint_all(self) -> None:
        """Paint anew what stands still, from the picture that is there."""
        self._still = None
        self.refresh()
        self.update()

    def refresh(self) -> None:
        """Take a picture that is done, and have one made where what is shown is stale."""
        if not self.isVisible():
            return
        done = self._task.taken()
        if done is not None:
            self._take(*done)
        if not self._task.busy and self.picture_key() != self._image_key:
            self._task.begin(self.picture_key(), self.picture_job())

    def settle(self) -> None:
        """Wait for the picture of now, as whoever photographs the window does."""
        while self.isVisible() and (self._task.busy or self.picture_key() != self._image_key):
            done = self._task.taken(wait=True)
            if done is not None:
                self._take(*done)
            self.refresh()

    def shut(self) -> None:
        """Wait for what is being made, as the window closes."""
        self._task.taken(wait=True)

    def _take(self, key: Any, image: Any) -> None:
        self._image_key, self._image = key, image
        self._still = None
        self.update()

    def move_head(self) -> None:
        """Repaint the play head's old and new column, if it moved by a pixel."""
        x = round(self.x_of(self.position))
        if x != self._head_x:
            old, self._head_x = self._head_x, x
            for column in (old, x):
                self.update(column - self.head_reach, 0, 2 * self.head_reach + 1, self.height())

    # ------------------------------------------------------------ Qt
    def paintEvent(self, event: QPaintEvent) -> None:
        still = self._still
        if still is None:
            still = self._still = self._painted_still()
        painter = QPainter(self)  # clipped by Qt to the columns that are due
        painter.drawPixmap(0, 0, still)
        self.paint_head(painter, self._head_x)

    def _painted_still(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        made = QPixmap(round(self.width() * scale), round(self.height() * scale))
        made.setDevicePixelRatio(scale)
        made.fill(self.look.theme.tokens["panel"])
        self._head_x = round(self.x_of(self.position))
        painter = QPainter(made)
        self.paint_still(painter)
        painter.end()
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._head_x = round(self.x_of(self.position))
        self.repaint_all()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.repaint_all()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.repaint_all()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.repaint_all()
