"""What a model's sidecar says: how to feed it, what it returns, what it was made from."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from demixme.core.errors import InvalidParts, ModelCorrupt, ModelMismatch
from demixme.core.parts import MOST_PARTS, Parts

SPEC_VERSION = 1
MOST_SIDECAR_BYTES = 256 * 1024
#: Input and output layouts that a separator exists for.
LAYOUTS = {("log1p_lrms", "mask"), ("log2_magnitude", "magnitude")}
_MOST_CELLS = 1 << 26  # numbers that a call computes at once; ours take a sixteenth of it

_T = TypeVar("_T", int, float)


@dataclass(frozen=True)
class TensorSpec:
    """One input or output of the graph: its name, what is in it, how many frequency bins."""

    name: str
    layout: str
    bins: int


@dataclass(frozen=True)
class ModelSpec:
    """A model's sidecar, checked; all frames are frames of the model's own rate.

    Attributes
    ----------
    sample_rate : int
        Hz, 8000 … 192000.
    n_fft, hop : int
        Powers of two; n_fft 256 … 32768, hop n_fft/16 … n_fft/2.
    window, padding : str
        ``hann`` (periodic); what stands beyond the song's ends: ``zeros``.
    input, output : TensorSpec
        ``log1p_lrms`` [batch, 4, bins, time] goes with ``mask`` [batch, stems, 2, bins, time],
        ``log2_magnitude`` [batch, 2, bins, window_frames] with ``magnitude``
        [batch, stems, 2, bins, window_frames].
    window_frames, stride_frames : int
        STFT frames of a sliding window and from one to the next; 0 where any length will do.
    parts : Parts
        Names in the order of the network's outputs, and which of them is the rest.
    context_frames, call_frames : int
        Audio computed on each side of a call and thrown away; audio of a full call.
    level_rms : float
        RMS a call is brought to before its features are taken; 0 leaves it as it is.
    sdr_db : mapping of str to float
        Measured signal-to-distortion ratio by part, on the material named by `sdr_set`.
    extra : mapping
        Keys this version does not know.
    """

    name: str
    title: str
    sentence: str
    sample_rate: int
    n_fft: int
    hop: int
    window: str
    padding: str
    input: TensorSpec
    output: TensorSpec
    window_frames: int
    stride_frames: int
    parts: Parts
    context_frames: int
    call_frames: int
    level_rms: float
    latency_frames: int | None
    sha256: str
    licence: str
    research_only: bool
    training_data: tuple[str, ...]
    sdr_db: Mapping[str, float]
    sdr_set: str
    parameters: int
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bins(self) -> int:
        """Return the bins of the STFT: n_fft / 2 + 1."""
        return self.n_fft // 2 + 1


def parse_spec(text: str | bytes, name: str) -> ModelSpec:
    """Return the checked sidecar of a model.

    Parameters
    ----------
    text : str or bytes
        The sidecar's JSON, at most 256 KiB.
    name : str
        The model's name, for the errors and where the sidecar gives no title.

    Raises
    ------
    ModelCorrupt
        Not JSON, too long, or a value of the wrong kind or out of its range.
    ModelMismatch
        A sound sidecar, but of a model that this version has no separator for.
    """
    fields = _Fields(_json_object(text, name), name)
    version = fields.whole("spec_version", 1, 1_000_000)
    if version > SPEC_VERSION:
        raise ModelMismatch(name, f"its sidecar is of version {version}, this is {SPEC_VERSION}")
    n_fft = fields.power("n_fft", 256, 32768)
    hop = fields.power("hop", n_fft // 16, n_fft // 2)
    spec = ModelSpec(
        name=name,
        title=fields.text("title", 80, name),
        sentence=fields.text("sentence", 400, ""),
        sample_rate=fields.whole("sample_rate", 8000, 192000),
        n_fft=n_fft,
        hop=hop,
        window=fields.one_of("window", ("hann",)),
        padding=fields.one_of("padding", ("zeros",)),
        input=fields.tensor("input", n_fft // 2 + 1),
        output=fields.tensor("output", n_fft // 2 + 1),
        window_frames=fields.whole("window_frames", 0, 1024, 0),
        stride_frames=fields.whole("stride_frames", 0, 1024, 0),
        parts=fields.parts(),
        context_frames=fields.hops("context_frames", hop, 0, 1 << 22),
        call_frames=fields.hops("call_frames", hop, hop, 1 << 22),
        level_rms=fields.real("level_rms", 0.0, 1.0, 0.0),
        latency_frames=fields.optional_whole("latency_frames", 0, 1 << 24),
        sha256=fields.digest("sha256"),
        licence=fields.text("licence", 4000, ""),
        research_only=fields.flag("research_only", False),
        training_data=fields.texts("training_data"),
        sdr_db=fields.numbers("sdr_db"),
        sdr_set=fields.sdr_set(),
        parameters=fields.whole("parameters", 0, 10**12, 0),
        extra=fields.unread(known=("state", "bytes")),
    )
    _refuse_unknown_kind(spec, fields)
    frames = (spec.call_frames + 2 * spec.context_frames + n_fft) // hop
    if frames * spec.bins * max(4, 2 * len(spec.parts.names)) > _MOST_CELLS:
        raise fields.wrong("call_frames", "smaller: one call would fill the memory")
    return spec


def _json_object(text: str | bytes, name: str) -> dict[str, Any]:
    if len(text) > MOST_SIDECAR_BYTES:
        raise ModelCorrupt(name, f"its sidecar is longer than {MOST_SIDECAR_BYTES // 1024} KiB")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelCorrupt(name, "its sidecar is not JSON") from error
    if not isinstance(read, dict):
        raise ModelCorrupt(name, "its sidecar is not a JSON object")
    return read


def _refuse_unknown_kind(spec: ModelSpec, fields: "_Fields") -> None:
    layouts = spec.input.layout, spec.output.layout
    if layouts not in LAYOUTS:
        raise ModelMismatch(
            spec.name, f"it takes “{layouts[0]}” and returns “{layouts[1]}”: not known here"
        )
    if fields.read.get("state") not in (None, []):
        raise ModelMismatch(spec.name, "it keeps a state between calls: not known here")
    sliding = layouts[1] == "magnitude"
    if sliding and not 1 <= spec.stride_frames <= spec.window_frames:
        raise fields.wrong("stride_frames", "from 1 to window_frames")
    if not sliding and spec.window_frames:
        raise fields.wrong("window_frames", "0 for a network that takes any length")


class _Fields:
    """The sidecar's values, fetched by the kind each must be of; remembers what was asked for."""

    def __init__(self, read: dict[str, Any], name: str) -> None:
        self.read = read
        self.name = name
        self._asked: set[str] = set()

    def wrong(self, key: str, allowed: str) -> ModelCorrupt:
        """Return the error that says what a value must be."""
        return ModelCorrupt(self.name, f"“{key}” in its sidecar must be {allowed}")

    def _get(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        value = self.read.get(key, default)
        if value is None:
            raise ModelCorrupt(self.name, f"its sidecar says nothing of “{key}”")
        return value

    def _ranged(self, key: str, value: Any, low: _T, high: _T, kind: Callable[[Any], bool]) -> Any:
        if isinstance(value, bool) or not kind(value) or not low <= value <= high:
            raise self.wrong(key, f"a number from {low} to {high}")
        return value

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self._get(key, default)
        return int(self._ranged(key, value, low, high, lambda v: isinstance(v, int)))

    def optional_whole(self, key: str, low: int, high: int) -> int | None:
        if self.read.get(key) is None:
            self._asked.add(key)
            return None
        return self.whole(key, low, high)

    def real(self, key: str, low: float, high: float, default: float | None = None) -> float:
        value = self._get(key, default)
        return float(self._ranged(key, value, low, high, lambda v: isinstance(v, int | float)))

    def power(self, key: str, low: int, high: int) -> int:
        value = self.whole(key, low, high)
        if value & (value - 1):
            raise self.wrong(key, "a power of two")
        return value

    def hops(self, key: str, hop: int, low: int, high: int) -> int:
        value = self.whole(key, low, high)
        if value % hop:
            raise self.wrong(key, f"a multiple of hop ({hop})")
        return value

    def text(self, key: str, longest: int, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or len(value) > longest:
            raise self.wrong(key, f"a text of at most {longest} characters")
        return " ".join("".join(c if c.isprintable() else " " for c in value).split())

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.wrong(key, "a list of texts")
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key, 80)
        if value not in allowed:
            raise ModelMismatch(
                self.name, f"its {key} is “{value}”: only {', '.join(allowed)} here"
            )
        return value

    def digest(self, key: str) -> str:
        value = self._get(key, None)
        if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", value):
            raise self.wrong(key, "the file's SHA-256, 64 hexadecimal digits")
        return value.lower()

    def tensor(self, key: str, most_bins: int) -> TensorSpec:
        value = self._get(key, None)
        if not isinstance(value, dict):
            raise self.wrong(key, "an object with name, layout and bins")
        inner = _Fields(value, self.name)
        return TensorSpec(
            inner.text("name", 200), inner.text("layout", 80), inner.whole("bins", 1, most_bins)
        )

    def parts(self) -> Parts:
        names, rest = self._get("stems", None), self._get("rest", None)
        if not isinstance(names, list) or not isinstance(rest, str):
            raise self.wrong("stems", "a list of names, and “rest” one of them")
        try:
            return Parts(tuple(names), rest)
        except (InvalidParts, TypeError) as error:
            allowed = f"2 to {MOST_PARTS} different names, and “rest” one of them"
            raise self.wrong("stems", allowed) from error

    def numbers(self, key: str) -> Mapping[str, float]:
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "an object of numbers")
        kept = {k: v for k, v in value.items() if _is_level(v)}
        return MappingProxyType({k: float(v) for k, v in kept.items()})

    def sdr_set(self) -> str:
        value = self.read.get("sdr_db", {})
        return _Fields(value, self.name).text("set", 400, "")

    def unread(self, known: tuple[str, ...]) -> Mapping[str, Any]:
        skip = self._asked.union(known)
        return MappingProxyType({k: v for k, v in self.read.items() if k not in skip})


def _is_level(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1000.0
