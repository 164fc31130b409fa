"""On a bus of its own: starts the player, speaks to it as a desktop does, says what it saw."""

import json
import subprocess
import sys
import time
from pathlib import Path

from jeepney import DBusAddress, MatchRule, Properties, message_bus, new_method_call
from jeepney.io.blocking import Proxy, open_dbus_connection

NAME = "org.mpris.MediaPlayer2.demixme"
PATH = "/org/mpris/MediaPlayer2"
PLAYER = DBusAddress(PATH, NAME, "org.mpris.MediaPlayer2.Player")
ROOT = DBusAddress(PATH, NAME, "org.mpris.MediaPlayer2")


def main():
    player = subprocess.Popen([sys.executable, Path(__file__).with_name("mpris_player.py")])
    connection = open_dbus_connection("SESSION")
    bus = Proxy(message_bus, connection)

    def until(good, limit_s=40.0):
        end = time.monotonic() + limit_s
        while not (value := good()):
            if time.monotonic() > end:
                raise SystemExit("that never came")
            time.sleep(0.05)
        return value

    def call(address, member, signature=None, body=()):
        return connection.send_and_get_reply(
            new_method_call(address, member, signature, body), timeout=10
        ).body

    def read(name):
        return connection.send_and_get_reply(Properties(PLAYER).get(name), timeout=10).body[0]

    until(lambda: bus.NameHasOwner(NAME)[0])
    until(lambda: read("PlaybackStatus")[1] == "Playing")
    rule = MatchRule(type="signal", interface="org.freedesktop.DBus.Properties", path=PATH)
    bus.AddMatch(rule)
    seen = {
        "all": connection.send_and_get_reply(Properties(PLAYER).get_all(), timeout=10).body[0],
        "identity": connection.send_and_get_reply(Properties(ROOT).get("Identity")).body[0],
        "xml": call(DBusAddress(PATH, NAME, "org.freedesktop.DBus.Introspectable"), "Introspect"),
    }
    with connection.filter(rule) as signals:
        call(PLAYER, "PlayPause")
        seen["signal"] = connection.recv_until_filtered(signals, timeout=10).body
    until(lambda: read("PlaybackStatus")[1] == "Paused")
    track = read("Metadata")[1]["mpris:trackid"][1]
    call(PLAYER, "SetPosition", "ox", (track, 5_000_000))
    seen["position"] = until(lambda: (p := read("Position"))[1] >= 5_000_000 and p)
    call(PLAYER, "Seek", "x", (-2_000_000,))
    seen["after_seek"] = until(lambda: (p := read("Position"))[1] < 4_000_000 and p)
    connection.send_and_get_reply(Properties(PLAYER).set("Volume", "d", 0.5), timeout=10)
    seen["volume"] = until(lambda: (v := read("Volume"))[1] < 0.9 and v)
    call(PLAYER, "Next")
    seen["next"] = until(lambda: (m := read("Metadata")[1])["xesam:title"][1][0] == "b" and m)
    seen["unknown"] = call(PLAYER, "Sing")
    call(ROOT, "Quit")
    until(lambda: not bus.NameHasOwner(NAME)[0])
    player.terminate()
    seen["ended"] = player.wait(20) is not None
    print(json.dumps(seen))


main()
