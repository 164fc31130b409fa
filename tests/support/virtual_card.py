"""A sound card without hardware: a PulseAudio of its own, bit-exact, and a recorder.

As a program it runs a command inside: ``python -m tests.support.virtual_card -- command …``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

PROGRAMS = ("pulseaudio", "pactl", "parec", "pacat")
_START_S = 10.0


def why_not():
    """Return why there can be no virtual card here, or an empty string."""
    missing = [p for p in PROGRAMS if shutil.which(p) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


class VirtualCard:
    """Starts on entering, stops everything it started on leaving.

    `environment` is what a process needs to play into it; `record` and `recorded` listen to what
    was really played.
    """

    def __init__(self, rate=44100, sinks=("vsink",)):
        self.rate = rate
        self.sinks = sinks  # the first is the default, and the one that is recorded
        self._folder = None
        self._server = None
        self._recorder = None
        self._wav = None

    def __enter__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="demixme-card-"))
        self._folder.chmod(0o700)
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(self._folder),
            "HOME": str(self._folder),
            "XDG_CONFIG_HOME": str(self._folder / "config"),
        }
        for name in ("PULSE_SERVER", "PULSE_SINK", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            self.environment.pop(name, None)
        kind = f"rate={self.rate} channels=2 format=float32le norewinds=1"
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"),
                *("--use-pid-file=no", "--log-target=null"),
                "--load=module-native-protocol-unix",
                *(f"--load=module-null-sink sink_name={name} {kind}" for name in self.sinks),
            ],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError("PulseAudio would not start")
            time.sleep(0.05)
        return self

    def _answers(self):
        asked = subprocess.run(
            ["pactl", "list", "short", "sinks"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return all(name in asked.stdout for name in self.sinks)

    def __exit__(self, *_):
        self.stop_recording()
        if self._server is not None:
            _end(self._server)
        shutil.rmtree(self._folder, ignore_errors=True)

    # ------------------------------------------------------------ recording
    def record(self):
        """Begin to record what is played."""
        self._wav = self._folder / "recorded.raw"
        self._recorder = subprocess.Popen(
            [
                *("parec", f"--device={self.sinks[0]}.monitor", "--raw", "--format=float32le"),
                *(f"--rate={self.rate}", "--channels=2", "--latency-msec=20", str(self._wav)),
            ],
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _START_S
        while not (self._wav.exists() and self._wav.stat().st_size):  # it hears the idle sink
            assert time.monotonic() < end, "parec records nothing"
            time.sleep(0.02)

    def stop_recording(self):
        """End the recording and return it: [frames, 2] float32."""
        if self._recorder is None:
            return np.zeros((0, 2), np.float32)
        time.sleep(0.2)  # what is still between sink and recorder
        _end(self._recorder)
        self._recorder = None
        raw = self._wav.read_bytes()
        return np.frombuffer(raw[: len(raw) // 8 * 8], np.float32).reshape(-1, 2)


def _end(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main():
    """Run a command whose sound goes to a card of its own."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    with VirtualCard() as card:
        return subprocess.run(command, env=card.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
