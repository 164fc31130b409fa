"""Makers of songs in the formats that libsndfile does not know, by FFmpeg's own encoders."""

from pathlib import Path

import av
import numpy as np

#: name → (codec, sample format, what the muxer is told, largest error or None for lossy ones,
#: gapless?). A format that is not gapless holds no priming; its decoder gives more frames.
FORMATS = {
    "aac.m4a": ("aac", "fltp", {}, None, True),
    "aac-exact.m4a": ("aac", "fltp", {"movie_timescale": "44100"}, None, True),
    "aac.mov": ("aac", "fltp", {}, None, True),
    "aac.3gp": ("aac", "fltp", {}, None, True),
    "alac16.m4a": ("alac", "s16p", {}, 0.0, True),
    "alac24.m4a": ("alac", "s32p", {}, 2.0**-23, True),
    "alac.caf": ("alac", "s16p", {}, 0.0, True),
    "flac.mp4": ("flac", "s16", {}, 0.0, True),
    "flac.mka": ("flac", "s16", {}, 0.0, True),
    "opus.webm": ("libopus", "flt", {}, None, True),
    "opus.mp4": ("libopus", "flt", {}, None, True),
    "mp3.mka": ("libmp3lame", "fltp", {}, None, True),
    "pcm.mov": ("pcm_s24le", "s32", {}, 2.0**-23, True),
    "wavpack16.wv": ("wavpack", "s16p", {}, 0.0, True),
    "wavpack-float.wv": ("wavpack", "fltp", {}, 1e-7, True),
    "tta.tta": ("tta", "s16", {}, 0.0, True),
    "aac.aac": ("aac", "fltp", {}, None, False),
    "aac.mka": ("aac", "fltp", {}, None, False),
    "aac.ts": ("aac", "fltp", {}, None, False),
    "aac.flv": ("aac", "fltp", {}, None, False),
    "wma.wma": ("wmav2", "fltp", {}, None, False),
    "ac3.ac3": ("ac3", "fltp", {}, None, False),
    "eac3.eac3": ("eac3", "fltp", {}, None, False),
    "ac3.avi": ("ac3", "fltp", {}, None, False),
}
MUXERS = {"m4a": "ipod", "wma": "asf", "mka": "matroska", "ts": "mpegts", "aac": "adts"}
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def rate_of(name):
    """Return a rate that the format can hold."""
    return 48000 if FORMATS[name][0] == "libopus" else 44100


def make_format(folder, name, x, tags=None):
    """Write `x` [frames, channels] as the format `name` of FORMATS; returns its path."""
    codec, sample_format, options, _, _ = FORMATS[name]
    path = Path(folder) / name
    return write(path, codec, x, rate_of(name), sample_format, options=options, tags=tags)


def write(path, codec, x, rate=44100, sample_format=None, layout=None, options=None, tags=None):
    """Write `x` by one of FFmpeg's encoders; returns its path."""
    path = Path(path)
    layout = layout or LAYOUTS[x.shape[1]]
    muxer = MUXERS.get(path.suffix[1:])
    with av.open(str(path), "w", format=muxer, container_options=options or {}) as container:
        container.metadata.update(tags or {})
        stream = container.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = 192000
        stream.format = sample_format or stream.codec.audio_formats[0].name
        convert = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        for at in range(0, len(x), 4096):
            packed = np.ascontiguousarray(x[at : at + 4096], np.float32).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
            frame.sample_rate, frame.pts = rate, at
            _put(container, stream, convert.resample(frame))
        _put(container, stream, convert.resample(None))
        container.mux(stream.encode(None))
    return path


def _put(container, stream, frames):
    for frame in frames:
        container.mux(stream.encode(frame))
