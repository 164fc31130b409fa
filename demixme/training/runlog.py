"""What a run says while it goes on: a line for people, a CSV file, a plot of it."""

import csv
import sys
from collections.abc import Mapping
from pathlib import Path


class RunLog:
    """Writes `<name>.csv` and `<name>.png`; kept up by the first process alone.

    Every row is one measurement: `kind` is ``train`` or ``validation``.
    """

    def __init__(self, folder: Path, name: str, resumed: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.csv"
        self.plot_path = folder / f"{name}.png"
        if not resumed:
            self.path.unlink(missing_ok=True)

    def row(self, kind: str, values: Mapping[str, float]) -> None:
        """Append the values of one moment as rows of step, kind, name, value."""
        new = not self.path.exists()
        with open(self.path, "a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(("step", "kind", "name", "value"))
            step = int(values["step"])
            for name, value in values.items():
                if name != "step":
                    writer.writerow((step, kind, name, f"{value:.6g}"))

    def plot(self) -> None:
        """Draw the loss and the validation's SDR over the steps."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib.figure import Figure

        curves = self._curves()
        figure = Figure(figsize=(9, 6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True)
        steps, values = curves.get(("train", "loss"), ([], []))
        above.plot(steps, values)
        above.set_ylabel("loss")
        for (kind, name), (steps, values) in sorted(curves.items()):
            if kind == "validation" and name.startswith("sdr_"):
                below.plot(steps, values, ".-", label=name.removeprefix("sdr_").replace("_", " "))
        below.set_ylabel("SDR / dB")
        below.set_xlabel("step")
        if below.lines:
            below.legend(fontsize=8, ncols=3)
        for axes in (above, below):
            axes.grid(alpha=0.3)
        figure.savefig(self.plot_path, dpi=110)

    def _curves(self) -> dict[tuple[str, str], tuple[list[float], list[float]]]:
        curves: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
        if self.path.exists():
            with open(self.path, newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    steps, values = curves.setdefault((row["kind"], row["name"]), ([], []))
                    steps.append(float(row["step"]))
                    values.append(float(row["value"]))
        return curves


def say(text: str) -> None:
    """Print one line of progress at once, also into a file."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def duration_text(seconds: float) -> str:
    """Return how long as ``3 h 05 min``, ``12 min`` or ``40 s``."""
    if seconds == float("inf"):
        return "some time"
    minutes = int(seconds // 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"
