"""Validation during training: the averaged weights as the app would run them."""

import tempfile
from pathlib import Path

from torch import Tensor

from demixme.training.catalogue import Design
from demixme.training.config import Plan
from demixme.training.data.rate import RATE_HZ
from demixme.training.export import export
from demixme.training.validation import read_song, score, song_folders, summary


class Rehearsal:
    """Exports the weights to a model, loads it as the app does, and scores whole songs."""

    def __init__(self, plan: Plan, design: Design) -> None:
        self.plan = plan
        self.design = design
        self.folders = song_folders(plan.validation) if plan.validation else []

    def scores(self, weights: dict[str, Tensor]) -> dict[str, float]:
        """Return the median SDR over songs by stem, and their mean, as ``sdr_<stem>``."""
        from demixme.separation.registry import load_model

        network = self.design.make()
        network.load_state_dict({k: v.cpu() for k, v in weights.items()})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{self.plan.name}.onnx"
            export(network, self.design, path)
            model = load_model(str(path), Path(folder))
            try:
                separator = model.separator(RATE_HZ)
                rows = [score(read_song(f), separator) for f in self.folders]
            finally:
                model.close()
        return {f"sdr_{name}": value for name, value in summary(rows).items()}
