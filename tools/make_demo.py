"""Make the demo song from the stems of a CC0 recording; assets/demo/README.md says which and how.

.venv/bin/python tools/make_demo.py FOLDER_WITH_THE_STEMS assets/demo/demo.ogg
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

RATE = 44100
BAR_S = 4 * 60 / 124  # 4/4 at 124 beats a minute, measured to 0.01 beats
FIRST_BAR_S = 0.318
SPLICE_S = 0.010
FADE_IN_S = 0.020
FADE_OUT_S = 1.6
PEAK_DBFS = -1.0
VORBIS_QUALITY = 0.7
BLOCK_FRAMES = 65536  # libsndfile 1.2.2 crashes when a long Vorbis is written in one call

#: Part -> (from bar, to bar of the recording, bar of the demo). The recording never has all four
#: parts at once, so sections of it are laid over each other on its own bars.
ARRANGEMENT: dict[str, tuple[tuple[float, float, float], ...]] = {
    "vocals": ((4, 13, 0), (25.9, 31, 9.9), (35.9, 40.9, 15.9)),
    "drums": ((4, 10, 0), (8, 10, 6), (26, 30, 8), (26, 30, 12), (36, 40, 16), (36, 38, 20)),
    "bass": ((4, 12, 0), (4, 12, 8), (4, 10, 16)),
    "other": ((18, 26, 0), (22, 26, 8), (22, 26, 12), (30, 36, 16)),
}
BARS = 22


def main() -> None:
    """Read the stems, arrange, sum, write; print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stems", type=Path, help="folder with bass, drums, other and vocals")
    parser.add_argument("demo", type=Path, help="the Ogg Vorbis file to write")
    given = parser.parse_args()
    parts = {name: arranged(read(given.stems, name), ARRANGEMENT[name]) for name in ARRANGEMENT}
    song = sum(parts.values(), np.zeros((_frames(BARS * BAR_S), 2)))
    edges = fades(len(song))
    gain = 10 ** (PEAK_DBFS / 20) / np.abs(song * edges).max()
    write(given.demo, (song * edges * gain).astype(np.float32))
    print(f"{given.demo}: {len(song) / RATE:.1f} s, {given.demo.stat().st_size / 1e6:.2f} MB")
    for name, part in parts.items():
        print(f"{name:7} heard {heard(part * gain):4.0%} of the time")


def read(folder: Path, name: str) -> NDArray[np.float64]:
    """Return one stem [frames, 2] at `RATE`."""
    path = next(p for p in sorted(folder.iterdir()) if p.stem == name)
    samples, rate = soundfile.read(path, always_2d=True)
    return np.asarray(soxr.resample(samples, rate, RATE, quality="VHQ"))


def arranged(
    stem: NDArray[np.float64], pieces: tuple[tuple[float, float, float], ...]
) -> NDArray[np.float64]:
    """Return the pieces of a stem at their bars, each faded into what is there."""
    edge = _frames(SPLICE_S)
    out = np.zeros((_frames(BARS * BAR_S) + 2 * edge, 2))
    ramp = np.linspace(0.0, 1.0, edge)[:, None]
    for first_bar, last_bar, at_bar in pieces:
        first = _frames(FIRST_BAR_S + first_bar * BAR_S) - edge // 2
        frames = _frames((last_bar - first_bar) * BAR_S) + edge
        piece = stem[first : first + frames].copy()
        piece[:edge] *= ramp
        piece[-edge:] *= ramp[::-1]
        at = _frames(at_bar * BAR_S)
        out[at : at + len(piece)] += piece[: len(out) - at]
    return out[edge // 2 :][: _frames(BARS * BAR_S)]


def fades(frames: int) -> NDArray[np.float64]:
    """Return the gain of the whole song [frames, 1]: in at the start, out at the end."""
    gain = np.ones((frames, 1))
    gain[: _frames(FADE_IN_S), 0] = np.linspace(0.0, 1.0, _frames(FADE_IN_S))
    gain[-_frames(FADE_OUT_S) :, 0] = np.cos(np.linspace(0.0, np.pi / 2, _frames(FADE_OUT_S))) ** 2
    return gain


def heard(part: NDArray[np.float64]) -> float:
    """Return in which share of its half seconds a part is louder than -40 dBFS."""
    half = RATE // 2
    cells = part[: len(part) // half * half].reshape(-1, half * 2)
    return float((np.square(cells).mean(axis=1) > 1e-4).mean())


def write(path: Path, song: NDArray[np.float32]) -> None:
    """Write Ogg Vorbis with title and artist, block by block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with soundfile.SoundFile(
        path, "w", RATE, 2, "VORBIS", format="OGG", compression_level=1 - VORBIS_QUALITY
    ) as out:
        out.title = "Lithium (DemixME demo)"
        out.artist = "ichbinsoftware"
        out.album = "everything is free"
        out.license = "CC0-1.0"
        for first in range(0, len(song), BLOCK_FRAMES):
            out.write(song[first : first + BLOCK_FRAMES])


def _frames(seconds: float) -> int:
    return round(seconds * RATE)


if __name__ == "__main__":
    main()
