"""Weights under the names of the lab's network, renamed for ours."""

import re

from torch import Tensor

from demixme.training.networks.unet import Band, UNetConfig

_BLOCK = {
    "a": "first",
    "na": "first_norm",
    "t1": "squeeze",
    "t2": "expand",
    "nt": "frequency_norm",
    "b": "second",
    "nb": "second_norm",
}
_TOP = {
    "mu": "input_mean",
    "sd": "input_scale",
    "inp": "fold_in.0",
    "out": "fold_out.0",
    "li": "flatten",
    "rnn": "lstm",
    "lo": "unflatten",
    "lin": "low.entry",
    "lrnn": "low.lstm",
    "lout": "low.out",
}
_LEVELS = {"enc": "encoders", "dec": "decoders", "up": "up", "down": "down"}


def is_lab_state(state: dict[str, Tensor]) -> bool:
    """Return whether these are weights of the lab's trainer."""
    return "mu" in state and "inp.weight" in state


def renamed(state: dict[str, Tensor], config: UNetConfig) -> dict[str, Tensor]:
    """Return the lab's weights in float32 under our names."""
    made = {}
    for old, value in state.items():
        name = _renamed(old)
        if name in (
            "input_mean",
            "input_scale",
        ):  # the lab keeps one for the unused highest bin too
            value = value[: config.bins]
        made[name] = value.float() if value.is_floating_point() else value
    return made


def _renamed(old: str) -> str:
    top, *rest = old.split(".")
    if top == "mid":
        return ".".join(("middle", _BLOCK[rest[0]], *rest[1:]))
    if top in ("enc", "dec"):
        return ".".join((_LEVELS[top], rest[0], _BLOCK[rest[1]], *rest[2:]))
    if top in _LEVELS:
        return ".".join((_LEVELS[top], *rest))
    return ".".join((_TOP[top], *rest))


def config_of(arguments: dict[str, object]) -> UNetConfig:
    """Return the configuration that the lab's arguments meant."""
    number = {k: int(str(v)) for k, v in arguments.items() if re.fullmatch(r"\d+", str(v))}
    width, n_fft = number["g"], number.get("n_fft", 2048)
    return UNetConfig(
        n_fft=n_fft,
        bands=(Band(n_fft // 2, 4),),
        hop=number.get("hop", 512),
        channels=(width, int(width * 1.34) // 8 * 8, width * 2, width * 3),
        bottom=int(width * 4.34) // 8 * 8,
        recurrent=number["h"],
        low_bins=number.get("low", 0),
    )
