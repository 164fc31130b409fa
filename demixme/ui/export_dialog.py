"""Export of what is heard now: file, depth, progress and Cancel; not modal, music plays on."""

from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from demixme.core.mixstate import MixState
from demixme.core.units import clock_text
from demixme.messages import sentence
from demixme.ui.bridge import Bridge
from demixme.ui.button import Button
from demixme.ui.choice import Choice, TextBox
from demixme.ui.export_task import ExportTask
from demixme.ui.notice import Notice
from demixme.ui.part_names import part_title
from demixme.ui.presets import presets_for
from demixme.ui.theme import Look

_TICK_MS = 100
_STEPS = 1000


class ExportDialog(QDialog):
    """The small export dialog; `noticed` says how it ended."""

    noticed = Signal(object)

    def __init__(self, look: Look, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.task: ExportTask | None = None
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(600)
        self.file = TextBox(look, self.tr("File"))
        self.choose = Button(look, self.tr("Choose…"))
        self.format = Choice(look, self.tr("Format"))
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.start = Button(look, self.tr("Export"), "primary")
        self.cancel = Button(look, self.tr("Cancel"))
        self._fill_formats()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self.choose.clicked.connect(self._choose)
        self.start.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.reject)
        self.format.chosen.connect(self._format_changed)

    def _fill_formats(self) -> None:
        self.format.set_items(
            [
                (self.tr("WAV, as the song"), ("source", None, ".wav")),
                (self.tr("WAV, 16 bit"), ("pcm16", "pcm16", ".wav")),
                (self.tr("WAV, 24 bit"), ("pcm24", "pcm24", ".wav")),
                (self.tr("WAV, 32 bit float"), ("float32", "float32", ".wav")),
                (self.tr("FLAC, 16 bit"), ("flac16", "pcm16", ".flac")),
                (self.tr("FLAC, 24 bit"), ("flac24", "pcm24", ".flac")),
            ]
        )

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        form.addWidget(QLabel(self.tr("File")), 0, 0)
        form.addWidget(self.file, 0, 1)
        form.addWidget(self.choose, 0, 2)
        form.addWidget(QLabel(self.tr("Format")), 1, 0)
        form.addWidget(self.format, 1, 1)
        form.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(14)
        column.addLayout(form)
        column.addWidget(self.progress)
        column.addWidget(self.line)
        column.addLayout(buttons)

    # ------------------------------------------------------------ what to write
    def prepare(self) -> None:
        """Offer a file name for the song and the mix of now."""
        song = self.bridge.status.song
        if song is None or self.task is not None:
            return
        wanted = self.bridge.settings
        kinds = [data[0] for _, data in self.format.items]
        self.format.choose(kinds.index(wanted.export_format))
        folder = Path(wanted.export_folder) if wanted.export_folder else song.path.parent
        name = f"{song.path.stem} ({mix_words(self.bridge.desk.mix)}){self._kind()[2]}"
        self.file.setText(str(folder / name))
        self._show_work(False)
        self.line.setText("")

    def _kind(self) -> tuple[str, str | None, str]:
        kind: tuple[str, str | None, str] = self.format.data
        return kind

    def _format_changed(self) -> None:
        if self.file.text():
            path = Path(self.file.text())
            self.file.setText(str(path.with_name(_stem(path) + self._kind()[2])))

    def _choose(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), self.file.text())
        if path:
            self.file.setText(path)

    # ------------------------------------------------------------ work
    def begin(self) -> None:
        """Start writing."""
        kind, encoding, _ = self._kind()
        path = Path(self.file.text()).expanduser()
        self.task = self.bridge.export_task(path, encoding)
        if self.task is None:
            return
        self.bridge.change_settings(export_folder=str(path.parent), export_format=kind)
        self._show_work(True)
        self.task.start()
        self._timer.start()

    def _show_work(self, at_work: bool) -> None:
        for widget in (self.file, self.choose, self.format, self.start):
            widget.setEnabled(not at_work)
        self.progress.setVisible(at_work)
        self.progress.setValue(0)

    def tick(self) -> None:
        """Show how far it is; say how it ended."""
        task = self.task
        if task is None:
            return
        self.progress.setValue(round(task.done * _STEPS))
        if task.speed:
            text = self.tr("{percent} %, {speed}× as fast as it plays, {left} left")
            self.line.setText(
                text.format(
                    percent=round(task.done * 100),
                    speed=f"{task.speed:.1f}",
                    left=clock_text(task.left_s),
                )
            )
        if task.ended:
            self._end(task)

    def _end(self, task: ExportTask) -> None:
        self._timer.stop()
        task.join()
        self.task = None
        self._show_work(False)
        if task.error is not None:
            self.line.setText(sentence(task.error, short=True))
        elif task.result is not None:
            self.line.setText("")
            self.hide()
            folder = QUrl.fromLocalFile(str(task.path.parent))
            text = self.tr("Exported “{name}”.").format(name=task.path.name)
            if task.result.clipped_frames:
                text += " " + self.tr("{n} frames were too loud and are clipped.").format(
                    n=task.result.clipped_frames
                )
            show = self.tr("Show in folder")
            self.noticed.emit(Notice(text, show, lambda: QDesktopServices.openUrl(folder)))
        else:
            self.line.setText(self.tr("Cancelled; nothing was written."))

    def reject(self) -> None:
        """Cancel what is under way, else close."""
        if self.task is not None:
            self.task.cancel()
        else:
            super().reject()

    def shut(self) -> None:
        """Cancel and wait, as the window closes."""
        self._timer.stop()
        if self.task is not None:
            self.task.cancel()
            self.task.join()
            self.task = None
        self.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.task is not None:
            self.task.cancel()
            event.ignore()
        else:
            super().closeEvent(event)


def _stem(path: Path) -> str:
    return path.stem if path.suffix.lower() in (".wav", ".flac") else path.name


def mix_words(mix: MixState) -> str:
    """Return a mix in a few words for a file name: a preset's name, else what is muted."""
    for preset in presets_for(mix.parts):
        if preset.id != "all" and preset.is_lit(mix):
            return preset.title
    muted = [n for n in mix.parts.mixer_order if mix.strips[n].mute]
    if muted and len(muted) < len(mix.parts.names):
        return "no " + ", ".join(part_title(n).lower() for n in muted)
    return "remix"
