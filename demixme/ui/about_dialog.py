"""The about box: version, licences, the models with their cards, and what to paste for help."""

from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from demixme import __version__, resources
from demixme.ui import doors
from demixme.ui.bridge import Bridge, ModelChoice
from demixme.ui.button import Button
from demixme.ui.theme import Look

#: What the program is made with, and under which licence each is.
LIBRARIES = (
    ("Python", "PSF-2.0"),
    ("Qt, PySide6", "LGPL-3.0-only"),
    ("pyqtgraph", "MIT"),
    ("NumPy, SciPy", "BSD-3-Clause"),
    ("ONNX Runtime", "MIT"),
    ("PortAudio, sounddevice", "MIT"),
    ("libsndfile", "LGPL-2.1-or-later"),
    ("soundfile", "BSD-3-Clause"),
    ("soxr, libsoxr", "LGPL-2.1-or-later"),
    ("FFmpeg, x264, x265", "GPL-3.0-or-later"),
    ("PyAV", "BSD-3-Clause"),
    ("mutagen", "GPL-2.0-or-later"),
    ("platformdirs, jeepney", "MIT"),
)


class AboutDialog(QDialog):
    """Made once; filled each time it is opened, as models may have come."""

    def __init__(self, look: Look, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.setWindowTitle(self.tr("About DemixME"))
        self.resize(600, 560)
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("About DemixME"))
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._clicked)
        self.text.document().setDocumentMargin(12)
        self.copy = Button(look, self.tr("Copy diagnostics"))
        self.copy.clicked.connect(self.copy_diagnostics)
        self.close_button = Button(look, self.tr("Close"), "primary")
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addLayout(row)

    def open(self) -> None:
        """Show the models of now."""
        self.copy.setText(self.tr("Copy diagnostics"))
        self.text.setHtml(self._html())
        super().open()

    def _html(self) -> str:
        free = self.tr(
            "DemixME is free software under the GNU General Public License, version 3 or later. "
            "It comes without any warranty. Songs never leave this computer."
        )
        parts = [
            f"<h2>DemixME {escape(__version__)}</h2>",
            f"<p>{escape(free)}</p>",
            '<p><a href="https://www.gnu.org/licenses/gpl-3.0.html">GPL-3.0-or-later</a></p>',
            f"<h3>{escape(self.tr('Models'))}</h3>",
            *(self._model(m) for m in self.bridge.models()),
            f"<h3>{escape(self.tr('Made with'))}</h3>",
            "<p>",
            "<br>".join(f"{escape(name)}: {escape(licence)}" for name, licence in LIBRARIES),
            "</p>",
        ]
        folder = resources.licences_folder()
        if folder is not None:
            link, text = QUrl.fromLocalFile(str(folder)).toString(), self.tr("Every licence text")
            parts.append(f'<p><a href="{escape(link)}">{escape(text)}</a></p>')
        return "\n".join(parts)

    def _model(self, model: ModelChoice) -> str:
        rows = [f"<b>{escape(model.title)}</b>"]
        if model.research_only:
            rows.append(escape(self.tr("for research use only")))
        rows += [escape(line) for line in (model.sentence, *model.card) if line]
        return f"<p>{'<br>'.join(rows)}</p>"

    def _clicked(self, link: QUrl) -> None:
        doors.open_link(link.toString())

    def copy_diagnostics(self) -> None:
        """Put a description of this machine and of the last minutes on the clipboard."""
        QGuiApplication.clipboard().setText(self.bridge.diagnostics_text())
        self.copy.setText(self.tr("Copied"))
