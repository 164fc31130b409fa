"""The header: mark, title and artist, rate and length, Open, the model menu, the settings menu."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from demixme.core.units import clock_text
from demixme.ui.button import Button
from demixme.ui.icons import paint_mark
from demixme.ui.theme import SMALL, TITLE, Look, bold, font
from demixme.ui.transport_bar import TextLine


class Title(QWidget):
    """The mark, the song's title and who plays it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.title = "DemixME"
        self.artist = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(40)
        look.changed.connect(self.update)

    def set_song(self, title: str, artist: str) -> None:
        """Show a song."""
        self.title, self.artist = title, artist
        self.setAccessibleName(f"{title} — {artist}" if artist else title)
        self.setToolTip(self.accessibleName())
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        paint_mark(painter, QRectF(0, 7, 30, 25), theme.is_dark)
        room = self.width() - 48.0
        middle = Qt.AlignmentFlag.AlignVCenter
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(bold(TITLE))
        painter.setPen(theme.colour("text"))
        line = QRectF(48, 0, room, 22) if self.artist else QRectF(48, 0, room, 40)
        painter.drawText(
            line, middle, QFontMetricsF(painter.font()).elidedText(self.title, elide, room)
        )
        if self.artist:
            painter.setFont(font(SMALL))
            painter.setPen(theme.colour("muted"))
            text = QFontMetricsF(painter.font()).elidedText(self.artist, elide, room)
            painter.drawText(QRectF(48, 21, room, 18), middle, text)


class Header(QWidget):
    """The header; the window connects its buttons."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.title = Title(look)
        self.facts = TextLine(look)
        self.facts.right_aligned = True
        self.open = Button(look, self.tr("Open…"), "normal")
        self.queue = Button(look, "", "normal")
        self.queue.has_menu = True
        self.model = Button(look, self.tr("Model"), "normal")
        self.model.has_menu = True
        self.settings = Button(look, "", "icon", "gear")
        self.settings.kind = "normal"
        self.settings.setFixedWidth(36)
        self.settings.setAccessibleName(self.tr("Settings"))
        self.settings.setToolTip(self.tr("Settings"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.title, 1)
        for widget in (self.facts, self.queue, self.open, self.model, self.settings):
            row.addWidget(widget)
        self.model.setMinimumWidth(80)
        self.model.setMaximumWidth(240)

    def show_facts(self, rate: int, length_s: float, known: bool, separation: str) -> None:
        """Show rate, length, and how far separation is."""
        if not rate:
            self.facts.set_text("")
            return
        if self.width() < 860:
            separation = ""
        facts = [f"{rate / 1000:g} kHz", f"{'' if known else '≈ '}{clock_text(length_s)}"]
        if separation:
            facts.insert(0, separation)
        self.facts.set_text(" · ".join(facts))

    def show_queue(self, place: int, count: int) -> None:
        """Show which of how many songs is open; nothing where there is one only."""
        self.queue.setText(f"{place} / {count}")
        spoken = self.tr("Play queue: song {n} of {count}").format(n=place, count=count)
        self.queue.setAccessibleName(spoken)
        self.queue.setToolTip(spoken)
        self.queue.setVisible(count > 1)

    def show_model(self, title: str) -> None:
        """Name the model."""
        self.model.setText(self.tr("Model: {name}").format(name=title))
        self.model.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.facts.setVisible(self.width() >= 640)
