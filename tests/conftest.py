"""What every test gets: user folders of its own, no threads left behind, slow kinds left out."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]
if (
    str(ROOT) not in sys.path
):  # for `from tests.support import …`; import mode "importlib" adds nothing
    sys.path.insert(0, str(ROOT))

#: Marked tests that run only when their option is given.
SLOW_KINDS = {"long": "also run what takes minutes", "training": "also run what needs PyTorch"}
#: Threads that live as long as the process on purpose.
LASTING_THREADS = (
    "demixme-portaudio",
    "demixme-worker",
    "pytest_timeout",
    "ThreadPoolExecutor-hypothesis",
)
THREAD_GRACE_S = 2.0

#: Where platformdirs looks when DEMIXME_HOME does not say.
SYSTEM_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


def pytest_addoption(parser: pytest.Parser) -> None:
    for kind, text in SLOW_KINDS.items():
        parser.addoption(f"--{kind}", action="store_true", help=text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    off = [kind for kind in SLOW_KINDS if not config.getoption(f"--{kind}")]
    left_out = [item for item in items if any(item.get_closest_marker(k) for k in off)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let nothing, not even a session's fixture, see the folders of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("DEMIXME_HOME", str(home / "demixme"))
        for variable in SYSTEM_FOLDERS:
            patch.setenv(variable, str(home / variable.lower()))
        yield


@pytest.fixture(autouse=True)
def user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test empty folders for settings, cache, logs and models; returns their parent."""
    home = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("DEMIXME_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _no_stray_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind: it would disturb, or hang, the ones after it."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + THREAD_GRACE_S
    while stray := _started_since(before):
        if time.monotonic() > end:
            pytest.fail(f"threads left behind: {sorted(t.name for t in stray)}")
        time.sleep(0.005)


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        t
        for t in threading.enumerate()
        if t not in before and t.is_alive() and not t.name.startswith(LASTING_THREADS)
    ]


def pytest_configure() -> None:
    # The thread of a process's first network treats denormal numbers as zero from then on, and
    # hypothesis needs them: let the first one be made in a thread of no importance.
    first = threading.Thread(target=_first_network)
    first.start()
    first.join()
    # Nobody's own sound server, and no display but the one a test chooses.
    os.environ.pop("PULSE_SERVER", None)
    # time never decides a test
    hypothesis.settings.register_profile(
        "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("unhurried")


def _first_network() -> None:
    from demixme.separation.registry import load_model

    load_model().close()
