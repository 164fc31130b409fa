"""A training run as it is written down: TOML file and command line become one frozen object."""

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demixme.core.errors import FileMissing, InvalidValue
from demixme.training.augment import Augmentation
from demixme.training.catalogue import Design
from demixme.training.data.mixes import Source


@dataclass(frozen=True)
class Plan:
    """Everything a run depends on.

    Attributes
    ----------
    steps, minutes : int, float
        How long; the run ends at whichever is reached first, 0 for no limit. Its schedule follows.
    schedule : str
        ``constant`` falls in the last `decay` of the run, ``cosine`` falls all the way.
    freeze_norms : float
        Part of the run after which BatchNorm's statistics stand still.
    branch_at : float
        At this part of the run a checkpoint is kept apart, to finish it in more than one way.
    validation : tuple of Path
        Folders of songs with stems; `validate_every` in steps, 0 for only at the end.
    """

    name: str = "run"
    folder: Path = Path("out/training")
    network: str = "folded"
    network_changes: dict[str, Any] = field(default_factory=dict)
    data: tuple[Source, ...] = ()
    augmentation: Augmentation = field(default_factory=Augmentation)
    seconds: float = 3.0
    batch: int = 2
    steps: int = 0
    minutes: float = 0.0
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    schedule: str = "constant"
    decay: float = 0.3
    warmup_steps: int = 200
    clip_norm: float = 2.0
    ema: float = 0.999
    freeze_norms: float = 0.75
    remeasure_batches: int = 100
    branch_at: float = 0.85
    seed: int = 0
    workers: int = 1
    accelerator: str = "auto"
    devices: str = "auto"
    nodes: int = 1
    precision: str = "bf16-mixed"
    threads: int = 0
    compile_loss: bool = False
    log_every: int = 100
    save_every: int = 500
    validation: tuple[Path, ...] = ()
    validate_every: int = 0

    def __post_init__(self) -> None:
        if not self.steps and not self.minutes:
            raise InvalidValue("steps", 0, "a number of steps, or of minutes")
        if self.schedule not in ("constant", "cosine"):
            raise InvalidValue("schedule", self.schedule, "constant or cosine")
        if self.precision not in ("32-true", "bf16-mixed", "16-mixed"):
            raise InvalidValue("precision", self.precision, "32-true, bf16-mixed or 16-mixed")

    @property
    def design(self) -> Design:
        """Return the network to train."""
        return Design.named(self.network, **self.network_changes)

    @property
    def segment_frames(self) -> int:
        """Return the length of a mix, in whole hops."""
        hop = self.design.config.hop
        return int(self.seconds * 44100) // hop * hop


def read_plan(path: Path | None, **changes: Any) -> Plan:
    """Return the run of a TOML file, with changes from the command line; None changes nothing.

    Folders in the file are relative to it.
    """
    fields: dict[str, Any] = {}
    if path is not None:
        try:
            fields = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise FileMissing(path) from error
        except ValueError as error:
            raise InvalidValue("configuration", str(error), "a TOML file") from error
    root = path.parent if path is not None else Path()
    made = _plan_fields(fields, root)
    made.update({k: v for k, v in changes.items() if v is not None})
    return Plan(**made)


def _plan_fields(fields: dict[str, Any], root: Path) -> dict[str, Any]:
    known = {f.name for f in dataclasses.fields(Plan)}
    unknown = set(fields) - known
    if unknown:
        raise InvalidValue("configuration", ", ".join(sorted(unknown)), ", ".join(sorted(known)))
    made = dict(fields)
    if "folder" in made:
        made["folder"] = root / made["folder"]
    if "validation" in made:
        made["validation"] = tuple(root / v for v in made["validation"])
    if "augmentation" in made:
        made["augmentation"] = _built(Augmentation, made["augmentation"])
    if "data" in made:
        rows = [{**row, "folder": root / row["folder"]} for row in made["data"]]
        made["data"] = tuple(_built(Source, row) for row in rows)
    return made


def _built(kind: type, fields: dict[str, Any]) -> Any:
    fields = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
    try:
        return kind(**fields)
    except TypeError as error:
        allowed = ", ".join(f.name for f in dataclasses.fields(kind))
        raise InvalidValue(kind.__name__.lower(), ", ".join(fields), allowed) from error
