"""Loudness and true peak of what is written (ITU-R BS.1770-4, EBU R 128), measured by ffmpeg."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SILENCE_LUFS = -70.0  # ffmpeg's answer where nothing passes the gate
_TAIL_S = 0.1  # silence behind the end: the oversampling filter still holds some frames
_COARSE_BELOW = 0.1  # ffmpeg prints three decimals of a linear peak
_UP = 100.0  # 40 dB


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP, each −∞ for silence."""

    lufs: float
    true_peak_db: float


class LoudnessMeter:
    """Measures a signal block by block.

    What stays below a tenth of full scale is measured a second time, 40 dB up.

    Parameters
    ----------
    rate : int
        Hz.
    channels : int
        1 or 2.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        self._tail_frames = math.ceil(_TAIL_S * rate)
        self._graph = _Graph(rate, channels)
        self._raised: _Graph | None = _Graph(rate, channels)

    def feed(self, block: NDArray[np.float32]) -> None:
        """Take the next frames.

        Parameters
        ----------
        block : np.ndarray [shape=(frames, channels), float32]
        """
        if not len(block):
            return
        self._graph.push(block)
        if self._raised is not None:
            if np.abs(block).max() >= _COARSE_BELOW:
                self._raised = None
            else:
                self._raised.push(block * np.float32(_UP))

    def result(self) -> Loudness:
        """Return the figures of all that was fed; the end."""
        self.feed(np.zeros((self._tail_frames, self._channels), np.float32))
        lufs, peak = self._graph.result()
        if self._raised is not None and peak < _COARSE_BELOW:
            peak = self._raised.result()[1] / _UP
        return Loudness(
            lufs if lufs > _SILENCE_LUFS else -math.inf,
            20.0 * math.log10(peak) if peak > 0 else -math.inf,
        )


class _Graph:
    """One ``ebur128`` filter between a source and a sink."""

    def __init__(self, rate: int, channels: int) -> None:
        import av  # late: it is large

        self._frame_of = av.AudioFrame.from_ndarray
        self._nothing_now = (av.error.BlockingIOError, av.error.EOFError)
        self._layout = "mono" if channels == 1 else "stereo"
        self._rate = rate
        self._frames = 0
        self._told: dict[str, str] = {}
        graph: Any = av.filter.Graph()
        form = f"sample_rate={rate}:sample_fmt=flt:channel_layout={self._layout}"
        self._source = graph.add("abuffer", f"{form}:time_base=1/{rate}")
        meter = graph.add("ebur128", "peak=true:metadata=1")
        self._sink = graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        graph.configure()
        self._graph = graph

    def push(self, block: NDArray[np.float32]) -> None:
        """Take the next frames [frames, channels]."""
        packed = np.ascontiguousarray(block, np.float32).reshape(1, -1)
        frame = self._frame_of(packed, format="flt", layout=self._layout)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._frames
        self._frames += len(block)
        self._source.push(frame)
        self._drain()

    def result(self) -> tuple[float, float]:
        """Return loudness and linear true peak."""
        self._source.push(None)
        self._drain()
        told = self._told
        lufs = float(told.get("lavfi.r128.I", _SILENCE_LUFS))
        return lufs, float(told.get("lavfi.r128.true_peak", 0.0))

    def _drain(self) -> None:
        while True:
            try:
                frame = self._sink.pull()
            except self._nothing_now:
                return
            self._told = dict(frame.metadata) or self._told
