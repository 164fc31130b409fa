"""The mixing desk: the mix and the loop as the person set them, with undo; knows no engine."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from demixme.core.mixstate import MASTER, MixState
from demixme.core.parts import FOUR_PARTS, Parts
from demixme.core.session import NamedLoop
from demixme.ui.gesture import new_gesture
from demixme.ui.own_presets import OwnPreset
from demixme.ui.presets import Preset

Loop = tuple[int, int] | None
_MOST_STEPS = 200


@dataclass(frozen=True)
class _State:
    mix: MixState
    loop: Loop


class Desk(QObject):
    """Holds mix, loop and A/B; every change goes to `apply_mix` or `apply_loop` and can be undone.

    Moves with the same gesture number are one undo step. Any move of a control ends A/B.
    """

    mix_changed = Signal(object)
    parts_changed = Signal(object)
    loop_changed = Signal(object)
    named_loops_changed = Signal(tuple)
    original_changed = Signal(bool)
    history_changed = Signal()
    restored = Signal()

    def __init__(
        self,
        apply_mix: Callable[[MixState], None],
        apply_loop: Callable[[Loop], None],
        apply_original: Callable[[bool], None],
    ) -> None:
        super().__init__()
        self._apply_mix = apply_mix
        self._apply_loop = apply_loop
        self._apply_original = apply_original
        self.mix = MixState(FOUR_PARTS)
        self.loop: Loop = None
        self.kept_loop: Loop = None
        self.named_loops: tuple[NamedLoop, ...] = ()
        self.original = False
        self._undo: list[_State] = []
        self._redo: list[_State] = []
        self._gesture = 0
        self._before_solo: frozenset[str] | None = None
        self._held: dict[str, bool] = {}  # parts muted while a key is down: muted before?

    @property
    def parts(self) -> Parts:
        """Return the parts on the desk."""
        return self.mix.parts

    # ------------------------------------------------------------ from the engine
    def take(self, mix: MixState, loop: Loop) -> None:
        """Follow the engine where it has another song, other parts, or another loop."""
        if mix.parts != self.mix.parts:
            self.mix = mix
            self.forget()
            self.parts_changed.emit(mix.parts)
            self.mix_changed.emit(mix)
        elif mix is not self.mix and mix != self.mix:
            self.mix = mix
            self.mix_changed.emit(mix)
        if loop != self.loop:
            self.loop = loop
            self.kept_loop = loop or self.kept_loop
            self.loop_changed.emit(loop)

    def forget(self) -> None:
        """Drop the history, as for a new song."""
        self._undo.clear()
        self._redo.clear()
        self._gesture = 0
        self._before_solo = None
        self._held.clear()
        self.kept_loop = None
        self.history_changed.emit()

    def restore_mix(self, mix: MixState) -> None:
        """Set a remembered mix; what was before it is no step to go back to."""
        self.set_original(False)
        if mix != self.mix:
            self._take_mix(mix)
        self._undo.clear()
        self._redo.clear()
        self.history_changed.emit()
        self.restored.emit()

    def restore_loops(self, loop: Loop, kept_loop: Loop) -> None:
        """Set a remembered loop, and the one that "loop on" brings back."""
        if loop != self.loop:
            self._take_loop(loop)
        self.kept_loop = kept_loop or loop

    # ------------------------------------------------------------ moves
    def set_level(self, part: str, level_db: float, gesture: int = 0) -> None:
        """Move a part's fader, or master's."""
        if part == MASTER:
            self._store(self.mix.with_master(level_db), gesture)
        else:
            self._store(self.mix.with_strip(part, level_db=level_db), gesture)

    def set_pan(self, part: str, pan: float, gesture: int = 0) -> None:
        """Move a part's balance."""
        self._store(self.mix.with_strip(part, pan=pan), gesture)

    def set_mute(self, part: str, mute: bool) -> None:
        """Mute a part or not; its fader stays."""
        self._store(self.mix.with_strip(part, mute=mute))

    def toggle_mute(self, part: str) -> None:
        """Mute a part, or let it sound again."""
        self.set_mute(part, not self.mix.strips[part].mute)

    def hold_mute(self, part: str, held: bool) -> None:
        """Mute a part while a key is down; afterwards it is as before. Never a step of its own."""
        if held and part not in self._held:
            self.set_original(False)
            self._held[part] = self.mix.strips[part].mute
            self._take_mix(self.mix.with_strip(part, mute=True))
        elif not held and part in self._held:
            self._take_mix(self.mix.with_strip(part, mute=self._held.pop(part)))

    def _unheld(self) -> MixState:
        """Return the mix as it is without keys held down."""
        mix = self.mix
        for part, mute in self._held.items():
            mix = mix.with_strip(part, mute=mute)
        return mix

    def toggle_mute_all(self) -> None:
        """Mute every part; when all are muted, let all sound."""
        mute = not all(s.mute for s in self.mix.strips.values())
        mix = self.mix
        for part in self.parts.names:
            mix = mix.with_strip(part, mute=mute)
        self._store(mix)

    def toggle_solo(self, part: str) -> None:
        """Solo a part as well, or no longer."""
        self._before_solo = None
        self._store(self.mix.with_strip(part, solo=not self.mix.strips[part].solo))

    def toggle_only(self, part: str) -> None:
        """Solo only this part; once more goes back to the solos from before."""
        now = frozenset(n for n, s in self.mix.strips.items() if s.solo)
        if now == {part}:
            wanted = self._before_solo or frozenset()
            self._before_solo = None
        else:
            wanted, self._before_solo = frozenset({part}), now
        mix = self.mix
        for name in self.parts.names:
            if mix.strips[name].solo != (name in wanted):
                mix = mix.with_strip(name, solo=name in wanted)
        self._store(mix)

    def apply_preset(self, preset: Preset | OwnPreset) -> None:
        """Set what a preset holds and clear the solos."""
        self._store(preset.applied(self.mix))

    def reset(self) -> None:
        """Set all faders to 0 dB and balances to the centre, mute and solo nothing."""
        self._store(MixState(self.parts))

    def set_original(self, original: bool) -> None:
        """Play the untouched song, or the mix again."""
        if original != self.original:
            self.original = original
            self._apply_original(original)
            self.original_changed.emit(original)

    # ------------------------------------------------------------ loop
    def set_loop(self, loop: Loop, gesture: int = 0) -> None:
        """Set the loop's region in frames, or no loop; its last region is kept for later."""
        if loop == self.loop:
            return
        self._remember(gesture)
        self._take_loop(loop)

    def end_loop(self) -> None:
        """Loop no longer, as its last pass has begun; no step to take back."""
        self._take_loop(None)

    def set_named_loops(self, named: tuple[NamedLoop, ...]) -> None:
        """Take the song's named loops."""
        if named != self.named_loops:
            self.named_loops = named
            self.named_loops_changed.emit(named)

    def keep_loop(self, name: str) -> None:
        """Keep the present loop under a name, in place of one that had it."""
        if self.loop is not None:
            others = tuple(n for n in self.named_loops if n.name != name)
            self.set_named_loops((*others, NamedLoop(name, *self.loop)))

    def forget_loop(self, named: NamedLoop) -> None:
        """Keep a named loop no longer."""
        self.set_named_loops(tuple(n for n in self.named_loops if n != named))

    def _take_loop(self, loop: Loop) -> None:
        self.loop = loop
        self.kept_loop = loop or self.kept_loop
        self._apply_loop(loop)
        self.loop_changed.emit(loop)

    # ------------------------------------------------------------ undo
    @property
    def can_undo(self) -> bool:
        """Say whether there is a move to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Say whether there is a move to do again."""
        return bool(self._redo)

    def undo(self) -> None:
        """Take the last move back."""
        self._swap(self._undo, self._redo)

    def redo(self) -> None:
        """Do the move again that was taken back."""
        self._swap(self._redo, self._undo)

    def _swap(self, source: list[_State], target: list[_State]) -> None:
        if not source:
            return
        self.set_original(False)
        target.append(_State(self._unheld(), self.loop))
        state = source.pop()
        self._gesture = 0
        if state.mix != self.mix:
            self._take_mix(state.mix)
        if state.loop != self.loop:
            self._take_loop(state.loop)
        self.history_changed.emit()

    def _store(self, mix: MixState, gesture: int = 0) -> None:
        self.set_original(False)
        if mix != self.mix:
            self._remember(gesture)
            self._take_mix(mix)

    def _take_mix(self, mix: MixState) -> None:
        self.mix = mix
        self._apply_mix(mix)
        self.mix_changed.emit(mix)

    def _remember(self, gesture: int) -> None:
        if gesture and gesture == self._gesture:
            return
        self._gesture = gesture or new_gesture()
        self._undo.append(_State(self._unheld(), self.loop))
        del self._undo[:-_MOST_STEPS]
        self._redo.clear()
        self.history_changed.emit()
