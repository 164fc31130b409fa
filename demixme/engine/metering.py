"""What the meters show: the master from the callback's blocks, the strips from stored levels."""

from collections.abc import Mapping

import numpy as np

from demixme.core.mixstate import MASTER, MixState
from demixme.engine.probe import Probe
from demixme.engine.status import Meter
from demixme.separation.stemstore import (
    LEVEL_FRAMES,
    MEAN_SQUARE_OF_BYTE,
    PEAK_OF_BYTE,
    StemStore,
)

_LONGEST_S = 0.2  # of song looked at for one poll


class Metering:
    """Remembers how far it has looked; loses no peak. Thread: gui."""

    def __init__(self) -> None:
        self._block_count = 0
        self._frame = 0

    def read(
        self,
        probe: Probe,
        store: StemStore | None,
        mix: MixState | None,
        frame: int,
        rate: int,
        sounding: bool,
    ) -> Mapping[str, Meter]:
        """Return each part's meter and the master's since the last time. Thread: gui."""
        meters = {MASTER: self._master(probe)}
        first, self._frame = self._frame, frame
        if mix is None:
            return meters
        if not sounding:
            return {**meters, **{name: Meter() for name in mix.parts.names}}
        if not 0 <= frame - first <= _LONGEST_S * rate:
            first = frame
        return {**meters, **_strips(store, mix, first, frame)}

    def _master(self, probe: Probe) -> Meter:
        blocks = probe.blocks_since(self._block_count)
        self._block_count = probe.block_count
        frames = sum(b.frames for b in blocks)
        if not frames:
            return Meter()
        return Meter(
            (max(b.peak_left for b in blocks), max(b.peak_right for b in blocks)),
            (
                sum(b.square_left * b.frames for b in blocks) / frames,
                sum(b.square_right * b.frames for b in blocks) / frames,
            ),
        )


def _strips(store: StemStore | None, mix: MixState, first: int, last: int) -> Mapping[str, Meter]:
    """Return the strips' meters over song frames `first` … `last`, after their faders."""
    names = mix.parts.names
    unknown = {name: Meter(known=False) for name in names}
    if store is None or store.parts != mix.parts:
        return unknown
    pieces = []
    frame = first
    while frame <= last:
        index, at = divmod(frame, store.slot_frames)
        levels = store.levels[index] if index < len(store.levels) else None
        if levels is None:
            return unknown
        end = min((index + 1) * store.slot_frames, last + 1)
        stop = (end - 1 - index * store.slot_frames) // LEVEL_FRAMES + 1
        pieces.append(levels[at // LEVEL_FRAMES : stop])
        frame = end
    cells = np.concatenate(pieces)
    gains = mix.at(last).strip_gains
    peak = PEAK_OF_BYTE[cells[..., 0]].max(axis=0) * gains
    square = MEAN_SQUARE_OF_BYTE[cells[..., 1]].mean(axis=0) * gains**2
    return {
        name: Meter(
            (float(peak[k, 0]), float(peak[k, 1])), (float(square[k, 0]), float(square[k, 1]))
        )
        for k, name in enumerate(names)
    }
