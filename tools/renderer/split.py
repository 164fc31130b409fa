"""Which voices, basses, kits and fonts may sound: training and validation share none."""

from dataclasses import dataclass

#: How often each voice bank sings.
VOICES = {"kumi": 0.2, "alys": 0.14, "scott": 0.4, "yuki": 0.07, "xihelv": 0.12, "erith": 0.07}
HELD_VOICES = ("xihelv",)
HELD_KITS = ("avl_drumkits_1_1", "ForzeeStereo", "TR_909")
HELD_FONT = "TimGM6mb"
_TRAINING_BASSES, _HELD_BASSES = ("meat", "dbass"), ("growl",)


@dataclass(frozen=True)
class Split:
    """One side of the split; `held` None means that everything may sound."""

    name: str
    held: bool | None
    sings: bool = True

    def _takes(self, is_held: bool) -> bool:
        return self.held is None or self.held == is_held

    @property
    def voices(self) -> dict[str, float]:
        """Return the voice banks with their shares, which sum to 1."""
        kept = {v: share for v, share in VOICES.items() if self._takes(v in HELD_VOICES)}
        total = sum(kept.values())
        return {v: share / total for v, share in kept.items()}

    @property
    def basses(self) -> tuple[str, ...]:
        """Return the sampled basses."""
        free = _TRAINING_BASSES if self._takes(False) else ()
        return free + (_HELD_BASSES if self._takes(True) else ())

    @property
    def has_synthetic_bass(self) -> bool:
        """Return whether synthesised basses may sound: they have no instrument to hold out."""
        return self._takes(False)

    def takes_kit(self, name: str) -> bool:
        """Return whether a drum kit may sound."""
        return self._takes(name in HELD_KITS)

    def takes_font(self, name: str) -> bool:
        """Return whether a sound font may sound."""
        return self._takes(HELD_FONT in name)


SPLITS = {
    s.name: s
    for s in (
        Split("train", held=False),
        Split("valid", held=True),
        Split("novoice", held=True, sings=False),
        Split("all", held=None),
    )
}
