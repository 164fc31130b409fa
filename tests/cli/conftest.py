"""A command run as from the shell, and small songs to run it on."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from demixme import cli
from tests.support.songs import tune, write_song

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict:
        """The one JSON object on stdout."""
        assert self.out.count("\n") == 1
        return json.loads(self.out)

    @property
    def repeated(self) -> list[str]:
        """Remarks and complaints that were made before, or are in the result as well."""
        remarks = self.err.splitlines()
        return [r for k, r in enumerate(remarks) if r in (*remarks[:k], *self.out.splitlines())]


@pytest.fixture
def demixme(capsys, monkeypatch):
    """Run `demixme WORDS…` in this process; no traceback ever, and no line twice."""
    monkeypatch.setattr(cli.logs, "start", lambda: None)

    def run(*words):
        capsys.readouterr()
        code = cli.main([str(w) for w in words])
        said = Said(code, *capsys.readouterr())
        assert "Traceback" not in said.out + said.err
        assert said.repeated == []
        return said

    return run


@pytest.fixture
def shell(user_folders):
    """Run `python -m demixme WORDS…` in a process of its own, with nothing but bytes between."""

    def run(*words, prelude="", **options):
        start = f"{prelude}\nimport runpy, sys\nrunpy.run_module('demixme', run_name='__main__')"
        options.setdefault("env", os.environ | {"PYTHONPATH": str(ROOT)})
        done = subprocess.run(
            [sys.executable, "-c", start, *(str(w) for w in words)],
            capture_output=True,
            timeout=120,
            check=False,
            **options,
        )
        said = Said(
            done.returncode, *(x.decode("utf-8", "replace") for x in (done.stdout, done.stderr))
        )
        assert "Traceback" not in said.out + said.err
        return said

    return run


@pytest.fixture
def song(tmp_path):
    """Return a stereo WAV of 2 s, 16 bits, with letters outside ASCII in its name."""
    return write_song(tmp_path / "söng 夜.wav", tune(2.0))


@pytest.fixture
def silent_song(tmp_path):
    return write_song(tmp_path / "silent.wav", np.zeros((44100, 2)))
