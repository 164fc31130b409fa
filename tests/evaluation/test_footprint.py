"""How much memory separating takes, seen by a process that does nothing else."""

import sys

import numpy as np
import pytest

from demixme.evaluation.footprint import peak_memory
from demixme.evaluation.systems import ModelSystem
from demixme.resources import models_folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_it_is_that_of_the_process_that_separates():
    here = np.ones(1 << 28, np.uint8)  # not what this one holds
    system = ModelSystem("default", models_folder() / "default.onnx")
    found = peak_memory(system, seconds=1)
    assert here.any()
    assert 50e6 < found < 1.5e9
