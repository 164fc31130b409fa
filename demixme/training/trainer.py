"""The training loop: devices, precision and several processes come from Lightning Fabric."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.utils.data import DataLoader

from demixme.core.errors import InvalidValue, ModelMismatch
from demixme.training import checkpoint
from demixme.training.augment import equalised
from demixme.training.averages import WeightAverage, freeze_norms, norms, remeasure
from demixme.training.catalogue import parameter_count
from demixme.training.config import Plan
from demixme.training.data.mixes import Mixes, Run
from demixme.training.losses import Truth
from demixme.training.networks.unet import UNet
from demixme.training.rehearsal import Rehearsal
from demixme.training.runlog import RunLog, duration_text, say
from demixme.training.schedule import Schedule
from demixme.training.spectra import stft

#: Mixes of these numbers are seen by statistics only, never by a training step.
_STATISTICS_FROM = 1 << 40
_STATISTICS_BATCHES = 30
_MOST_NUMBER = 1 << 39


class Trainer:
    """One run in one process; several of them, started by torchrun, work as one."""

    def __init__(self, plan: Plan, resume: Path | None = None, start: Path | None = None) -> None:
        self.plan = plan
        self.design = plan.design
        precision: Any = plan.precision
        self.fabric = Fabric(
            accelerator=plan.accelerator,
            devices=plan.devices if plan.devices == "auto" else int(plan.devices),
            num_nodes=plan.nodes,
            precision=precision,
        )
        self.fabric.launch()
        if plan.threads:
            torch.set_num_threads(plan.threads)
        torch.manual_seed(plan.seed)
        self.schedule = Schedule(plan)
        self.mixes = Mixes(list(plan.data), plan.segment_frames, plan.augmentation, plan.seed)
        self.loss = self.design.loss(plan.compile_loss)
        network = self.design.make()
        optimizer = self._optimizer(network)
        self.network, self.optimizer = self.fabric.setup(network, optimizer)
        self.bare: Any = self.network.module
        self.average = WeightAverage(self.bare, plan.ema)
        if resume is not None:
            self._resume(resume)
        elif start is not None:
            self._start_from(start)
        else:
            self._measure_inputs()
        self.log = RunLog(plan.folder, plan.name, resumed=resume is not None)
        self.rehearsal = Rehearsal(plan, self.design) if self.fabric.is_global_zero else None

    # ------------------------------------------------------------ before
    def _optimizer(self, network: nn.Module) -> torch.optim.AdamW:
        kept = {"input_mean", "input_scale"}
        named = list(network.named_parameters())
        groups: list[dict[str, Any]] = [
            {"params": [p for n, p in named if n not in kept]},
            {"params": [p for n, p in named if n in kept], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            [g for g in groups if g["params"]],
            self.plan.learning_rate,
            weight_decay=self.plan.weight_decay,
            betas=(0.9, 0.98),
        )

    def _start_from(self, path: Path) -> None:
        """Begin a new run with the weights of an old one."""
        design, weights = checkpoint.weights_of(checkpoint.read(path), path)
        if design != self.design:
            raise ModelMismatch(path.name, f"its network is {design.config}")
        self._load(weights)

    def _load(self, weights: dict[str, Tensor]) -> None:
        self.bare.load_state_dict(weights)
        self.average = WeightAverage(self.bare, self.plan.ema)

    def _resume(self, path: Path) -> None:
        content = checkpoint.read(path)
        if "optimizer" not in content:
            raise InvalidValue("resume", path.name, "a whole checkpoint; start from a slim one")
        design, weights = checkpoint.weights_of(content, path)
        if design != self.design:
            raise ModelMismatch(path.name, f"its network is {design.config}")
        self.bare.load_state_dict(content["network"])
        self.optimizer.load_state_dict(content["optimizer"])
        device = self.fabric.device
        self.average.state = {k: v.to(device) for k, v in weights.items()}
        self.average.updates = content["updates"]
        self.schedule.restore(content["schedule"])
        if content.get("scaler"):
            self.fabric.strategy.precision.load_state_dict(content["scaler"])

    @torch.no_grad()
    def _measure_inputs(self) -> None:
        """Normalise the input bins: their means lie at 1 to 3.5."""
        if not isinstance(self.bare, UNet):
            return
        rows = [f.mean(1).transpose(1, 2).flatten(0, 1) for f in self._statistics()]
        seen = torch.cat(rows)
        self.bare.set_input_statistics(seen.mean(0), seen.std(0))
        self.average = WeightAverage(self.bare, self.plan.ema)

    def _statistics(self, batches: int = _STATISTICS_BATCHES) -> Iterator[Tensor]:
        """Yield the features of mixes that no step sees, the same in every process."""
        count = self.plan.batch * batches
        loader = self._loader(Run(_STATISTICS_FROM, _STATISTICS_FROM + count))
        for batch in loader:
            mixture = self._truth(batch).mixture
            yield self.loss.features(self.bare, mixture)

    def _loader(self, run: Run) -> Any:
        workers = self.plan.workers
        loader: DataLoader[dict[str, Any]] = DataLoader(
            self.mixes,
            self.plan.batch,
            sampler=run,
            num_workers=workers,
            prefetch_factor=6 if workers else None,
            pin_memory=self.fabric.device.type == "cuda",
            drop_last=True,
        )
        return self.fabric.setup_dataloaders(loader, use_distributed_sampler=False)

    # ------------------------------------------------------------ the loop
    def run(self) -> Path:
        """Train to the end of the plan; returns the slim checkpoint of the averaged weights."""
        plan, schedule = self.plan, self.schedule
        count = parameter_count(self.bare)
        self._say(
            f"{plan.name}: {plan.network}, {count / 1e6:.2f} M parameters, on {self.fabric.device}"
        )
        world, rank = self.fabric.world_size, self.fabric.global_rank
        first = schedule.step * plan.batch * world
        batches = iter(self._loader(Run(first, _MOST_NUMBER, rank, world)))
        self.network.train()
        losses: list[Tensor] = []
        since = time.monotonic()
        while schedule.fraction < 1.0:
            if schedule.norms_frozen and any(n.training for n in norms(self.bare)):
                freeze_norms(self.bare)
            losses.append(self.step(next(batches)))
            now = time.monotonic()
            schedule.advance(self._agreed(now - since))
            since = now
            self._look_up(losses)
        del batches
        return self._finish()

    def step(self, batch: dict[str, Tensor]) -> Tensor:
        """Take one step; returns the loss and its parts, still on the device."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.learning_rate()
        loss, parts = self.loss(self.network, self._truth(batch))
        self.optimizer.zero_grad()
        self.fabric.backward(loss)
        self.fabric.clip_gradients(self.network, self.optimizer, max_norm=self.plan.clip_norm)
        self.optimizer.step()
        self.average.update(self.bare)
        return torch.cat([loss.detach().reshape(1), parts])

    def _truth(self, batch: dict[str, Tensor]) -> Truth:
        config = self.design.config
        spectra = stft(batch["stems"], config.n_fft, config.hop)
        return Truth(equalised(spectra, batch["eq"]), batch["limit_hz"], batch["split_known"])

    def _agreed(self, seconds: float) -> float:
        """Let all processes count the same time, so that they end at the same step."""
        if self.fabric.world_size == 1 or not self.plan.minutes:
            return seconds
        return float(self.fabric.broadcast(seconds))

    # ------------------------------------------------------------ now and then
    def _look_up(self, losses: list[Tensor]) -> None:
        plan, step = self.plan, self.schedule.step
        done = self.schedule.fraction >= 1.0
        if step % plan.log_every == 0 or done:
            self._report(losses)
            losses.clear()
        if step % plan.save_every == 0 and not done:
            self._save()
        branch = f"{plan.name}_branch"
        if self.schedule.passed(plan.branch_at) and not done:
            self._save(branch)
        if plan.validate_every and step % plan.validate_every == 0 and not done:
            self._validate()

    def _report(self, losses: list[Tensor]) -> None:
        if not self.fabric.is_global_zero:
            return
        means = torch.stack(losses).mean(0).cpu().numpy()
        schedule = self.schedule
        speed = schedule.step / max(schedule.elapsed_s, 1e-9)
        named = dict(zip(("loss", *self.loss.names), map(float, means), strict=True))
        rate = self.optimizer.param_groups[0]["lr"]
        values = {"minutes": schedule.elapsed_s / 60, "learning_rate": rate, "steps_per_s": speed}
        self.log.row("train", {"step": schedule.step, **named, **values})
        self._say(
            f"step {schedule.step}  loss {named['loss']:.4f}  {speed:.2f} steps/s  "
            f"{schedule.fraction:.0%} done, {duration_text(schedule.seconds_left)} left"
        )
        if not np.isfinite(named["loss"]):
            raise InvalidValue("loss", named["loss"], "a finite number; lower the learning rate")

    def _save(self, name: str = "") -> None:
        if not self.fabric.is_global_zero:
            return
        precision = self.fabric.strategy.precision
        content = {
            "family": self.design.family,
            "config": self.design.fields,
            "step": self.schedule.step,
            "weights": self.average.state,
            "network": self.bare.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "updates": self.average.updates,
            "schedule": self.schedule.state(),
            "scaler": precision.state_dict(),
        }
        checkpoint.write(self.plan.folder / f"{name or self.plan.name}.pt", content)
        if name:
            return
        checkpoint.write_slim(self.slim_path, self.design, self.average.state, self.schedule.step)
        self.log.plot()

    @property
    def slim_path(self) -> Path:
        """Return where the averaged weights lie, small enough to commit or to carry."""
        return self.plan.folder / f"{self.plan.name}_slim.pt"

    def _validate(self) -> None:
        if self.rehearsal is not None and self.plan.validation:
            means = self.rehearsal.scores(self.average.state)
            self.log.row("validation", {"step": self.schedule.step, **means})
            self._say("  ".join(f"{k} {v:.2f}" for k, v in means.items()))
        self.fabric.barrier()

    def _finish(self) -> Path:
        """Give the averaged weights statistics of their own, save, validate."""
        self._save()  # what a branch or a longer run goes on from
        network = self.design.make().to(self.fabric.device)
        network.load_state_dict(self.average.state)
        if norms(network) and self.plan.remeasure_batches:
            with torch.no_grad():
                remeasure(network, self._statistics(self.plan.remeasure_batches))
        self.average.state = {k: v.detach().clone() for k, v in network.state_dict().items()}
        if self.fabric.is_global_zero:
            checkpoint.write_slim(
                self.slim_path, self.design, self.average.state, self.schedule.step
            )
        self._validate()
        if self.fabric.is_global_zero:
            self.log.plot()
        self._say(f"done: {self.slim_path}")
        return self.slim_path

    def _say(self, text: str) -> None:
        if self.fabric.is_global_zero:
            say(text)
