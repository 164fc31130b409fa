"""Packs: songs as 16-bit memory maps that a training step reads at random, with an index.

A pack is a folder with `index.json` and one `<part>.i16` a part, stereo at 44.1 kHz, all of equal
length; a part that a song has not is silence there.
"""

import json
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.collections import ACCOMPANIMENT, Song, Sound
from demixme.core.errors import FileUnreadable
from demixme.core.parts import STEMS
from demixme.training.data.rate import RATE_HZ, at_training_rate

INDEX = "index.json"
PACK_VERSION = 1
PAIR = ("vocals", ACCOMPANIMENT)
_FULL_SCALE = 32767.0
#: Sources of a lower rate hold nothing above this part of it.
_USABLE_PART_OF_RATE = 0.475


@dataclass(frozen=True)
class Entry:
    """A song's place in the pack, or one clip of it; `limit_hz` is 0 for the full band."""

    name: str
    first: int
    frames: int
    parts: tuple[str, ...]
    limit_hz: float = 0.0


def write_pack(
    folder: Path, songs: Iterable[Song], progress: Callable[[str], None] | None = None
) -> int:
    """Pack songs into `folder` one after another and return how many; an existing pack is replaced.

    A song louder than full scale is turned down as a whole: its balance stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX).unlink(missing_ok=True)
    entries: list[Entry] = []
    files: dict[str, BinaryIO] = {}
    first = 0
    with ExitStack() as closing:
        for song in songs:
            names = PAIR if song.is_pair else STEMS
            if not files:
                for part in names:
                    files[part] = closing.enter_context(open(folder / f"{part}.i16", "wb"))
            if set(files) != set(names):
                raise FileUnreadable(folder, f"{song.name}: pairs and stems do not mix in a pack")
            frames, added = _append(files, song, first)
            entries += added
            first += frames
            if progress is not None:
                progress(f"{song.name}: {frames / RATE_HZ:.0f} s")
    _write_index(folder, tuple(files), entries)
    return len(entries)


def _append(files: dict[str, BinaryIO], song: Song, first: int) -> tuple[int, list[Entry]]:
    sounds, limit_hz = _sounds(song)
    frames = max(len(x) for x in sounds.values())
    peak = max(float(np.abs(x).max(initial=0.0)) for x in sounds.values())
    gain = _FULL_SCALE / max(1.0, peak)
    for part, file in files.items():
        whole = np.zeros((frames, 2), np.int16)
        if part in sounds:
            whole[: len(sounds[part])] = np.rint(sounds[part] * gain)
        whole.tofile(file)
    parts = tuple(sounds)
    if not song.clips:
        return frames, [Entry(song.name, first, frames, parts, limit_hz)]
    clips = []
    for number, (begin_s, end_s) in enumerate(song.clips):
        begin, end = (min(frames, round(s * RATE_HZ)) for s in (begin_s, end_s))
        name = f"{song.name}/{number}"
        clips.append(Entry(name, first + begin, end - begin, parts, limit_hz))
    return frames, clips


def _sounds(song: Song) -> tuple[dict[str, Sound], float]:
    sounds, lowest = {}, RATE_HZ
    for part, reader in song.readers.items():
        sound, rate = reader()
        sounds[part] = at_training_rate(sound, rate)
        lowest = min(lowest, rate)
    return sounds, 0.0 if lowest >= 0.9 * RATE_HZ else _USABLE_PART_OF_RATE * lowest


def _write_index(folder: Path, parts: tuple[str, ...], entries: list[Entry]) -> None:
    index = {
        "version": PACK_VERSION,
        "rate_hz": RATE_HZ,
        "parts": parts,
        "songs": [asdict(e) for e in entries],
    }
    temporary = folder / f".{INDEX}.part"
    temporary.write_text(json.dumps(index), "utf-8")
    os.replace(temporary, folder / INDEX)


class Pack:
    """A pack opened for reading; the maps are opened in each process that reads."""

    def __init__(self, folder: Path) -> None:
        try:
            index = json.loads((folder / INDEX).read_text("utf-8"))
            self.parts: tuple[str, ...] = tuple(index["parts"])
            self.entries = [
                Entry(**{**e, "parts": tuple(e["parts"])}) for e in index["songs"] if e["frames"]
            ]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FileUnreadable(folder, "not a pack; make one with demixme train pack") from error
        if not self.entries:
            raise FileUnreadable(folder, "an empty pack")
        self.folder = folder
        self._maps: dict[str, NDArray[np.int16]] = {}

    @property
    def is_pair(self) -> bool:
        """Return whether it holds vocals and accompaniment only."""
        return ACCOMPANIMENT in self.parts

    @property
    def minutes(self) -> float:
        """Return how much music it holds."""
        return sum(e.frames for e in self.entries) / RATE_HZ / 60

    def having(self, part: str) -> list[int]:
        """Return the numbers of the songs that have a part."""
        return [k for k, e in enumerate(self.entries) if part in e.parts]

    def read(self, entry: Entry, part: str, first: int, frames: int) -> Sound:
        """Return [2, frames] of a part from the song's frame `first` on, zeros beyond its end."""
        made = np.zeros((2, frames), np.float32)
        if part in entry.parts:
            last = min(first + frames, entry.frames)
            piece = self._map(part)[entry.first + first : entry.first + last]
            made[:, : len(piece)] = piece.T * np.float32(1 / 32768)
        return made

    def _map(self, part: str) -> NDArray[np.int16]:
        if part not in self._maps:
            path = self.folder / f"{part}.i16"
            self._maps[part] = np.memmap(path, np.int16, "r").reshape(-1, 2)
        return self._maps[part]

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_maps": {}}
