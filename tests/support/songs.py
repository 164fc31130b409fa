"""Makers of small songs in every format, and of files that are none."""

import os
from pathlib import Path

import numpy as np
import soundfile as sf

#: name → (container, subtype, bits of the decoder's SongInfo, largest error of reading back)
FORMATS = {
    "s16.wav": ("WAV", "PCM_16", 16, 0.0),
    "u8.wav": ("WAV", "PCM_U8", 8, 0.0),
    "s24.wav": ("WAV", "PCM_24", 24, 0.0),
    "s32.wav": ("WAV", "PCM_32", 32, 2.0**-24),
    "f32.wav": ("WAV", "FLOAT", None, 0.0),
    "f64.wav": ("WAV", "DOUBLE", None, 0.0),
    "wavex.wav": ("WAVEX", "PCM_24", 24, 0.0),
    "s16.flac": ("FLAC", "PCM_16", 16, 0.0),
    "s24.flac": ("FLAC", "PCM_24", 24, 0.0),
    "s8.flac": ("FLAC", "PCM_S8", 8, 0.0),
    "s16.aiff": ("AIFF", "PCM_16", 16, 0.0),
    "s24.aiff": ("AIFF", "PCM_24", 24, 0.0),
    "vorbis.ogg": ("OGG", "VORBIS", None, 0.15),
    "opus.opus": ("OGG", "OPUS", None, 0.15),
    "mp3.mp3": ("MP3", "MPEG_LAYER_III", None, 0.15),
}
OPUS_RATE = 48000


def tune(seconds=1.0, rate=44100, channels=2, level=0.3, seed=0):
    """Return tones and a little noise, [frames, channels] float64, different in every channel."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    tones = [np.sin(2 * np.pi * 220 * (k + 1) * t + k) for k in range(channels)]
    return level * np.stack(tones, 1) + 0.02 * rng.standard_normal((len(t), channels))


def on_grid(x, bits):
    """Return `x` rounded to whole numbers of `bits` bits, as floats."""
    top = 1 << (bits - 1)
    return np.clip(np.rint(x * top), -top, top - 1) / top


def write_song(path, x, rate=44100, container="WAV", subtype="PCM_16"):
    """Write exactly `x` where the subtype can hold it; in blocks, as libsndfile needs for Ogg."""
    x = x if x.ndim == 2 else x[:, None]
    bits = {"PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "PCM_U8": 8, "PCM_S8": 8}.get(subtype)
    if bits:
        top = 1 << (bits - 1)
        x = np.clip(np.rint(x * top), -top, top - 1).astype(np.int64) << (32 - bits)
        x = x.astype(np.int32)
    with sf.SoundFile(os.fsencode(path), "w", rate, x.shape[1], subtype, format=container) as f:
        for at in range(0, len(x), 65536):
            f.write(x[at : at + 65536])
    return Path(path)


def make_format(folder, name, x, rate=44100):
    """Write `x` as the format `name` of FORMATS; returns its path."""
    container, subtype, _, _ = FORMATS[name]
    return write_song(Path(folder) / name, x, rate, container, subtype)


def read_all(path):
    """Return what a file holds, [frames, channels] float64, and its rate."""
    return sf.read(os.fsencode(path), dtype="float64", always_2d=True)


def cut_file(path, keep):
    """Cut a file to the share `keep` of its bytes; returns its path."""
    data = Path(path).read_bytes()
    Path(path).write_bytes(data[: int(len(data) * keep)])
    return Path(path)


#: Names of files that people really have, and that break naive programs.
ODD_NAMES = (
    "plain.wav",
    "with space.wav",
    "Größe – été.wav",
    "日本語の歌.wav",
    "emoji 🎵.wav",
    "e\u0301 decomposed.wav",
    'quote\' and "double".wav',
    "new\nline.wav",
    "-dash.wav",
    "%s{x}.wav",
    "no ending",
    os.fsdecode(b"latin-\xe9t\xe9.wav"),  # not valid UTF-8: surrogate-escaped
    "x" * 240 + ".wav",
)
