"""Songs through systems: one after the other or in several processes, each kept when it is done."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from demixme.audiofile.collections import Song
from demixme.evaluation.reference import fingerprint, label, load_reference
from demixme.evaluation.results import ResultsFile, code_hash, score_key
from demixme.evaluation.scores import SongScore, scored
from demixme.evaluation.systems import System

#: Called with the song, and how many of all are done.
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Settings:
    """What the figures depend on beside song and system.

    `seconds` is 0 for whole songs; `silent` are parts that never sound where a song has no file of
    them; `quick` leaves out what only museval can say.
    """

    seconds: float = 0.0
    silent: tuple[str, ...] = ()
    quick: bool = False


@dataclass(frozen=True)
class Job:
    """One song and the systems that have not been scored on it yet, by key."""

    song: Song
    systems: dict[str, System]
    settings: Settings

    def done(self) -> list[SongScore]:
        """Return the scores; a system without estimates of the song has none."""
        reference = load_reference(self.song, self.settings.seconds, self.settings.silent)
        scores = []
        for key, system in self.systems.items():
            estimate = system.estimate(reference)
            if estimate is not None:
                quick = self.settings.quick
                scores.append(scored(key, system.name, reference, estimate, quick))
        return scores


class Evaluation:
    """Scores of some systems on some songs, with what a results file knows already.

    Parameters
    ----------
    songs : sequence of Song
    systems : sequence of System
        Each with a name of its own.
    settings : Settings
    results : ResultsFile
    """

    def __init__(
        self,
        songs: Sequence[Song],
        systems: Sequence[System],
        settings: Settings,
        results: ResultsFile,
    ) -> None:
        self.songs = songs
        self.systems = systems
        self.settings = settings
        self.results = results
        self.identities = {s.name: s.identity() for s in systems}
        code = code_hash()
        self._keys = {
            (label(song), system.name): score_key(
                *(label(song), fingerprint(song), self.identities[system.name], code),
                *(settings.seconds, settings.silent, settings.quick),
            )
            for song in songs
            for system in systems
        }

    @property
    def rated(self) -> list[System]:
        """Return the systems that do not know the truth; others are compared with the first."""
        return [s for s in self.systems if self.identities[s.name]["kind"] in ("model", "files")]

    def jobs(self) -> list[Job]:
        """Return what is still to be done."""
        found = []
        for song in self.songs:
            keys = {self._keys[label(song), s.name]: s for s in self.systems}
            missing = {k: s for k, s in keys.items() if k not in self.results.scores}
            if missing:
                found.append(Job(song, missing, self.settings))
        return found

    def run(self, jobs: int = 1, told: Told | None = None) -> None:
        """Score what is missing, in `jobs` processes; every song is kept when it is done."""
        todo = self.jobs()
        done = len(self.songs) - len(todo)
        for name, scores in _each_done(todo, jobs):
            done += 1
            for score in scores:
                self.results.add(score)
            self.results.write(systems=self.identities, complete=False)
            if told is not None:
                told(name, done, len(self.songs))

    def scores(self) -> list[SongScore]:
        """Return the scores there are, song by song in the systems' order."""
        known = self.results.scores
        return [known[key] for key in self._keys.values() if key in known]


def _each_done(todo: Sequence[Job], jobs: int) -> Iterator[tuple[str, list[SongScore]]]:
    if jobs == 1 or len(todo) < 2:
        for job in todo:
            yield label(job.song), job.done()
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(todo)), context, _leave_interrupts) as pool:
        names = {pool.submit(job.done): label(job.song) for job in todo}
        try:
            for future in as_completed(names):
                yield names[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _leave_interrupts() -> None:
    """Let Ctrl+C be the parent's business alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
