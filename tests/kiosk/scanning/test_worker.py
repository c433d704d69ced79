"""A decoder that crashes, hangs or grows is replaced; the door goes on, and health says so."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from kiosk.scanning.errors import UnknownRung
from kiosk.scanning.ladder import NOTHING
from kiosk.scanning.worker import Worker, WorkerFault, WorkerHealth
from tests.kiosk.scanning.renders import blank, placed, render

PICTURE = render(b"GPS1:\x00\xff")


@pytest.fixture
def worker() -> Iterator[Worker]:
    with closing(Worker(look_deadline_s=1.0)) as worker:
        assert worker.wait_until_ready()
        yield worker


def _payloads(worker: Worker) -> list[bytes]:
    return [code.payload for code in worker.climb(PICTURE).codes]


def _send(worker: Worker, number: signal.Signals) -> None:
    pid = worker.child_pid()
    assert pid is not None
    os.kill(pid, number)


def test_it_reads_as_the_ladder_does(worker: Worker) -> None:
    reading = worker.look(placed(PICTURE, 480, 640, 100, 50))
    (code,) = reading.codes
    assert (code.payload, code.rung) == (b"GPS1:\x00\xff", "zxing")
    assert np.allclose(code.corners[0], (116, 66), atol=3)
    assert reading.decode_ms > 0
    assert worker.health() == WorkerHealth(ready=True, restarts=0, last_fault=None)


def test_any_size_of_frame_is_taken(worker: Worker) -> None:
    assert worker.look(blank(0, 5)) == NOTHING
    assert worker.climb(blank(1, 1)).codes == ()
    (code,) = worker.climb(placed(render(b"far", scale=8), 3000, 4000, 2000, 1000)).codes
    assert np.allclose(code.corners[0], (2032, 1032), atol=8)


def test_a_killed_child_is_replaced(worker: Worker) -> None:
    _send(worker, signal.SIGSEGV)
    assert worker.look(PICTURE).codes == ()
    assert worker.wait_until_ready()
    assert _payloads(worker) == [b"GPS1:\x00\xff"]
    assert worker.health() == WorkerHealth(True, 1, WorkerFault.CRASHED)


def test_a_hung_child_is_replaced_after_the_deadline() -> None:
    with closing(Worker(look_deadline_s=0.2)) as worker:
        assert worker.wait_until_ready()
        _send(worker, signal.SIGSTOP)
        assert worker.look(PICTURE).codes == ()
        assert worker.health().last_fault is WorkerFault.HUNG
        assert worker.wait_until_ready()
        assert _payloads(worker) == [b"GPS1:\x00\xff"]


def test_a_child_that_grows_is_replaced_and_its_last_reading_kept() -> None:
    with closing(Worker(memory_limit_bytes=1)) as worker:
        assert _payloads(worker) == [b"GPS1:\x00\xff"]
        assert worker.health().last_fault is WorkerFault.GREW
        assert worker.health().restarts == 1


def test_a_child_that_keeps_dying_is_given_pauses() -> None:
    now_s = 1000.0
    with closing(Worker(monotonic_s=lambda: now_s)) as worker:
        for _ in range(3):
            now_s += 60
            if worker.child_pid() is None:
                worker.health()
            _send(worker, signal.SIGKILL)
            assert not worker.wait_until_ready()
        assert worker.child_pid() is None
        assert worker.look(PICTURE) == NOTHING
        now_s += 60
        assert worker.wait_until_ready()
        assert worker.health().restarts == 3


def test_after_close_nothing_is_read_and_no_child_is_left(worker: Worker) -> None:
    worker.close()
    worker.close()
    assert worker.child_pid() is None
    assert worker.look(PICTURE) == NOTHING
    assert worker.climb(PICTURE) == NOTHING


def test_what_cannot_work_is_said_before_a_child_is_started() -> None:
    with pytest.raises(UnknownRung):
        Worker(["zebra"])
