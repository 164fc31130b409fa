"""One export as dialog and command line ask for it: what, which piece, what kind of file."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from demixme.audiofile.formats import CONTAINERS, rate_in
from demixme.audiofile.partfile import make_folder
from demixme.core.errors import CannotWrite
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.track import Track
from demixme.export.progress import Progress
from demixme.export.remix import RemixFile, export_remix
from demixme.export.render import Level, Span
from demixme.export.slots import SlotSource
from demixme.export.stemfile import StemFile, export_stem_file
from demixme.export.stemnames import TEMPLATE, stem_paths, wanted_stems
from demixme.export.stems import StemFiles, export_stems

_LOOK_S = 0.05


@dataclass(frozen=True)
class RemixOrder:
    """A remix as one file at `path`."""

    mix: MixState
    path: Path
    encoding: str | None = None
    span: Span | None = None
    level: Level = Level.AS_HEARD
    overwrite: bool = False

    @property
    def needs_stems(self) -> bool:
        """Say whether anything must be separated."""
        return self.mix.needs_stems

    @property
    def container(self) -> str:
        """Return the kind of file by the name's ending."""
        return self.path.suffix.lower().lstrip(".")

    def targets(self, song: Path) -> dict[str, Path]:
        """Return the file it makes, under ``mix``."""
        return {"mix": self.path}

    def run(
        self,
        track: Track,
        source: SlotSource | None,
        progress: Progress | None = None,
        interrupt: Interrupt | None = None,
    ) -> RemixFile:
        """Write it, once the song is decoded to its end; takes its time."""
        wait_decoded(track, interrupt)
        with suppress(CannotWrite):  # the export names the file, which says more than its folder
            make_folder(self.path.absolute().parent)
        return export_remix(
            track,
            self.mix,
            source,
            self.path,
            encoding=self.encoding,
            span=self.span,
            level=self.level,
            overwrite=self.overwrite,
            progress=progress,
            interrupt=interrupt,
        )


@dataclass(frozen=True)
class StemsOrder:
    """Parts as files in `path`, a folder; before the faders, or as in `mix`."""

    parts: Parts
    path: Path
    container: str = "wav"
    encoding: str | None = None
    span: Span | None = None
    only: tuple[str, ...] | None = None
    mix: MixState | None = None
    template: str = TEMPLATE
    values: dict[str, str] = field(default_factory=dict)
    overwrite: bool = False

    @property
    def needs_stems(self) -> bool:
        """Say whether anything must be separated."""
        return True

    def targets(self, song: Path) -> dict[str, Path]:
        """Return the files it makes of a song, by the names of the parts."""
        named = stem_paths(self.path, song, self.parts, self.container, self.template, self.values)
        return {name: named[name] for name in wanted_stems(self.parts, self.only)}

    def run(
        self,
        track: Track,
        source: SlotSource | None,
        progress: Progress | None = None,
        interrupt: Interrupt | None = None,
    ) -> StemFiles:
        """Write them, once the song is decoded to its end; takes its time."""
        assert source is not None, "parts need a source"
        wait_decoded(track, interrupt)
        return export_stems(
            track,
            source,
            self.path,
            only=self.only,
            container=self.container,
            encoding=self.encoding,
            span=self.span,
            mix=self.mix,
            template=self.template,
            values=self.values,
            overwrite=self.overwrite,
            progress=progress,
            interrupt=interrupt,
        )


@dataclass(frozen=True)
class StemFileOrder:
    """The song and its parts as one ``.stem.mp4`` at `path`."""

    parts: Parts
    path: Path
    overwrite: bool = False

    container = "m4a"

    @property
    def needs_stems(self) -> bool:
        """Say whether anything must be separated."""
        return True

    def targets(self, song: Path) -> dict[str, Path]:
        """Return the file it makes, under ``stems``."""
        return {"stems": self.path}

    def run(
        self,
        track: Track,
        source: SlotSource | None,
        progress: Progress | None = None,
        interrupt: Interrupt | None = None,
    ) -> StemFile:
        """Write it, once the song is decoded to its end; takes its time."""
        assert source is not None, "parts need a source"
        wait_decoded(track, interrupt)
        with suppress(CannotWrite):
            make_folder(self.path.absolute().parent)
        return export_stem_file(
            track,
            source,
            self.path,
            overwrite=self.overwrite,
            progress=progress,
            interrupt=interrupt,
        )


Order = RemixOrder | StemsOrder | StemFileOrder
Made = RemixFile | StemFiles | StemFile


def wait_decoded(track: Track, interrupt: Interrupt | None = None) -> None:
    """Wait until a song is decoded to its end: before that its length is not sure."""
    while not track.complete:
        if interrupt is not None:
            interrupt.check()
        time.sleep(_LOOK_S)


def rate_change(container: str, rate: int) -> int | None:
    """Return the rate that a kind of file has instead of a song's; None where it keeps it."""
    changed = rate_in(container, rate) if container in CONTAINERS else rate
    return None if changed == rate else changed
