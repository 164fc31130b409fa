"""Song collections in every layout, made of short sounds whose part and place can be told."""

from pathlib import Path

import numpy as np

from demixme.audiofile.collections import ACCOMPANIMENT
from demixme.audiofile.encode import open_writer
from demixme.core.parts import STEMS

RATE = 44100
LEVELS = {"bass": 0.1, "drums": 0.2, "other": 0.3, "vocals": 0.4, ACCOMPANIMENT: 0.25}
MIXTURE_LEVEL = 0.9


def ramp(level, frames=RATE):
    """Return [frames, 2]: the height tells the part, the value the place."""
    return np.linspace(level / 2, level, frames, dtype=np.float32)[:, None].repeat(2, 1)


def write_sound(path, sound, rate=RATE, encoding="pcm16"):
    """Write [frames, 2] samples to a file, in folders that need not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = open_writer(path, rate, 2, encoding)
    writer.write(sound)
    writer.commit()


def write_stems(folder, parts=STEMS, rate=RATE):
    """Write a ramp for each part."""
    for part in parts:
        write_sound(folder / f"{part}.wav", ramp(LEVELS[part]), rate)


def dsd100(root: Path) -> Path:
    for subset, name in (("Dev", "051 - A - B"), ("Test", "001 - C - D")):
        write_stems(root / "Sources" / subset / name)
        write_sound(root / "Mixtures" / subset / name / "mixture.wav", ramp(MIXTURE_LEVEL))
    return root


def musdb18_hq(root: Path) -> Path:
    for subset in ("train", "test"):
        write_stems(root / subset / "A - B")
        write_sound(root / subset / "A - B" / "mixture.wav", ramp(MIXTURE_LEVEL))
    return root


def folders(root: Path) -> Path:
    write_stems(root / "one")
    write_stems(root / "two", ("drums", "vocals"))
    return root


def pairs(root: Path) -> Path:
    for name in ("one", "two"):
        write_stems(root / name, ("vocals", ACCOMPANIMENT), rate=16000)
    return root


def musdb18(root: Path) -> Path:
    import av

    path = root / "train" / "A - B.stem.mp4"
    path.parent.mkdir(parents=True)
    with av.open(str(path), "w", format="mp4") as container:
        streams = [container.add_stream("aac", rate=RATE, layout="stereo") for _ in range(5)]
        parts = (LEVELS[p] for p in ("drums", "bass", "other", "vocals"))
        for stream, level in zip(streams, (MIXTURE_LEVEL, *parts), strict=True):
            tone = level * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
            planes = np.ascontiguousarray(np.stack([tone, tone]).astype(np.float32))
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
            frame.sample_rate = RATE
            for packet in (*stream.encode(frame), *stream.encode(None)):
                container.mux(packet)
    return root
