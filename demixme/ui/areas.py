"""The areas of the window that F6 goes round, and where the focus lands in each."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from demixme.ui.window import Window


def focus_next_area(window: "Window") -> None:
    """Give the next area the focus; the message bar is one of them while it shows something."""
    areas: list[tuple[QWidget, QWidget]] = [(window.header, window.header.open)]
    if window.bridge.has_song:
        areas.append((window.song_card, window.overview))
        areas += [(strip, strip.fader) for strip in list(window.mixer.strips.values())[:1]]
        areas.append((window.mixer.master, window.mixer.master.fader))
    else:
        areas.append((window.empty, window.empty.open))
    areas.append((window.transport, window.transport.play))
    if not window.bar.isHidden():
        answers = window.bar.notice is not None and window.bar.notice.action
        areas.insert(1, (window.bar, window.bar.action if answers else window.bar.dismiss))
    now = QApplication.focusWidget()
    here = next((k for k, (area, _) in enumerate(areas) if now and area.isAncestorOf(now)), -1)
    areas[(here + 1) % len(areas)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)
