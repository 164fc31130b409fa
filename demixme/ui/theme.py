"""Colours, type and the look in force: read from tokens.json, handed to widgets as one object."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from demixme.resources import assets_folder

#: Type sizes in device-independent pixels.
TINY, SMALL, BODY, TITLE, CLOCK = 10.5, 12.5, 13.0, 15.0, 23.0
MARGIN, GAP, CARD_RADIUS, RADIUS, TARGET = 24, 14, 12.0, 8.0, 36

#: Colours of parts that have no token of their own, chosen with colour-blind eyes in mind.
_MORE = {
    "dark": (
        "#E6B422",
        "#B48CE0",
        "#8C9BFF",
        "#C9A27A",
        "#A8C64B",
        "#F08A8A",
        "#9BB7C9",
        "#D9D9D9",
    ),
    "light": (
        "#9C7A00",
        "#7D4FB5",
        "#4B5BC8",
        "#8A6236",
        "#5F7D12",
        "#B0484F",
        "#4F7286",
        "#6B6B6B",
    ),
}


_KNOWN = ("bass", "drums", "other", "vocals")


@dataclass(frozen=True, eq=False)
class Theme:
    """One set of colours; `colour("panel")` gives a token, `part_colours(names)` the parts'."""

    name: str
    tokens: dict[str, QColor]
    more: tuple[QColor, ...]
    own: Mapping[str, QColor] = field(default_factory=dict)  # of parts that a song brings

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """Return a token's colour, more or less opaque."""
        made = QColor(self.tokens[token])
        made.setAlphaF(alpha)
        return made

    def part(self, name: str) -> QColor:
        """Return the colour of a part that has a token; master's is the text's."""
        return QColor(self.tokens["text" if name == "master" else name])

    def part_colours(self, names: Sequence[str]) -> dict[str, QColor]:
        """Return the colours of a song's parts: tokens for known names, others from the palette."""
        others = iter(self.more)
        return {
            name: QColor(self.own[name])
            if name in self.own
            else QColor(self.tokens[name])
            if name in _KNOWN
            else QColor(next(others))
            for name in names
        }

    def mixed(self, token: str, other: str, share: float) -> QColor:
        """Return a colour between two tokens, `share` of the second."""
        return blend(self.tokens[token], self.tokens[other], share)

    @property
    def is_dark(self) -> bool:
        """Say whether this is the dark one."""
        return self.name == "dark"


def blend(a: QColor, b: QColor, share: float) -> QColor:
    """Return the opaque colour between two, `share` of the second."""
    k = 1.0 - share
    return QColor.fromRgbF(
        a.redF() * k + b.redF() * share,
        a.greenF() * k + b.greenF() * share,
        a.blueF() * k + b.blueF() * share,
    )


@cache
def themes() -> dict[str, Theme]:
    """Read both themes from the assets."""
    stored = json.loads((assets_folder() / "themes" / "tokens.json").read_text(encoding="utf-8"))
    return {
        name: Theme(
            name,
            {token: QColor(value) for token, value in tokens.items()},
            tuple(QColor(c) for c in _MORE[name]),
        )
        for name, tokens in stored.items()
    }


def system_is_light() -> bool:
    """Say whether the system asks for a light look; the one place that asks it."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light


class Look(QObject):
    """The look in force: `system`, `dark` or `light`; `changed` when the colours are others now."""

    changed = Signal()

    def __init__(self, choice: str = "system") -> None:
        super().__init__()
        self.choice = choice
        self.theme = themes()[self._wanted()]
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply()

    def choose(self, choice: str) -> None:
        """Take another look: `system`, `dark` or `light`."""
        self.choice = choice
        self._follow()

    def take_own(self, colours: Mapping[str, str]) -> None:
        """Take the colours that a song gives its parts; what is no colour is left out."""
        made = {name: QColor(text) for name, text in colours.items()}
        own = {name: colour for name, colour in made.items() if colour.isValid()}
        if own != self.theme.own:
            self.theme = replace(self.theme, own=own)
            self.changed.emit()

    def _wanted(self) -> str:
        if self.choice in ("dark", "light"):
            return self.choice
        return "light" if system_is_light() else "dark"

    def _follow(self) -> None:
        wanted = themes()[self._wanted()]
        if wanted.name != self.theme.name:
            self.theme = replace(wanted, own=self.theme.own)
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        QApplication.setPalette(palette(self.theme))


def palette(theme: Theme) -> QPalette:
    """Return the palette for Qt's own widgets: menus, tool tips, dialogs, boxes to type in."""
    role = QPalette.ColorRole
    made = QPalette()
    for where, token in (
        (role.Window, "bg"),
        (role.Base, "raised"),
        (role.AlternateBase, "panel"),
        (role.Button, "raised"),
        (role.ToolTipBase, "raised"),
        (role.WindowText, "text"),
        (role.Text, "text"),
        (role.ButtonText, "text"),
        (role.ToolTipText, "text"),
        (role.BrightText, "text"),
        (role.PlaceholderText, "faint"),
        (role.Highlight, "primary"),
        (role.HighlightedText, "on_primary"),
        (role.Accent, "primary"),
        (role.Link, "text"),
        (role.Mid, "line"),
        (role.Dark, "line"),
        (role.Light, "raised"),
        (role.Midlight, "line"),
    ):
        made.setColor(where, theme.tokens[token])
    made.setColor(role.Shadow, QColor(0, 0, 0, 120))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, theme.mixed("faint", "bg", 0.35))
    return made


def font(size: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the system's own font at a size in device-independent pixels, tabular figures on."""
    made = QFont(QApplication.font())
    screen = QGuiApplication.primaryScreen()
    dots = screen.logicalDotsPerInchY() if screen is not None else 96.0
    made.setPointSizeF(size * 72.0 / dots)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def medium(size: float) -> QFont:
    """Return the font for what can be pressed."""
    return font(size, QFont.Weight.Medium)


def bold(size: float) -> QFont:
    """Return the font for names and the clock."""
    return font(size, QFont.Weight.DemiBold)


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None,
    border: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Paint a rounded rectangle, its border inside its edge."""
    half = width / 2 if border is not None else 0.0
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, theme: Theme) -> None:
    """Paint the 2 px ring around what has the focus."""
    rounded(painter, rect, radius, None, theme.tokens["text"], 2.0)
