"""The one table of actions: what there is to do, its keys, and the method that does it."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QCoreApplication
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
    return Row(id, text, tuple(keys.split("; ")), slot, group, args, repeats)


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
        "Space; P; Media Play; Toggle Media Play/Pause",
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
    _row("settings", QT_TRANSLATE_NOOP("actions", "Settings"), "Ctrl+,", "settings_menu", _VIEW),
    _row("shortcuts", QT_TRANSLATE_NOOP("actions", "Shortcuts"), "F1", "shortcuts", _VIEW),
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


class Actions:
    """The table made into QActions of the window; keys by character are Qt's, digits are not."""

    def __init__(self, window: QWidget, commands: object) -> None:
        self.rows = {row.id: row for row in table()}
        self.by_id: dict[str, QAction] = {}
        self._slots: dict[str, Any] = {}
        for row in self.rows.values():
            slot = attrgetter(row.slot)(commands)
            self._slots[row.id] = slot
            if not row.by_place:
                self.by_id[row.id] = self._made(window, row, slot)

    def _made(self, window: QWidget, row: Row, slot: Any) -> QAction:
        action = QAction(row.title, window)
        action.setShortcuts([QKeySequence(k) for k in row.keys])
        action.setAutoRepeat(row.repeats)
        action.triggered.connect(lambda: slot(*row.args))
        window.addAction(action)
        return action

    def trigger(self, action_id: str, *more: Any) -> None:
        """Do an action by its id."""
        row = self.rows[action_id]
        self._slots[action_id](*row.args, *more)

    def keys_text(self, action_id: str) -> str:
        """Return an action's first key as people read it."""
        keys = self.rows[action_id].keys
        return (
            QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        )

    def shown(self) -> list[tuple[str, str]]:
        """Return title and keys of every action; digits only once, as 1…8."""
        made = []
        native = QKeySequence.SequenceFormat.NativeText
        for row in self.rows.values():
            if row.by_place and row.args != (1,):
                continue
            keys = "   ".join(QKeySequence(k).toString(native) for k in row.keys)
            title = row.title
            if row.by_place:
                title, keys = (
                    title.replace("1", f"1…{MOST_PARTS}"),
                    keys.replace("1", f"1…{MOST_PARTS}"),
                )
            made.append((title, keys))
        return made
