"""The engine on this machine: its device, its models, its decoder."""

import ctypes.util
import importlib.util
import sys
from typing import TYPE_CHECKING

from demixme import resources
from demixme.commands import modelchoice
from demixme.core.errors import InvalidValue, NoDevice

if TYPE_CHECKING:
    from demixme.engine.device import Device
    from demixme.engine.engine import Engine
    from demixme.engine.status import DeviceInfo


def make_engine(
    threads: int = 1, device: "Device | None" = None, store_bytes: int = 512 << 20
) -> "Engine":
    """Return an engine on the sound card, or on the device given."""
    from demixme.audiofile.decode import open_song
    from demixme.engine.engine import Engine
    from demixme.export.ownparts import OwnParts

    own = OwnParts(
        open_song,
        lambda name: modelchoice.load(name, threads),
        resources.cache_folder(),
    )
    return Engine(
        open_song=own.open_song,
        load_model=own.load_model,
        device=device if device is not None else sound_card(),
        threads=threads,
        store_bytes=store_bytes,
    )


def sound_card() -> "Device":
    """Return the door to the real outputs."""
    from demixme.engine.device import SoundCard

    return SoundCard()


def outputs() -> tuple["DeviceInfo", ...]:
    """Return the outputs of this machine; raises NoDevice where there is none."""
    card = sound_card()
    card.refresh()
    card.close()  # waits until the device thread has listed them
    if not card.known():
        raise NoDevice(reason=_missing_library())
    return card.known()


def _missing_library() -> str:
    if importlib.util.find_spec("sounddevice") is None:
        return "sounddevice is not installed"
    if sys.platform == "linux" and ctypes.util.find_library("portaudio") is None:
        return "PortAudio is not installed"
    return ""


def device_named(name: str | None, known: tuple["DeviceInfo", ...]) -> "DeviceInfo | None":
    """Return the output a person means: its name, else the one name that holds the words."""
    if not name:
        return None
    exact = [d for d in known if d.name == name]
    holding = [d for d in known if name.casefold() in d.name.casefold()]
    found = exact or holding
    if not found:
        raise InvalidValue("--device", name, "an output that “demixme devices” lists")
    return next((d for d in found if d.default), found[0])
