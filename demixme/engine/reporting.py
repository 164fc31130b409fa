"""How the engine stands, put into the words of `status.Status`. Thread: gui."""

import time
import traceback
from collections.abc import Mapping

from demixme.engine.output import Output
from demixme.engine.probe import Probe
from demixme.engine.status import EngineFault, Event, Meter, Status
from demixme.engine.transport import Play


def heard_frame(play: Play, probe: Probe, output: Output) -> int:
    """Return the song frame heard now: device latency and limiter taken off. Thread: gui."""
    head, track = probe.head, play.track
    if track is None:
        return 0
    if head.generation != play.generation:
        return play.target_frame
    begun_s, first = probe.clock
    passed = (time.perf_counter() - begun_s - output.latency_s) * track.rate
    rendered = min(float(head.output_frame), first + passed) - output.delay_frames
    if not (play.playing and head.sounding):
        return min(head.song_frame, track.frames)
    if rendered < head.jumped_at:
        return play.target_frame
    frame = probe.journal.song_frame_at(rendered)
    return max(0, min(head.song_frame if frame is None else frame, track.frames))


def fault_of(probe: Probe) -> list[Event]:
    """Return the callback's failure as an event, once. Thread: gui."""
    error = probe.failed
    if error is None:
        return []
    probe.failed = None
    return [EngineFault("playing", "".join(traceback.format_exception(error)))]


def status_of(
    play: Play,
    probe: Probe,
    output: Output,
    *,
    position_frame: int,
    meters: Mapping[str, Meter],
    model: str,
    separated: float,
    separating: bool,
    speed: float,
    events: tuple[Event, ...],
) -> Status:
    """Return the status of this moment. Thread: gui."""
    track, head = play.track, probe.head
    waiting = play.playing and head.generation == play.generation and head.holding
    return Status(
        song=None if track is None else track.info,
        track=track,
        store=play.store,
        parts=None if play.mix is None else play.mix.parts,
        mix=play.mix,
        model=model,
        original=play.original,
        playing=play.playing,
        waiting=waiting,
        position_frame=position_frame,
        frames=0 if track is None else track.frames,
        length_known=track is not None and track.complete,
        loop=None if play.loop is None else (play.loop.first, play.loop.last),
        volume=play.volume,
        separated=separated,
        separating=separating,
        speed=speed,
        meters=meters,
        device=output.info,
        buffer_ms=output.buffer_ms,
        latency_s=output.latency_s,
        underruns=probe.underruns,
        waits=probe.waits,
        events=events,
    )
