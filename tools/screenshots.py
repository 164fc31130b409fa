"""Take pictures of the window's main states, off screen, with the real network and no sound card.

.venv/bin/python tools/screenshots.py FOLDER [--song FILE] [--look dark] [--size 1280x800] [STATE …]
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QPainter, QPixmap

from demixme import resources
from demixme.commands import machine, window
from demixme.engine.nulldevice import NullDevice
from demixme.engine.status import DeviceInfo
from demixme.ui.app import WindowOptions, application, make_window
from demixme.ui.presets import presets_for

if TYPE_CHECKING:
    from demixme.ui.window import Window

LOOKS = ("dark", "light")
SIZE = (1280, 800)
LIMIT_S = 120.0


def main() -> None:
    """Take the pictures and print where they are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("states", nargs="*", metavar="STATE", help=", ".join(STATES))
    parser.add_argument("--song", type=Path, default=resources.demo_song())
    parser.add_argument("--look", choices=LOOKS, action="append")
    parser.add_argument("--size", type=_size, default=SIZE)
    given = parser.parse_args()
    unknown = sorted(set(given.states) - set(STATES))
    if unknown:
        parser.error(f"no state {', '.join(unknown)}; there are: {', '.join(STATES)}")
    os.environ["DEMIXME_HOME"] = tempfile.mkdtemp(prefix="demixme-pictures-")  # nobody's settings
    given.folder.mkdir(parents=True, exist_ok=True)
    for look in given.look or LOOKS:
        for path in take(given.folder, look, given.song, given.states or list(STATES), given.size):
            print(path)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def take(
    folder: Path,
    look: str,
    song: Path,
    states: list[str],
    size: tuple[int, int] = SIZE,
    options: WindowOptions | None = None,
) -> list[Path]:
    """Return the pictures of these states, taken in one window: FOLDER/STATE-LOOK.png."""
    application()
    made = make_window(options or _options(look))
    made.resize(*size)
    made.show()
    made.bridge.start()
    paths = []
    try:
        # the empty window comes before any song
        for state in sorted(states, key=list(STATES).index):
            dialog = STATES[state](made, song)
            path = folder / f"{state}-{look}.png"
            if not _picture(made, dialog).save(str(path)):
                raise SystemExit(f"{path} cannot be written")
            if dialog is not None:
                dialog.hide()
            paths.append(path)
    finally:
        made.close()
    return paths


def silent_device() -> NullDevice:
    """Return a device that plays into nothing, under a name such as people have."""
    device = NullDevice(clock=True)
    device.info = DeviceInfo("Built-in Audio", "ALSA", 2, default=True)
    return device


def _options(look: str) -> WindowOptions:
    return WindowOptions(
        make_engine=lambda: machine.make_engine(device=silent_device()),
        models=window.model_choices,
        look=look,
    )


def _picture(made: "Window", dialog: object) -> QPixmap:
    picture = made.grab()
    if dialog is not None:  # another window of the system's: laid over ours in its middle
        painter = QPainter(picture)
        above = dialog.grab()
        ratio = above.devicePixelRatio()
        room = (made.size() - above.size() / ratio) / 2
        painter.drawPixmap(QPoint(room.width(), room.height()), above)
        painter.end()
    return picture


def wait(made: "Window", seconds: float, until: Callable[[], bool] | None = None) -> None:
    """Let the window live until something is so, or for some seconds."""
    loop = QEventLoop()
    told = made.bridge.ticked.connect(lambda *_: loop.quit() if until and until() else None)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    made.bridge.ticked.disconnect(told)
    if until is not None and not until():
        raise SystemExit("the window never came to what was to be pictured")


# ---------------------------------------------------------------- states
def _empty(made: "Window", song: Path) -> None:
    wait(made, 0.3)


def _playing(made: "Window", song: Path) -> None:
    """Play in the middle of a loop, the vocals muted, other parts moved."""
    bridge = made.bridge
    _open(made, song)
    desk, rate = bridge.desk, bridge.status.song.rate
    first, second, *rest = bridge.status.parts.mixer_order
    desk.reset()
    desk.set_mute(first, True)
    desk.set_level(second, -6.2)
    if len(rest) > 1:
        desk.set_level(rest[-1], 2.5)
        desk.set_pan(rest[-1], -0.35)
    third = bridge.status.frames // 3
    desk.set_loop((max(0, third - 2 * rate), third + 3 * rate))
    _play_on(made, third)


def _separating(made: "Window", song: Path) -> None:
    """Play while only the beginning is separated."""
    bridge = made.bridge
    bridge.open(song)
    wait(made, LIMIT_S, lambda: bridge.has_song and 0.2 < bridge.status.separated < 0.8)


def _soloed(made: "Window", song: Path) -> None:
    _open(made, song)
    desk = made.bridge.desk
    desk.reset()
    desk.set_loop(None)
    desk.toggle_solo(desk.parts.mixer_order[0])
    _play_on(made, made.bridge.status.frames // 2)


def _preset(made: "Window", song: Path) -> None:
    _open(made, song)
    desk = made.bridge.desk
    desk.apply_preset(presets_for(desk.parts)[1])
    _play_on(made, made.bridge.status.frames // 2)


def _original(made: "Window", song: Path) -> None:
    _preset(made, song)
    made.bridge.desk.set_original(True)
    wait(made, 0.5)


def _exporting(made: "Window", song: Path) -> object:
    _preset(made, song)
    made.bridge.change_settings(export_folder=str(Path.home() / "Music"))
    made.show_export()
    wait(made, 0.3)
    return made.export_dialog


def _error(made: "Window", song: Path) -> None:
    """Try to open a song that is gone while another plays."""
    _preset(made, song)
    made.bridge.open(Path("holiday.wav"))
    wait(made, LIMIT_S, lambda: made.bar.isVisible())
    wait(made, 0.3)


def _open(made: "Window", song: Path) -> None:
    bridge = made.bridge
    if not bridge.has_song:
        bridge.open(song)
    wait(made, LIMIT_S, lambda: bridge.has_song and bridge.status.separated >= 1.0)


def _play_on(made: "Window", frame: int) -> None:
    """Play from a second before `frame` until the play head is there."""
    bridge = made.bridge
    bridge.seek(max(0, frame - bridge.status.song.rate))
    if not bridge.status.playing:
        bridge.play_pause()
    wait(made, 10.0, lambda: 0 <= bridge.status.position_frame - frame < bridge.status.song.rate)


#: In the order in which one window can show them.
STATES: dict[str, Callable[["Window", Path], object]] = {
    "empty": _empty,
    "separating": _separating,
    "playing": _playing,
    "soloed": _soloed,
    "preset": _preset,
    "original": _original,
    "exporting": _exporting,
    "error": _error,
}

if __name__ == "__main__":
    main()
