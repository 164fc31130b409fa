"""Threads that live as long as the process."""

import threading

import pytest

from demixme.core.lasting import LastingThread


@pytest.fixture
def thread():
    return LastingThread("demixme-worker")  # a name that may be left behind


def test_jobs_are_done_in_turn_on_one_thread(thread):
    seen = []
    for k in range(5):
        thread.submit(lambda k=k: seen.append((k, threading.current_thread().name)))
    assert thread.finish()
    assert seen == [(k, "demixme-worker") for k in range(5)]


def test_a_call_returns_and_raises_what_the_job_does(thread):
    assert thread.call(lambda: threading.current_thread().name) == "demixme-worker"
    for error in (ZeroDivisionError("x"), TimeoutError("the job's own"), KeyboardInterrupt()):

        def fail(error=error):
            raise error

        with pytest.raises(type(error)) as caught:
            thread.call(fail)
        assert caught.value is error
    assert thread.call(lambda: 3) == 3


def test_a_call_from_the_thread_itself_does_not_wait_for_itself(thread):
    assert thread.call(lambda: thread.call(lambda: 4)) == 4
