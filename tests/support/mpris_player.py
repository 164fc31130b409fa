"""A window with the fake engine on the session bus, until it is told to quit."""

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QTimer

from demixme.ui import app as window_app
from demixme.ui.desktop import Desktop
from tests.support.fake_engine import FakeEngine


class NoKeeper:
    def hold(self):
        pass

    def release(self):
        pass


app = window_app.application()
window = window_app.make_window(window_app.WindowOptions(FakeEngine))
desktop = Desktop(window, NoKeeper())
window.show()
window.bridge.start()
window.commands.queue.play([Path(f"/music/{name} & söng.wav") for name in "ab"])
QTimer.singleShot(60_000, app.quit)
app.exec()
desktop.close()
