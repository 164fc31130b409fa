"""The engine on this machine: its device, its models, its decoder."""

import time
from typing import TYPE_CHECKING

from demixme.commands import modelchoice
from demixme.core.errors import DeviceRefused, NoDevice

if TYPE_CHECKING:
    from demixme.engine.device import Device
    from demixme.engine.engine import Engine
    from demixme.engine.status import DeviceInfo

_LISTING_S = 5.0
_LOOK_S = 0.02


def make_engine(threads: int = 1, device: "Device | None" = None) -> "Engine":
    """Return an engine on the sound card, or on the device given."""
    from demixme.audiofile.decode import open_song
    from demixme.engine.engine import Engine

    return Engine(
        open_song=open_song,
        load_model=lambda name: modelchoice.load(name, threads),
        device=device if device is not None else sound_card(),
        threads=threads,
    )


def sound_card() -> "Device":
    """Return the door to the real outputs."""
    from demixme.engine.device import SoundCard

    return SoundCard()


def outputs() -> tuple["DeviceInfo", ...]:
    """Return the outputs of this machine; raises NoDevice where there is none."""
    card = sound_card()
    try:
        return _listed(card)
    finally:
        card.close()


def _listed(card: "Device") -> tuple["DeviceInfo", ...]:
    card.refresh()
    end = time.monotonic() + _LISTING_S
    while not card.known() and time.monotonic() < end:
        time.sleep(_LOOK_S)
    if not card.known():
        raise NoDevice
    return card.known()


def device_named(name: str | None, known: tuple["DeviceInfo", ...]) -> "DeviceInfo | None":
    """Return the output a person means: its name, else the one name that holds the words."""
    if not name:
        return None
    exact = [d for d in known if d.name == name]
    holding = [d for d in known if name.casefold() in d.name.casefold()]
    found = exact or holding
    if not found:
        raise DeviceRefused(name, "there is no output of that name; “demixme devices” lists them")
    return next((d for d in found if d.default), found[0])
