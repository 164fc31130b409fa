"""AAC in an MP4 file, as ``.m4a``, through ffmpeg; the length is kept to the sample."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demixme.audiofile.partfile import PartFile

_BITS_PER_S_AND_CHANNEL = 128_000


class AacSink:
    """Writes float blocks; the priming and the true length stand in the file's edit list.

    Parameters
    ----------
    part : PartFile
    rate : int
        One that AAC knows, Hz.
    channels : int
        1 or 2.
    """

    def __init__(self, part: PartFile, rate: int, channels: int) -> None:
        import av  # late: it is large, and most exports need none of it

        self._frame_of = av.AudioFrame.from_ndarray
        self._layout = "mono" if channels == 1 else "stereo"
        # the movie's clock must be the sound's, or the edit list cuts frames
        options = {"movie_timescale": str(rate)}
        self._container: Any = av.open(part, "w", format="ipod", options=options)
        self._stream: Any = self._container.add_stream("aac", rate=rate, layout=self._layout)
        self._stream.bit_rate = _BITS_PER_S_AND_CHANNEL * channels
        self._stream.time_base = Fraction(1, rate)
        self._rate = rate
        self._frames = 0
        self.closed = False

    def write(self, block: NDArray[np.float32]) -> None:
        """Append a block [frames, channels]."""
        if not len(block):
            return
        frame = self._frame_of(np.ascontiguousarray(block.T), format="fltp", layout=self._layout)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._frames
        self._frames += len(block)
        self._mux(self._stream.encode(frame))

    def close(self) -> None:
        """Finish the file."""
        if not self.closed:
            self.closed = True
            try:
                if self._frames:
                    self._mux(self._stream.encode(None))
            finally:
                self._container.close()

    def _mux(self, packets: Iterable[Any]) -> None:
        for packet in packets:
            self._container.mux(packet)
