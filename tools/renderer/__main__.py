"""`python -m tools.renderer render|audit`: make songs by number, or look through them."""

import argparse
import json
import time
from pathlib import Path

import soundfile as sf

from tools.renderer.audit import Audit, look_at, mislabelled
from tools.renderer.song import SECONDS, RenderedSong, Studio
from tools.renderer.sound import RATE_HZ
from tools.renderer.sources import Sources
from tools.renderer.split import SPLITS

DONE = "song.json"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.renderer", description=__doc__)
    parser.add_argument("task", choices=("render", "audit"))
    parser.add_argument("first", type=int, help="number of the first song; numbers are seeds")
    parser.add_argument("last", type=int, help="number after the last song")
    parser.add_argument("out", type=Path, nargs="?", help="folder to write songs into")
    parser.add_argument("--sources", type=Path, required=True, help="vocals, notes, drums, midi")
    parser.add_argument("--split", choices=SPLITS, default="train")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    arguments = parser.parse_args()
    if arguments.task == "render" and arguments.out is None:
        parser.error("render needs a folder to write into")
    studio = Studio(Sources(arguments.sources, SPLITS[arguments.split]))
    if arguments.task == "audit":
        return _audit(studio, arguments)
    failed = [
        n for n in range(arguments.first, arguments.last) if not _render(studio, n, arguments)
    ]
    if failed:
        print("failed:", *failed)
    return 1 if failed else 0


def _render(studio: Studio, number: int, arguments: argparse.Namespace) -> bool:
    folder = arguments.out / f"{number:04d}"
    if (folder / DONE).is_file():
        return True
    began = time.monotonic()
    try:
        song = studio.record(number, arguments.seconds)
    except (RuntimeError, ValueError, OSError, IndexError) as error:
        print(f"{number}: {error!r}", flush=True)
        return False
    write(song, folder)
    print(f"{number}: {time.monotonic() - began:.1f} s", flush=True)
    return True


def write(song: RenderedSong, folder: Path) -> None:
    """Write a song's stems, and last the facts that say it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, x in song.stems.items():
        sf.write(folder / f"{stem}.flac", x, RATE_HZ, subtype="PCM_16")
    (folder / DONE).write_text(json.dumps(song.facts), "utf-8")


def _audit(studio: Studio, arguments: argparse.Namespace) -> int:
    found = Audit()
    for number in range(arguments.first, arguments.last):
        song = studio.record(number, arguments.seconds)
        found.songs += 1
        before = {k: len(v) for k, v in vars(found).items() if isinstance(v, list)}
        look_at(song, found)
        news = {k: v[before[k] :] for k, v in vars(found).items() if isinstance(v, list)}
        shown = {k: v if k == "faults" else f"{v[0]:.2f}" for k, v in news.items() if v}
        print(number, song.facts["voice"], shown, flush=True)
    print(json.dumps(found.figures(), indent=1))
    print("off their label:", {n: round(x, 3) for n, x in mislabelled(studio.shop).items()})
    print(*found.faults, sep="\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
