"""The one table of actions: what there is to do, its keys, and the method of Commands that does it."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from demixme.core.parts import MOST_PARTS


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


_N = QT_TRANSLATE_NOOP
_SONG, _MIX, _PLAY, _VIEW = "song", "mix", "play", "view"

_FIXED = (
    Row("open", _N("actions", "Open a song…"), ("Ctrl+O",), "open_dialog", _SONG),
    Row("export", _N("actions", "Export…"), ("Ctrl+E",), "export", _SONG),
    Row("quit", _N("actions", "Quit"), ("Ctrl+Q",), "quit", _SONG),
    Row(
        "play",
        _N("actions", "Play or pause"),
        ("Space", "P", "Media Play", "Toggle Media Play/Pause"),
        "play_pause",
        _PLAY,
    ),
    Row("stop", _N("actions", "Stop"), ("Media Stop",), "stop", _PLAY),
    Row("start", _N("actions", "Go to the start"), ("Home",), "to_start", _PLAY),
    Row("back", _N("actions", "Back 5 seconds"), ("Left",), "seek_by", _PLAY, (-5.0,), True),
    Row("forward", _N("actions", "On 5 seconds"), ("Right",), "seek_by", _PLAY, (5.0,), True),
    Row("back_1", _N("actions", "Back 1 second"), ("Ctrl+Left",), "seek_by", _PLAY, (-1.0,), True),
    Row("forward_1", _N("actions", "On 1 second"), ("Ctrl+Right",), "seek_by", _PLAY, (1.0,), True),
    Row("loop", _N("actions", "Loop on or off"), ("L",), "toggle_loop", _PLAY),
    Row("loop_start", _N("actions", "Loop starts here"), ("[",), "loop_start", _PLAY),
    Row("loop_end", _N("actions", "Loop ends here"), ("]",), "loop_end", _PLAY),
    Row("original", _N("actions", "Original (A/B)"), ("O",), "toggle_original", _MIX),
    Row("mute_all", _N("actions", "Mute all"), ("M",), "mute_all", _MIX),
    Row("undo", _N("actions", "Undo"), ("Ctrl+Z",), "undo", _MIX, (), True),
    Row("redo", _N("actions", "Redo"), ("Ctrl+Y", "Ctrl+Shift+Z"), "redo", _MIX, (), True),
    Row(
        "reset_control", _N("actions", "Reset the focused control"), ("Del",), "reset_control", _MIX
    ),
    Row("clear_clips", _N("actions", "Clear clip lights"), ("C",), "clear_clips", _MIX),
    Row("say_state", _N("actions", "Say the state"), ("I",), "say_state", _VIEW),
    Row("next_area", _N("actions", "Next area"), ("F6",), "next_area", _VIEW),
    Row("zoom_in", _N("actions", "Zoom in"), ("Ctrl++", "Ctrl+="), "zoom", _VIEW, (0.8,), True),
    Row("zoom_out", _N("actions", "Zoom out"), ("Ctrl+-",), "zoom", _VIEW, (1.25,), True),
    Row(
        "scroll_left", _N("actions", "Scroll left"), ("Shift+Left",), "scroll", _VIEW, (-0.1,), True
    ),
    Row(
        "scroll_right",
        _N("actions", "Scroll right"),
        ("Shift+Right",),
        "scroll",
        _VIEW,
        (0.1,),
        True,
    ),
    Row("settings", _N("actions", "Settings"), ("Ctrl+,",), "settings_menu", _VIEW),
    Row("shortcuts", _N("actions", "Shortcuts"), ("F1",), "shortcuts", _VIEW),
)

#: Digits, by their place on the keyboard: what a digit does with each modifier.
_DIGITS = (
    ("mute", _N("actions", "Mute strip {n}"), "{n}", "mute_strip"),
    ("solo", _N("actions", "Solo strip {n}"), "Shift+{n}", "solo_strip"),
    ("focus", _N("actions", "Go to fader {n}"), "Ctrl+{n}", "focus_strip"),
    ("only", _N("actions", "Only strip {n}"), "Ctrl+Shift+{n}", "only_strip"),
    ("hold", _N("actions", "Mute strip {n} while held"), "Alt+{n}", "hold_strip"),
)


def table() -> tuple[Row, ...]:
    """Return every action there is."""
    digits = tuple(
        Row(f"{kind}_{n}", text, (keys.format(n=n),), slot, _MIX, (n,), by_place=True)
        for kind, text, keys, slot in _DIGITS
        for n in range(1, MOST_PARTS + 1)
    )
    reset = Row("reset", _N("actions", "Reset mix"), ("0",), "reset_mix", _MIX)
    return (*_FIXED, *digits, reset)


class Actions:
    """The table made into QActions of the window; keys by character are Qt's, digits are not."""

    def __init__(self, window: QWidget, commands: object) -> None:
        self.rows = {row.id: row for row in table()}
        self.by_id: dict[str, QAction] = {}
        self._slots: dict[str, Any] = {}
        for row in self.rows.values():
            slot = getattr(commands, row.slot)
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
