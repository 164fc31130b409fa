"""Sets Qt up, makes the window and runs it; and takes its picture without a screen."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# pyqtgraph prefers PyQt6 where it finds one
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from demixme import logs
from demixme.resources import APP
from demixme.ui.arrivals import Arrivals
from demixme.ui.bridge import Bridge, MakeEngine, ModelChoice
from demixme.ui.desktop import Desktop
from demixme.ui.handover import first_start
from demixme.ui.icons import program_icon
from demixme.ui.language import speak
from demixme.ui.theme import Look
from demixme.ui.window import Window


@dataclass(frozen=True)
class WindowOptions:
    """What the command line hands the window: how to make an engine, which models there are."""

    make_engine: MakeEngine
    models: Callable[[], Sequence[ModelChoice]] = tuple
    settings_path: Path | None = None
    diagnostics: Callable[[], str] = str
    look: str = ""  # "" is the look of the settings


class Application(QApplication):
    """Takes the files that macOS hands over while the program runs, or before its window is up."""

    def __init__(self) -> None:
        super().__init__([APP])
        self._open: Callable[[list[str]], None] | None = None
        self._early: list[str] = []

    def opened_by_desktop(self, opener: Callable[[list[str]], None]) -> None:
        """Give files to `opener`, those that came before as well."""
        self._open = opener
        if self._early:
            opener(self._early)
            self._early = []

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            if self._open is None:
                self._early.append(event.file())
            else:
                self._open([event.file()])
            return True
        return super().event(event)


def application() -> QApplication:
    """Return the Qt application, made and set up once."""
    made = QApplication.instance()
    if isinstance(made, QApplication):
        return made
    app = Application()
    app.setStyle("Fusion")
    app.setApplicationName(APP)
    app.setApplicationDisplayName(APP)
    app.setDesktopFileName("demixme")
    app.setWindowIcon(program_icon())
    return app


def make_window(options: WindowOptions) -> Window:
    """Return the window with its engine running, not shown yet."""
    application()
    bridge = Bridge(
        options.make_engine(), options.models, options.settings_path, options.diagnostics
    )
    speak(bridge.language)
    look = Look(options.look or bridge.settings.look)
    return Window(bridge, look)


def run_window(song: Path | None, options: WindowOptions) -> int:
    """Open the window, with a song if one is given, and return the exit code when it closes."""
    app = application()
    first = first_start([song] if song is not None else [])
    if first is None:
        return 0  # the window that is open has the song now
    try:
        window = make_window(options)
        arrivals = Arrivals(window)

        def begin() -> None:
            _begin(window, None)
            if song is not None:
                arrivals.open([song])
            if isinstance(app, Application):
                app.opened_by_desktop(arrivals.take)
            first.receive(arrivals.take)

        for number in (signal.SIGINT, signal.SIGTERM):
            # Python runs this at the next tick of the bridge, thirty times a second
            signal.signal(number, lambda *_: window.close())
        window.show()
        # everything after the first picture: the window is up before the engine has work
        QTimer.singleShot(0, begin)
        desktop = Desktop(window)
        code = int(app.exec())
        desktop.close()
        _take_apart(window)
        return code
    finally:
        first.close()


def _take_apart(window: Window) -> None:
    """Destroy the window while Qt is still whole.

    Left to Python's own end, it may go after the application, and what its widgets then ask of the
    event loop ends the process by a fault.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _begin(window: Window, song: Path | None) -> None:
    window.bridge.start()
    if logs.crash_at_last_run():
        window.say_crash()
    if song is not None:
        window.bridge.open(song)


def self_test(song: Path, options: WindowOptions, limit_s: float = 60.0) -> dict[str, object]:
    """Open the window with a song, seen by nobody, and say what can be seen of it."""
    app = application()
    window = make_window(options)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    _begin(window, song)
    loop = QEventLoop()
    window.bridge.ticked.connect(lambda *_: loop.quit() if window.bridge.has_song else None)
    QTimer.singleShot(round(limit_s * 1000), loop.quit)
    loop.exec()
    picture = window.grab().toImage().scaled(64, 64)
    seen = {picture.pixel(x, y) for x in range(64) for y in range(64)}
    said: dict[str, object] = {
        "platform": app.platformName(),
        "song": window.bridge.has_song,
        "colours": len(seen),
        "size": [window.width(), window.height()],
    }
    window.close()
    return said


def screenshot(
    path: Path,
    song: Path,
    options: WindowOptions,
    size: tuple[int, int] = (1280, 800),
    ready: Callable[[Window], bool] | None = None,
    limit_s: float = 60.0,
) -> bool:
    """Write a picture of the window with a song to `path`; False if it never became `ready`.

    Needs no screen where QT_QPA_PLATFORM is "offscreen". Without `ready` it waits until the song
    is open and separated.
    """
    application()
    window = make_window(options)
    window.resize(*size)
    window.show()
    _begin(window, song)
    loop = QEventLoop()
    done = ready or (lambda w: w.bridge.has_song and w.bridge.status.separated >= 1.0)
    window.bridge.ticked.connect(lambda *_: loop.quit() if done(window) else None)
    QTimer.singleShot(round(limit_s * 1000), loop.quit)
    loop.exec()
    was_ready = bool(done(window))
    for _ in range(10):  # levels are looked at every few ticks
        window.bridge.tick()
        QCoreApplication.processEvents()
    for view in (window.waveform, window.overview):
        view.settle()
    path.parent.mkdir(parents=True, exist_ok=True)
    saved = window.grab().save(str(path))
    window.close()
    return was_ready and bool(saved)
