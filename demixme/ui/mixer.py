"""The row of strips and master: as many as the song has parts, scrolling sideways where need be."""

from itertools import pairwise

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from demixme.core.mixstate import MASTER, MixState
from demixme.core.parts import FOUR_PARTS, Parts
from demixme.engine.status import Status
from demixme.ui import master as master_module
from demixme.ui.master import Master
from demixme.ui.part_names import part_title
from demixme.ui.slim_bar import BAR_HEIGHT, SlimBar
from demixme.ui.strip import LEAST_WIDTH, Channel, ChannelStrip
from demixme.ui.theme import GAP, Look

#: Master's width, and the least width of strips beside it, from roomy to tight.
_WIDTHS = ((440, 205), (356, 198), (310, 160), (230, 130), (master_module.LEAST_WIDTH, LEAST_WIDTH))
_MOST_STRIP = 300


class Mixer(QWidget):
    """Strips in mixer order, then master; says what the person moved, by part."""

    level_moved = Signal(str, float, int)
    pan_moved = Signal(str, float, int)
    mute_clicked = Signal(str)
    solo_clicked = Signal(str)
    only_clicked = Signal(str)
    name_pressed = Signal(str)
    name_dragged = Signal(str)
    copy_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(210)
        self.setAccessibleName(QCoreApplication.translate("parts", "Mixer"))
        self.strips: dict[str, ChannelStrip] = {}
        self.area = QScrollArea(self)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBar(SlimBar(look))
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row = QWidget()
        self.area.setWidget(self._row)
        self.master = Master(look)
        self.master.setParent(self)
        self.master.level_moved.connect(lambda db, g: self.level_moved.emit(MASTER, db, g))
        self._connect_name(self.master)
        look.changed.connect(self._recolour)
        self._recolour()

    def _connect_name(self, channel: Channel) -> None:
        channel.handle.pressed.connect(lambda: self.name_pressed.emit(channel.name))
        channel.handle.dragged.connect(lambda: self.name_dragged.emit(channel.name))
        channel.copy_wanted.connect(lambda: self.copy_wanted.emit(channel.name))

    def channel(self, name: str) -> Channel | None:
        """Return a part's strip, or master; None for a name that is neither."""
        return self.master if name == MASTER else self.strips.get(name)

    # ------------------------------------------------------------ parts
    def set_parts(self, parts: Parts) -> None:
        """Make one strip a part."""
        for strip in self.strips.values():
            strip.setParent(None)
            strip.deleteLater()
        self.strips = {}
        for name in parts.mixer_order:
            self.strips[name] = self._made_strip(parts, name)
        self.master.set_parts(parts)
        self._set_tab_order()
        self._place()

    def _made_strip(self, parts: Parts, name: str) -> ChannelStrip:
        colour = self.look.theme.part_colours(parts.mixer_order)[name]
        note = ""
        if name == parts.rest == "other":
            usual = parts.names == FOUR_PARTS.names
            note = QCoreApplication.translate("parts", "guitar, keys, the rest")
            note = note if usual else QCoreApplication.translate("parts", "the rest")
        strip = ChannelStrip(self.look, name, part_title(name), colour, note)
        strip.setParent(self._row)
        self._connect_name(strip)
        strip.level_moved.connect(lambda db, g: self.level_moved.emit(name, db, g))
        strip.pan_moved.connect(lambda pan, g: self.pan_moved.emit(name, pan, g))
        strip.mute_clicked.connect(lambda: self.mute_clicked.emit(name))
        strip.solo_clicked.connect(lambda: self.solo_clicked.emit(name))
        strip.only_clicked.connect(lambda: self.only_clicked.emit(name))
        strip.show()
        return strip

    def _set_tab_order(self) -> None:
        chain = [w for strip in self.strips.values() for w in strip.focus_order()]
        chain += self.master.focus_order()
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll so that a control's strip can be seen."""
        strip = widget if isinstance(widget, ChannelStrip) else widget.parentWidget()
        if isinstance(strip, ChannelStrip):
            self.area.ensureWidgetVisible(strip, GAP, 0)

    def _recolour(self) -> None:
        ground = QPalette(self.area.palette())
        ground.setColor(QPalette.ColorRole.Window, self.look.theme.tokens["bg"])
        self.area.setPalette(ground)
        colours = self.look.theme.part_colours(tuple(self.strips))
        for name, strip in self.strips.items():
            strip.recolour(colours[name])

    # ------------------------------------------------------------ what it shows
    def show_mix(self, mix: MixState, original: bool) -> None:
        """Show a mix; with A/B on, every strip is dimmed."""
        soloed = any(s.solo for s in mix.strips.values())
        for name, strip in self.strips.items():
            state = mix.strips[name]
            heard = not original and not state.mute and (state.solo or not soloed)
            strip.show_strip(state, heard)
        self.master.show_mix(mix, original)

    def feed(self, status: Status, passed_s: float) -> None:
        """Feed all meters."""
        meters = status.meters
        for name, strip in self.strips.items():
            strip.meter.feed(meters.get(name), passed_s)
        self.master.meter.feed(meters.get(MASTER), passed_s)

    def clear_clips(self) -> None:
        """Put all clip lights out."""
        for channel in (*self.strips.values(), self.master):
            channel.meter.clear_clips()

    # ------------------------------------------------------------ places
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        count = max(1, len(self.strips))
        room = self.width() - count * GAP
        for master, least in _WIDTHS:
            strip = (room - master) // count
            if strip >= least:
                break
        strip = max(LEAST_WIDTH, min(_MOST_STRIP, strip))
        row = count * strip + (count - 1) * GAP
        shown = min(row, self.width() - master_module.LEAST_WIDTH - GAP)
        scrolls = row > shown
        height = self.height() - (BAR_HEIGHT + 4 if scrolls else 0)
        self.area.setGeometry(0, 0, shown, self.height())
        self._row.resize(row, height)
        for k, channel in enumerate(self.strips.values()):
            channel.setGeometry(k * (strip + GAP), 0, strip, height)
        left = shown + GAP
        self.master.setGeometry(left, 0, self.width() - left, height)
