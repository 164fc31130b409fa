"""The log is small, lies in its folder, and what nobody caught goes there, not to the terminal."""

import faulthandler
import logging
import subprocess
import sys
import threading

import pytest

from demixme import logs


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    logger = logging.getLogger("demixme")
    level, propagate, enabled = logger.level, logger.propagate, faulthandler.is_enabled()
    yield
    logs.stop()
    logger.setLevel(level)
    logger.propagate = propagate
    if enabled:
        faulthandler.enable()


def text():
    return logs.log_file().read_text("utf-8")


def test_log_lines_go_to_the_log_folder(user_folders, capfd):
    logs.start()
    logging.getLogger("demixme.x").info("söng")
    assert logs.log_file().is_relative_to(user_folders)
    assert "INFO demixme.x: söng" in text()
    assert capfd.readouterr() == ("", "")


def test_started_twice_it_writes_once():
    logs.start()
    logs.start()
    logging.getLogger("demixme").warning("only once")
    assert text().count("only once") == 1


def test_the_log_stays_small(user_folders):
    logs.start()
    for _ in range(3000):
        logging.getLogger("demixme").info("x" * 500)
    logs.stop()
    files = list((user_folders / "logs").glob("demixme.log*"))
    assert 1 < len(files) <= 3
    assert sum(f.stat().st_size for f in files) < 1_000_000


def test_a_log_folder_that_cannot_be_is_no_trouble(user_folders, capfd):
    (user_folders / "logs").write_text("a file")
    logs.start()
    logging.getLogger("demixme").error("lost")
    assert logs.last_crash() is None
    assert capfd.readouterr() == ("", "")


def test_what_a_thread_does_not_catch_is_logged(capfd):
    logs.start()
    thread = threading.Thread(target=lambda: 1 / 0, name="broken")
    thread.start()
    thread.join()
    assert "uncaught in broken" in text()
    assert "ZeroDivisionError" in text()
    assert capfd.readouterr() == ("", "")


CRASH = "from demixme import logs; logs.start(); import faulthandler; faulthandler._sigsegv()"


@pytest.mark.skipif(sys.platform == "win32", reason="a crash there opens a dialog")
def test_a_crash_is_read_the_next_time(user_folders):
    assert logs.last_crash() is None
    dead = subprocess.run([sys.executable, "-c", CRASH], capture_output=True, check=False)
    assert dead.returncode != 0
    assert dead.stderr == b""
    assert "Segmentation fault" in logs.last_crash()[1]
    logs.start()
    assert "the last run crashed" in text()
    assert "Segmentation fault" in logs.last_crash()[1]
    assert (user_folders / "logs" / "crash.txt").stat().st_size == 0
