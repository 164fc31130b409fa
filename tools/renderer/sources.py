"""The free material on disk: packs of recordings, scores, sound fonts, drum kits."""

import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from tools.renderer.sound import RATE_HZ, Sound, stereo
from tools.renderer.split import Split

FONT_FOLDERS = (Path("/usr/share/sounds/sf2"), Path("/usr/share/sounds/sf3"))
FONTS = (
    *("FluidR3_GM.sf2", "TimGM6mb.sf2"),
    *("MuseScore_General_Full.sf3", "MuseScore_General.sf3"),
)
KIT_FOLDER = Path("/usr/share/hydrogen/data/drumkits")


class SourcesMissing(Exception):
    """Something that songs are made of is not on this machine."""


@dataclass(frozen=True, eq=False)
class Recordings:
    """One pack: a long recording [frames, channels] of 16 bits, and where in it lies what."""

    sound: NDArray[np.int16]
    entries: list[list]

    def cut(self, start_s: float, length_s: float) -> Sound:
        """Return a piece of it as float."""
        first = int(start_s * RATE_HZ)
        piece = self.sound[first : first + int(length_s * RATE_HZ)]
        return piece.astype(np.float32) / 32768


class Sources:
    """The material of one split, each pack decoded once."""

    def __init__(self, root: Path, split: Split) -> None:
        self.root = root
        self.split = split
        self._packs: dict[str, Recordings] = {}
        missing = [p for p in ("vocals", "notes", "drums", "midi") if not (root / p).is_dir()]
        if missing:
            raise SourcesMissing(f"no {', '.join(missing)} in {root}")
        if not self.fonts:
            raise SourcesMissing(f"none of {', '.join(FONTS)} in {FONT_FOLDERS[0].parent}")

    @cached_property
    def fonts(self) -> list[Path]:
        """Return the sound fonts of this split."""
        found = [d / name for name in FONTS for d in FONT_FOLDERS if (d / name).is_file()]
        return [p for p in found if self.split.takes_font(p.name)]

    def pack(self, name: str) -> Recordings:
        """Return a pack by its path below the root, without suffix."""
        if name not in self._packs:
            sound = read_sound(self.root / f"{name}.opus")
            entries = json.loads((self.root / f"{name}.json").read_text("utf-8"))["list"]
            self._packs[name] = Recordings((sound * 32767).astype(np.int16), entries)
        return self._packs[name]

    def names(self, folder: str) -> list[str]:
        """Return the packs of a folder."""
        return [f"{folder}/{p.stem}" for p in sorted((self.root / folder).glob("*.json"))]

    @cached_property
    def grooves(self) -> tuple[zipfile.ZipFile, list[str]]:
        """Return the archive of human drum grooves and its files."""
        archive = zipfile.ZipFile(self.root / "midi" / "groove.zip")
        return archive, sorted(n for n in archive.namelist() if n.endswith(".mid"))

    @cached_property
    def pop_songs(self) -> tuple[zipfile.ZipFile, list[str]]:
        """Return the archive of pop songs and their numbers."""
        archive = zipfile.ZipFile(self.root / "midi" / "pop909.zip")
        names = {n.split("/")[0] for n in archive.namelist() if n.endswith(".mid")}
        return archive, sorted(names)


def read_sound(path: Path, longest_s: float | None = None) -> Sound:
    """Return a file [frames, channels] at 44.1 kHz."""
    frames = -1 if longest_s is None else int(longest_s * 48000)
    sound, rate = sf.read(path, dtype="float32", always_2d=True, frames=frames)
    return sound if rate == RATE_HZ else soxr.resample(sound, rate, RATE_HZ)


def piece(recordings: Recordings, start_s: float, length_s: float) -> Sound:
    """Return a piece of a pack in stereo."""
    return stereo(recordings.cut(start_s, length_s))
