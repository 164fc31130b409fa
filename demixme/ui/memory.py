"""Per-song memory: takes back mix, loops and place of a song, and keeps them when it goes.

Runs on the gui thread, fed by the bridge's ticks; only a song's digest is made in a task.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from demixme import textfile
from demixme.core.errors import CannotWrite, DemixError, FileUnreadable
from demixme.core.mixstate import MixState, Move, Strip
from demixme.core.session import MOST_BYTES, Session, SongIdentity, from_json, to_json
from demixme.core.track import SongInfo
from demixme.core.units import clock_text
from demixme.engine.status import Status
from demixme.sessions import SessionStore
from demixme.ui.digest_task import DigestTask
from demixme.ui.loops import LEAST_LOOP_S
from demixme.ui.notice import Notice
from demixme.ui.spoken import mix_in_words

if TYPE_CHECKING:
    from demixme.ui.bridge import Bridge

END_S = 10.0  # a song left so near its end starts at 0
_SOUND_S = 0.5  # after the first sound the file is read for its digest
_LATEST_S = 5.0  # without any sound
_SAVE_EVERY_S = 30.0
_ALIKE_S = 2.0  # another encoding of a song differs by its padding at most
_LAST_PATIENCE_S = 1.0

_log = logging.getLogger(__name__)


class Memory(QObject):
    """The session of the song that is open.

    `recording` are the recorded moves of the song, for whoever records and exports them.
    """

    def __init__(self, bridge: "Bridge", store: SessionStore | None = None) -> None:
        super().__init__()
        self.bridge = bridge
        self.desk = bridge.desk
        self.store = store or SessionStore()
        self.recording: tuple[Move, ...] = ()
        self.digest = ""
        self.parts_come = True  # False where no model can be loaded
        self.find_song: Callable[[str], Path | None] = lambda _: None
        self.carried: MixState | None = None  # of the song before, to be kept for the next one
        self._info: SongInfo | None = None
        self._task: DigestTask | None = None
        self._then: Callable[[str], None] | None = None  # what the task is for, if not this song
        self._opened: tuple[Path, Session] | None = None  # from a .demix, for the song that comes
        self._foreign: Session | None = None  # the same for a song that is another encoding
        self._pending: Session | None = None  # its mix waits until the parts are known
        self._kept = Session()
        self._saved: Session | None = None
        self._late: dict[Path, Session] = {}  # songs that were left before their digest was there
        self._asked_s = self._sounded_s = self._unsaved_s = 0.0
        self._forgotten = False

    # ------------------------------------------------------------ a song comes
    @property
    def waits(self) -> bool:
        """Say whether the song must not sound yet: its mix waits for the parts to be known."""
        pending = self._pending
        return pending is not None and self.parts_come and mix_is_moved(pending)

    def enter(self, info: SongInfo, status: Status) -> None:
        """Take back what is known of a song, before it plays."""
        self._info, self._saved, self._forgotten = info, None, False
        self._asked_s = self._sounded_s = self._unsaved_s = 0.0
        self._kept, self.recording = Session(), ()
        self.digest = self.store.digest_of(info.path)
        opened, self._opened = self._opened, None
        foreign, self._foreign = self._foreign, None
        carried, self.carried = self.carried, None
        if opened is not None and opened[0] == info.path:
            self._apply(opened[1], status, "")
        elif foreign is not None:
            self._offer_foreign(foreign, info)
        else:
            known = self.store.get(self.digest)
            if carried is not None:
                known = replace(
                    known or Session(),
                    strips=carried.strips,
                    master_db=carried.master_db,
                    moves=(),
                )
            if known is not None:
                self._apply(known, status, self.tr("Start fresh"))

    def _apply(self, session: Session, status: Status, fresh: str) -> None:
        """Set the desk as a session says and tell what was taken back."""
        info = self._info
        if info is None:
            return
        session = session.at_rate(info.rate)
        frames = status.frames or info.frames
        self._kept, self.recording = session, session.moves
        least = round(LEAST_LOOP_S * info.rate)
        loop, kept = (_within(x, frames, least) for x in (session.loop, session.kept_loop))
        self.desk.restore_loops(loop, kept)
        self.desk.set_named_loops(tuple(x for x in session.loops if x.last <= frames))
        self._pending = session
        self._apply_mix(status)
        place = session.position_frame
        if frames and place > frames - END_S * info.rate:
            place = 0
        if place:
            self.bridge.seek(place)
        said = self._in_words(session, place)
        if said:
            act = self.start_fresh if fresh else None
            self.bridge.noticed.emit(Notice(said, fresh, act))

    def _apply_mix(self, status: Status) -> None:
        if self._pending is not None and status.mix is not None:
            session, self._pending = self._pending, None
            kept = self.desk.kept_loop or session.kept_loop
            self.desk.restore_mix(session.mix(status.mix.parts))
            self.desk.kept_loop = kept

    def _in_words(self, session: Session, place: int) -> str:
        said = []
        if place and self._info is not None:
            text = self.tr("Continued at {time}")
            said.append(text.format(time=clock_text(place / self._info.rate)))
        words = mix_in_words(session.mix(self.desk.parts)) if mix_is_moved(session) else ""
        if words:
            said.append(words)
        if session.loop is not None and self._info is not None:
            first, last = (clock_text(f / self._info.rate) for f in session.loop)
            said.append(self.tr("loop {first} to {last}").format(first=first, last=last))
        return ", ".join(said)

    def start_fresh(self) -> None:
        """Play the song from its start, everything at 0; undo takes mix and loop back."""
        self._pending = None
        self.desk.set_loop(None)
        self.desk.reset()
        self.bridge.seek(0)

    # ------------------------------------------------------------ while it plays
    def follow(self, status: Status, passed_s: float) -> None:
        """Look at each tick what there is to do."""
        self._apply_mix(status)
        if self._task is not None and self._task.done:
            self._take_digest(status)
        if self._task is None and self._late:
            self._task = DigestTask(next(iter(self._late)))
        if self._info is None or status.song is None:
            return
        self._asked_s += passed_s
        self._sounded_s += passed_s if status.playing and not status.waiting else 0.0
        due = self._sounded_s >= _SOUND_S or self._asked_s >= _LATEST_S
        if not self.digest and due and self._task is None:
            self._asked_s = float("-inf")  # once
            self._sounded_s = float("-inf")
            self._task = DigestTask(self._info.path)
        self._unsaved_s += passed_s
        if self._unsaved_s >= _SAVE_EVERY_S:
            self._unsaved_s = 0.0
            self._keep(status)

    def _take_digest(self, status: Status) -> None:
        task, self._task = self._task, None
        assert task is not None
        if task.digest:
            self.store.learn(task.path, task.digest)
        late = self._late.pop(task.path, None)
        if late is not None and task.digest:
            self.store.put(replace(late, song=replace(late.song, digest=task.digest)))
        then, self._then = self._then, None
        if self._info is not None and task.path == self._info.path and not self.digest:
            self.digest = task.digest
            known = self.store.get(self.digest) if then is None and late is None else None
            if known is not None:
                self._offer(known, status)
        if then is not None:
            then(task.digest)

    def _offer(self, known: Session, status: Status) -> None:
        """Offer the memory of a song that only its sound made known; nothing is overwritten."""
        assert self._info is not None
        known = known.at_rate(self._info.rate)
        said = self._in_words(known, known.position_frame)
        if said:
            text = self.tr("This song was here before: {what}").format(what=said)
            action = self.tr("Take it back")
            take = lambda: self._apply(known, self.bridge.status, "")  # noqa: E731
            self.bridge.noticed.emit(Notice(text, action, take))

    # ------------------------------------------------------------ a song goes
    def session(self, status: Status) -> Session:
        """Return the session of the song as it stands now."""
        info = self._info
        assert info is not None
        mix = self.desk.mix
        if self._pending is not None:
            return replace(self._pending, position_frame=status.position_frame)
        identity = SongIdentity(
            self.digest, info.path.name, info.title, info.artist, info.rate, status.frames
        )
        return Session(
            song=identity,
            strips={**self._kept.strips, **mix.strips},
            master_db=mix.master_db,
            loop=self.desk.loop,
            kept_loop=self.desk.kept_loop,
            position_frame=status.position_frame,
            loops=self.desk.named_loops,
            moves=self.recording or mix.moves,
        )

    def leave(self, status: Status) -> None:
        """Keep the song that was open until now; `status` is the last one of it."""
        if self._info is not None and status.song is not None:
            self._keep(status)
            if not self.digest and not self._forgotten:
                self._late[self._info.path] = self.session(status)
                self._task = self._task or DigestTask(self._info.path)
        self._info, self._pending, self.digest = None, None, ""

    def _keep(self, status: Status) -> None:
        session = self.session(status)
        if not self.digest or self._forgotten or session == self._saved:
            return
        self._saved = session
        if is_empty(session):
            self.store.forget(self.digest)
        else:
            self.store.put(session)

    def close(self, status: Status) -> None:
        """Keep the song and end the task, as the window closes."""
        self.leave(status)
        if self._task is not None:
            self._task.stop(_LAST_PATIENCE_S)
            self._then = None
            self._take_digest(status)

    def forget_song(self) -> None:
        """Forget the song that is open: nothing of it is kept, this time either."""
        self.store.forget(self.digest)
        self._forgotten = True

    def forget_all(self) -> None:
        """Forget every song."""
        self.store.forget_all()
        self._late.clear()
        self._forgotten = True

    # ------------------------------------------------------------ files
    def save_as(self, path: Path) -> None:
        """Write the session to a file; its song's digest is made first where it is not known."""
        status = self.bridge.status
        if self._info is None or status.song is None:
            return
        if self.digest or self._then is not None:
            self._write(path, self.session(status))
            return
        made, song = self.session(status), self._info.path
        self._task = self._task or DigestTask(song)
        if self._task.path != song:  # busy with another one
            self._write(path, made)
            return
        self._then = lambda digest: self._write(
            path, replace(made, song=replace(made.song, digest=digest))
        )

    def _write(self, path: Path, session: Session) -> None:
        try:
            textfile.write_text(path, to_json(session))
        except OSError as error:
            self.bridge.say_error(CannotWrite(path, error.strerror or str(error)))
            return
        self.bridge.noticed.emit(Notice(self.tr("Saved “{file}”.").format(file=path.name)))

    def open_file(self, path: Path) -> None:
        """Open a session file: find its song, play it, set everything as the session says."""
        try:
            session, bad = from_json(textfile.read_bytes(path, MOST_BYTES), str(path))
        except (OSError, ValueError) as error:
            self.bridge.say_error(
                error if isinstance(error, OSError) else FileUnreadable(path, str(error))
            )
            return
        except DemixError as error:
            self.bridge.say_error(error)
            return
        if bad:
            _log.warning("session %s: left out %s", path, ", ".join(bad))
        if session.song.digest and session.song.digest == self.digest:
            self._apply(session, self.bridge.status, "")
            return
        known = self._known_file(session)
        beside = path.with_name(session.song.file_name) if session.song.file_name else None
        if known is not None:
            self._open(known, session)
        elif beside is not None and beside.exists():
            self._check(beside, session, asked=False)
        else:
            self._ask(session)

    def _known_file(self, session: Session) -> Path | None:
        digest = session.song.digest
        files = self.store.files_of(digest) if digest else []
        return next((p for p in files if self.store.digest_of(p) == digest), None)

    def _open(self, path: Path, session: Session) -> None:
        self._opened = (path, session)
        self.bridge.open(path)

    def _check(self, path: Path, session: Session, asked: bool) -> None:
        """Open a file with the session if it is its song; decided when its digest is there."""
        if self._task is not None:
            self._task.stop()
        self._task = DigestTask(path)
        self._then = lambda digest: self._checked(path, session, asked, digest)

    def _checked(self, path: Path, session: Session, asked: bool, digest: str) -> None:
        if digest and digest == session.song.digest:
            self._open(path, session)
        elif asked:
            self._foreign = session
            self.bridge.open(path)
        else:
            self._ask(session)

    def _ask(self, session: Session) -> None:
        """Ask once where the song is."""
        song = session.song
        path = self.find_song(song.file_name or song.title)
        if path is not None:
            self._check(path, session, asked=True)

    def _offer_foreign(self, session: Session, info: SongInfo) -> None:
        seconds = info.frames / info.rate
        if abs(seconds - session.song.seconds) > _ALIKE_S:
            text = self.tr("“{file}” is another song than the session's: it was not applied.")
            self.bridge.noticed.emit(Notice(text.format(file=info.path.name)))
            return
        text = self.tr("“{file}” is another encoding of the session's song.")
        apply = lambda: self._apply(session, self.bridge.status, "")  # noqa: E731
        notice = Notice(text.format(file=info.path.name), self.tr("Apply the session"), apply)
        self.bridge.noticed.emit(notice)


def mix_is_moved(session: Session) -> bool:
    """Say whether a session's mix is other than that of a song nobody touched."""
    moved = any(s != Strip() for s in session.strips.values())
    return moved or session.master_db != 0.0 or bool(session.moves)


def is_empty(session: Session) -> bool:
    """Say whether there is nothing worth keeping."""
    nothing_set = not mix_is_moved(session) and session.kept_loop is None and not session.loops
    return nothing_set and session.position_frame < session.song.rate


def _within(region: tuple[int, int] | None, frames: int, least: int) -> tuple[int, int] | None:
    """Return a loop that the song has room for, and that is long enough to be one."""
    if region is None or (frames and region[1] > frames) or region[1] - region[0] < least:
        return None
    return region
