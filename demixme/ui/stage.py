"""What moves while a song plays: waveforms, clock, meters, the loop, why it is silent."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from demixme.core.mixstate import MixState
from demixme.core.track import SongInfo
from demixme.engine.status import Status
from demixme.ui.bridge import Bridge
from demixme.ui.loop_commands import LoopCommands
from demixme.ui.silence import Silence, explain_silence

if TYPE_CHECKING:
    from demixme.ui.spectrum_view import SpectrumView
    from demixme.ui.window import Window

_LEVELS_EVERY = 8  # polls between two looks at what was separated: four a second


class Stage(QObject):
    """Hands each poll of the engine to the widgets that show it."""

    def __init__(self, window: "Window", bridge: Bridge, loops: LoopCommands) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = bridge
        self.loops = loops
        self.silence: Silence | None = None
        self.spectrum: SpectrumView | None = None
        self._unfed_s = 0.0
        self._ticks = 0
        bridge.ticked.connect(self._tick)
        bridge.sought.connect(window.waveform.follow_again)
        bridge.desk.loop_changed.connect(lambda _: self.show_loop())
        window.transport.silence_answered.connect(self._answer_silence)
        window.waveform.view_changed.connect(self.show_view)

    # ------------------------------------------------------------ each poll
    def _tick(self, status: Status, passed_s: float) -> None:
        window = self.window
        self._ticks += 1
        levels_due = self._ticks % _LEVELS_EVERY == 0
        if levels_due:
            window.levels.follow(status.track, status.store)
        if status.song is None:
            return
        rate = status.song.rate
        for view in (window.waveform, window.overview):
            view.set_frames(status.frames)
            view.set_position(status.position_frame)
            view.refresh()
        window.transport.clock.show_time(
            status.position_frame / rate, status.frames / rate, status.length_known
        )
        if levels_due:
            self.show_facts(status)
            self._show_silence(status)
        self.loops.follow()
        window.mixer.feed(status, passed_s)
        self._feed_spectrum(passed_s)

    def _feed_spectrum(self, passed_s: float) -> None:
        """Feed the spectrum every other poll, and only while it can be seen."""
        self._unfed_s += passed_s
        if self.spectrum is not None and self._ticks % 2 and self.spectrum.isVisible():
            self.spectrum.feed(self.bridge.spectra(), self._unfed_s)
            self._unfed_s = 0.0

    def show_spectrum(self, shown: bool) -> None:
        """Show the spectrum beside the waveform, or not; it is made when it is first shown."""
        if shown and self.spectrum is None:
            from demixme.ui.spectrum_view import SpectrumView  # pyqtgraph: half a second to import

            self.spectrum = SpectrumView(self.window.look, self.window.song_card)
            self.spectrum.set_parts(self.bridge.desk.parts)
            self.bridge.desk.parts_changed.connect(self.spectrum.set_parts)
            self.window.waves.addWidget(self.spectrum, 2)
        if self.spectrum is not None:
            self.spectrum.setVisible(shown and self.window.waveform.isVisibleTo(self.window))
        self.window.transport.spectrum.setChecked(shown)

    def show_song(self, info: SongInfo, status: Status) -> None:
        """Show another song from its start."""
        window = self.window
        window.levels.follow(status.track, status.store)
        window.waveform.set_song(info.rate, status.frames or info.frames)
        window.overview.set_frames(status.frames or info.frames)
        self.show_facts(status)

    def show_facts(self, status: Status) -> None:
        """Show rate, length and how far separation is."""
        separation = ""
        if status.separating and 0.0 < status.separated < 1.0:
            separation = self.tr("separating {n} %").format(n=int(status.separated * 100))
        rate = status.song.rate if status.song else 0
        length_s = status.frames / max(1, rate)
        self.window.header.show_facts(rate, length_s, status.length_known, separation)

    # ------------------------------------------------------------ silence explained
    def _show_silence(self, status: Status) -> None:
        why = None
        if status.playing and not self.bridge.desk.original:
            why = explain_silence(self.bridge.desk.mix, status.volume, status.waiting)
        if why != self.silence:
            self.silence = why
            self.window.transport.show_silence(*self.window.commands.silence_texts(why))

    def _answer_silence(self) -> None:
        if self.silence is not None:
            self.window.commands.end_silence(self.silence)

    # ------------------------------------------------------------ loop and view
    def show_mix(self, mix: MixState, original: bool) -> None:
        """Show which parts are heard: the others are pale in the waveforms."""
        soloed = any(s.solo for s in mix.strips.values())
        heard = frozenset(
            n for n, s in mix.strips.items() if original or (not s.mute and (s.solo or not soloed))
        )
        self.window.waveform.set_heard(heard)
        self.window.overview.set_heard(heard)

    def show_loop(self) -> None:
        """Show the loop and how often it has been heard."""
        song, loop = self.bridge.status.song, self.bridge.desk.loop
        self.window.waveform.set_loop(loop)
        self.window.overview.set_loop(loop)
        passes = self.loops.passes
        count = (passes.done + 1, passes.times) if passes.times else None
        self.window.transport.show_loop(loop, song.rate if song else 44100, count)

    def show_view(self, first: float, last: float) -> None:
        """Frame on the overview what the waveform shows."""
        window = self.window
        window.overview.set_view((first, last) if window.waveform.isVisibleTo(window) else None)
