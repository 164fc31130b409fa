"""A display without a screen: an Xvfb of its own, else Qt's offscreen platform."""

import os
import shutil
import subprocess


class VirtualDisplay:
    """Starts on entering, ends on leaving; `environment` is what a process needs to draw there."""

    def __init__(self, size="1600x1000"):
        self.size = size
        self.name = ""
        self.environment = {"QT_QPA_PLATFORM": "offscreen"}
        self._server = None

    def __enter__(self):
        if shutil.which("Xvfb") is None:
            return self
        read, write = os.pipe()
        self._server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(write), "-screen", "0", f"{self.size}x24"),
                *("-nolisten", "tcp"),
            ],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()  # written when the server is ready
        if not number:
            raise RuntimeError("Xvfb would not start")
        self.name = f"Xvfb :{number}"
        self.environment = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        return self

    def __exit__(self, *_):
        if self._server is not None:
            self._server.terminate()
            self._server.wait(10)
