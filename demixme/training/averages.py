"""Averaged weights, and BatchNorm statistics that fit them."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


class WeightAverage:
    """Exponential moving average of a network's weights and buffers; young ones forget faster."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.state = {k: v.detach().clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take in the weights after one step."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        floats: tuple[list[Tensor], list[Tensor]] = ([], [])
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                floats[0].append(self.state[name])
                floats[1].append(value)
            else:
                self.state[name].copy_(value)
        torch._foreach_lerp_(floats[0], floats[1], 1.0 - decay)


def norms(network: nn.Module) -> list[Any]:
    """Return the network's BatchNorm layers."""
    return [m for m in network.modules() if isinstance(m, _NORMS)]


def freeze_norms(network: nn.Module) -> None:
    """Let BatchNorm use its running statistics and leave them as they are."""
    for norm in norms(network):
        norm.eval()


@torch.no_grad()
def remeasure(network: nn.Module, inputs: Iterable[Tensor]) -> None:
    """Measure BatchNorm's statistics afresh as means over `inputs`; leaves evaluation mode on."""
    network.eval()
    kept = [(norm, norm.momentum) for norm in norms(network)]
    for norm, _ in kept:
        norm.reset_running_stats()
        norm.momentum = None  # the mean of all batches
        norm.train()
    for features in inputs:
        network(features)
    for norm, momentum in kept:
        norm.momentum = momentum
    network.eval()
