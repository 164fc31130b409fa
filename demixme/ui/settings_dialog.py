"""The settings: what is chosen takes effect at once, or at the next start where it says so."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from demixme.engine.status import DeviceInfo
from demixme.ui.bridge import Bridge
from demixme.ui.button import Button
from demixme.ui.choice import Choice
from demixme.ui.theme import SMALL, Look, font

_BUFFERS_MS = (20, 35, 50, 75, 100, 150, 200)
_STORE_MB = (128, 256, 512, 1024, 2048, 4096)


class SettingsDialog(QDialog):
    """Made once; `open` shows what is chosen now."""

    def __init__(self, look: Look, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.bridge = bridge
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(560)
        self._showing = False
        self.output = Choice(look, self.tr("Output"))
        self.buffer = Choice(look, self.tr("Sound buffer"))
        self.model = Choice(look, self.tr("Model"))
        self.late = Choice(look, self.tr("Where a part is not separated yet"))
        self.store = Choice(look, self.tr("Memory for separated parts"))
        self.looks = Choice(look, self.tr("Look"))
        self.language = Choice(look, self.tr("Language"))
        self.sound_line = self._small()
        self.forget_song = Button(look, self.tr("Forget this song"))
        self.forget_all = Button(look, self.tr("Forget all songs"))
        self.memory_line = self._small()
        self.close_button = Button(look, self.tr("Close"), "primary")
        self._lay_out()
        self._connect()

    def _small(self, text: str = "") -> QLabel:
        label = QLabel(text)
        label.setFont(font(SMALL))
        label.setWordWrap(True)
        return label

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setColumnStretch(1, 1)
        next_start = self.tr("takes effect at the next start")
        rows: tuple[tuple[Choice, QLabel | None], ...] = (
            (self.output, None),
            (self.buffer, self.sound_line),
            (self.model, None),
            (self.late, None),
            (self.store, self._small(next_start)),
            (self.looks, None),
            (self.language, self._small(next_start)),
        )
        for k, (choice, note) in enumerate(rows):
            form.addWidget(QLabel(choice.name), 2 * k, 0)
            form.addWidget(choice, 2 * k, 1)
            if note is not None:
                form.addWidget(note, 2 * k + 1, 1)
        memory = QHBoxLayout()
        memory.addWidget(self.memory_line, 1)
        memory.addWidget(self.forget_song)
        memory.addWidget(self.forget_all)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(16)
        column.addLayout(form)
        column.addLayout(memory)
        column.addLayout(buttons)

    def _connect(self) -> None:
        bridge = self.bridge
        for choice, take in (
            (self.output, bridge.set_device),
            (self.buffer, bridge.set_buffer_ms),
            (self.model, bridge.set_model),
            (self.late, bridge.set_late),
            (self.store, lambda mb: bridge.change_settings(store_mb=mb)),
            (self.looks, self._set_look),
            (self.language, lambda code: bridge.change_settings(language=code)),
        ):
            choice.chosen.connect(lambda _, c=choice, t=take: self._take(c, t))
        self.forget_song.clicked.connect(self._forget_song)
        self.forget_all.clicked.connect(self._forget_all)
        self.close_button.clicked.connect(self.accept)
        bridge.device_changed.connect(lambda _: self._show_sound())

    def _take(self, choice: Choice, take: object) -> None:
        if not self._showing and callable(take):
            take(choice.data)
            self._show_sound()

    # ------------------------------------------------------------ what is chosen now
    def open(self) -> None:
        """Show what is chosen now."""
        self._showing = True
        self._show_outputs()
        wanted = self.bridge.settings
        buffers = sorted({*_BUFFERS_MS, round(wanted.buffer_ms)})
        ms = self.tr("{n} ms")
        _offer(self.buffer, [(ms.format(n=b), float(b)) for b in buffers], round(wanted.buffer_ms))
        models = [(m.title, m.name) for m in self.bridge.models()]
        _offer(self.model, models, self.bridge.status.model)
        late = [(self.tr("Wait for it"), "wait"), (self.tr("Silence until it is there"), "silence")]
        _offer(self.late, late, wanted.late)
        sizes = sorted({*_STORE_MB, round(wanted.store_mb)})
        mb = self.tr("{n} MB")
        _offer(self.store, [(mb.format(n=s), float(s)) for s in sizes], wanted.store_mb)
        looks = [
            (self.tr("As the system"), "system"),
            (self.tr("Dark"), "dark"),
            (self.tr("Light"), "light"),
        ]
        _offer(self.looks, looks, self.look.choice)
        languages = [(self.tr("As the system"), ""), ("English", "en"), ("Español", "es")]
        _offer(self.language, languages, wanted.language)
        self._showing = False
        self._show_sound()
        self._show_memory()
        super().open()

    def done(self, result: int) -> None:
        """Keep on the disk what was chosen, as the dialog closes."""
        self.bridge.keep_settings()
        super().done(result)

    def _show_outputs(self) -> None:
        wanted = (self.bridge.settings.device, self.bridge.settings.host_api)
        outputs: list[tuple[str, DeviceInfo | None]] = [(self.tr("System default"), None)]
        outputs += [(f"{d.name} · {d.host_api}", d) for d in self.bridge.devices()]
        self.output.set_items(outputs)
        for k, (_, device) in enumerate(outputs):
            if device is not None and (device.name, device.host_api) == wanted:
                self.output.choose(k)

    def _show_sound(self) -> None:
        status = self.bridge.status
        if status.device is None:
            self.sound_line.setText(self.tr("No output is open."))
            return
        text = self.tr("Now {rate} kHz, buffer {buffer} ms, latency {latency} ms")
        rate = status.song.rate if status.song is not None else 44100
        self.sound_line.setText(
            text.format(
                rate=f"{rate / 1000:g}",
                buffer=round(status.buffer_ms),
                latency=round(status.latency_s * 1000),
            )
        )

    def _show_memory(self) -> None:
        count = self.bridge.memory.store.count()
        self.memory_line.setText(
            self.tr("%n song(s) are remembered with mix and place.", "", count)
        )
        self.forget_song.setEnabled(self.bridge.has_song)
        self.forget_all.setEnabled(count > 0 or self.bridge.has_song)

    # ------------------------------------------------------------ taking
    def _set_look(self, choice: str) -> None:
        self.look.choose(choice)
        self.bridge.change_settings(look=choice)

    def _forget_song(self) -> None:
        self.bridge.memory.forget_song()
        self._show_memory()
        self.forget_song.setEnabled(False)

    def _forget_all(self) -> None:
        self.bridge.memory.forget_all()
        self._show_memory()
        self.forget_all.setEnabled(False)
        self.forget_song.setEnabled(False)


def _offer(choice: Choice, items: Sequence[tuple[str, object]], chosen: object) -> None:
    """Fill a choice and choose what stands behind `chosen`, else the first."""
    items = list(items) or [("–", "")]
    choice.set_items(items)
    behind = [data for _, data in items]
    if chosen in behind:
        choice.choose(behind.index(chosen))
