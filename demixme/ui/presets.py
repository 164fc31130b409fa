"""The built-in presets: which parts each mutes, and whether a mix is exactly one of them."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from demixme.core.mixstate import MixState
from demixme.core.parts import FOUR_PARTS, Parts
from demixme.messages import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Preset:
    """One preset: either the parts it mutes, or the only ones it leaves."""

    id: str
    text: str
    mutes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    usual_only: bool = False  # named after what the rest holds when there are the usual four parts

    @property
    def title(self) -> str:
        """Return its name in the person's language."""
        return QCoreApplication.translate("presets", self.text)

    def fits(self, parts: Parts) -> bool:
        """Say whether the song has every part the preset names, and one that it mutes."""
        if not all(name in parts.names for name in (*self.mutes, *self.keeps)):
            return False
        if self.usual_only and set(parts.names) != set(FOUR_PARTS.names):
            return False
        return not self.keeps or len(self.keeps) < len(parts.names)

    def muted(self, parts: Parts) -> frozenset[str]:
        """Return the parts it mutes in a song."""
        if self.keeps:
            return frozenset(n for n in parts.names if n not in self.keeps)
        return frozenset(self.mutes)

    def applied(self, mix: MixState) -> MixState:
        """Return the mix with the preset's mutes and no solos; faders and balances stay."""
        muted = self.muted(mix.parts)
        strips = {
            name: replace(strip, mute=name in muted, solo=False)
            for name, strip in mix.strips.items()
        }
        return replace(mix, strips=strips, moves=())

    def is_lit(self, mix: MixState) -> bool:
        """Say whether the mix has exactly this preset's mutes and no solo."""
        now = frozenset(name for name, strip in mix.strips.items() if strip.mute)
        return now == self.muted(mix.parts) and not any(s.solo for s in mix.strips.values())


PRESETS = (
    Preset("all", QT_TRANSLATE_NOOP("presets", "All parts")),
    Preset("karaoke", QT_TRANSLATE_NOOP("presets", "Karaoke"), mutes=("vocals",)),
    Preset("acappella", QT_TRANSLATE_NOOP("presets", "A cappella"), keeps=("vocals",)),
    Preset("drumless", QT_TRANSLATE_NOOP("presets", "Drumless"), mutes=("drums",)),
    Preset("bassless", QT_TRANSLATE_NOOP("presets", "Bassless"), mutes=("bass",)),
    Preset(
        "no_other",
        QT_TRANSLATE_NOOP("presets", "No guitar & keys"),
        mutes=("other",),
        usual_only=True,
    ),
    Preset("rhythm", QT_TRANSLATE_NOOP("presets", "Drums & bass"), keeps=("drums", "bass")),
)


def presets_for(parts: Parts) -> tuple[Preset, ...]:
    """Return the presets a song can have."""
    return tuple(p for p in PRESETS if p.fits(parts))
