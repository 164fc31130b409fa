"""What a model costs all in, beside the first model's network alone on the same audio.

``python tests/bench/bench_network.py [--quick] [--first NAME|FILE] [MODEL …]``: reading, STFT,
network and inverse of a model on one thread, at most 1.5 times the first model's network. Each is
measured in a process of its own, one after the other, twice; the better of each counts. Where the
first model is not here, nothing is measured.
"""

import argparse
import subprocess
import sys
from json import loads
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from demixme.core.errors import DemixError  # noqa: E402
from demixme.messages import sentence  # noqa: E402
from demixme.separation.registry import load_model  # noqa: E402

MOST = 1.5
RUNS = 2
FIRST = "first"


def measured(name, quick):
    """Return what `bench_separation` measures of a model, each figure the best of the runs."""
    script = ROOT / "tests" / "bench" / "bench_separation.py"
    words = [sys.executable, script, "--measure", name, *(["--quick"] * quick)]
    found = subprocess.run(words, check=True, capture_output=True)
    return loads(found.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", default=["default"])
    parser.add_argument("--first", default=FIRST, metavar="NAME|FILE")
    parser.add_argument("--quick", action="store_true", help="half a minute of song, not three")
    given = parser.parse_args()
    try:
        load_model(given.first).close()
    except DemixError as error:
        print(f"not measured: {sentence(error)}")
        return 0
    failed = False
    for name in given.models:
        network, all_in = [], []
        for _ in range(RUNS):
            network.append(measured(given.first, given.quick))
            all_in.append(measured(name, given.quick))
        first = min(took["network"] / took["seconds"] for took in network)
        whole = min(took["all"] / took["seconds"] for took in all_in)
        ratio = whole / first
        failed |= ratio > MOST
        print(
            f"{name}: all in {whole:.3f} of real time, {given.first}'s network alone {first:.3f}: "
            f"{ratio:.2f}, limit {MOST}  {'ok' if ratio <= MOST else 'TOO SLOW'}"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
