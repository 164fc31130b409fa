"""The one window: puts the areas together and connects them to bridge, desk and actions."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from demixme import resources
from demixme.audiofile.endings import name_filter
from demixme.audiofile.ownparts import OWN_PARTS, part_sources
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.session import SUFFIX
from demixme.core.track import SongInfo
from demixme.core.units import clock_text
from demixme.engine.status import DeviceInfo
from demixme.export.ownparts import OWN
from demixme.ui import doors
from demixme.ui.actions import Actions
from demixme.ui.bridge import Bridge
from demixme.ui.button import Button, Card
from demixme.ui.commands import Commands
from demixme.ui.dialogs import Dialogs
from demixme.ui.digit_keys import DigitKeys
from demixme.ui.drag_out import DragOut
from demixme.ui.drop_veil import DropVeil
from demixme.ui.empty_state import EmptyState
from demixme.ui.error_bar import ErrorBar
from demixme.ui.export_dialog import ExportDialog
from demixme.ui.header import Header
from demixme.ui.levels import SongLevels
from demixme.ui.loop_menu import LoopMenu
from demixme.ui.menus import Menus
from demixme.ui.mixer import Mixer
from demixme.ui.name_dialog import NameDialog
from demixme.ui.notice import Notice
from demixme.ui.overview import Overview
from demixme.ui.queue_menu import QueueMenu
from demixme.ui.speech import Speech
from demixme.ui.stage import Stage
from demixme.ui.theme import GAP, MARGIN, Look
from demixme.ui.transport_bar import TransportBar
from demixme.ui.waveform import Waveform

_LOW = 560  # below this height the zoomed waveform goes


class Window(QWidget):
    """The main window."""

    def __init__(self, bridge: Bridge, look: Look) -> None:
        super().__init__()
        self.bridge = bridge
        self.look = look
        self.levels = SongLevels()
        self._shown = False
        self._bound: dict[str, Button] = {}
        self.setWindowTitle("DemixME")
        self.setMinimumSize(720, 480)
        self.setAcceptDrops(True)
        self._make_areas()
        self._lay_out()
        self.commands = Commands(self, bridge)
        self.stage = Stage(self, bridge, self.commands.loops)
        self.actions_table = Actions(self, self.commands, dict(bridge.settings.shortcuts))
        self.digits = DigitKeys(self.actions_table)
        self.menus = Menus(self, bridge)
        self.loop_menu = LoopMenu(self, self.commands.loops)
        self.queue_menu = QueueMenu(self, self.commands.queue)
        self.name_dialog = NameDialog(look, self)
        self.export_dialog = ExportDialog(look, bridge, self)
        self.drag_out = DragOut(bridge, self.mixer)
        self.dialogs = Dialogs(self, bridge)
        self._connect_bridge()
        self._connect_controls()
        self.speech = Speech(self, bridge, lambda text: self.announce(text))
        self._restore()
        self._show_parts(bridge.desk.parts)
        self._show_page()

    # ------------------------------------------------------------ making
    def _make_areas(self) -> None:
        look = self.look
        self.header = Header(look)
        self.bar = ErrorBar(look)
        self.empty = EmptyState(look, resources.demo_song() is not None)
        self.song_card = Card(look)
        self.waveform = Waveform(look, self.levels)
        self.overview = Overview(look, self.levels)
        self.mixer = Mixer(look)
        self.transport = TransportBar(look)
        self.veil = DropVeil(look, self)

    def _lay_out(self) -> None:
        inside = self._inside = QVBoxLayout(self.song_card)
        inside.setContentsMargins(16, 2, 16, 10)
        inside.setSpacing(6)
        self.waves = QHBoxLayout()
        self.waves.setSpacing(GAP)
        self.waves.addWidget(self.waveform, 3)
        inside.addLayout(self.waves, 1)
        inside.addWidget(self.overview)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 14, MARGIN, 16)
        column.setSpacing(GAP)
        for area in (self.header, self.bar):
            column.addWidget(area)
        column.addWidget(self.empty, 1)
        column.addWidget(self.song_card, 0)
        column.addWidget(self.mixer, 1)
        column.addWidget(self.transport)

    def _connect_bridge(self) -> None:
        bridge, desk = self.bridge, self.bridge.desk
        bridge.song_opened.connect(self._song_opened)
        bridge.song_closed.connect(self._show_page)
        bridge.playing_changed.connect(self._playing_changed)
        bridge.volume_changed.connect(self.transport.show_volume)
        bridge.device_changed.connect(self._device_changed)
        bridge.model_changed.connect(self._model_changed)
        bridge.recent_changed.connect(lambda: self.empty.set_recent(bridge.settings.recent))
        bridge.noticed.connect(self.bar.say)
        bridge.song_coming.connect(lambda: self.bar.song_comes(self.commands.queue.by_itself))
        bridge.wishes["open"] = self.choose_song
        bridge.wishes["devices"] = self.menus.show_outputs
        self.bar.shown.connect(lambda notice: self.announce(notice.sentence))
        self.actions_table.keys_changed.connect(self._show_keys)
        desk.parts_changed.connect(self._show_parts)
        desk.mix_changed.connect(self._show_mix)
        desk.original_changed.connect(lambda _: self._show_mix(desk.mix))
        desk.history_changed.connect(self._show_history)

    def _connect_controls(self) -> None:
        desk, mixer, act = self.bridge.desk, self.mixer, self.actions_table.trigger
        mixer.level_moved.connect(desk.set_level)
        mixer.pan_moved.connect(desk.set_pan)
        mixer.mute_clicked.connect(desk.toggle_mute)
        mixer.solo_clicked.connect(desk.toggle_solo)
        mixer.only_clicked.connect(desk.toggle_only)
        mixer.master.preset_chosen.connect(desk.apply_preset)
        mixer.master.menu.keep_asked.connect(self.commands.keep_preset)
        mixer.master.menu.forgotten.connect(self.commands.forget_preset)
        self.bridge.presets_changed.connect(mixer.master.set_own_presets)
        for button, action in (
            (mixer.master.reset, "reset"),
            (mixer.master.undo, "undo"),
            (mixer.master.redo, "redo"),
            (mixer.master.export, "export"),
            (self.transport.to_start, "start"),
            (self.transport.play, "play"),
            (self.transport.stop, "stop"),
            (self.transport.former, "song_former"),
            (self.transport.next, "song_next"),
            (self.transport.loop, "loop"),
            (self.transport.original, "original"),
            (self.transport.spectrum, "spectrum"),
            (self.header.open, "open"),
        ):
            self._bind(button, action, act)
        self.transport.volume_moved.connect(self.bridge.set_volume)
        self.transport.loop_more.clicked.connect(self.loop_menu.show_under)
        self.transport.device.clicked.connect(self.menus.show_outputs)
        self.header.model.clicked.connect(self.menus.show_models)
        self.header.settings.clicked.connect(self.menus.show_settings)
        for view in (self.waveform, self.overview):
            view.seek_requested.connect(self.bridge.seek)
        self.waveform.loop_drawn.connect(desk.set_loop)
        self.overview.view_dragged.connect(self.waveform.centre_on)
        self.empty.open_clicked.connect(self.choose_song)
        self.empty.demo_clicked.connect(self.open_demo)
        self.empty.path_chosen.connect(self.bridge.open)
        self.export_dialog.noticed.connect(self.bar.say)
        self.drag_out.noticed.connect(self.bar.say)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    def _bind(self, button: Button, action: str, act: Callable[[str], None]) -> None:
        row = self.actions_table.rows[action]
        button.clicked.connect(lambda: act(action))
        self._bound[action] = button
        if not button.accessibleName():
            button.setAccessibleName(row.title)

    def _show_keys(self) -> None:
        """Write the keys of now into the tool tips."""
        table = self.actions_table
        for action, button in self._bound.items():
            keys = table.keys_text(action)
            title = table.rows[action].title
            button.setToolTip(f"{title} ({keys})" if keys else title)
        for n, strip in enumerate(self.mixer.strips.values(), start=1):
            strip.show_keys(table.keys_text(f"mute_{n}"), table.keys_text(f"solo_{n}"))

    # ------------------------------------------------------------ what happened
    def _song_opened(self, info: SongInfo) -> None:
        sources = part_sources(info.path) if info.format_name == OWN_PARTS else ()
        self.look.take_own({source.name: source.colour for source in sources if source.colour})
        title = info.title or info.path.stem
        self.header.title.set_song(title, info.artist)
        self.setWindowTitle(f"{title} — DemixME")
        status = self.bridge.status
        self.stage.show_song(info, status)
        self._show_page()
        self._show_mix(self.bridge.desk.mix)
        self.transport.play.setFocus(Qt.FocusReason.OtherFocusReason)
        spoken = self.tr("{title} is open, {length} long")
        length = clock_text((status.frames or info.frames) / info.rate)
        self.announce(spoken.format(title=title, length=length))

    def _playing_changed(self, playing: bool) -> None:
        self.transport.show_playing(playing)

    def _device_changed(self, device: DeviceInfo | None) -> None:
        text = f"{device.name} · {device.host_api}" if device else self.tr("System default")
        self.transport.show_device(text)

    def _model_changed(self, name: str) -> None:
        known = self.bridge.models()
        name = name or (known[0].name if known else "")  # no name is the default, listed first
        own = self.tr("the song's own parts") if name.startswith(OWN) else Path(name).stem
        title = next((m.title for m in known if m.name == name), own)
        self.header.show_model(title)

    def _show_parts(self, parts: Parts) -> None:
        self.mixer.set_parts(parts)
        self._show_keys()
        self._show_mix(self.bridge.desk.mix)

    def _show_mix(self, mix: MixState) -> None:
        original = self.bridge.desk.original
        self.mixer.show_mix(mix, original)
        self.transport.original.setChecked(original)
        self.stage.show_mix(mix, original)

    def show_loop(self) -> None:
        """Show the loop and how often it has been heard."""
        self.stage.show_loop()

    def _show_history(self) -> None:
        desk, master = self.bridge.desk, self.mixer.master
        master.undo.setEnabled(desk.can_undo)
        master.redo.setEnabled(desk.can_redo)

    def _show_page(self) -> None:
        song = self.bridge.has_song
        self.empty.setVisible(not song)
        self.song_card.setVisible(song)
        self.mixer.setVisible(song)
        for button in (self.transport.to_start, self.transport.play, self.transport.stop):
            button.setEnabled(song)
        self.transport.set_song_there(song)
        if not song:
            self.header.title.set_song("DemixME", "")
            self.header.show_facts(0, 0.0, True, "")
            self.empty.set_recent(self.bridge.settings.recent)
        self._fit()

    # ------------------------------------------------------------ things to do
    def choose_song(self) -> None:
        """Let the person choose a file."""
        recent = self.bridge.settings.recent
        folder = str(Path(recent[0]).parent) if recent else ""
        kinds = f"{self.song_kinds(SUFFIX)};;{self.tr('All files')} (*)"
        path = doors.choose_file(self, self.tr("Open a song"), folder, kinds)
        if path is not None:
            self.bridge.open(path)

    def song_kinds(self, *more: str) -> str:
        """Return the file chooser's words for songs."""
        names = " ".join((name_filter(), *(f"*{suffix}" for suffix in more)))
        return f"{self.tr('Songs')} ({names})"

    def open_demo(self) -> None:
        """Open our own song."""
        demo = resources.demo_song()
        if demo is not None:
            self.bridge.open(demo)

    def show_export(self) -> None:
        """Open the export dialog; the music plays on."""
        self.export_dialog.prepare()
        self.export_dialog.show()
        self.export_dialog.raise_()

    def say_crash(self) -> None:
        """Say that the program broke off the last time, and offer what helps to find out why."""
        text = self.tr("DemixME broke off the last time; where is kept in its log folder.")
        act = self.dialogs.about.copy_diagnostics
        self.bar.say(Notice(text, self.tr("Copy diagnostics"), act, is_error=True))

    def ask_name(self, title: str, name: str, take: Callable[[str], object]) -> None:
        """Ask for a name, offering one."""
        self.name_dialog.ask(title, name, take)

    def announce(self, text: str) -> None:
        """Speak what happened, for those who hear the screen."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.mixer.isAncestorOf(now):
            self.mixer.bring_into_view(now)

    # ------------------------------------------------------------ drops
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.veil.welcome(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.veil.welcome(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        paths, adds = self.veil.taken(event)
        queue = self.commands.queue
        if not (queue.add(paths) if adds else queue.play(paths)):
            said = (
                self.tr("It is in the queue already.") if adds else self.tr("No song is in there.")
            )
            self.bar.say(Notice(said))

    # ------------------------------------------------------------ Qt
    def _restore(self) -> None:
        stored = self.bridge.settings.geometry
        if not (stored and self.restoreGeometry(QByteArray.fromBase64(stored.encode()))):
            room = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(min(1280, room.width()), min(800, room.height()))
        self.transport.show_volume(self.bridge.settings.volume)
        self.mixer.master.set_own_presets(self.bridge.own_presets)
        self._device_changed(None)
        self.empty.set_recent(self.bridge.settings.recent)
        self._show_history()

    def _fit(self) -> None:
        high = self.height() >= _LOW
        self.waveform.setVisible(high)
        self.stage.show_spectrum(self.bridge.settings.spectrum)
        share = max(190 if self.height() >= 700 else 160, min(320, self.height() * 24 // 100))
        self.song_card.setFixedHeight(share if high else 66)
        self._inside.setContentsMargins(16, 2 if high else 8, 16, 10 if high else 8)
        self._column.setSpacing(GAP if high else 10)
        self._column.setContentsMargins(MARGIN, 14 if high else 10, MARGIN, 16 if high else 12)
        self.stage.show_view(self.waveform.first, self.waveform.first + self.waveform.span)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.veil.setGeometry(self.rect())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if not self._shown and handle is not None:
            self._shown = True
            handle.installEventFilter(self.digits)
            self.dialogs.make_later()
            self.setFocus()  # nothing is pressed by Space before Tab chose it

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.digits.release_all()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self.look.theme.tokens["bg"])

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.export_dialog.keeps_open(self.close):
            event.ignore()
            return
        self.dialogs.stop()
        self.speech.stop()
        self.export_dialog.shut()
        self.drag_out.shut()
        for view in (self.waveform, self.overview):
            view.shut()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.bridge.change_settings(geometry=geometry)
        self.bridge.close()
        super().closeEvent(event)
