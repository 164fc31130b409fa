"""Export: what, where and how, then progress and Cancel; not modal, music plays on."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from demixme.audiofile.formats import CONTAINERS
from demixme.audiofile.paths import system_path
from demixme.core.errors import DemixError
from demixme.core.units import clock_text, level_text
from demixme.export.order import Made
from demixme.export.stemfile import StemFile
from demixme.export.stems import StemFiles
from demixme.messages import remarks, sentence
from demixme.ui import doors
from demixme.ui.bridge import Bridge
from demixme.ui.button import Button
from demixme.ui.export_form import ExportForm
from demixme.ui.export_task import ExportTask
from demixme.ui.notice import Notice
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
        self.question: QMessageBox | None = None
        self._replacing = False
        self._given_up = False
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(700)
        self.form = ExportForm(look, bridge)
        self.file, self.format, self.choose = self.form.file, self.form.format, self.form.choose
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.start = Button(look, self.tr("Export"), "primary")
        self.cancel = Button(look, self.tr("Cancel"))
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self.start.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.reject)
        self.form.changed.connect(self._form_changed)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(14)
        column.addWidget(self.form)
        column.addWidget(self.progress)
        column.addWidget(self.line)
        column.addLayout(buttons)

    # ------------------------------------------------------------ what to write
    def prepare(self) -> None:
        """Offer a file name for the song and the mix of now."""
        if self.bridge.status.song is None or self.task is not None:
            return
        self.form.prepare()
        self._show_work(False)
        self.start.setFocus()  # so that Enter exports as last time

    def _form_changed(self) -> None:
        self._replacing = False
        self.start.setText(self.tr("Export"))
        self.line.setText(" ".join(self.form.remarks()))

    # ------------------------------------------------------------ work
    def begin(self) -> None:
        """Start writing; where a file of that name is there, ask first."""
        song = self.bridge.status.song
        if song is None:
            return
        try:
            order = self.form.order(self._replacing)
            there = [p for p in order.targets(song.path).values() if _is_there(p)]
        except DemixError as error:
            self.line.setText(sentence(error, short=True))
            return
        if there and not self._replacing:
            self._ask(there)
            return
        self.task = self.bridge.export_task(order)
        if self.task is None:
            return
        folder, kind = self.form.folder(), self.form.format.data[0]
        self.bridge.change_settings(export_folder=str(folder), export_format=kind)
        self._show_work(True)
        self.task.start()
        self._timer.start()

    def _ask(self, there: list[Path]) -> None:
        self._replacing = True
        self.start.setText(self.tr("Replace"))
        names = ", ".join(f"“{p.name}”" for p in there[:4])
        text = self.tr("There already: {names}. Replace, or choose another name?")
        self.line.setText(text.format(names=names))

    def _show_work(self, at_work: bool) -> None:
        self.form.setEnabled(not at_work)
        self.start.setEnabled(not at_work)
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
        self._replacing = False
        self.start.setText(self.tr("Export"))
        self._show_work(False)
        if task.error is not None:
            self.line.setText(sentence(task.error, short=True))
        elif task.result is not None:
            self.line.setText("")
            self.hide()
            self.noticed.emit(self._notice(task.result, task.order.container))
        else:
            self.line.setText(self.tr("Cancelled; nothing was written."))

    def _notice(self, made: Made, container: str) -> Notice:
        if isinstance(made, StemFiles):
            folder = next(iter(made.paths.values())).parent
            text = self.tr("Exported {n} parts to “{name}”.")
            text = text.format(n=len(made.paths), name=folder.name)
        elif isinstance(made, StemFile):
            folder = made.path.parent
            text = self.tr("Exported “{name}”.").format(name=made.path.name)
        else:
            folder = made.path.parent
            text = self.tr("Exported “{name}”: {loudness} LUFS, true peak {peak} dBTP.").format(
                name=made.path.name,
                loudness=level_text(made.loudness.lufs),
                peak=level_text(made.loudness.true_peak_db),
            )
        kind = CONTAINERS[container].title
        said = remarks(made, kind, common_gain=isinstance(made, StemFiles))
        url = QUrl.fromLocalFile(str(folder))
        show = self.tr("Show in folder")
        return Notice(" ".join([text, *said]), show, lambda: doors.open_link(url.toString()))

    def reject(self) -> None:
        """Cancel what is under way, else close."""
        if self.task is not None:
            self.task.cancel()
        else:
            super().reject()

    def keeps_open(self, close: Callable[[], object]) -> bool:
        """Ask before the window closes on an export under way; `close` is for when it may."""
        if self.task is None or self._given_up:
            return False
        if self.question is None:
            self.question = self._asked(close)
        self.question.open()
        return True

    def _asked(self, close: Callable[[], object]) -> QMessageBox:
        box = QMessageBox(self.parentWidget())
        box.setWindowTitle(self.tr("Export"))
        box.setText(self.tr("An export is under way. Close all the same?"))
        box.setInformativeText(self.tr("What is written so far would be thrown away."))
        leave = box.addButton(self.tr("Stop it and close"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Go on exporting"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)

        def give_up() -> None:
            self._given_up = True
            close()

        leave.clicked.connect(give_up)
        return box

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


def _is_there(path: Path) -> bool:
    return os.path.lexists(system_path(path))
