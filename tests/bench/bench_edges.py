"""Whether a call's edges sound worse than its middle: SDR near them, on the grid and off it.

``python tests/bench/bench_edges.py [FOLDER] [--model NAME] [--seconds N]``. FOLDER holds songs as
folders of stems (``song/bass.wav`` …, any format we read); without it songs are synthesised. The
SDR of the frames within 50 ms of call edges may be at most 0.2 dB below that of the same frames
with the grid moved by half a call, where they lie in the middle of calls. All songs of a run count
as one.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from demixme.export.song import load_song  # noqa: E402
from demixme.separation.registry import DEFAULT_MODEL, load_model  # noqa: E402
from tests.support.songs import played_parts  # noqa: E402

NEAR_S = 0.05
MOST_BELOW_DB = 0.2


def folders(root):
    """Yield each song of a folder: name, rate, stems by name."""
    for folder in sorted(p for p in root.iterdir() if p.is_dir()):
        stems, rate = {}, None
        for path in sorted(folder.iterdir()):
            if path.stem in ("bass", "drums", "other", "vocals"):
                track = load_song(path).track
                stems[path.stem], rate = track.read(0, track.frames), track.rate
        if stems:
            yield folder.name, rate, stems


def synthesised(seconds):
    """Yield songs of our own making."""
    for seed in range(3):
        yield f"synthesised {seed}", 44100, played_parts(seconds, seed=seed)


def shifted_reader(x, shift):
    """Return `read` of samples that begin `shift` frames later."""

    def read(first, frames):
        out = np.zeros((frames, 2), np.float32)
        first -= shift
        a, b = max(0, first), min(len(x), first + frames)
        if b > a:
            out[a - first : b - first] = x[a:b]
        return out

    return read


def near_edges(separator, frames):
    """Return a mask of the frames within 50 ms of call edges inside the song."""
    mask, near = np.zeros(frames, bool), round(NEAR_S * separator.rate)
    for edge in range(separator.call_frames, frames, separator.call_frames):
        mask[max(0, edge - near) : edge + near] = True
    return mask


def energies(loaded, rate, stems, most_s):
    """Return part → [signal, error on the grid, error with the grid moved], near call edges."""
    separator = loaded.separator(rate)
    frames = min(max(map(len, stems.values())), round(most_s * rate))
    whole = {n: shifted_reader(x, 0)(0, frames) for n, x in stems.items()}
    mixture = np.sum(list(whole.values()), axis=0)
    mask, half = near_edges(separator, frames), separator.call_frames // 2
    made = [
        separator.separate(shifted_reader(mixture, shift), shift, frames) for shift in (0, half)
    ]
    separator.close()
    found = {}
    for k, name in enumerate(separator.parts.names):
        if name in whole:
            truth = whole[name][mask].astype(np.float64)
            errors = [np.square(m[mask, k] - truth).sum() for m in made]
            found[name] = np.array([np.square(truth).sum(), *errors])
    return found, int(mask.sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each song")
    parser.add_argument("--quick", action="store_true", help="20 seconds of each song")
    given = parser.parse_args()
    seconds = 20.0 if given.quick else given.seconds
    loaded = load_model(given.model)
    sums, frames = {}, 0
    for name, rate, stems in folders(given.folder) if given.folder else synthesised(seconds):
        found, counted = energies(loaded, rate, stems, seconds)
        frames += counted
        print(f"{name}: {counted / rate:.1f} s near edges")
        for part, energy in found.items():
            sums[part] = sums.get(part, 0.0) + energy
    loaded.close()
    failed = not sums
    for part, (signal, on, off) in sums.items():
        if not signal:
            continue
        on_db, off_db = 10 * np.log10(signal / on), 10 * np.log10(signal / off)
        well = on_db >= off_db - MOST_BELOW_DB
        failed |= not well
        print(
            f"{part:8s} near edges {on_db:6.2f} dB, grid moved {off_db:6.2f} dB, difference "
            f"{on_db - off_db:+.2f}  limit −{MOST_BELOW_DB}  {'ok' if well else 'TOO LOW'}"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
