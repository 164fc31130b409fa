"""The loop: the same twice, resumed without a trace, and what it leaves behind."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from demixme.core.errors import InvalidValue, ModelMismatch
from demixme.training import checkpoint
from demixme.training.averages import WeightAverage, norms, remeasure
from demixme.training.config import Plan, read_plan
from demixme.training.data.mixes import Source
from demixme.training.schedule import LONGEST_STEP_S, LOWEST, Schedule
from demixme.training.trainer import Trainer

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def plan(folder: Path, pack: Path, **changes: object) -> Plan:
    base = Plan(
        name="test",
        folder=folder,
        network="tiny",
        data=(Source(pack),),
        seconds=0.5,
        steps=20,
        learning_rate=1e-3,
        warmup_steps=3,
        remeasure_batches=2,
        precision="32-true",
        accelerator="cpu",
        devices="1",
        workers=0,
        log_every=1,
        save_every=10,
    )
    return replace(base, **changes)


def losses(folder: Path) -> dict[int, float]:
    with open(folder / "test.csv", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["name"] == "loss"]
    return {int(r["step"]): float(r["value"]) for r in rows}


def weights(path: Path) -> dict[str, torch.Tensor]:
    return checkpoint.read(path)["weights"]


def test_twenty_steps_are_the_same_twice(tmp_path: Path, pack: Path) -> None:
    for name in ("a", "b"):
        Trainer(plan(tmp_path / name, pack)).run()
    a, b = losses(tmp_path / "a"), losses(tmp_path / "b")
    assert list(a) == list(range(1, 21))
    assert a == b
    assert min(list(a.values())[-5:]) < a[1]
    for key, value in weights(tmp_path / "a" / "test.pt").items():
        assert torch.equal(value, weights(tmp_path / "b" / "test.pt")[key]), key


def test_another_seed_is_another_run(tmp_path: Path, pack: Path) -> None:
    for seed in (0, 1):
        Trainer(plan(tmp_path / str(seed), pack, seed=seed, steps=2)).run()
    assert losses(tmp_path / "0") != losses(tmp_path / "1")


def test_a_resumed_run_continues_exactly(tmp_path: Path, pack: Path) -> None:
    Trainer(plan(tmp_path / "whole", pack, branch_at=0.5)).run()
    half = tmp_path / "whole" / "test_branch.pt"
    Trainer(plan(tmp_path / "again", pack, branch_at=0.5), resume=half).run()
    whole, again = losses(tmp_path / "whole"), losses(tmp_path / "again")
    assert list(again) == list(range(11, 21))
    assert again == {k: whole[k] for k in again}
    for key, value in weights(tmp_path / "whole" / "test.pt").items():
        assert torch.equal(value, weights(tmp_path / "again" / "test.pt")[key]), key


def test_only_a_whole_checkpoint_of_the_same_network_is_resumed(tmp_path: Path, pack: Path) -> None:
    Trainer(plan(tmp_path, pack, steps=2)).run()
    with pytest.raises(InvalidValue):
        Trainer(plan(tmp_path, pack), resume=tmp_path / "test_slim.pt")
    other = plan(tmp_path, pack, network_changes={"recurrent": 24})
    with pytest.raises(ModelMismatch):
        Trainer(other, resume=tmp_path / "test.pt")


def test_a_run_can_begin_with_the_weights_of_another(tmp_path: Path, pack: Path) -> None:
    slim = Trainer(plan(tmp_path / "old", pack, steps=4)).run()
    trainer = Trainer(plan(tmp_path / "new", pack), start=slim)
    _, wanted = checkpoint.weights_of(checkpoint.read(slim), slim)
    for key, value in trainer.bare.state_dict().items():
        assert torch.equal(value, wanted[key]), key
    assert trainer.schedule.step == 0


def test_norms_stand_still_in_the_last_quarter(tmp_path: Path, pack: Path) -> None:
    trainer = Trainer(plan(tmp_path, pack, save_every=1, branch_at=0.75))
    trainer.run()
    at_three_quarters = checkpoint.read(tmp_path / "test_branch.pt")["network"]
    at_the_end = checkpoint.read(tmp_path / "test.pt")["network"]
    running = [k for k in at_the_end if "running_" in k]
    assert running
    assert all(torch.equal(at_three_quarters[k], at_the_end[k]) for k in running)
    assert not torch.equal(at_three_quarters["flatten.weight"], at_the_end["flatten.weight"])


def test_slim_checkpoints_keep_what_half_precision_cannot_hold(tmp_path: Path, pack: Path) -> None:
    trainer = Trainer(plan(tmp_path, pack, steps=1))
    state = dict(trainer.average.state)
    key = next(k for k in state if k.endswith("running_var"))
    state[key] = state[key] + 1e6
    checkpoint.write_slim(tmp_path / "x.pt", trainer.design, state, 1)
    kept = weights(tmp_path / "x.pt")
    assert kept[key].dtype == torch.float32
    assert (kept[key] > 9e5).all()
    assert kept["input_mean"].dtype == torch.float32
    assert kept["flatten.weight"].dtype == torch.float16
    state["flatten.weight"] = state["flatten.weight"] + 1e6
    with pytest.raises(Exception, match="not finite"):
        checkpoint.write_slim(tmp_path / "y.pt", trainer.design, state, 1)
    assert not (tmp_path / "y.pt").exists()


def test_bfloat16_trains(tmp_path: Path, pack: Path) -> None:
    Trainer(plan(tmp_path, pack, precision="bf16-mixed", steps=3)).run()
    assert len(losses(tmp_path)) == 3


def test_the_seed_network_trains(tmp_path: Path, pack: Path) -> None:
    changed = {"network": "seed2019", "network_changes": {"latent": 16}}
    Trainer(plan(tmp_path, pack, steps=2, batch=1, **changed)).run()
    assert len(losses(tmp_path)) == 2


# ---------------------------------------------------------------- schedule
def rates(schedule: Schedule, steps: int) -> list[float]:
    made = []
    for _ in range(steps):
        made.append(schedule.learning_rate())
        schedule.advance(1.0)
    return made


@pytest.mark.parametrize("kind", ["constant", "cosine"])
def test_the_rate_falls_to_its_lowest(kind: str) -> None:
    made = rates(Schedule(Plan(steps=100, schedule=kind, warmup_steps=5, learning_rate=1.0)), 100)
    assert made[:5] == sorted(made[:5])
    assert made[5:] == sorted(made[5:], reverse=True)
    assert made[-1] < 0.06
    if kind == "constant":
        assert made[69] == 1.0


def test_a_longer_plan_does_not_reheat_a_resumed_run() -> None:
    first = Schedule(Plan(steps=100, learning_rate=1.0, warmup_steps=5))
    last = rates(first, 95)[-1]
    longer = Schedule(Plan(steps=1000, learning_rate=1.0, warmup_steps=5))
    longer.restore(first.state())
    assert longer.learning_rate() <= last


def test_a_pause_does_not_use_up_the_minutes() -> None:
    schedule = Schedule(Plan(minutes=10.0))
    schedule.advance(3600.0)
    assert schedule.elapsed_s == LONGEST_STEP_S
    assert schedule.fraction == pytest.approx(0.1)
    assert 0 < LOWEST < 0.1


# ---------------------------------------------------------------- averages, plans
def test_remeasured_norms_hold_plain_means() -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.BatchNorm2d(3))
    inputs = [torch.randn(4, 3, 5, 5) * 2 + 1 for _ in range(3)]
    remeasure(network, inputs)
    wanted = torch.stack([x.mean((0, 2, 3)) for x in inputs]).mean(0)
    torch.testing.assert_close(network[0].running_mean, wanted)
    assert not any(n.training for n in norms(network))


def test_the_average_follows_slowly() -> None:
    network = torch.nn.Linear(1, 1)
    average = WeightAverage(network, 0.9)
    before = average.state["weight"].clone()
    with torch.no_grad():
        network.weight += 1.0
    for _ in range(100):
        average.update(network)
    moved = (average.state["weight"] - before).item()
    assert 0.99 < moved < 1.0


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(
        'name = "x"\nsteps = 5\nfolder = "out"\nvalidation = ["v"]\n[augmentation]\nsilent = 0.5\n'
        '[[data]]\nfolder = "packs/a"\ncoherent = 0.5\nremix = {bass = 0}\n'
    )
    read = read_plan(path, steps=7, batch=None)
    assert (read.steps, read.batch, read.name) == (7, 2, "x")
    assert read.data == (Source(tmp_path / "packs/a", 0.5, {"bass": 0}),)
    assert read.validation == (tmp_path / "v",)
    assert read.augmentation.silent == 0.5
    path.write_text("stepz = 5\n")
    with pytest.raises(InvalidValue, match="stepz"):
        read_plan(path)
