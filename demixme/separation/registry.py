"""Which models there are, shipped and the person's own, and how one is loaded."""

from dataclasses import dataclass
from pathlib import Path

from demixme.core.errors import ModelCorrupt, ModelError, ModelMissing
from demixme.core.modelspec import MOST_SIDECAR_BYTES, ModelSpec, parse_spec
from demixme.core.parts import Parts
from demixme.resources import models_folder, user_models_folder
from demixme.separation.separator import Separator

DEFAULT_MODEL = "default"


@dataclass(frozen=True)
class ModelEntry:
    """A model that can be chosen, or, with `error` set, one that is there but cannot.

    Only the sidecar has been looked at: a network that differs from it is found out on loading.
    """

    name: str
    path: Path
    shipped: bool
    spec: ModelSpec | None = None
    error: ModelError | None = None

    @property
    def title(self) -> str:
        """Return what the menu shows."""
        return self.spec.title if self.spec else self.name

    @property
    def sentence(self) -> str:
        """Return what the model is good for, in one sentence."""
        return self.spec.sentence if self.spec else ""

    @property
    def licence(self) -> str:
        """Return under what terms it may be used."""
        return self.spec.licence if self.spec else ""

    @property
    def research_only(self) -> bool:
        """Return whether it was trained on material for research use."""
        return self.spec.research_only if self.spec else False


class Model:
    """A loaded network; made, used and closed on one thread.

    Attributes
    ----------
    entry : ModelEntry
    spec : ModelSpec
    """

    def __init__(self, entry: ModelEntry, spec: ModelSpec, threads: int = 1) -> None:
        # imported here: onnxruntime takes its time, and many commands need no network
        from demixme.separation.session import Session

        self.entry = entry
        self.spec = spec
        self._session = Session(entry.path, spec, threads)

    @property
    def name(self) -> str:
        """Return the name by which it was found."""
        return self.entry.name

    @property
    def sha256(self) -> str:
        """Return the identity of the network's file."""
        return self.spec.sha256

    @property
    def parts(self) -> Parts:
        """Return the parts it separates into."""
        return self.spec.parts

    def separator(self, rate: int, best: bool = False) -> Separator:
        """Return a separator for songs of one rate in Hz; all share the one network.

        `best` is for files: slower, and a little better (docs/EVALUATION.md).
        """
        from demixme.separation.maskseparator import MaskSeparator
        from demixme.separation.seedseparator import SeedSeparator

        kind = MaskSeparator if self.spec.output.layout == "mask" else SeedSeparator
        return kind(self._session, rate, best)

    def close(self) -> None:
        """Release the network; its separators cannot be used any more."""
        self._session.close()


def find_models(user_folder: Path | None = None) -> list[ModelEntry]:
    """Return the models that ship, then the person's own, each by name; never raises.

    Parameters
    ----------
    user_folder : Path, optional
        The folder of the person's own models; it need not exist.
    """
    found: dict[str, ModelEntry] = {}
    own = user_models_folder() if user_folder is None else user_folder
    for folder, shipped in ((models_folder(), True), (own, False)):
        for path in _networks(folder):
            entry = _entry(path, shipped)
            found.setdefault(entry.name, entry)
    return sorted(found.values(), key=lambda e: (e.name != DEFAULT_MODEL, not e.shipped, e.name))


def load_model(
    name_or_path: str | Path = DEFAULT_MODEL, user_folder: Path | None = None, threads: int = 1
) -> Model:
    """Load a model by its name, or an ONNX file that has its sidecar beside it.

    An empty name is the default model's.

    Raises
    ------
    ModelMissing, ModelCorrupt, ModelMismatch
        There is none; it cannot be read; its sidecar says other things than its network.
    """
    entry = _chosen(name_or_path, user_folder)
    if entry.error is not None:
        raise entry.error
    if entry.spec is None:
        raise ModelMissing(entry.name, f"there is no {entry.path.name}")
    return Model(entry, entry.spec, threads)


def _chosen(name_or_path: str | Path, user_folder: Path | None) -> ModelEntry:
    text = str(name_or_path) or DEFAULT_MODEL
    if isinstance(name_or_path, Path) or text.lower().endswith(".onnx"):
        path = Path(name_or_path).expanduser()
        if not path.is_file():
            raise ModelMissing(text, "there is no such file")
        return _entry(path, shipped=path.parent == models_folder())
    entries = find_models(user_folder)
    for entry in entries:
        if entry.name == text:
            return entry
    known = ", ".join(e.name for e in entries) or "none at all"
    raise ModelMissing(text, f"the models here are: {known}")


def _networks(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.suffix.lower() == ".onnx" and p.is_file())
    except OSError:
        return []


def _entry(path: Path, shipped: bool) -> ModelEntry:
    name = path.stem
    try:
        return ModelEntry(name, path, shipped, spec=_sidecar(path))
    except ModelError as error:
        return ModelEntry(name, path, shipped, error=error)


def _sidecar(path: Path) -> ModelSpec:
    beside = path.with_suffix(".json")
    try:
        with beside.open("rb") as file:
            text = file.read(MOST_SIDECAR_BYTES + 1)
    except FileNotFoundError as error:
        raise ModelCorrupt(path.stem, f"there is no {beside.name} beside it") from error
    except OSError as error:
        reason = f"{beside.name} cannot be read: {error.strerror}"
        raise ModelCorrupt(path.stem, reason) from error
    return parse_spec(text, path.stem)
