"""Drum kits: our packs and Hydrogen's, as layers of strokes by velocity."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile as sf

from tools.renderer.sound import Sound, stereo
from tools.renderer.sources import KIT_FOLDER, Sources, piece, read_sound

CYMBALS = ("hh", "oh", "ride", "crash")
#: Drums by the words that name them, the most telling first.
_NAMED = (
    ("stick", r"stick|rim ?click"),
    ("clap", r"clap|snap"),
    ("oh", r"open|hat op|\bohh|free"),
    ("hh", r"hat|hh|maraca|shaker"),
    ("kick", r"kick|bass ?drum|thump|\bbd\b"),
    ("snare", r"snare|slap"),
    ("tom", r"tom|bongo|conga"),
    ("ride", r"ride|bell"),
    ("crash", r"crash|cymbal|china|splash"),
)
ACOUSTIC = (
    *("pearl_master_studio", "avl_drumkits_1_1", "crabacus_the_open_source_drumkit"),
    *("BJA_Pacific", "ColomboAcousticDrumkit", "ForzeeStereo", "GMRockKit"),
    *("Millo_MultiLayered2", "Millo_MultiLayered3", "The Black Pearl 1.0", "rumpf_kit_z01_h2"),
)
_NO_KITS = ("circ", "Gimme")  # percussion without kick and snare
_LONGEST_S = 4.0


@dataclass(frozen=True)
class Layer:
    """A stroke, for velocities of `lowest` (0 … 1) and above."""

    lowest: float
    sound: Sound


#: One drum as it was recorded: its layers, quiet to loud.
Drum = list[Layer]


@dataclass(frozen=True)
class Kit:
    """Drums by kind; several of a kind are alternatives."""

    name: str
    drums: dict[str, list[Drum]]

    @property
    def acoustic(self) -> bool:
        """Return whether it stood in a room."""
        return self.name in ACOUSTIC

    @property
    def complete(self) -> bool:
        """Return whether a groove can be played on it."""
        return {"kick", "snare"} <= self.drums.keys() and bool({"hh", "oh"} & self.drums.keys())


class KitShelf:
    """The kits of a split."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    @cached_property
    def kits(self) -> list[Kit]:
        """Return every complete kit, ours first, each kind in the order of its names."""
        takes = self.sources.split.takes_kit
        ours = [self._packed(n) for n in self.sources.names("drums") if takes(Path(n).name)]
        folders = sorted(KIT_FOLDER.glob("*/drumkit.xml"))
        theirs = [
            hydrogen_kit(p.parent)
            for p in folders
            if takes(p.parent.name) and not p.parent.name.startswith(_NO_KITS)
        ]
        return [k for k in (*ours, *theirs) if k.complete]

    def chosen(self, acoustic: bool, rng: np.random.Generator) -> Kit:
        """Return one of the acoustic kits or of the machines, or of whichever there are."""
        fitting = [k for k in self.kits if k.acoustic == acoustic] or self.kits
        return fitting[rng.integers(len(fitting))]

    def _packed(self, name: str) -> Kit:
        recordings = self.sources.pack(name)
        drums: dict[str, list[Drum]] = {}
        for kind, start_s, length_s in recordings.entries:
            drums.setdefault(kind, []).append([Layer(0.0, piece(recordings, start_s, length_s))])
        return Kit(Path(name).name, drums)


def hydrogen_kit(folder: Path) -> Kit:
    """Return a kit of Hydrogen's, read from its drumkit.xml; what cannot be read is left out."""
    text = (folder / "drumkit.xml").read_text("utf-8", "replace")
    drums: dict[str, list[Drum]] = {}
    for block in re.findall(r"<instrument>(.*?)</instrument>", text, re.S):
        name = (_field(block, "name") or "").lower()
        kind = next((k for k, words in _NAMED if re.search(words, name)), None)
        if kind and "roll" not in name and "choke" not in name:
            layers = [
                x for lowest, file in _layer_files(block) if (x := _layer(lowest, folder / file))
            ]
            if layers:
                drums.setdefault(kind, []).append(layers)
    return Kit(folder.name, drums)


def _field(block: str, name: str) -> str | None:
    found = re.search(rf"<{name}>([^<]*)", block)
    return found[1] if found else None


def _layer_files(block: str) -> list[tuple[float, str]]:
    layers = re.findall(r"<layer>(.*?)</layer>", block, re.S)
    found = [(float(_field(x, "min") or 0), f) for x in layers if (f := _field(x, "filename"))]
    if not found and (file := _field(block, "filename")):
        found = [(0.0, file)]
    return sorted(found)


def _layer(lowest: float, path: Path) -> Layer | None:
    try:
        sound = stereo(read_sound(path, _LONGEST_S))
    except (sf.SoundFileError, OSError):
        return None
    usable = len(sound) >= 200 and np.abs(sound).max() >= 1e-3
    return Layer(lowest, sound) if usable else None
