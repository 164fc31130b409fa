"""The bar below: start, play, stop, clock, loop, A/B, why it is silent, output, volume."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from demixme.core.units import clock_text
from demixme.ui.balance import Volume
from demixme.ui.button import Button, Card
from demixme.ui.theme import CLOCK, SMALL, Look, bold, font


class Clock(QWidget):
    """Place and length; paints only when the text changed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.place = "0:00.0"
        self.total = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def show_time(self, place_s: float, length_s: float, known: bool) -> None:
        """Show a place and the song's length, with ≈ until that is sure."""
        place = clock_text(place_s, tenths=True)
        total = f"/ {'' if known else '≈ '}{clock_text(length_s)}"
        if total != self.total or len(place) != len(self.place):
            self.place, self.total = place, total
            self.updateGeometry()
            self.update()
        elif place != self.place:
            self.place = place
            self.update(0, 0, self._place_width(), self.height())

    def _place_width(self) -> int:
        wide = "".join("0" if c.isdigit() else c for c in self.place)
        return round(QFontMetricsF(bold(CLOCK)).horizontalAdvance(wide)) + 2

    def sizeHint(self) -> QSize:
        total = QFontMetricsF(font(SMALL + 1)).horizontalAdvance(self.total or "/ 0:00")
        return QSize(self._place_width() + 12 + round(total) + 2, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(event.rect(), theme.tokens["panel"])
        baseline = self.height() / 2 + QFontMetricsF(bold(CLOCK)).capHeight() / 2
        painter.setFont(bold(CLOCK))
        painter.setPen(theme.tokens["text"])
        painter.drawText(QPointF(0, baseline), self.place)
        if event.rect().right() > self._place_width():
            painter.setFont(font(SMALL + 1))
            painter.setPen(theme.tokens["muted"])
            painter.drawText(QPointF(self._place_width() + 12, baseline), self.total)


class TextLine(QWidget):
    """One line of quiet text, shortened where there is no room."""

    def __init__(self, look: Look, token: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.text = ""
        self.token = token
        self.font_size = SMALL
        self.right_aligned = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            self.text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(self.font_size))
        return QSize(round(metrics.horizontalAdvance(self.text)) + 2, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 22)

    def _ink(self) -> QColor:
        return self.look.theme.tokens[self.token]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(self.font_size))
        painter.setPen(self._ink())
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        side = Qt.AlignmentFlag.AlignRight if self.right_aligned else Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(self.rect()), side | Qt.AlignmentFlag.AlignVCenter, text)


class TransportBar(Card):
    """The transport; its buttons are connected to the actions by the window."""

    volume_moved = Signal(float)
    silence_answered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setFixedHeight(60)
        self.setAccessibleName(self.tr("Transport"))
        self.to_start = Button(look, "", "icon", "to_start")
        self.play = Button(look, "", "round", "play")
        self.stop = Button(look, "", "icon", "stop")
        self.former = Button(look, "", "icon", "former")
        self.next = Button(look, "", "icon", "next")
        self._queue_there = False
        self.clock = Clock(look)
        self.loop = Button(look, self.tr("Loop"), "normal", "loop")
        self.loop.setCheckable(True)
        self.loop.setAccessibleName(self.tr("Loop"))
        self.loop_more = Button(look, "", "icon", "chevron")
        self.loop_more.setFixedWidth(28)
        self.loop_more.setAccessibleName(self.tr("Loop tools"))
        self.loop_more.setToolTip(self.tr("Loop tools, named loops"))
        self.original = Button(look, self.tr("A/B original"), "flat")
        self.original.setCheckable(True)
        self.spectrum = Button(look, "", "icon", "spectrum")
        self.spectrum.setCheckable(True)
        self.silence = TextLine(look, "text")
        self.answer = Button(look, "", "normal")
        self.device = Button(look, "", "flat")
        self.device.setMinimumWidth(60)
        self.speaker = Button(look, "", "icon", "speaker")
        self.volume = Volume(look)
        self.volume.setAccessibleName(self.tr("Monitoring volume"))
        self.volume.moved.connect(lambda value, _: self.volume_moved.emit((value / 100.0) ** 2))
        self.answer.clicked.connect(self.silence_answered)
        self._before_mute = 100
        self.speaker.clicked.connect(self._toggle_volume)
        self._song_there = False
        self._lay_out()
        self.show_playing(False)
        self.show_silence("", "")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 16, 8)
        row.setSpacing(8)
        for button in (self.former, self.to_start, self.play, self.stop, self.next):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.clock)
        row.addSpacing(12)
        row.addWidget(self.loop)
        row.addSpacing(-8)
        row.addWidget(self.loop_more)
        rest: tuple[QWidget, ...] = (self.original, self.spectrum, self.silence, self.answer)
        for widget in rest:
            row.addWidget(widget)
        row.addStretch(1)
        rest = (self.device, self.speaker, self.volume)
        for widget in rest:
            row.addWidget(widget)
        self.volume.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.volume.setMaximumWidth(132)

    def _toggle_volume(self) -> None:
        value = self.volume.place
        wanted = 0 if value else self._before_mute
        self._before_mute = value or self._before_mute
        self.volume.move_to(wanted, 0)

    # ------------------------------------------------------------ what it shows
    def show_playing(self, playing: bool) -> None:
        """Show whether it plays."""
        self.play.set_icon("pause" if playing else "play")
        self.play.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))

    def show_volume(self, volume: float) -> None:
        """Show the monitoring volume."""
        self.volume.set_place(round(volume**0.5 * 100))
        self.speaker.set_icon("speaker" if volume > 0 else "speaker_off")
        muted = self.tr("Volume on") if volume <= 0 else self.tr("Volume off")
        self.speaker.setAccessibleName(muted)
        self.speaker.setToolTip(muted)

    def show_loop(
        self, loop: tuple[int, int] | None, rate: int, count: tuple[int, int] | None = None
    ) -> None:
        """Show the loop's region, and which of how many times it plays."""
        self.loop.setChecked(loop is not None)
        text = self.tr("Loop")
        self.loop.setAccessibleDescription("")
        if loop is not None:
            first, last = (clock_text(f / rate, tenths=True) for f in loop)
            spoken = self.tr("Loop {first} – {last}").format(first=first, last=last)
            self.loop.setAccessibleDescription(spoken)
            text = spoken if self.width() >= (1100 if self._queue_there else 960) else text
            if count is not None:
                text += self.tr(" · {n} of {times}").format(n=min(count), times=count[1])
        self.loop.setText(text)
        self.loop.updateGeometry()

    def show_queue(self, before: bool, after: bool, there: bool) -> None:
        """Show the way through the queue, where there is one."""
        self.former.setEnabled(before)
        self.next.setEnabled(after)
        self._queue_there = there
        self._fold()

    def show_silence(self, line: str, action: str) -> None:
        """Say why nothing is heard; an empty line says nothing."""
        self.silence.set_text(line)
        self.answer.setText(action)
        self.answer.updateGeometry()
        self.silence.setVisible(bool(line))
        self.answer.setVisible(bool(line and action))
        self._fold()

    def show_device(self, text: str) -> None:
        """Name the output."""
        self.device.setText(text)
        self.device.setAccessibleName(self.tr("Output"))
        self.device.setAccessibleDescription(text)
        self.device.updateGeometry()

    def set_song_there(self, there: bool) -> None:
        """Show what only a song needs, or not."""
        self._song_there = there
        self._fold()

    def _fold(self) -> None:
        """Leave out what there is no room for."""
        said = not self.silence.isHidden()
        there, width = self._song_there, self.width()
        self.device.setVisible(width >= (1400 if said else 1100 if self._queue_there else 960))
        self.volume.setVisible(width >= 760 or not said)
        self.clock.setVisible(there)
        self.spectrum.setVisible(there and width >= (1000 if said else 860))
        for button in (self.former, self.next):
            button.setVisible(there and self._queue_there and width >= 860)
        self.original.setVisible(there and (width >= 760 or not said))
        for button in (self.loop, self.loop_more):
            button.setVisible(there and (width >= 700 or not said))
        self.volume.setMinimumWidth(64 if self.width() < 1000 else 132)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
