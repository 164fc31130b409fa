"""The parts of the self-test: each does one thing the program must be able to do, for real.

A part returns what it has to say for the report and raises when something is wrong.
"""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import demixme
from demixme import children, resources
from demixme.commands import machine, modelchoice, window
from demixme.core.errors import FileMissing, NoDevice, NoWindow
from demixme.core.mixstate import MixState
from demixme.core.track import Track

Said = dict[str, Any]

BLOCKS = 50
BLOCK_FRAMES = 512
_PATIENCE_S = 60.0
_TICK_S = 0.005
_PACKAGES = (
    *("numpy", "scipy", "soxr", "soundfile", "sounddevice", "mutagen", "platformdirs", "av"),
    *("onnxruntime", "PySide6-Essentials", "pyqtgraph"),
)
#: Microsoft's runtime, of which a process loads one copy: the report says which.
_RUNTIMES = ("msvcp140.dll", "vcruntime140.dll")


class Wrong(Exception):
    """A part of the program does not do what it should; the text says what."""


def demo() -> Path:
    """Return our own song, which every test plays."""
    song = resources.demo_song()
    if song is None:
        raise FileMissing(resources.assets_folder() / "demo")
    return song


def excerpt(seconds: float) -> Track:
    """Return the first seconds of the demo song."""
    from demixme.audiofile.decode import open_song

    decoder = open_song(demo())
    try:
        track = Track(decoder.info)
        for block in decoder.blocks():
            track.append(block)
            if track.decoded_frames >= seconds * track.rate:
                break
        track.finish()
        return track
    finally:
        decoder.close()


def package_version(name: str) -> str:
    """Return the version of an installed package, "not here" where it is missing."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not here"


# ---------------------------------------------------------------- without a window
def versions(_folder: Path) -> Said:
    """Say what runs here."""
    return {
        "demixme": demixme.__version__,
        "python": platform.python_version(),
        "utf8_mode": sys.flags.utf8_mode,
        "system": platform.platform(),
        "packages": {name: package_version(name) for name in _PACKAGES},
        "runtimes": _loaded_runtimes(),
    }


def _loaded_runtimes() -> dict[str, str]:
    """Return where Windows took each of Microsoft's runtime libraries from."""
    import ctypes

    windll: Any = getattr(ctypes, "windll", None)
    if windll is None:
        return {}

    found = {}
    name = ctypes.create_unicode_buffer(32768)
    kernel = windll.kernel32
    kernel.GetModuleHandleW.restype = ctypes.c_void_p
    kernel.GetModuleFileNameW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_uint32)
    for library in _RUNTIMES:
        handle = kernel.GetModuleHandleW(library)
        if handle and kernel.GetModuleFileNameW(handle, name, len(name)):
            found[library] = name.value
    return found


def child(_folder: Path) -> Said:
    """Start this very program as a child, as decoding and batches do."""
    done = subprocess.run(
        children.command("--version"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE_S,
        creationflags=children.NO_CONSOLE,
        check=False,
    )
    if done.returncode or demixme.__version__ not in done.stdout:
        raise Wrong(f"a child ended with {done.returncode}: {done.stdout}{done.stderr}")
    return {"said": done.stdout.strip()}


def models(_folder: Path) -> Said:
    """Let each model that ships separate one second of the demo song; the parts sum to it."""
    track = excerpt(1.0)
    song = track.read(0, track.rate)
    said: Said = {}
    shipped = [entry for entry in modelchoice.known_models() if entry.shipped]
    if not shipped:
        raise Wrong("no model ships")
    for entry in shipped:
        model = modelchoice.load(str(entry.path))
        began = time.perf_counter()
        separator = model.separator(track.rate)
        try:
            stems = separator.separate(track.read, 0, track.rate)
        finally:
            separator.close()
            model.close()
        _check_stems(entry.name, stems, song)
        said[entry.name] = {"sha256": model.sha256, "took_s": time.perf_counter() - began}
    return said


def _check_stems(name: str, stems: NDArray[np.float32], song: NDArray[np.float32]) -> None:
    if not np.isfinite(stems).all():
        raise Wrong(f"{name} gives samples that are no numbers")
    difference = float(np.abs(stems.sum(axis=1) - song).max())
    loudest = np.sqrt((stems.astype(np.float64) ** 2).mean(axis=(0, 2))).max()
    if difference > 1e-4 or loudest < 1e-4:
        raise Wrong(f"{name}: the parts are {difference:g} away from the song, {loudest:g} loud")


def engine(_folder: Path) -> Said:
    """Pull 50 blocks of the demo song, remixed, through the engine."""
    from demixme.engine.nulldevice import NullDevice

    device = NullDevice()
    played = machine.make_engine(device=device)
    try:
        played.set_model("")
        played.open(demo())
        status = _until(played, lambda s: s.store is not None and s.parts is not None)
        part = status.parts.mixer_order[0]
        played.set_mix(MixState(status.parts).with_strip(part, mute=True))
        _until(played, lambda s: s.separated > 0.0)
        played.play()
        _until(played, lambda s: s.playing and device.render is not None)
        sound = device.pull(BLOCKS * BLOCK_FRAMES, BLOCK_FRAMES)
        status = _until(played, lambda s: s.position_frame > 0)
    finally:
        played.close()
    if not np.isfinite(sound).all() or not np.abs(sound).max() > 0.0:
        raise Wrong("the engine plays nothing")
    return {"muted": part, "peak": float(np.abs(sound).max()), "waits": status.waits}


def _until(played: Any, done: Callable[[Any], bool]) -> Any:
    """Poll an engine until `done` says so."""
    end = time.monotonic() + _PATIENCE_S
    while True:
        status = played.poll()
        for event in status.events:
            error = getattr(event, "error", None) or getattr(event, "trace", None)
            if error is not None:
                raise Wrong(f"{type(event).__name__}: {error}")
        if done(status):
            return status
        if time.monotonic() > end:
            raise Wrong(f"the engine is not ready after {_PATIENCE_S:.0f} s: {status}")
        time.sleep(_TICK_S)


def resampling(_folder: Path) -> Said:
    """Separate at another rate than the model's own, which resamples there and back."""
    rate = 48000
    tone = np.sin(2 * np.pi * 220 / rate * np.arange(rate // 2, dtype=np.float64))
    song = np.repeat(0.2 * tone[:, None], 2, axis=1).astype(np.float32)
    parts = demixme.separate(song, rate)
    difference = float(np.abs(sum(parts.values()) - song).max())
    if difference > 1e-4:
        raise Wrong(f"the parts are {difference:g} away from a song at {rate} Hz")
    return {"rate": rate}


def formats(folder: Path) -> Said:
    """Write each format of an export and read it again."""
    from demixme.audiofile import encode
    from demixme.audiofile import formats as known
    from demixme.audiofile.decode import open_song

    track = excerpt(1.0)
    sound = track.read(0, track.decoded_frames)
    said: Said = {}
    for container in known.CONTAINERS:
        path = folder / f"ñ é 音.{container}"
        encoding = known.default_encoding(track.info, container)
        with encode.open_writer(path, track.rate, 2, encoding) as writer:
            writer.write(sound)
            writer.commit()
        decoder = open_song(path)
        try:
            read = sum(len(block) for block in decoder.blocks())
            rate = decoder.info.rate
        finally:
            decoder.close()
        if abs(read / rate - len(sound) / track.rate) > 0.5 / rate:
            raise Wrong(f"{container}: {read} of {len(sound)} frames come back")
        said[container] = {"frames": read, "bytes": path.stat().st_size}
    return said


def batch(folder: Path) -> Said:
    """Separate two songs by two children at once, as a batch does."""
    songs = [folder / "one.ogg", folder / "two ñ.ogg"]
    for song in songs:
        shutil.copy(demo(), song)
    words = ["--jobs", "2", "--to", "1", "--quiet", "-o", str(folder / "parts")]
    done = subprocess.run(
        children.command("separate", *map(str, songs), *words),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=_PATIENCE_S,
        creationflags=children.NO_CONSOLE,
        check=False,
    )
    written = sorted(p.name for p in (folder / "parts").rglob("*.wav"))
    if done.returncode or len(written) < 2 * 4:
        raise Wrong(f"a batch ended with {done.returncode}: {written} {done.stderr[-500:]}")
    return {"files": len(written)}


def sound(_folder: Path) -> Said:
    """List PortAudio's outputs; to have none is no fault, to lack PortAudio is."""
    try:
        found = machine.outputs()
    except NoDevice as error:
        if error.reason:
            raise
        return {"host_apis": [], "outputs": []}
    return {
        "host_apis": sorted({d.host_api for d in found}),
        "outputs": [d.name for d in found],
    }


def no_qt(_folder: Path) -> Said:
    """Make sure that nothing above has loaded Qt: the commands work where it cannot be."""
    loaded = sorted(m for m in sys.modules if m.split(".")[0] in ("PySide6", "pyqtgraph"))
    if loaded:
        raise Wrong(f"Qt was loaded without need: {loaded[:3]}")
    return {}


# ---------------------------------------------------------------- the window
def show(folder: Path) -> Said:
    """Open the window off screen with the demo song and look whether anything is drawn."""
    if window.missing_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from demixme.ui.app import WindowOptions, self_test
    except ImportError as error:
        raise NoWindow(str(error)) from error
    from demixme.engine.nulldevice import NullDevice

    options = WindowOptions(
        make_engine=lambda: machine.make_engine(device=NullDevice(clock=True)),
        models=window.model_choices,
        settings_path=folder / "settings.json",
    )
    said: Said = self_test(demo(), options)
    if said["colours"] < 8 or not said["song"]:
        raise Wrong(f"the window shows nothing: {said}")
    return said


#: In this order; the window comes last, so that `no_qt` can look before it.
WITHOUT_WINDOW: dict[str, Callable[[Path], Said]] = {
    "versions": versions,
    "child": child,
    "models": models,
    "engine": engine,
    "resampling": resampling,
    "formats": formats,
    "batch": batch,
    "sound": sound,
    "no_qt": no_qt,
}
PARTS = {**WITHOUT_WINDOW, "window": show}
