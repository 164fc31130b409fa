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
#: Centre and width in Hz of what makes a tone sound like a sung vowel.
FORMANTS = ((650.0, 120.0), (1080.0, 150.0), (2650.0, 250.0))


def tune(seconds=1.0, rate=44100, channels=2, level=0.3, seed=0):
    """Return tones and a little noise, [frames, channels] float64, different in every channel."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    tones = [np.sin(2 * np.pi * 220 * (k + 1) * t + k) for k in range(channels)]
    return level * np.stack(tones, 1) + 0.02 * rng.standard_normal((len(t), channels))


def played_parts(seconds, rate=44100, seed=0):
    """Return bass, drums, other and vocals that a separator can tell apart, [frames, 2] float32.

    Plucked bass notes, a kick and a snare of noise, chords of sawtooth waves, and a voice of a
    glottal pulse through three formants that glides from note to note.
    """
    rng = np.random.default_rng(seed)
    frames, beat = round(seconds * rate), round(60 / 110 * rate)
    t = np.arange(frames) / rate
    beats = -(-frames // beat)
    notes = 45 + rng.choice([0, 3, 5, 7, 10], beats)
    since = np.arange(frames) % beat / rate
    hz = (440 * 2 ** ((notes - 69) / 12)).repeat(beat)[:frames]
    turns = 2 * np.pi * np.cumsum(hz) / rate
    bass = sum(np.sin(k * turns / 2) / k for k in range(1, 6)) * np.exp(-3 * since)
    odd = np.arange(frames) // beat % 2
    kick = np.sin(2 * np.pi * (45 * since + 6 * (1 - np.exp(-since / 0.03)))) * np.exp(-since / 0.1)
    snare = rng.standard_normal(frames) * np.exp(-since / 0.06)
    hat = np.diff(rng.standard_normal(frames + 1)) * np.exp(-(since % (beat / rate / 2)) / 0.02)
    drums = np.where(odd, 0.5 * snare, kick) + 0.15 * hat
    chord = sum((2 * (turns * r / np.pi % 1) - 1) for r in (1, 1.26, 1.498, 2)) / 4
    sung = (440 * 2 ** ((notes[::2].repeat(2)[:beats] + 24 - 69) / 12)).repeat(beat)[:frames]
    glide = np.convolve(sung, np.ones(4001) / 4001, "same") * (
        1 + 0.01 * np.sin(2 * np.pi * 5.5 * t)
    )
    phase = 2 * np.pi * np.cumsum(glide) / rate
    vocals = np.zeros(frames)
    for k in range(1, 25):
        strength = sum(np.exp(-(((k * glide - f) / w) ** 2)) for f, w in FORMANTS)
        vocals += strength * np.sin(k * phase + rng.uniform(0, 6)) * (k * glide < rate / 2)
    vocals *= 0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * t)
    sides = {"bass": (1, 1), "drums": (1, 0.9), "other": (0.6, 1), "vocals": (1, 1)}
    levels = {"bass": 0.25, "drums": 0.3, "other": 0.15, "vocals": 0.2}
    made = {"bass": bass, "drums": drums, "other": chord, "vocals": vocals}
    return {
        n: (levels[n] * x / np.abs(x).max())[:, None].astype(np.float32)
        * np.array(sides[n], np.float32)
        for n, x in made.items()
    }


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
