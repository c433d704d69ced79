"""A card that fails while the door runs: nothing is lit without its entry, and the door says so."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.signalling.cue import Signal
from tests.power.disk import Disk, How, State
from tests.power.oracle import judge
from tests.power.recording import Recording, card_files, prepare
from tests.power.todays_hub import TodaysHub
from tests.power.traced_door import TracedDoor, is_signal, is_verdict

FAILURES = ["fdatasync:error=EIO", "pwrite64:error=ENOSPC", "pwrite64:error=EIO"]


@contextmanager
def failing(door: TracedDoor, failure: str) -> Iterator[None]:
    """Have a system call of the running door fail, each time."""
    log, call = door.home / "inject", failure.partition(":")[0]
    with (door.home / "strace.log").open("wb") as said:
        tracer = subprocess.Popen(
            [
                *("strace", "-f", "-p", str(door.process.pid), "-o", str(log)),
                *("-e", f"trace={call}", "-e", f"inject={failure}"),
            ],
            stderr=said,
        )
    try:
        deadline = time.monotonic() + 20
        while b"attached" not in (door.home / "strace.log").read_bytes():
            assert tracer.poll() is None, (door.home / "strace.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
        assert "(INJECTED)" in log.read_text(), "no call failed"
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(timeout=20)


@pytest.fixture
def hub() -> TodaysHub:
    return TodaysHub()


@pytest.fixture
def door(tmp_path: Path, hub: TodaysHub) -> Iterator[TracedDoor]:
    prepare(tmp_path / "state", hub).journal.close()
    door = TracedDoor(tmp_path, program=("-m", "tests.power.traceable"), strace=())
    try:
        yield door
    finally:
        door.stop()


@pytest.mark.parametrize("failure", FAILURES)
def test_no_verdict_is_lit_while_the_card_fails_and_the_next_one_is_when_it_works_again(
    failure: str, door: TracedDoor, hub: TodaysHub
) -> None:
    before, meanwhile, after = (hub.visitors(1)[0] for _ in range(3))
    door.wait_for_light(is_signal(Signal.READY))
    door.show(before.payload)
    door.wait_for_light(is_verdict)
    with failing(door, failure):
        door.show(meanwhile.payload)
        door.wait_for_light(is_signal(Signal.OUT_OF_ORDER))
        door.wait_for_light(is_signal(Signal.FAULT_STORAGE))
        assert sum(map(is_verdict, door.lights())) == 1
    assert "a visit could not be kept" in door.log()
    door.show(after.payload)
    door.wait_for_light(is_verdict)
    assert door.stop() == 0
    recording = Recording("failing", hub, Disk({}, []), (), (), (before, after))
    state = State(0, How.ALL, tuple(door.lights()), card_files(door.state_dir))
    assert judge(recording, state) is None


@pytest.mark.parametrize("failure", FAILURES)
def test_a_door_whose_card_fails_at_the_start_does_not_open_and_says_what_to_do(
    failure: str, tmp_path: Path, hub: TodaysHub
) -> None:
    prepare(tmp_path / "state", hub).journal.close()
    call = failure.partition(":")[0]
    door = TracedDoor(tmp_path, strace=("-e", f"trace={call}", "-e", f"inject={failure}"))
    try:
        assert door.process.wait(timeout=30) == 2
    finally:
        door.stop()
    assert "gapura-kiosk: " in door.log()
    assert "  -> " in door.log()
    assert not any(map(is_verdict, door.lights()))
    assert not any(map(is_signal(Signal.READY), door.lights()))
