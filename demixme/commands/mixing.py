"""The mix that the options of a command line describe."""

from argparse import Namespace

from demixme.commands.arguments import levels_by_part, pans_by_part, parts_named
from demixme.core.mixstate import MixState, Strip
from demixme.core.parts import Parts
from demixme.core.units import level_text


def mix_of(arguments: Namespace, parts: Parts) -> MixState:
    """Return the mix of `arguments.add_mix`'s options for a model's parts."""
    muted = parts_named(arguments.mute, parts.names)
    soloed = parts_named(arguments.solo, parts.names)
    levels = levels_by_part(arguments.gain, parts.names)
    pans = pans_by_part(arguments.pan, parts.names)
    strips = {
        name: Strip(
            level_db=levels.get(name, 0.0),
            mute=name in muted,
            solo=name in soloed,
            pan=pans.get(name, 0.0),
        )
        for name in parts.names
    }
    return MixState(parts, strips, arguments.master)


def is_mixed(arguments: Namespace) -> bool:
    """Return whether any option of `arguments.add_mix` was given."""
    a = arguments
    return bool(a.mute or a.solo or a.gain or a.pan or a.master != 0.0)


def mix_text(mix: MixState) -> str:
    """Return a mix in words: ``vocals muted, drums −6.0 dB``; ``all parts as they are`` if none."""
    words = []
    for name in mix.parts.mixer_order:
        strip = mix.strips[name]
        if strip.mute:
            words.append(f"{name} muted")
            continue
        if strip.solo:
            words.append(f"{name} solo")
        if strip.level_db != 0.0:
            words.append(f"{name} {level_text(strip.level_db)} dB")
        if strip.pan != 0.0:
            words.append(f"{name} {abs(strip.pan):.0%} {'left' if strip.pan < 0 else 'right'}")
    if mix.master_db != 0.0:
        words.append(f"master {level_text(mix.master_db)} dB")
    return ", ".join(words) or "all parts as they are"
