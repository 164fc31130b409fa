"""The one table of actions: what there is to do, its keys, and the method that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from demixme.core.parts import MOST_PARTS
from demixme.messages import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Row:
    """One action. `by_place` keys are digits, taken by their place on the keyboard."""

    id: str
    text: str
    keys: tuple[str, ...]
    slot: str
    group: str
    args: tuple[Any, ...] = ()
    repeats: bool = False
    by_place: bool = False

    @property
    def fixed(self) -> bool:
        """Say whether its key is what it is: one that is held cannot be another."""
        return self.slot == "hold_strip"

    @property
    def title(self) -> str:
        """Return its text in the person's language."""
        text = QCoreApplication.translate("actions", self.text)
        return text.format(n=self.args[0]) if self.by_place else text


_SONG, _MIX, _PLAY, _VIEW = "song", "mix", "play", "view"


def _row(
    id: str,
    text: str,
    keys: str,
    slot: str,
    group: str,
    args: tuple[Any, ...] = (),
    repeats: bool = False,
) -> Row:
    return Row(id, text, tuple(filter(None, keys.split("; "))), slot, group, args, repeats)


#: id, text, keys, method of Commands, group, its arguments, whether holding the key repeats it.
_FIXED = (
    _row("open", QT_TRANSLATE_NOOP("actions", "Open a song…"), "Ctrl+O", "open_dialog", _SONG),
    _row("export", QT_TRANSLATE_NOOP("actions", "Export…"), "Ctrl+E", "export", _SONG),
    _row(
        "save_session",
        QT_TRANSLATE_NOOP("actions", "Save the session…"),
        "Ctrl+S",
        "sessions.save",
        _SONG,
    ),
    _row("quit", QT_TRANSLATE_NOOP("actions", "Quit"), "Ctrl+Q", "quit", _SONG),
    _row(
        "play",
        QT_TRANSLATE_NOOP("actions", "Play or pause"),
        "Space; P; Media Play; Media Pause; Toggle Media Play/Pause",
        "play_pause",
        _PLAY,
    ),
    _row("stop", QT_TRANSLATE_NOOP("actions", "Stop"), "Media Stop", "stop", _PLAY),
    _row("start", QT_TRANSLATE_NOOP("actions", "Go to the start"), "Home", "loops.to_start", _PLAY),
    _row(
        "back",
        QT_TRANSLATE_NOOP("actions", "Back 5 seconds"),
        "Left",
        "seek_by",
        _PLAY,
        (-5.0,),
        True,
    ),
    _row(
        "forward",
        QT_TRANSLATE_NOOP("actions", "On 5 seconds"),
        "Right",
        "seek_by",
        _PLAY,
        (5.0,),
        True,
    ),
    _row(
        "back_1",
        QT_TRANSLATE_NOOP("actions", "Back 1 second"),
        "Ctrl+Left",
        "seek_by",
        _PLAY,
        (-1.0,),
        True,
    ),
    _row(
        "forward_1",
        QT_TRANSLATE_NOOP("actions", "On 1 second"),
        "Ctrl+Right",
        "seek_by",
        _PLAY,
        (1.0,),
        True,
    ),
    _row(
        "song_former",
        QT_TRANSLATE_NOOP("actions", "Previous song"),
        "Ctrl+PgUp; Media Previous",
        "queue.step",
        _PLAY,
        (-1,),
    ),
    _row(
        "song_next",
        QT_TRANSLATE_NOOP("actions", "Next song"),
        "Ctrl+PgDown; Media Next",
        "queue.step",
        _PLAY,
        (1,),
    ),
    _row("loop", QT_TRANSLATE_NOOP("actions", "Loop on or off"), "L", "loops.toggle", _PLAY),
    _row(
        "loop_start",
        QT_TRANSLATE_NOOP("actions", "Loop starts here"),
        "[",
        "loops.start_here",
        _PLAY,
    ),
    _row("loop_end", QT_TRANSLATE_NOOP("actions", "Loop ends here"), "]", "loops.end_here", _PLAY),
    _row("loop_halve", QT_TRANSLATE_NOOP("actions", "Halve the loop"), "H", "loops.halve", _PLAY),
    _row(
        "loop_double", QT_TRANSLATE_NOOP("actions", "Double the loop"), "D", "loops.double", _PLAY
    ),
    _row(
        "loop_earlier",
        QT_TRANSLATE_NOOP("actions", "Nudge the loop earlier"),
        "Alt+Left",
        "loops.nudge",
        _PLAY,
        (-1,),
        True,
    ),
    _row(
        "loop_later",
        QT_TRANSLATE_NOOP("actions", "Nudge the loop later"),
        "Alt+Right",
        "loops.nudge",
        _PLAY,
        (1,),
        True,
    ),
    _row(
        "loop_back",
        QT_TRANSLATE_NOOP("actions", "Loop what comes before"),
        "Alt+Shift+Left",
        "loops.shift",
        _PLAY,
        (-1,),
    ),
    _row(
        "loop_on",
        QT_TRANSLATE_NOOP("actions", "Loop what comes after"),
        "Alt+Shift+Right",
        "loops.shift",
        _PLAY,
        (1,),
    ),
    _row("loop_keep", QT_TRANSLATE_NOOP("actions", "Keep this loop…"), "K", "loops.keep", _PLAY),
    _row(
        "loop_former",
        QT_TRANSLATE_NOOP("actions", "Former named loop"),
        ",",
        "loops.neighbour",
        _PLAY,
        (-1,),
    ),
    _row(
        "loop_next",
        QT_TRANSLATE_NOOP("actions", "Next named loop"),
        ".",
        "loops.neighbour",
        _PLAY,
        (1,),
    ),
    _row("original", QT_TRANSLATE_NOOP("actions", "Original (A/B)"), "O", "toggle_original", _MIX),
    _row("mute_all", QT_TRANSLATE_NOOP("actions", "Mute all"), "M", "mute_all", _MIX),
    _row("undo", QT_TRANSLATE_NOOP("actions", "Undo"), "Ctrl+Z", "undo", _MIX, (), True),
    _row(
        "redo", QT_TRANSLATE_NOOP("actions", "Redo"), "Ctrl+Y; Ctrl+Shift+Z", "redo", _MIX, (), True
    ),
    _row(
        "reset_control",
        QT_TRANSLATE_NOOP("actions", "Reset the focused control"),
        "Del",
        "reset_control",
        _MIX,
    ),
    _row(
        "clear_clips", QT_TRANSLATE_NOOP("actions", "Clear clip lights"), "C", "clear_clips", _MIX
    ),
    _row("say_state", QT_TRANSLATE_NOOP("actions", "Say the state"), "I", "say_state", _VIEW),
    _row("next_area", QT_TRANSLATE_NOOP("actions", "Next area"), "F6", "next_area", _VIEW),
    _row("spectrum", QT_TRANSLATE_NOOP("actions", "Spectrum"), "F", "toggle_spectrum", _VIEW),
    _row(
        "zoom_in",
        QT_TRANSLATE_NOOP("actions", "Zoom in"),
        "Ctrl++; Ctrl+=",
        "zoom",
        _VIEW,
        (0.8,),
        True,
    ),
    _row(
        "zoom_out", QT_TRANSLATE_NOOP("actions", "Zoom out"), "Ctrl+-", "zoom", _VIEW, (1.25,), True
    ),
    _row(
        "scroll_left",
        QT_TRANSLATE_NOOP("actions", "Scroll left"),
        "Shift+Left",
        "scroll",
        _VIEW,
        (-0.1,),
        True,
    ),
    _row(
        "scroll_right",
        QT_TRANSLATE_NOOP("actions", "Scroll right"),
        "Shift+Right",
        "scroll",
        _VIEW,
        (0.1,),
        True,
    ),
    _row("settings", QT_TRANSLATE_NOOP("actions", "Settings…"), "Ctrl+,", "settings", _VIEW),
    _row("help", QT_TRANSLATE_NOOP("actions", "Manual and shortcuts"), "F1", "help", _VIEW),
    _row("about", QT_TRANSLATE_NOOP("actions", "About DemixME"), "", "about", _VIEW),
)

#: Digits, by their place on the keyboard: what a digit does with each modifier.
_DIGITS = (
    ("mute", QT_TRANSLATE_NOOP("actions", "Mute strip {n}"), "{n}", "mute_strip"),
    ("solo", QT_TRANSLATE_NOOP("actions", "Solo strip {n}"), "Shift+{n}", "solo_strip"),
    ("focus", QT_TRANSLATE_NOOP("actions", "Go to fader {n}"), "Ctrl+{n}", "focus_strip"),
    ("only", QT_TRANSLATE_NOOP("actions", "Only strip {n}"), "Ctrl+Shift+{n}", "only_strip"),
    ("hold", QT_TRANSLATE_NOOP("actions", "Mute strip {n} while held"), "Alt+{n}", "hold_strip"),
)


def table() -> tuple[Row, ...]:
    """Return every action there is."""
    digits = tuple(
        Row(f"{kind}_{n}", text, (keys.format(n=n),), slot, _MIX, (n,), by_place=True)
        for kind, text, keys, slot in _DIGITS
        for n in range(1, MOST_PARTS + 1)
    )
    reset = Row("reset", QT_TRANSLATE_NOOP("actions", "Reset mix"), ("0",), "reset_mix", _MIX)
    return (*_FIXED, *digits, reset)


Shortcuts = Mapping[str, Sequence[str]]


class Actions(QObject):
    """The table made into QActions of the window.

    Keys by character are Qt's, digits by place come from `DigitKeys` as long as nobody gave their
    action another key. `keys_changed` when some action has other keys now.
    """

    keys_changed = Signal()

    def __init__(self, window: QWidget, commands: object, own: Shortcuts) -> None:
        super().__init__(window)
        self.rows = {row.id: row for row in table()}
        self.by_id: dict[str, QAction] = {}
        self._slots: dict[str, Any] = {}
        self._own = {id: tuple(keys) for id, keys in own.items() if id in self.rows}
        for row in self.rows.values():
            self._slots[row.id] = attrgetter(row.slot)(commands)
            if not row.fixed:
                self.by_id[row.id] = self._made(window, row)

    def _made(self, window: QWidget, row: Row) -> QAction:
        action = QAction(row.title, window)
        action.setAutoRepeat(row.repeats)
        action.triggered.connect(lambda: self.trigger(row.id))
        window.addAction(action)
        self._set_keys(action, row)
        return action

    def _set_keys(self, action: QAction, row: Row) -> None:
        keys = () if self.goes_by_place(row.id) else self.keys(row.id)
        action.setShortcuts([QKeySequence(k) for k in keys])

    def trigger(self, action_id: str, *more: Any) -> None:
        """Do an action by its id."""
        row = self.rows[action_id]
        self._slots[action_id](*row.args, *more)

    # ------------------------------------------------------------ keys
    def keys(self, action_id: str) -> tuple[str, ...]:
        """Return an action's keys."""
        return self._own.get(action_id, self.rows[action_id].keys)

    def goes_by_place(self, action_id: str) -> bool:
        """Say whether its digit is taken by its place on the keyboard."""
        return self.rows[action_id].by_place and action_id not in self._own

    def holder(self, key: str, but: str = "") -> Row | None:
        """Return the action that has a key, other than one."""
        wanted = QKeySequence(key)
        for row in self.rows.values():
            if row.id != but and wanted in [QKeySequence(k) for k in self.keys(row.id)]:
                return row
        return None

    def rebind(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action other keys; whoever had one of them loses it."""
        for key in keys:
            loser = self.holder(key, action_id)
            if loser is not None:
                left = [k for k in self.keys(loser.id) if QKeySequence(k) != QKeySequence(key)]
                self._bind(loser.id, left)
        self._bind(action_id, keys)
        self.keys_changed.emit()

    def reset_keys(self) -> None:
        """Give every action the keys of the table."""
        self._own = {}
        for row in self.rows.values():
            self._bind(row.id, row.keys)
        self.keys_changed.emit()

    def _bind(self, action_id: str, keys: Sequence[str]) -> None:
        row = self.rows[action_id]
        self._own.pop(action_id, None)
        if tuple(keys) != row.keys:
            self._own[action_id] = tuple(keys)
        if action_id in self.by_id:
            self._set_keys(self.by_id[action_id], row)

    @property
    def own_keys(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the keys that are not the table's, for the settings."""
        return tuple(self._own.items())

    def keys_text(self, action_id: str) -> str:
        """Return an action's first key as people read it, "" where it has none."""
        return next(iter(self.native_keys(action_id)), "")

    def native_keys(self, action_id: str) -> list[str]:
        """Return an action's keys as people read them."""
        native = QKeySequence.SequenceFormat.NativeText
        return [QKeySequence(k).toString(native) for k in self.keys(action_id)]
