"""The results file: every song's figures, what made them, and what they come to."""

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import demixme
from demixme.audiofile.partfile import PartFile
from demixme.core.errors import FileUnreadable
from demixme.evaluation.scores import SongScore

FORMAT = "demixme_evaluation"
FORMAT_VERSION = 1
#: Our own code that the figures depend on.
_CODE = (
    *("dsp/*.py", "separation/*.py", "evaluation/estimates.py", "evaluation/measures.py"),
    *("evaluation/reference.py", "evaluation/scores.py", "evaluation/systems.py"),
)
_PACKAGES = ("numpy", "scipy", "onnxruntime", "soxr", "soundfile", "museval")


def made_by() -> dict[str, Any]:
    """Return the versions of everything that has a part in the figures."""
    versions: dict[str, str | None] = {}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = None
    return {
        "demixme": demixme.__version__,
        "code_sha256": code_hash(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        **versions,
    }


def code_hash() -> str:
    """Return a hash of our own code that separates and scores: other code, other figures."""
    package = Path(__file__).resolve().parents[1]
    found = hashlib.sha256()
    for pattern in _CODE:
        for path in sorted(package.glob(pattern)):
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def score_key(*facts: Any) -> str:
    """Return what names a figure: everything it depends on, hashed."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:24]


class ResultsFile:
    """Scores kept song by song; nothing is written where there is no path.

    Scores of other systems that an existing file holds are kept; those of the same song and system
    under another key are out of date and replaced.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.scores: dict[str, SongScore] = {}
        if path is not None and path.exists():
            self.scores = {s.key: s for s in _read(path)}

    def add(self, score: SongScore) -> None:
        """Keep a score in place of what is known of the same song and system."""
        here = (score.song, score.system)
        kept = {k: s for k, s in self.scores.items() if (s.song, s.system) != here}
        self.scores = {**kept, score.key: score}

    def write(self, **rest: Any) -> None:
        """Write everything; the file is whole at any time."""
        if self.path is None:
            return
        document = {FORMAT: FORMAT_VERSION, "made_by": made_by(), **rest}
        document["scores"] = [s.as_json() for s in self.scores.values()]
        file = PartFile(self.path, overwrite=True)
        file.write(json.dumps(document, ensure_ascii=False, indent=1).encode())
        file.commit()


def _read(path: Path) -> Iterable[SongScore]:
    try:
        document = json.loads(path.read_text("utf-8"))
        if document[FORMAT] != FORMAT_VERSION:
            raise FileUnreadable(path, "results of another version")
        return [SongScore.from_json(found) for found in document["scores"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileUnreadable(path, "it is not a results file of “demixme evaluate”") from error
