"""What the actions do: one method each, on bridge, desk and window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from demixme.core.units import SILENCE_DB, clock_text
from demixme.ui import silence
from demixme.ui.areas import focus_next_area
from demixme.ui.bridge import Bridge
from demixme.ui.loop_commands import LoopCommands
from demixme.ui.own_presets import OwnPreset
from demixme.ui.part_names import part_title
from demixme.ui.play_queue import PlayQueue
from demixme.ui.session_commands import SessionCommands
from demixme.ui.silence import Silence
from demixme.ui.slider import PaintedSlider
from demixme.ui.spoken import mix_in_words

if TYPE_CHECKING:
    from demixme.ui.window import Window


class Commands(QObject):
    """The slots of the action table."""

    def __init__(self, window: "Window", bridge: Bridge) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = bridge
        self.desk = bridge.desk
        self.loops = LoopCommands(window, bridge)
        self.queue = PlayQueue(bridge)
        self.sessions = SessionCommands(window, bridge)

    # ------------------------------------------------------------ song
    def open_dialog(self) -> None:
        """Choose a song."""
        self.window.choose_song()

    def export(self) -> None:
        """Export what is heard now."""
        if self.bridge.has_song:
            self.window.show_export()

    def quit(self) -> None:
        """Close the window."""
        self.window.close()

    # ------------------------------------------------------------ play
    def play_pause(self) -> None:
        """Play or pause."""
        self.bridge.play_pause()

    def stop(self) -> None:
        """Stop and go to the start."""
        self.bridge.stop()

    def seek_by(self, seconds: float) -> None:
        """Go forth or back."""
        self.bridge.seek_by(seconds)

    # ------------------------------------------------------------ mix
    def _part(self, number: int) -> str | None:
        order = self.desk.parts.mixer_order
        return order[number - 1] if number <= len(order) and self.bridge.has_song else None

    def _on_strip(self, number: int, do: Callable[[str], None]) -> None:
        part = self._part(number)
        if part is not None:
            self.window.mixer.bring_into_view(self.window.mixer.strips[part])
            do(part)

    def mute_strip(self, number: int) -> None:
        """Mute a strip or not."""
        self._on_strip(number, self.desk.toggle_mute)

    def solo_strip(self, number: int) -> None:
        """Solo a strip or not."""
        self._on_strip(number, self.desk.toggle_solo)

    def only_strip(self, number: int) -> None:
        """Hear only this strip; once more goes back."""
        self._on_strip(number, self.desk.toggle_only)

    def focus_strip(self, number: int) -> None:
        """Give a fader the focus."""
        self._on_strip(number, lambda part: self.window.mixer.strips[part].fader.setFocus())

    def hold_strip(self, number: int, held: bool) -> None:
        """Mute a strip while its key is held; afterwards it is as before."""
        part = self._part(number)
        if part is not None:
            self.desk.hold_mute(part, held)

    def toggle_original(self) -> None:
        """Play the untouched song, or the mix again."""
        if self.bridge.has_song:
            self.desk.set_original(not self.desk.original)

    def mute_all(self) -> None:
        """Mute every part, or none."""
        if self.bridge.has_song:
            self.desk.toggle_mute_all()

    def reset_mix(self) -> None:
        """Set all faders to 0 dB, mute nothing."""
        if self.bridge.has_song:
            self.desk.reset()

    def keep_preset(self) -> None:
        """Keep faders, balances and mutes as a preset, under a name that the person gives."""
        taken = {p.title for p in self.bridge.own_presets}
        number = next(k for k in range(1, 1000) if self._numbered(k) not in taken)
        self.window.ask_name(self.tr("Keep this mix"), self._numbered(number), self._keep_preset)

    def _numbered(self, number: int) -> str:
        return self.tr("My mix {n}").format(n=number)

    def _keep_preset(self, name: str) -> None:
        kept = OwnPreset.of(name, self.desk.mix)
        others = tuple(p for p in self.bridge.own_presets if p.title != name)
        self.bridge.set_own_presets((*others, kept))

    def forget_preset(self, preset: OwnPreset) -> None:
        """Keep a preset of one's own no longer."""
        self.bridge.set_own_presets(tuple(p for p in self.bridge.own_presets if p != preset))

    def undo(self) -> None:
        """Take the last move back."""
        self.desk.undo()

    def redo(self) -> None:
        """Do the move again."""
        self.desk.redo()

    def reset_control(self) -> None:
        """Reset the focused fader or balance."""
        focused = QApplication.focusWidget()
        if isinstance(focused, PaintedSlider):
            focused.reset()

    def clear_clips(self) -> None:
        """Put the clip lights out."""
        self.window.mixer.clear_clips()

    # ------------------------------------------------------------ view
    def zoom(self, factor: float) -> None:
        """Zoom the waveform around the play head."""
        self.window.waveform.zoom(factor)

    def toggle_spectrum(self) -> None:
        """Show the spectrum beside the waveform, or not."""
        shown = not self.bridge.settings.spectrum
        self.bridge.change_settings(spectrum=shown)
        self.window.stage.show_spectrum(shown)

    def scroll(self, share: float) -> None:
        """Scroll the waveform."""
        self.window.waveform.scroll_by(share)

    def settings(self) -> None:
        """Open the settings."""
        self.window.dialogs.settings.open()

    def help(self) -> None:
        """Show manual and shortcuts."""
        self.window.dialogs.help.open()

    def about(self) -> None:
        """Say what this program is."""
        self.window.dialogs.about.open()

    def next_area(self) -> None:
        """Give the next area the focus."""
        focus_next_area(self.window)

    def say_state(self) -> None:
        """Speak place, loop, mutes, solos and faders away from 0."""
        self.window.announce(self.state_text())

    def state_text(self) -> str:
        """Return the state in words."""
        status, mix = self.bridge.status, self.desk.mix
        if status.song is None:
            return self.tr("No song is open")
        said = [clock_text(status.position_frame / status.song.rate)]
        if self.desk.loop:
            first, last = (clock_text(f / status.song.rate) for f in self.desk.loop)
            said.append(self.tr("loop {first} to {last}").format(first=first, last=last))
        words = mix_in_words(mix)
        if words:
            said.append(words)
        return ", ".join(said)

    # ------------------------------------------------------------ silence
    def silence_texts(self, why: Silence | None) -> tuple[str, str]:
        """Return the line that explains a silence, and the name of its action."""
        if why is None:
            return "", ""
        part = part_title(why.part) if why.part else ""
        lines = {
            silence.WAITING: (self.tr("Waiting for the parts of this place"), ""),
            silence.VOLUME: (self.tr("The volume is at zero"), self.tr("Turn up")),
            silence.MASTER_DOWN: (self.tr("Master is at −∞"), self.tr("Set to 0 dB")),
            silence.ALL_MUTED: (self.tr("All parts are muted"), self.tr("Unmute")),
            silence.SOLO_MUTED: (self.tr("{part} is soloed but muted"), self.tr("Unmute")),
            silence.FADER_DOWN: (self.tr("{part} is at −∞"), self.tr("Set to 0 dB")),
        }
        line, action = lines[why.reason]
        return line.format(part=part), action

    def end_silence(self, why: Silence) -> None:
        """Do what the line offers."""
        match why.reason:
            case silence.VOLUME:
                self.bridge.set_volume(1.0)
            case silence.MASTER_DOWN:
                self.desk.set_level("master", 0.0)
            case silence.ALL_MUTED:
                self.desk.toggle_mute_all()
            case silence.SOLO_MUTED:
                self.desk.set_mute(why.part, False)
            case silence.FADER_DOWN:
                if self.desk.mix.strips[why.part].level_db == SILENCE_DB:
                    self.desk.set_level(why.part, 0.0)
