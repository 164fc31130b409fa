"""Mixes of real stems of different songs, fixed for all time, to choose between models by.

    python tools/validation_mixes.py OUT SONGS...

Each song is a folder with some of bass, drums, other and vocals. A mix takes every stem from
another song as far as there are enough, from a place where it plays, at a loudness drawn around
the usual. The same numbers give the same mixes as long as the songs stay the same.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.random import Generator
from numpy.typing import NDArray

STEMS = ("bass", "drums", "other", "vocals")
RATE_HZ = 44100
COUNT, SECONDS = 12, 30.0
LOUDNESS_DB = {"bass": -20.0, "drums": -17.0, "other": -20.0, "vocals": -19.0}
SPREAD_DB = 2.5
#: A stem plays where its loudness over a cell lies within this of its loudest.
_CELL = RATE_HZ // 10
_QUIET_DB = 30.0
#: How much of a mix a stem must play in; a bass that plays less is left out and not scored.
_LEAST = {"bass": 0.3, "drums": 0.6, "other": 0.6, "vocals": 0.4}
_TRIES = 200
_CEILING = 0.98

Sound = NDArray[np.float32]


def read_stem(folder: Path, stem: str) -> Sound | None:
    """Return a stem [frames, 2] at 44.1 kHz, None where the song has none or it is silent."""
    path = next(
        (p for s in ("flac", "wav", "opus") if (p := folder / f"{stem}.{s}").is_file()), None
    )
    if path is None:
        return None
    x, rate = sf.read(path, dtype="float32", always_2d=True)
    x = np.repeat(x, 2, axis=1) if x.shape[1] == 1 else x[:, :2]
    x = x if rate == RATE_HZ else soxr.resample(x, rate, RATE_HZ)
    return x if np.abs(x).max() > 1e-3 else None


def cells(x: Sound) -> NDArray[np.float64]:
    """Return the power of every tenth of a second."""
    count = len(x) // _CELL
    whole = x[: count * _CELL].astype(np.float64)
    return np.square(whole).reshape(count, -1).mean(axis=1)


def place(x: Sound, seconds: float, least: float, rng: Generator) -> int | None:
    """Return a frame from which a stem plays at least this share of the time, None for no luck."""
    power = cells(x)
    plays = power > power.max() * 10 ** (-_QUIET_DB / 10)
    wanted = int(seconds * 10)
    for _ in range(_TRIES):
        first = int(rng.integers(max(1, len(plays) - wanted)))
        if plays[first : first + wanted].mean() >= least:
            return first * _CELL
    return None


def loudness_db(x: Sound) -> float:
    """Return the RMS in dB where a stem plays."""
    power = cells(x)
    return float(10 * np.log10(power[power > power.max() / 1000].mean() + 1e-12))


def make_mix(songs: dict[str, dict[str, Sound]], number: int) -> tuple[dict[str, Sound], dict]:
    """Return the stems of mix `number`, and where they come from."""
    rng = np.random.default_rng([20260101, number])
    frames = int(SECONDS * RATE_HZ)
    made, origins, used = {}, {}, set()
    for stem in map(str, rng.permutation(STEMS)):
        having = sorted(n for n, stems in songs.items() if stem in stems)
        fresh = [n for n in having if n not in used] or having
        name = fresh[rng.integers(len(fresh))]
        first = place(songs[name][stem], SECONDS, _LEAST[stem], rng)
        if first is None:
            continue
        used.add(name)
        x = songs[name][stem][first : first + frames]
        x = np.pad(x, ((0, frames - len(x)), (0, 0)))
        change_db = rng.normal(LOUDNESS_DB[stem], SPREAD_DB) - loudness_db(x)
        made[stem] = x * np.float32(10 ** (change_db / 20))
        origins[stem] = {"song": name, "first_s": first / RATE_HZ, "change_db": round(change_db, 2)}
    loudest = max(1e-6, float(np.abs(sum(made.values())).max()))
    share = np.float32(min(1.0, _CEILING / loudest))
    return {s: x * share for s, x in made.items()}, origins


def main() -> None:
    """Write the mixes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("songs", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=COUNT)
    arguments = parser.parse_args()
    read = {f.name: {s: read_stem(f, s) for s in STEMS} for f in arguments.songs}
    songs = {n: {s: x for s, x in stems.items() if x is not None} for n, stems in read.items()}
    for number in range(arguments.count):
        stems, origins = make_mix(songs, number)
        folder = arguments.out / f"mix{number:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        for stem, x in stems.items():
            sf.write(folder / f"{stem}.flac", x, RATE_HZ, subtype="PCM_16")
        (folder / "origins.json").write_text(json.dumps(origins, indent=1), "utf-8")
        print(folder.name, {s: o["song"] for s, o in origins.items()})


if __name__ == "__main__":
    main()
