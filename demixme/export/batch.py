"""Many songs: what is to be done with each, and whether it is done already."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from demixme import __version__
from demixme.audiofile.identity import song_digest
from demixme.audiofile.paths import system_path
from demixme.audiofile.tagcopy import read_all_tags
from demixme.core.errors import FileMissing, WorkerUnfit
from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState, Strip
from demixme.core.parts import Parts
from demixme.export.ahead import open_slots
from demixme.export.manifest import Entry, read_entry, write_entry
from demixme.export.names import filled
from demixme.export.order import Made, Order, RemixOrder, StemFileOrder, StemsOrder
from demixme.export.progress import Progress
from demixme.export.remix import RemixFile
from demixme.export.render import Level, Span
from demixme.export.song import load_song
from demixme.export.stemfile import stem_file_path
from demixme.separation.registry import Model

SUFFIXES = frozenset(
    [
        ".wav",
        ".w64",
        ".rf64",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".mp3",
        ".aiff",
        ".aif",
        ".aifc",
        ".m4a",
        ".mp4",
        ".aac",
        ".wma",
    ]
)
STEMS, REMIX = "stems", "remix"
STEM_FILE = "stem.mp4"  # the format of one file for all parts


@dataclass(frozen=True)
class Job:
    """One song of a batch, in plain values that can be sent to another process.

    `options` decide what is in the files: format, encoding, first_s, last_s, quality, name;
    for stems also stems; for a remix also level, strips (part → [dB, mute, solo, balance]),
    master_db and mix, its words for the name.
    """

    song: str
    folder: str
    what: str
    model: str
    model_name: str
    model_hash: str
    options: Mapping[str, Any]
    overwrite: bool = False
    verify: bool = False
    threads: int = 1
    alone: bool = True
    version: str = __version__

    def order(self, parts: Parts, span: Span | None, values: dict[str, str], again: bool) -> Order:
        """Return what is to be written; `again` over what this job has written before."""
        o, overwrite = self.options, self.overwrite or again
        if self.what == STEMS and o["format"] == STEM_FILE:
            path = Path(self.folder) / filled(o["name"], values)
            return StemFileOrder(parts, stem_file_path(path), overwrite)
        if self.what == STEMS:
            only = None if o["stems"] is None else tuple(o["stems"])
            return StemsOrder(
                parts,
                Path(self.folder),
                o["format"],
                o["encoding"],
                span,
                only,
                template=o["name"],
                values=values,
                overwrite=overwrite,
            )
        strips = {
            name: Strip(float(level), mute, solo, pan)
            for name, (level, mute, solo, pan) in o["strips"].items()
        }
        path = Path(self.folder) / filled(o["name"], values)
        return RemixOrder(
            MixState(parts, strips, float(o["master_db"])),
            path.with_name(f"{path.name}.{o['format']}"),
            o["encoding"],
            span,
            Level(o["level"]),
            overwrite,
        )

    def values(self) -> dict[str, str]:
        """Return what the fields of a name template stand for."""
        song = Path(self.song)
        texts = read_all_tags(song).texts
        return {
            "song": song.stem,
            "title": texts.get("title", (song.stem,))[0],
            "artist": ", ".join(texts.get("artist", ())),
            "mix": self.options.get("mix", ""),
            "model": self.model_name,
        }

    def targets(self, parts: Parts) -> dict[str, Path]:
        """Return the files it makes, by the names of the parts, or of the mix."""
        return self.order(parts, None, self.values(), False).targets(Path(self.song))


@dataclass
class Outcome:
    """What became of a job: state ``done``, ``skipped`` or ``failed``; `details` say more."""

    song: str
    state: str
    files: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    took_s: float = 0.0
    error: str = ""
    kind: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def find_songs(inputs: Sequence[Path], out: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each song and the folder for its results: sub-folders of an input are mirrored.

    What lies in `out` is never taken for a song; hidden files are left out.
    """
    real_out = os.path.realpath(out)
    for given in inputs:
        if not given.is_dir():
            yield given, out
            continue
        inside = os.path.realpath(given) != real_out
        for folder, folders, files in os.walk(given):
            folders[:] = sorted(
                f
                for f in folders
                if not f.startswith(".")
                and not (inside and os.path.realpath(os.path.join(folder, f)) == real_out)
            )
            for name in sorted(files):
                if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                    yield Path(folder) / name, out / os.path.relpath(folder, given)


def run_job(
    job: Job,
    model: Model,
    progress: Progress | None = None,
    interrupt: Interrupt | None = None,
) -> Outcome:
    """Do one job, or skip it where its results stand there already; raises DemixError, OSError."""
    if (job.version, job.model_hash) != (__version__, model.sha256):
        raise WorkerUnfit(f"{__version__}, {model.name}", f"{job.version}, {job.model_name}")
    began_s = time.perf_counter()
    song, values = Path(job.song), job.values()
    if not song.exists():
        raise FileMissing(song)
    named = job.order(model.parts, None, values, False).targets(song)
    files = {name: str(path) for name, path in named.items()}
    targets = list(named.values())
    home = targets[0].parent
    entry = read_entry(home, song.name)
    names = [os.path.relpath(t, home) for t in targets]
    digest = None
    if entry is not None and _is_ours(entry, job, home, names):
        digest = _digest_unless_fresh(entry, job, song, targets, interrupt)
        if digest is None or digest == entry.song_digest:
            return Outcome(job.song, "skipped", files)
    again = entry is not None and set(names) <= set(entry.files)
    found = load_song(song, interrupt=interrupt)
    made = _written(job, model, found.track, values, again, progress, interrupt)
    sizes = {n: os.path.getsize(system_path(t)) for n, t in zip(names, targets, strict=True)}
    digest = digest or song_digest(song, interrupt)
    song_bytes = os.path.getsize(system_path(song))
    write_entry(home, song.name, Entry(song_bytes, digest, model.sha256, dict(job.options), sizes))
    details = _details(made) | {
        "truncated": found.error is not None,
        "repaired_frames": found.repaired_frames,
    }
    took_s = time.perf_counter() - began_s
    return Outcome(job.song, "done", files, made.frames / made.rate, took_s, details=details)


def _written(
    job: Job,
    model: Model,
    track: Any,
    values: dict[str, str],
    again: bool,
    progress: Progress | None,
    interrupt: Interrupt | None,
) -> Made:
    order = job.order(model.parts, _span(job, track.rate, track.frames), values, again)
    if not order.needs_stems:
        return order.run(track, None, progress, interrupt)
    best = job.options["quality"] == "best"
    with open_slots(model, track, best, job.alone) as source:
        return order.run(track, source, progress, interrupt)


def _span(job: Job, rate: int, frames: int) -> Span | None:
    first_s, last_s = job.options["first_s"], job.options["last_s"]
    if first_s is None and last_s is None:
        return None
    last = frames if last_s is None else min(frames, round(last_s * rate))
    return round((first_s or 0.0) * rate), last


def _is_ours(entry: Entry, job: Job, home: Path, names: Sequence[str]) -> bool:
    """Say whether an entry describes this very job, and all its files stand there whole."""
    options = {**job.options}
    if (entry.model, dict(entry.options)) != (job.model_hash, options):
        return False
    for name in names:
        try:
            if os.path.getsize(system_path(home / name)) != entry.files.get(name):
                return False
        except OSError:
            return False
    return True


def _digest_unless_fresh(
    entry: Entry, job: Job, song: Path, targets: Sequence[Path], interrupt: Interrupt | None
) -> str | None:
    """Return the song's digest where it must be looked at: None if size and time say enough."""
    facts = os.stat(system_path(song))
    older = all(facts.st_mtime_ns <= os.stat(system_path(t)).st_mtime_ns for t in targets)
    if facts.st_size == entry.song_bytes and older and not job.verify:
        return None
    return song_digest(song, interrupt)


def _details(made: Made) -> dict[str, Any]:
    details = {
        "encoding": made.encoding,
        "rate": made.file_rate,
        "song_rate": made.rate,
        "channels": made.channels,
        "gain_db": round(made.gain_db, 2),
        "rf64": made.is_rf64,
        "tags_lost": made.tags_lost,
        "clipped_frames": made.clipped_frames,
    }
    if isinstance(made, RemixFile):
        details["loudness_lufs"] = round(made.loudness.lufs, 2)
        details["true_peak_dbtp"] = round(made.loudness.true_peak_db, 2)
    return details


def as_plain(thing: Job | Outcome) -> dict[str, Any]:
    """Return a job or an outcome as plain values."""
    plain = asdict(thing)
    if isinstance(thing, Job):
        plain["options"] = dict(thing.options)
    return plain
