"""The audio thread's work: from the wanted Play to frames for the card, whatever the block size.

Everything here runs on the audio thread unless it says otherwise: it never locks, waits, logs,
allocates by size or raises. A block is cut where something changes (a timed move, a fade's or a
ramp's end, a loop's wrap); what a cut piece holds follows from frames alone.
"""

import numpy as np
from numpy.typing import NDArray

from demixme.core.parts import FOUR_PARTS
from demixme.dsp.limiter import Limiter
from demixme.dsp.meter import BlockMeter
from demixme.dsp.mixer import Mixer
from demixme.engine.fade import Fade
from demixme.engine.probe import Block, Head, Probe
from demixme.engine.source import FAILED, MISSING, OPEN, WRAP, Source
from demixme.engine.transport import LOOP_FADE_S, RAMP_S, Loop, Play, PlayCell
from demixme.engine.volume import Volume

PIECE_FRAMES = 2048
_STILL, _SOUNDING, _TRAVELLING = range(3)  # what the song does while a piece is rendered


class Callback:
    """Renders one rate's songs from the Play in `cell`.

    Parameters
    ----------
    cell : PlayCell
    rate : int
        Frames a second; a track of another rate is silent here.
    probe : Probe
    """

    def __init__(self, cell: PlayCell, rate: int, probe: Probe) -> None:
        self.rate = rate
        self.probe = probe
        self._cell = cell
        self._parked = False
        self._ramp = round(RAMP_S * rate)
        self._mixer = Mixer(FOUR_PARTS, rate, PIECE_FRAMES)
        self._fade = Fade(self._ramp, PIECE_FRAMES)
        self._source = Source(PIECE_FRAMES, round(LOOP_FADE_S * rate))
        self._limiter = Limiter(rate, PIECE_FRAMES)
        self._meter = BlockMeter(PIECE_FRAMES)
        self._volume = Volume(self._ramp, PIECE_FRAMES)
        self._x, self._mixture = (np.zeros((PIECE_FRAMES, 2), np.float32) for _ in range(2))
        self._generation = -1
        self._frame = 0
        self._output_frame = probe.head.output_frame
        self._jumped_at = 0
        self._sounding = False
        self._settled = self._limiter.delay_frames  # frames of silence rendered since it sounded
        self._holding = False
        self._ended = False
        self._moving, self._note_change = _STILL, True
        self._armed: Loop | None = None

    @property
    def delay_frames(self) -> int:
        """Return W: what is put out was rendered so many frames earlier. Thread: any."""
        return self._limiter.delay_frames

    def park(self, parked: bool) -> None:
        """Fade out and stay silent, or come back. Thread: device."""
        if not parked:  # another rate's callback may have run meanwhile
            self._output_frame = max(self._output_frame, self.probe.head.output_frame)
        self._parked = parked

    @property
    def silent(self) -> bool:
        """Return whether nothing of the song is put out any more. Thread: any."""
        return not self._sounding and self._settled >= self.delay_frames

    # ------------------------------------------------------------ blocks
    def render(self, out: NDArray[np.float32]) -> None:
        """Fill [frames, 2]."""
        try:
            play = self._cell.play
            for at in range(0, len(out), PIECE_FRAMES):
                self._piece(play, out[at : at + PIECE_FRAMES])
        except Exception as error:  # noqa: BLE001  (a callback that raises kills the stream)
            out[...] = 0.0
            self.probe.failed = error
        self.probe.head = Head(
            self._generation,
            self._output_frame,
            self._frame,
            self._ended,
            self._sounding,
            self._holding,
            self._jumped_at,
        )

    def _piece(self, play: Play, out: NDArray[np.float32]) -> None:
        n = len(out)
        x, mixture = self._x[:n], self._mixture[:n]
        start, done = self._output_frame, 0
        while done < n:
            done += self._run(play, x[done:], mixture[done:])
        self.probe.add_block(Block(start, n, *self._meter.measure(x)))
        self._limiter.process(x, mixture, out)
        self._volume.apply(out, play.volume)

    def _run(self, play: Play, x: NDArray[np.float32], mixture: NDArray[np.float32]) -> int:
        """Render up to the next change; return the frames done."""
        if not self._sounding:
            silent = self._silent_frames(play, len(x))
            if silent:
                x[:silent] = mixture[:silent] = 0.0
                self._output_frame += silent
                self._settled += silent
                return silent
        n = self._steer(play, len(x))
        self._journal(_SOUNDING)
        self._sound(x[:n], mixture[:n])
        self._output_frame += n
        self._advance(play, n)
        return n

    def _sound(self, x: NDArray[np.float32], mixture: NDArray[np.float32]) -> None:
        mixer, fade = self._mixer, self._fade
        ramping, fading = mixer.ramp_left, fade.direction
        stems = self._source.read(self._frame, len(x), mixer.stem_frames != 0)
        mixture[...] = self._source.mixture[: len(x)]
        mixer.mix(x, mixture, stems)
        fade.apply(x, mixture)
        if (ramping and not mixer.ramp_left) or (fading and not fade.direction):
            self._note_change = True

    # ------------------------------------------------------------ silence
    def _silent_frames(self, play: Play, most: int) -> int:
        """Do what may be done in silence; return for how many frames it lasts (0: sound begins)."""
        self._adopt(play)
        if self._may_sound(play):
            there, behind = self._runway(play, most, self._mixer.stem_frames != 0)
            if behind in (FAILED, WRAP) and there < 2 * self._ramp:
                return self._travel(play, there, behind, most)
            if behind == OPEN or there >= self._ramp + (most if behind == MISSING else 0):
                self._begin()
                return 0
            self._hold()
            if play.silent_when_late and self._runway(play, most, False)[0] >= most:
                return self._travel(play, there, behind, most)
        self._journal(_STILL)
        return most

    def _may_sound(self, play: Play) -> bool:
        """Return whether there is something to play; the gains are then those wanted there."""
        source, track = self._source, self._source.track
        unable = track is None or track.rate != self.rate
        if self._parked or unable or not play.playing or self._ended:
            self._holding = False
            return False
        end = source.end()
        if end is not None and self._frame >= end:
            self._ended = True
            return False
        self._mixer.snap_to(self._gains(play))
        return True

    def _begin(self) -> None:
        self._holding = False
        self._sounding = True
        self._settled = 0
        # before frame 0 there is only silence: nothing to fade in from
        self._fade.level = self._fade.frames if self._frame == 0 else 0
        self._fade.direction = 0
        self._note_change = True

    def _adopt(self, play: Play) -> None:
        if not self._is_known(play):
            self._source.adopt(play.track, play.store)
            self._mixer.use(FOUR_PARTS if play.mix is None else play.mix.parts)
            self._note_change = True
        if play.generation != self._generation:
            self._generation = play.generation
            self._frame = play.target_frame
            self._jumped_at = self._output_frame
            self._ended = False
            self._holding = False
            self._source.release()
            self._note_change = True

    def _hold(self) -> None:
        self.probe.waits += not self._holding
        self._holding = True

    def _travel(self, play: Play, there: int, behind: int, most: int) -> int:
        """Go on in silence: through a failed or late slot, or to a loop's end."""
        loop, end = self._loop(play), self._source.end()
        stops = [self._frame + most]
        if behind == FAILED:
            stops.append(self._source.failed_until(self._frame + there))
        if loop is not None:
            stops.append(loop.last)
        if end is not None:
            stops.append(end)
        to_break = self._to_next_break(play, False)
        if to_break is not None:
            stops.append(self._frame + to_break)
        n = max(1, min(stops) - self._frame)
        self._holding = behind == MISSING
        self._journal(_TRAVELLING)
        self._frame += n
        if loop is not None and self._frame == loop.last:
            self._frame = loop.first
            self._note_change = True
        return n

    # ------------------------------------------------------------ sound
    def _steer(self, play: Play, most: int) -> int:
        """Follow the wanted Play while sounding; return for how many frames nothing changes."""
        leaving = self._leaving(play)
        self._armed = self._loop(play)
        if not leaving:
            self._follow(play, most)
        n = most
        if leaving:
            self._turn(-1)
        else:
            n = min(most, self._heed_runway(play, most))
        for limit in (
            self._fade.left(),
            self._mixer.ramp_left or None,
            self._source.wrap_left or None,
            self._to_next_break(play, leaving),
            self._to_wrap_or_end(),
        ):
            if limit is not None:
                n = min(n, limit)
        return max(1, n)

    def _leaving(self, play: Play) -> bool:
        """Return whether the wanted Play asks for silence first."""
        if self._parked or not play.playing or play.generation != self._generation:
            return True
        if play.track is not self._source.track:
            return True
        if self._is_known(play):
            return False
        if self._mixer.stem_frames != 0 or self._mixer.ramp_left:
            return True
        # all parts equal: other parts can take over unheard
        self._source.adopt(play.track, play.store)
        self._mixer.use(FOUR_PARTS if play.mix is None else play.mix.parts, self._mixer.target[0])
        self._note_change = True
        return False

    def _is_known(self, play: Play) -> bool:
        source, parts = self._source, self._mixer.parts
        if play.track is not source.track or play.store is not source.store:
            return False
        return play.mix is None or play.mix.parts == parts

    def _follow(self, play: Play, most: int) -> None:
        """Begin a ramp to the wanted gains, unless there are no stems for it."""
        gains = self._gains(play)
        mixer = self._mixer
        if gains is mixer.target or (gains == mixer.target).all():
            return
        equal = bool((gains == gains[0]).all())
        if not (equal and mixer.stem_frames == 0):
            there, _ = self._runway(play, most, True)
            if there < max(self._fade.level, 1):
                return  # `_heed_runway` fades out; silence takes the gains at once
        mixer.move_to(gains)
        self._note_change = True

    def _heed_runway(self, play: Play, most: int) -> int:
        """Turn to silence one fade before what cannot be played; return the frames until then."""
        mixer, level, frames = self._mixer, self._fade.level, self._fade.frames
        gains = self._gains(play)
        frozen = gains is not mixer.target and not (gains == mixer.target).all()
        if frozen:
            self._hold()
            self._turn(-1)
            return most
        needed = mixer.stem_frames
        there, behind = self._runway(play, most, needed != 0)
        if needed and there >= needed:  # the ramp ends on equal gains before
            there, behind = self._runway(play, most, False)
        if behind == OPEN:
            self._holding = False
            self._turn(1)
            return most
        if self._fade.direction < 0 and there < frames + level:
            return most
        rising = frames - level
        n = there - frames if there - frames >= rising else (there - level) // 2
        if n > 0:
            self._holding = False
            self._turn(1)
            return n
        if behind == MISSING:
            self._hold()
        self._turn(-1)
        return most

    def _turn(self, direction: int) -> None:
        if self._fade.turn(direction):
            self._note_change = True

    def _advance(self, play: Play, n: int) -> None:
        """Move the play head; see what has come to its end."""
        self._frame += n
        fade = self._fade
        loop = self._armed
        if loop is not None and self._frame == loop.last:
            smooth = self._smooth(loop)
            self._frame = loop.first
            self._note_change = True
            if smooth:
                self._source.wrap(loop.last)
            else:
                self._source.release()
        elif self._source.end() == self._frame:
            self._ended = play.generation == self._generation
            fade.level = fade.direction = 0
        if fade.level == 0:
            self._fall_silent()

    def _fall_silent(self) -> None:
        self._sounding = False
        self._source.release()
        self._note_change = True

    # ------------------------------------------------------------ where things end
    def _gains(self, play: Play) -> NDArray[np.float64]:
        """Return the gains wanted at the play head."""
        if play.mix is None or play.original:
            return np.ones((len(self._mixer.parts.names), 2))
        return play.mix.at(self._frame).gains

    def _to_next_break(self, play: Play, leaving: bool) -> int | None:
        if leaving or play.mix is None or play.original:
            return None
        frame = play.mix.next_break(self._frame)
        return None if frame is None else frame - self._frame

    def _to_wrap_or_end(self) -> int | None:
        end = self._source.end()
        ends = [e for e in (None if self._armed is None else self._armed.last, end) if e]
        ahead = [e - self._frame for e in ends if e > self._frame]
        return min(ahead) if ahead else None

    def _loop(self, play: Play) -> Loop | None:
        """Return the loop if the play head will come round in it."""
        loop, frame = play.loop, self._frame
        if loop is None or play.generation != self._generation:
            return None
        end = self._source.end()
        if end is not None and loop.last > end:
            loop = Loop(loop.first, end)
        if frame >= loop.last or loop.first >= loop.last:
            return None
        if self._sounding and not self._smooth(loop) and loop.last - frame < self._fade.level:
            return None  # set too late to fade out before it
        return loop

    def _smooth(self, loop: Loop) -> bool:
        """Return whether the frames after the loop that its cross-fade needs exist."""
        end = self._source.end()
        return end is None or loop.last + self._source.wrap_frames <= end

    def _runway(self, play: Play, most: int, stems: bool) -> tuple[int, int]:
        """Return the frames that can be played from the play head on, and what stands behind."""
        source, frame = self._source, self._frame
        need = most + 2 * self._ramp
        loop = self._loop(play)
        if loop is None:
            return source.ahead(frame, need, stems)
        span = loop.last - frame
        if not self._smooth(loop):
            there, behind = source.ahead(frame, min(need, span), stems)
            return (there, WRAP) if there == span else (there, behind)
        if need <= span:
            return source.ahead(frame, need, stems)
        wrap = source.wrap_frames
        there, behind = source.ahead(frame, span + wrap, stems)
        if there < span + wrap:
            return min(there, span), behind
        round_again, behind = source.ahead(loop.first, need - span, stems)
        return span + round_again, behind

    # ------------------------------------------------------------ journal
    def _journal(self, moving: int) -> None:
        """Write where things stand if anything changed."""
        if moving == self._moving and not self._note_change:
            return
        self._moving = moving
        self._note_change = False
        sounding = moving == _SOUNDING
        self.probe.journal.write(
            (self._output_frame, self._frame, 1 if moving else 0),
            (self._fade.value, self._fade.slope) if sounding else (0.0, 0.0),
            self._mixer.gains,
            self._mixer.slope,
        )
