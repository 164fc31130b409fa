"""What a start loads: a budget, so that nobody makes the program slow to open by an import."""

import json
import subprocess
import sys

import pytest

ASK = (
    "import json, os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'; "
    "import {module}; print(json.dumps(sorted(sys.modules)))"
)
#: Loaded by the first song, sound, network or tag, never by a start.
NEVER_AT_START = {
    *("scipy", "pyqtgraph", "av", "onnxruntime", "sounddevice", "mutagen", "onnx", "torch"),
    *("matplotlib", "PIL", "asyncio", "ssl", "urllib.request", "xml.etree.ElementTree"),
}


def loaded_by(module: str) -> set[str]:
    words = [sys.executable, "-c", ASK.format(module=module)]
    return set(json.loads(subprocess.check_output(words, encoding="utf-8")))


@pytest.mark.parametrize(
    ("module", "budget", "besides"),
    [
        ("demixme.cli", 340, {"PySide6", "soundfile", "soxr"}),
        ("demixme.ui.app", 520, {"PySide6.QtSvg", "PySide6.QtNetwork", "PySide6.QtOpenGL"}),
    ],
)
def test_a_start_loads_little(module: str, budget: int, besides: set[str]) -> None:
    loaded = loaded_by(module)
    assert loaded & (NEVER_AT_START | besides) == set()
    assert len(loaded) <= budget, f"{len(loaded)} modules"
