"""The networks by name: how each is made, what it is trained on, and what its sidecar says."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from demixme.core.errors import InvalidValue
from demixme.training.losses import MaskLoss, SeedLoss
from demixme.training.networks.seed2019 import (
    BINS,
    STRIDE_FRAMES,
    WINDOW_FRAMES,
    Seed2019,
    Seed2019Config,
)
from demixme.training.networks.unet import Band, UNet, UNetConfig

#: RMS that a mix is brought to in training and a call in the app; masks are free of scale.
LEVEL_RMS = 0.14
Loss = MaskLoss | SeedLoss
Config = UNetConfig | Seed2019Config


@dataclass(frozen=True)
class Family:
    """One kind of network.

    `spec` are the fields of the sidecar that follow from the configuration; `axes` name the dynamic
    axes of input and output for the export.
    """

    config_type: type
    make: Callable[[Any], nn.Module]
    loss: Callable[[bool], Loss]
    spec: Callable[[Any], dict[str, Any]]
    axes: dict[str, dict[int, str]]


def _unet_spec(config: UNetConfig) -> dict[str, Any]:
    return {
        "input": {"name": "features", "layout": "log1p_lrms", "bins": config.bins},
        "output": {"name": "masks", "layout": "mask", "bins": config.bins + 1},
        "context_frames": 8 * config.hop,
        "call_frames": 256 * config.hop,
    }


def _seed_spec(config: Seed2019Config) -> dict[str, Any]:
    return {
        "input": {"name": "features", "layout": "log2_magnitude", "bins": BINS},
        "output": {"name": "magnitudes", "layout": "magnitude", "bins": BINS},
        "window_frames": WINDOW_FRAMES,
        "stride_frames": STRIDE_FRAMES,
        "context_frames": (WINDOW_FRAMES - 1) * config.hop,
        "call_frames": 512 * config.hop,
    }


FAMILIES = {
    "unet": Family(
        UNetConfig,
        UNet,
        lambda compiled: MaskLoss(compiled=compiled),
        _unet_spec,
        {"features": {0: "batch", 3: "time"}, "masks": {0: "batch", 4: "time"}},
    ),
    "seed2019": Family(
        Seed2019Config,
        Seed2019,
        lambda compiled: SeedLoss(),
        _seed_spec,
        {"features": {0: "batch"}, "magnitudes": {0: "batch"}},
    ),
}
_FOLDED = (Band(256, 2), Band(768, 8), Band(2048, 20))
#: Configurations worth a name: name -> family, configuration.
PRESETS: dict[str, tuple[str, Config]] = {
    "seed2019": ("seed2019", Seed2019Config()),
    "first": ("unet", UNetConfig()),
    "folded": ("unet", UNetConfig(bands=_FOLDED, channels=(48, 64, 96), bottom=128)),
    "dualpath": ("unet", UNetConfig(dual_path=64)),
    "tiny": (
        "unet",
        UNetConfig(
            n_fft=512,
            hop=128,
            bands=(Band(256, 4),),
            channels=(8, 8),
            bottom=8,
            recurrent=16,
            low_bins=8,
        ),
    ),
}


@dataclass(frozen=True)
class Design:
    """A network as it can be written down: its family's name and its configuration."""

    family: str
    config: Config

    @classmethod
    def named(cls, preset: str, **changes: Any) -> "Design":
        """Return a preset, with some of its fields changed."""
        if preset not in PRESETS:
            raise InvalidValue("network", preset, ", ".join(PRESETS))
        family, config = PRESETS[preset]
        return cls.from_fields(family, {**dataclasses.asdict(config), **changes})

    @classmethod
    def from_fields(cls, family: str, fields: dict[str, Any]) -> "Design":
        """Return the design that `fields` wrote down."""
        fields = dict(fields)
        if "bands" in fields:
            bands = [b.values() if isinstance(b, dict) else b for b in fields["bands"]]
            fields["bands"] = tuple(Band(*map(int, b)) for b in bands)
        if "channels" in fields:
            fields["channels"] = tuple(fields["channels"])
        try:
            return cls(family, FAMILIES[family].config_type(**fields))
        except (TypeError, ValueError) as error:
            raise InvalidValue(
                "network", str(error), "a configuration that fits together"
            ) from error

    @property
    def fields(self) -> dict[str, Any]:
        """Return the configuration as plain values."""
        return dataclasses.asdict(self.config)

    @property
    def spec(self) -> dict[str, Any]:
        """Return what the sidecar says of the network's input and output."""
        common = {"n_fft": self.config.n_fft, "hop": self.config.hop, "level_rms": LEVEL_RMS}
        return {**common, **FAMILIES[self.family].spec(self.config)}

    def make(self) -> nn.Module:
        """Return the network with fresh weights."""
        return FAMILIES[self.family].make(self.config)

    def loss(self, compiled: bool = False) -> Loss:
        """Return what the network is trained by."""
        return FAMILIES[self.family].loss(compiled)


def parameter_count(network: nn.Module) -> int:
    """Return how many numbers the network learns."""
    return sum(p.numel() for p in network.parameters())


def rounded(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return weights in half precision; BatchNorm buffers and input statistics stay as they are.

    Half precision holds nothing above 65 504, and running variances go far beyond.
    """
    kept = ("running_", "input_mean", "input_scale", "num_batches")
    return {k: v if any(w in k for w in kept) else v.half() for k, v in state.items()}
