"""Says what happened to those who hear the screen: each change once, when it has come to rest."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from demixme.core.units import clock_text
from demixme.engine.status import Status
from demixme.ui.bridge import Bridge
from demixme.ui.desk import Loop
from demixme.ui.spoken import mix_differences, mix_in_words

REST_MS = 150
_MOST = 3  # more changes at once are said as the whole mix


class Speech(QObject):
    """Follows desk and bridge; `say` is the window's `announce`, which everything goes through."""

    def __init__(self, parent: QObject, bridge: Bridge, say: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._say = say
        self._bridge = bridge
        self._mix = bridge.desk.mix
        self._soon: dict[str, str] = {}
        self._ready = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.flush)
        desk = bridge.desk
        desk.mix_changed.connect(lambda _: self._rest("mix", ""))
        desk.loop_changed.connect(self._loop_changed)
        desk.original_changed.connect(self._original_changed)
        desk.restored.connect(self.begin)  # the bar says what was taken back
        desk.parts_changed.connect(lambda _: self.begin())
        bridge.song_opened.connect(lambda _: self.begin())
        bridge.volume_changed.connect(self._volume_changed)
        bridge.ticked.connect(self._tick)

    def begin(self) -> None:
        """Take the mix as it is as known: only what changes from here on is said."""
        self._mix = self._bridge.desk.mix
        self._soon.clear()
        self._ready = False

    def stop(self) -> None:
        """Say nothing more, as the window closes."""
        self._timer.stop()
        self._soon.clear()

    def flush(self) -> None:
        """Say what has come to rest."""
        soon, self._soon = self._soon, {}
        for about, text in soon.items():
            said = self._mix_text() if about == "mix" else text
            if said:
                self._say(said)

    def _mix_text(self) -> str:
        before, self._mix = self._mix, self._bridge.desk.mix
        if before.parts != self._mix.parts:
            return ""
        said = mix_differences(before, self._mix)
        if len(said) <= _MOST:
            return ", ".join(said)
        whole = mix_in_words(self._mix)
        return whole or QCoreApplication.translate("spoken", "All faders at 0, nothing muted")

    def _rest(self, about: str, text: str) -> None:
        self._soon.pop(about, None)
        self._soon[about] = text
        self._timer.start()

    def _loop_changed(self, loop: Loop) -> None:
        song = self._bridge.status.song
        if loop is None or song is None:
            self._rest("loop", QCoreApplication.translate("spoken", "Loop off"))
            return
        first, last = (clock_text(f / song.rate, tenths=True) for f in loop)
        text = QCoreApplication.translate("spoken", "Loop from {first} to {last}")
        self._rest("loop", text.format(first=first, last=last))

    def _original_changed(self, original: bool) -> None:
        song = QCoreApplication.translate("spoken", "The untouched song")
        mix = QCoreApplication.translate("spoken", "The mix")
        self._rest("original", song if original else mix)

    def _volume_changed(self, volume: float) -> None:
        text = QCoreApplication.translate("spoken", "Monitoring volume, {n} percent")
        self._rest("volume", text.format(n=round(volume**0.5 * 100)))

    def _tick(self, status: Status, _passed_s: float) -> None:
        ready = status.song is not None and status.separated >= 1.0
        if ready and not self._ready:
            self._say(QCoreApplication.translate("spoken", "All parts are ready"))
        self._ready = ready
