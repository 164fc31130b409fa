"""A whole song in memory, for work that needs its exact length."""

from dataclasses import dataclass
from pathlib import Path

from demixme.audiofile.decode import open_song
from demixme.core.errors import FileTruncated
from demixme.core.interrupt import Interrupt
from demixme.core.track import Track
from demixme.export.progress import Progress, Stopwatch


@dataclass(frozen=True)
class LoadedSong:
    """A decoded song; `error` where its file breaks off, `repaired_frames` that became silence."""

    track: Track
    error: FileTruncated | None = None
    repaired_frames: int = 0


def load_song(
    path: Path | str, progress: Progress | None = None, interrupt: Interrupt | None = None
) -> LoadedSong:
    """Decode a song to its end in the calling thread; a cut file as far as it goes."""
    decoder = open_song(path)
    try:
        track = Track(decoder.info)
        watch = Stopwatch(track.rate, track.frames, progress)
        error = None
        try:
            for block in decoder.blocks():
                if interrupt is not None:
                    interrupt.check()
                track.append(block)
                watch.tell(track.decoded_frames)
        except FileTruncated as e:
            error = e
        track.finish()
        return LoadedSong(track, error, decoder.repaired_frames)
    finally:
        decoder.close()
