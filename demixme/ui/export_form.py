"""What can be chosen for an export: what, where, which kind of file, which piece, which level."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QWidget

from demixme.audiofile.formats import CONTAINERS
from demixme.audiofile.stemmp4 import SUFFIX, stem_rate
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.units import clock_text
from demixme.export.names import FIELDS, filled
from demixme.export.order import (
    Order,
    RemixOrder,
    StemFileOrder,
    StemsOrder,
    rate_change,
)
from demixme.export.render import Level, Span
from demixme.export.stemfile import stem_file_path, stem_tracks
from demixme.export.stemnames import INSTRUMENTAL, TEMPLATE, stem_names
from demixme.ui.bridge import Bridge
from demixme.ui.button import Button
from demixme.ui.choice import Choice, TextBox
from demixme.ui.part_names import part_title
from demixme.ui.presets import presets_for
from demixme.ui.theme import Look

_LOSSY = ("mp3", "ogg", "opus", "m4a")
_REMIX, _STEMS, _STEM_FILE = "remix", "stems", "stem file"


class ExportForm(QWidget):
    """The choices of an export; `changed` when any of them is another."""

    changed = Signal()

    def __init__(self, look: Look, bridge: Bridge) -> None:
        super().__init__()
        self.look = look
        self.bridge = bridge
        self.what = Choice(look, self.tr("What"))
        self.file = TextBox(look, self.tr("File"))
        self.choose = Button(look, self.tr("Choose…"))
        self.format = Choice(look, self.tr("Format"))
        self.piece = Choice(look, self.tr("Piece"))
        self.level = Choice(look, self.tr("Level"))
        self.parts: dict[str, Button] = {}
        self.as_in_mix = self._chip(self.tr("As in my mix"))
        self.as_in_mix.setToolTip(self.tr("With faders, mutes, balance and master"))
        self.file.setToolTip(" ".join(f"{{{f}}}" for f in FIELDS))
        self._fill()
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.what.chosen.connect(self._other_kind)
        self.format.chosen.connect(self._format_changed)
        for choice in (self.format, self.piece, self.level):
            choice.chosen.connect(lambda _: self.changed.emit())
        self.file.textChanged.connect(lambda _: self.changed.emit())

    def _fill(self) -> None:
        self.what.set_items(
            [
                (self.tr("The mix as I hear it"), _REMIX),
                (self.tr("Parts, a file each"), _STEMS),
                (self.tr("Song and parts in one file (.stem.mp4)"), _STEM_FILE),
            ]
        )
        self.format.set_items(
            [
                (self.tr("WAV, as the song"), ("source", None, "wav")),
                (self.tr("WAV, 16 bit"), ("pcm16", "pcm16", "wav")),
                (self.tr("WAV, 24 bit"), ("pcm24", "pcm24", "wav")),
                (self.tr("WAV, 32 bit float"), ("float32", "float32", "wav")),
                (self.tr("FLAC, 16 bit"), ("flac16", "pcm16", "flac")),
                (self.tr("FLAC, 24 bit"), ("flac24", "pcm24", "flac")),
                *((CONTAINERS[c].title, (c, None, c)) for c in _LOSSY),
            ]
        )
        self.piece.set_items([(self.tr("The whole song"), None)])
        self.level.set_items(
            [
                (self.tr("As I hear it"), Level.AS_HEARD),
                (self.tr("Normalise to −1 dBTP"), Level.NORMALISE),
                (self.tr("Limit to −1 dBTP"), Level.LIMIT),
            ]
        )

    def _lay_out(self) -> None:
        form = self._form = QGridLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        self._chips = QWidget()
        self._chip_row = QHBoxLayout(self._chips)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        self._labels: dict[QWidget, QLabel] = {}
        for row, (text, widget) in enumerate(
            (
                (self.tr("What"), self.what),
                (self.tr("File"), self.file),
                (self.tr("Parts"), self._chips),
                (self.tr("Format"), self.format),
                (self.tr("Piece"), self.piece),
                (self.tr("Level"), self.level),
            )
        ):
            self._labels[widget] = QLabel(text)
            form.addWidget(self._labels[widget], row, 0)
            form.addWidget(widget, row, 1, 1, 2 if widget is self._chips else 1)
        form.addWidget(self.choose, 1, 2)
        form.setColumnStretch(1, 1)

    def _chip(self, text: str) -> Button:
        chip = Button(self.look, text, "chip")
        chip.setCheckable(True)
        chip.clicked.connect(lambda: self._toggle(chip))
        return chip

    def _toggle(self, chip: Button) -> None:
        chip.setChecked(not chip.isChecked())
        self.changed.emit()

    # ------------------------------------------------------------ offering
    def prepare(self) -> None:
        """Offer what there is for the song and the mix of now."""
        self._set_parts(stem_names(self.bridge.desk.parts))
        kinds = [data[0] for _, data in self.format.items]
        self.format.choose(kinds.index(self.bridge.settings.export_format))
        loop, song = self.bridge.desk.loop, self.bridge.status.song
        pieces: list[tuple[str, Span | None]] = [(self.tr("The whole song"), None)]
        if loop is not None and song is not None:
            ends = " – ".join(clock_text(frame / song.rate, tenths=True) for frame in loop)
            pieces.append((self.tr("The loop, {ends}").format(ends=ends), loop))
        self.piece.set_items(pieces)
        self._other_kind()

    def _set_parts(self, names: Sequence[str]) -> None:
        if list(self.parts) == list(names):
            return
        for chip in (*self.parts.values(), self.as_in_mix):
            self._chip_row.removeWidget(chip)
        for chip in self.parts.values():
            chip.deleteLater()
        self.parts = {name: self._chip(part_title(name)) for name in names}
        for name, chip in self.parts.items():
            chip.setChecked(name != INSTRUMENTAL)
            self._chip_row.addWidget(chip)
        self._chip_row.addStretch(1)
        self._chip_row.addWidget(self.as_in_mix)

    def _other_kind(self) -> None:
        """Show what belongs to a remix or to parts, and offer a name for it."""
        kind = self.what.data
        for widget, kinds in (
            (self._chips, (_STEMS,)),
            (self.level, (_REMIX,)),
            (self.format, (_REMIX, _STEMS)),
            (self.piece, (_REMIX, _STEMS)),
        ):
            widget.setVisible(kind in kinds)
            self._labels[widget].setVisible(kind in kinds)
        song = self.bridge.status.song
        if song is not None:
            wanted = self.bridge.settings.export_folder
            folder = Path(wanted) if wanted else song.path.parent
            name = f"{song.path.stem} ({mix_words(self.bridge.desk.mix)})"
            names = {_STEMS: TEMPLATE, _STEM_FILE: song.path.stem, _REMIX: name}
            self.file.setText(f"{folder / names[kind]}{self.ending}")
        self.changed.emit()

    @property
    def container(self) -> str:
        """Return the chosen kind of file."""
        container: str = self.format.data[2]
        return container

    @property
    def ending(self) -> str:
        """Return how the name of the file ends."""
        return SUFFIX if self.what.data == _STEM_FILE else f".{self.container}"

    def _format_changed(self) -> None:
        if self.file.text():
            path = Path(self.file.text())
            self.file.setText(str(path.with_name(f"{_stem(path)}.{self.container}")))

    def _choose(self) -> None:
        if self.what.data == _STEMS:
            folder = QFileDialog.getExistingDirectory(self, self.tr("Export"), str(self.folder()))
            if folder:
                self.file.setText(f"{Path(folder) / TEMPLATE}.{self.container}")
            return
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export"),
            self.file.text(),
            options=QFileDialog.Option.DontConfirmOverwrite,  # the dialog asks itself
        )
        if path:
            self.file.setText(path)

    # ------------------------------------------------------------ the answer
    def remarks(self) -> list[str]:
        """Return what is to be known before it is written."""
        said: list[str] = []
        song = self.bridge.status.song
        if self.what.data == _STEM_FILE:
            return [self._about_stem_file(self.bridge.desk.parts, song.rate if song else 0)]
        kind = CONTAINERS[self.container].title
        changed = rate_change(self.container, song.rate) if song else None
        if changed and song:
            text = self.tr("{kind} cannot hold {rate} Hz: it will be {to} Hz.")
            said.append(text.format(kind=kind, rate=song.rate, to=changed))
        levelled = self.what.data == _REMIX and self.level.data is not Level.AS_HEARD
        if levelled and self.container in _LOSSY:
            text = self.tr("The level is set before {kind} codes it, which moves peaks a little.")
            said.append(text.format(kind=kind))
        return said

    def _about_stem_file(self, parts: Parts, rate: int) -> str:
        text = self.tr("The untouched song and four parts as AAC at {rate} Hz").format(
            rate=stem_rate(rate)
        )
        tracks = stem_tracks(parts)
        for names in tracks:
            if len(names) > 1:
                joined = ", ".join(part_title(n) for n in names[1:])
                into = part_title(names[0])
                text += "; " + self.tr("{joined} in “{into}”").format(joined=joined, into=into)
        silent = sum(not names for names in tracks)
        if silent:
            text += "; " + self.tr("{n} of them silent").format(n=silent)
        return f"{text}."

    def _split(self) -> tuple[Path, str]:
        """Return the typed path's plain folder and what stands behind it, perhaps with fields."""
        path = Path(self.file.text()).expanduser()
        path = path.with_name(_stem(path))
        pieces = path.parts
        at = next((k for k, p in enumerate(pieces) if "{" in p), len(pieces) - 1)
        return Path(*pieces[:at]), "/".join(pieces[at:])

    def folder(self) -> Path:
        """Return the folder that is remembered for the next export."""
        return self._split()[0]

    def _values(self) -> dict[str, str]:
        song, desk = self.bridge.status.song, self.bridge.desk
        if song is None:
            return {}
        return {
            "song": song.path.stem,
            "title": song.title or song.path.stem,
            "artist": song.artist,
            "mix": mix_words(desk.mix),
            "model": self.bridge.status.model,
        }

    def order(self, overwrite: bool) -> Order:
        """Return what is to be written; InvalidValue where a name cannot be."""
        encoding = self.format.data[1]
        mix: MixState = self.bridge.desk.mix
        folder, template = self._split()
        if self.what.data == _STEMS:
            return StemsOrder(
                mix.parts,
                folder,
                self.container,
                encoding,
                self.piece.data,
                tuple(name for name, chip in self.parts.items() if chip.isChecked()),
                mix if self.as_in_mix.isChecked() else None,
                template,
                self._values(),
                overwrite,
            )
        if self.what.data == _STEM_FILE:
            path = Path(self.file.text()).expanduser()
            return StemFileOrder(mix.parts, stem_file_path(path), overwrite)
        path = folder / template
        if "{" in template:
            path = folder / filled(template, self._values())
        path = path.with_name(f"{path.name}.{self.container}")
        return RemixOrder(mix, path, encoding, self.piece.data, self.level.data, overwrite)


def _stem(path: Path) -> str:
    return path.stem if path.suffix.lower().lstrip(".") in CONTAINERS else path.name


def mix_words(mix: MixState) -> str:
    """Return a mix in a few words for a file name: a preset's name, else what is muted."""
    for preset in presets_for(mix.parts):
        if preset.id != "all" and preset.is_lit(mix):
            return preset.title
    muted = [n for n in mix.parts.mixer_order if mix.strips[n].mute]
    if muted and len(muted) < len(mix.parts.names):
        names = ", ".join(part_title(n).lower() for n in muted)
        return QCoreApplication.translate("ExportForm", "no {parts}").format(parts=names)
    return QCoreApplication.translate("ExportForm", "remix")
