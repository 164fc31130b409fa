"""Songs with parts of their own in the place of a model: nothing is separated, all is read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.ownparts import OwnPartsDecoder, PartSounds, part_sources, parts_of
from demixme.core.errors import ModelMissing
from demixme.core.interrupt import Interrupt
from demixme.core.track import Decoder
from demixme.separation.grid import GridSeparator
from demixme.separation.separator import Read

#: Before the path of a song, in the place of a model's name.
OWN = "own parts: "
_SLOT_S = 0.2
_TAIL_S = 0.01
_CALL_SLOTS = 5


class OwnParts:
    """Opens songs and loads models for an engine; songs with own parts come from one pair of hands.

    Parameters
    ----------
    open_song, load_model : callable
        For all others.
    folder : Path
        Where the parts lie while such a song is open.
    """

    def __init__(
        self,
        open_song: Callable[[Path], Decoder],
        load_model: Callable[[str], Any],
        folder: Path,
    ) -> None:
        self._open_song = open_song
        self._load_model = load_model
        self._folder = folder
        self.sounds: dict[str, PartSounds] = {}

    def open_song(self, path: Path) -> Decoder:
        """Open a song, whatever kind it is. Thread: decode."""
        sources = part_sources(path)
        if not sources:
            return self._open_song(path)
        decoder = OwnPartsDecoder(path, sources, self._folder)
        former = self.sounds.get(str(path))
        self.sounds[str(path)] = decoder.sounds
        if former is not None:
            former.close()
        return decoder

    def load_model(self, name: str) -> Any:
        """Load a model, or what stands for one. Thread: worker."""
        if not name.startswith(OWN):
            return self._load_model(name)
        return OwnPartsModel(name, self)


class OwnPartsModel:
    """Has the face of a model; made for one song."""

    def __init__(self, name: str, owner: OwnParts) -> None:
        self.name = name
        self.sha256 = name
        self._owner = owner
        self._path = name.removeprefix(OWN)
        sources = part_sources(self._path)
        if not sources:
            raise ModelMissing(name, "the song has no parts of its own")
        self.parts = parts_of(sources)

    def separator(self, rate: int, best: bool = False) -> "OwnPartsSeparator":
        """Return what reads the parts of the song; there is no better quality than that."""
        return OwnPartsSeparator(self, self._owner.sounds.get(self._path), rate)

    def close(self) -> None:
        """Let go of the parts."""
        sounds = self._owner.sounds.pop(self._path, None)
        if sounds is not None:
            sounds.close()


class OwnPartsSeparator(GridSeparator):
    """Reads what others compute."""

    def __init__(self, model: OwnPartsModel, sounds: PartSounds | None, rate: int) -> None:
        super().__init__(
            model.parts,
            model.sha256,
            rate,
            round(_SLOT_S * rate),
            _CALL_SLOTS,
            round(_TAIL_S * rate),
        )
        self._sounds = sounds
        names = model.parts.names
        self._stored = [names.index(n) for n in model.parts.stored]

    def compute(
        self, read: Read, first_frame: int, frames: int, interrupt: Interrupt
    ) -> NDArray[np.float32]:
        """Return [frames, stored parts, 2], as they are in the file."""
        read(first_frame, frames)  # not decoded yet: it says so, and the worker comes back
        interrupt.check()
        if self._sounds is None:
            return np.zeros((frames, len(self._stored), 2), np.float32)
        return np.ascontiguousarray(self._sounds.read(first_frame, frames)[:, self._stored])
