"""A song from disk for a command: read to its end, with a remark where something was wrong."""

from pathlib import Path
from typing import TYPE_CHECKING

from demixme.commands.console import Console
from demixme.messages import sentence

if TYPE_CHECKING:
    from demixme.core.track import Track


def loaded(path: Path, console: Console) -> "Track":
    """Return the whole song in memory."""
    from demixme.export.song import load_song

    with console.progress(f"reading {path.name}") as progress:
        song = load_song(path, progress.update)
    if song.error is not None:
        console.tell(sentence(song.error))
    if song.repaired_frames:
        console.tell(f"“{path}” held {song.repaired_frames} broken samples; they are silent now.")
    return song.track
