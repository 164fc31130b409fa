"""Presets of one's own: faders, balances and mutes under a name, kept in the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from demixme.core.mixstate import MixState
from demixme.core.parts import Parts
from demixme.core.units import SILENCE_DB


@dataclass(frozen=True)
class OwnPreset:
    """A mix that was kept; it fits every song that has its parts."""

    title: str
    strips: Mapping[str, tuple[float, float, bool]]  # level in dB, balance, muted

    @staticmethod
    def of(title: str, mix: MixState) -> "OwnPreset":
        """Return a mix as a preset."""
        return OwnPreset(title, {n: (s.level_db, s.pan, s.mute) for n, s in mix.strips.items()})

    @staticmethod
    def stored(value: Mapping[str, Any]) -> "OwnPreset":
        """Return the preset that the settings hold."""
        strips = {
            part: (SILENCE_DB if level is None else float(level), float(pan), bool(mute))
            for part, (level, pan, mute) in value["strips"].items()
        }
        return OwnPreset(value["name"], strips)

    def to_store(self) -> dict[str, Any]:
        """Return what the settings keep; silence is null."""
        strips = {
            part: [None if level == SILENCE_DB else level, pan, mute]
            for part, (level, pan, mute) in self.strips.items()
        }
        return {"name": self.title, "strips": strips}

    def fits(self, parts: Parts) -> bool:
        """Say whether the song has every part of the preset."""
        return all(name in parts.names for name in self.strips)

    def applied(self, mix: MixState) -> MixState:
        """Return the mix with the preset's faders, balances and mutes, and no solos."""
        strips = {name: replace(strip, solo=False) for name, strip in mix.strips.items()}
        for name, (level_db, pan, mute) in self.strips.items():
            strips[name] = replace(strips[name], level_db=level_db, pan=pan, mute=mute)
        return replace(mix, strips=strips, moves=())

    def is_lit(self, mix: MixState) -> bool:
        """Say whether the mix stands exactly so."""
        return self.fits(mix.parts) and self.applied(mix).strips == mix.strips
