"""Media keys and the desktop's player controls on Linux: MPRIS 2 on the session bus.

A helper thread owns the connection: it answers from `Remote.now` and fills `Remote.asked`. jeepney
writes each D-Bus type as it is meant; Qt's marshalling cannot say int64 in a map.
Specification: freedesktop.org, MPRIS D-Bus Interface Specification 2.2.
"""

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from demixme.ui import remote
from demixme.ui.remote import Now, Remote

NAME = "org.mpris.MediaPlayer2.demixme"
PATH = "/org/mpris/MediaPlayer2"
ROOT, PLAYER = "org.mpris.MediaPlayer2", "org.mpris.MediaPlayer2.Player"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_LOOK_S = 0.2  # between two looks at `now`
_JUMP_S = 1.0  # from here on a place that is not where it was going is a jump
_log = logging.getLogger(__name__)

Values = dict[str, tuple[str, Any]]


def root_values() -> Values:
    """Return the properties of the program, with their D-Bus types."""
    return {
        "CanQuit": ("b", True),
        "CanRaise": ("b", True),
        "HasTrackList": ("b", False),
        "Identity": ("s", "DemixME"),
        "DesktopEntry": ("s", "demixme"),
        "SupportedUriSchemes": ("as", ["file"]),
        "SupportedMimeTypes": ("as", ["audio/mpeg", "audio/flac", "audio/ogg", "audio/x-wav"]),
    }


def player_values(now: Now) -> Values:
    """Return the properties of the player, with their D-Bus types."""
    there = bool(now.song)
    return {
        "PlaybackStatus": ("s", "Playing" if now.playing else "Paused" if there else "Stopped"),
        "Rate": ("d", 1.0),
        "MinimumRate": ("d", 1.0),
        "MaximumRate": ("d", 1.0),
        "Metadata": ("a{sv}", _metadata(now)),
        "Volume": ("d", now.volume),
        "Position": ("x", round(now.position_now_s() * 1e6)),
        "CanGoNext": ("b", now.has_next),
        "CanGoPrevious": ("b", now.has_previous),
        "CanPlay": ("b", there),
        "CanPause": ("b", there),
        "CanSeek": ("b", there),
        "CanControl": ("b", True),
    }


def _metadata(now: Now) -> Values:
    if not now.song:
        return {"mpris:trackid": ("o", "/org/mpris/MediaPlayer2/TrackList/NoTrack")}
    made: Values = {
        "mpris:trackid": ("o", track_id(now)),
        "mpris:length": ("x", round(now.length_s * 1e6)),
        "xesam:title": ("s", now.title),
        "xesam:url": ("s", now.address),
    }
    if now.artist:
        made["xesam:artist"] = ("as", [now.artist])
    return made


def track_id(now: Now) -> str:
    """Return the object path that stands for the song."""
    return f"/org/demixme/song/{now.song}"


class Mpris:
    """Serves one Remote; `close` ends the thread."""

    def __init__(self, shared: Remote) -> None:
        self.shared = shared
        self._stop = threading.Event()
        self._told: Values = {}
        self._place = (0, 0.0)
        self._thread = threading.Thread(target=self._run, name="demixme-mpris", daemon=True)

    def start(self) -> None:
        """Connect and serve. Thread: gui; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End; waits at most one look. Thread: gui."""
        self._stop.set()
        self._thread.join(2.0)

    # ------------------------------------------------------------ the helper thread
    def _run(self) -> None:
        try:
            from jeepney.io.blocking import open_dbus_connection
        except ImportError:
            return
        try:
            with open_dbus_connection(bus="SESSION") as connection:
                self._serve(connection)
        except (OSError, KeyError, ValueError, EOFError) as error:
            _log.info("no player controls on this desktop: %r", error)

    def _serve(self, connection: Any) -> None:
        from jeepney import DBusAddress, new_method_call

        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        for name in (NAME, f"{NAME}.instance{os.getpid()}"):
            request = new_method_call(bus, "RequestName", "su", (name, 4))
            answer = connection.send_and_get_reply(request, timeout=5.0)
            if answer.body and answer.body[0] in (1, 4):
                break
        while not self._stop.is_set():
            try:
                message = connection.receive(timeout=_LOOK_S)
            except TimeoutError:
                message = None
            if message is not None:
                self._answer(connection, message)
            self._tell(connection)

    def _answer(self, connection: Any, message: Any) -> None:
        from jeepney import HeaderFields, MessageType, new_error, new_method_return

        if message.header.message_type is not MessageType.method_call:
            return
        fields = message.header.fields
        interface = fields.get(HeaderFields.interface, "")
        member = fields.get(HeaderFields.member, "")
        try:
            signature, body = self._called(interface, member, message.body)
            reply = new_method_return(message, signature or None, body)
        except (LookupError, TypeError, ValueError):
            unknown = "org.freedesktop.DBus.Error.UnknownMethod"
            reply = new_error(message, unknown, "s", (f"there is no {interface}.{member}",))
        connection.send(reply)

    def _called(self, interface: str, member: str, body: tuple[Any, ...]) -> tuple[str, Any]:
        """Do what was called; return the answer's signature and body."""
        if interface == _PROPERTIES:
            return self._property(member, body)
        if member == "Introspect":
            return "s", (_introspection(self.shared.now),)
        if interface == "org.freedesktop.DBus.Peer" and member == "Ping":
            return "", ()
        if interface not in (ROOT, PLAYER):
            raise LookupError(interface)
        _CALLS[member](self.shared, body)
        return "", ()

    def _property(self, member: str, body: tuple[Any, ...]) -> tuple[str, Any]:
        values = root_values() if body[0] == ROOT else player_values(self.shared.now)
        if body[0] not in (ROOT, PLAYER):
            raise LookupError(body[0])
        if member == "Get":
            return "v", (values[body[1]],)
        if member == "GetAll":
            return "a{sv}", (values,)
        if member == "Set" and body[1] == "Volume":
            self.shared.ask(remote.VOLUME, max(0.0, min(1.0, float(body[2][1]))))
            return "", ()
        raise LookupError(member)

    def _tell(self, connection: Any) -> None:
        """Say what changed since the last look, and a jump in the song."""
        from jeepney import DBusAddress, new_signal

        now = self.shared.now
        values = player_values(now)
        del values["Position"]  # by the specification never signalled
        changed = {k: v for k, v in values.items() if self._told.get(k) != v}
        if changed:
            self._told = values
            address = DBusAddress(PATH, interface=_PROPERTIES)
            body: tuple[Any, ...] = (PLAYER, changed, [])
            connection.send(new_signal(address, "PropertiesChanged", "sa{sv}as", body))
        place = now.position_s - (now.stamp_s if now.playing else 0.0)
        before, self._place = self._place, (now.song * 2 + now.playing, place)
        if before[0] == self._place[0] and abs(place - before[1]) > _JUMP_S:
            address = DBusAddress(PATH, interface=PLAYER)
            connection.send(new_signal(address, "Seeked", "x", (round(now.position_s * 1e6),)))


def _set_position(shared: Remote, body: tuple[Any, ...]) -> None:
    if body[0] == track_id(shared.now):
        shared.ask(remote.SEEK_TO, body[1] / 1e6)


def _simply(what: str) -> Callable[[Remote, tuple[Any, ...]], None]:
    return lambda shared, _: shared.ask(what)


_CALLS: dict[str, Callable[[Remote, tuple[Any, ...]], None]] = {
    "Play": _simply(remote.PLAY),
    "Pause": _simply(remote.PAUSE),
    "PlayPause": _simply(remote.PLAY_PAUSE),
    "Stop": _simply(remote.STOP),
    "Next": _simply(remote.NEXT),
    "Previous": _simply(remote.PREVIOUS),
    "Raise": _simply(remote.RAISE),
    "Quit": _simply(remote.QUIT),
    "Seek": lambda shared, body: shared.ask(remote.SEEK_BY, body[0] / 1e6),
    "SetPosition": _set_position,
    "OpenUri": lambda shared, body: shared.ask(remote.OPEN, str(body[0])),
}
_ARGUMENTS = {"Seek": ("x",), "SetPosition": ("o", "x"), "OpenUri": ("s",)}


def _introspection(now: Now) -> str:
    """Return the interfaces as XML, from the same tables that answer."""
    lines = ["<node>"]
    for interface, values in ((ROOT, root_values()), (PLAYER, player_values(now))):
        lines.append(f'<interface name="{interface}">')
        for name in _CALLS:
            if (name in ("Raise", "Quit")) == (interface == ROOT):
                arguments = _ARGUMENTS.get(name, ())
                inside = "".join(f'<arg type="{t}" direction="in"/>' for t in arguments)
                lines.append(f'<method name="{name}">{inside}</method>')
        for name, (kind, _) in values.items():
            access = "readwrite" if name == "Volume" else "read"
            lines.append(f'<property name="{name}" type="{kind}" access="{access}"/>')
        if interface == PLAYER:
            lines.append('<signal name="Seeked"><arg type="x"/></signal>')
        lines.append("</interface>")
    return "\n".join([*lines, "</node>"])
