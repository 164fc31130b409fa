"""The only door to onnxruntime: a network loaded, checked against its sidecar, and run."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# before the import: from 1.29 on it would speak to the net
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as _state

from demixme.core.errors import (
    Cancelled,
    ModelCorrupt,
    ModelMismatch,
    ModelMissing,
    SeparationFailed,
)
from demixme.core.interrupt import Interrupt
from demixme.core.modelspec import ModelSpec, TensorSpec
from demixme.separation.onnxfile import names_other_files, operation_domains

MOST_MODEL_BYTES = 1 << 30
#: Of all networks of the process, weights and all: a graph may ask for any amount.
MOST_ARENA_BYTES = 3 << 29
_CHANNELS = {"log1p_lrms": 4, "log2_magnitude": 2}
#: Sets of operations that onnxruntime itself brings.
_KNOWN_DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")

# onnxruntime's own errors have no common base but Exception
_RAISED: tuple[type[Exception], ...] = (
    *(e for e in vars(_state).values() if isinstance(e, type) and issubclass(e, Exception)),
    *(RuntimeError, ValueError, TypeError, MemoryError),
)

_quiet = getattr(onnxruntime, "disable_telemetry_events", None)
if _quiet is not None:
    _quiet()
onnxruntime.set_default_logger_severity(3)
onnxruntime.create_and_register_allocator(
    onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    ),
    onnxruntime.OrtArenaCfg(MOST_ARENA_BYTES, -1, -1, -1),
)


class Session:
    """A network on the processor, ready to run.

    Made, run and closed on one thread: the first session of a process makes that thread treat
    denormal numbers as zero, without which silence costs many times what music does.

    Parameters
    ----------
    path : Path
        The ONNX file.
    spec : ModelSpec
        Its sidecar; a graph that differs from it is refused.
    threads : int
        Threads within an operation; one, so that samples are the same everywhere.

    Raises
    ------
    ModelMissing, ModelCorrupt, ModelMismatch
        No such file; not a network; not the network that the sidecar describes.
    """

    def __init__(self, path: Path, spec: ModelSpec, threads: int = 1) -> None:
        self.spec = spec
        content = _content(path, spec)
        _refuse_what_is_not_data(content, spec.name)
        self._session = _opened(content, spec.name, threads)
        self.batch = self._checked_batch()
        warm_frames = spec.window_frames or 16
        shape = (self.batch or 1, _CHANNELS[spec.input.layout], spec.input.bins, warm_frames)
        self._warm_up(np.zeros(shape, np.float32))

    def run(self, features: NDArray[np.float32], interrupt: Interrupt) -> NDArray[np.float32]:
        """Run the network once.

        Parameters
        ----------
        features : np.ndarray [shape=(batch, channels, bins, time), float32]
        interrupt : Interrupt
            Gets the options of this run, so that `set` ends it.

        Returns
        -------
        np.ndarray [shape=(batch, stems, 2, bins, time), float32]

        Raises
        ------
        Cancelled
            The interrupt was set before or while it ran, whatever onnxruntime raised.
        SeparationFailed
            It raised by itself, or its output is of another shape than promised.
        """
        options = onnxruntime.RunOptions()
        interrupt.run_options = options  # published first, looked at afterwards
        interrupt.check()
        try:
            made = self._session.run(
                [self.spec.output.name], {self.spec.input.name: features}, options
            )
        except _RAISED as error:
            if interrupt.is_set:
                raise Cancelled from error
            raise SeparationFailed(self.spec.name, _first_line(error)) from error
        interrupt.check()
        output: NDArray[np.float32] = made[0]
        self._check_output(features, output)
        return output

    def close(self) -> None:
        """Release the network."""
        self._session = None

    # ------------------------------------------------------------ checks
    def _checked_batch(self) -> int | None:
        """Refuse a graph that differs from the sidecar; return its fixed batch, None if free."""
        spec = self.spec
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1:
            names = ", ".join(repr(i.name) for i in inputs)
            raise ModelMismatch(
                spec.name, f"the network has {len(inputs)} inputs ({names}), not one"
            )
        time = spec.window_frames or None
        channels = _CHANNELS[spec.input.layout]
        _compare(spec.name, "input", spec.input, inputs, (None, channels, spec.input.bins, time))
        stems = len(spec.parts.names)
        _compare(
            spec.name, "output", spec.output, outputs, (None, stems, 2, spec.output.bins, time)
        )
        if spec.window_frames == 0 and isinstance(inputs[0].shape[3], int):
            raise ModelMismatch(
                spec.name,
                f"the network takes {inputs[0].shape[3]} frames only, the sidecar says any",
            )
        batch = inputs[0].shape[0]
        return batch if isinstance(batch, int) else None

    def _check_output(self, features: NDArray[np.float32], output: NDArray[np.float32]) -> None:
        spec = self.spec
        wanted = (len(features), len(spec.parts.names), 2, spec.output.bins, features.shape[3])
        if output.dtype != np.float32 or output.shape != wanted:
            raise SeparationFailed(
                spec.name,
                f"the network returned {_shape_text(output.shape)}, not {_shape_text(wanted)}",
            )

    def _warm_up(self, features: NDArray[np.float32]) -> None:
        try:
            self.run(features, Interrupt())
        except SeparationFailed as error:
            raise ModelMismatch(self.spec.name, f"a first run failed: {error.reason}") from error


def _refuse_what_is_not_data(content: bytes, name: str) -> None:
    """Refuse what would run foreign code or read files that the sidecar's digest does not know."""
    foreign = sorted(set(operation_domains(content)) - set(_KNOWN_DOMAINS))
    if foreign:
        raise ModelMismatch(
            name, f"the network needs operations that are not here: {', '.join(foreign)}"
        )
    if names_other_files(content):
        raise ModelMismatch(name, "the network keeps its weights in other files")


def _content(path: Path, spec: ModelSpec) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_MODEL_BYTES:
            raise ModelCorrupt(spec.name, f"{path.name} is larger than 1 GiB")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelMissing(spec.name, f"there is no {path.name}") from error
    except OSError as error:
        raise ModelCorrupt(spec.name, f"{path.name} cannot be read: {error.strerror}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != spec.sha256:
        raise ModelMismatch(
            spec.name,
            f"{path.name} is not the file its sidecar was written for "
            f"(SHA-256 {found[:12]}…, not {spec.sha256[:12]}…)",
        )
    return content


def _opened(content: bytes, name: str, threads: int) -> "onnxruntime.InferenceSession":
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.add_session_config_entry("session.use_env_allocators", "1")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _RAISED as error:
        raise ModelCorrupt(name, f"onnxruntime refuses it: {_first_line(error)}") from error


def _compare(
    name: str,
    side: str,
    tensor: TensorSpec,
    found: Sequence[Any],
    wanted: tuple[int | None, ...],
) -> None:
    """Refuse a tensor that is missing, of another kind or of another shape; None fits anything."""
    by_name = {t.name: t for t in found}
    if tensor.name not in by_name:
        others = ", ".join(f"“{n}”" for n in by_name)
        raise ModelMismatch(
            name, f"the sidecar's {side} “{tensor.name}” is not in the network, which has {others}"
        )
    there = by_name[tensor.name]
    if there.type != "tensor(float)":
        raise ModelMismatch(name, f"the network's {side} is {there.type}, not tensor(float)")
    fits = len(there.shape) == len(wanted) and all(
        w is None or not isinstance(s, int) or s == w
        for s, w in zip(there.shape, wanted, strict=True)
    )
    if not fits:
        raise ModelMismatch(
            name,
            f"the network's {side} “{tensor.name}” is {_shape_text(there.shape)}, "
            f"the sidecar says {_shape_text(wanted)}",
        )


def _shape_text(shape: Sequence[object]) -> str:
    return " × ".join(str(s) if isinstance(s, int) else "any" for s in shape)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
