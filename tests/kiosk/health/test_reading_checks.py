"""Whether codes can be read: the lens, the reads of the hour, the decoding process."""

import pytest

from hardware.errors import CameraFault
from hardware.interfaces import Frame
from kiosk.health.decoder import REMEMBERED_MS, DecoderCheck
from kiosk.health.finding import Finding
from kiosk.health.lens import STALE_MS, LensCheck, lens_checks
from kiosk.health.reads import ReadsCheck
from kiosk.health.sight import Sight
from kiosk.health.view import ADVICE, FAULTS, SAID, View
from kiosk.scanning.worker import WorkerFault, WorkerHealth
from sync.wire.batch import State
from tests.kiosk.fake_clock import FakeClock
from tests.kiosk.health.scenes import Scene, hall, wall


class Lens:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sight = Sight()
        self.checks = lens_checks(self.sight, lambda: self.clock.boot_ms)

    def see(self, scene: Scene, looks: int) -> None:
        for _ in range(looks):
            self.clock.advance(500)
            self.sight.judge(Frame(scene(self.clock.boot_ms), self.clock.boot_ms))

    def found(self) -> dict[str, Finding]:
        return {check.find().check: check.find() for check in self.checks}


def test_there_is_a_reading_for_each_fault_of_the_lens() -> None:
    lens = Lens()
    assert set(lens.found()) == {f"lens_{fault.value}" for fault in FAULTS}
    assert {finding.state for finding in lens.found().values()} == {State.UNKNOWN}


def test_what_is_wrong_is_bad_and_says_what_to_do() -> None:
    lens = Lens()
    lens.see(wall(), 20)
    bad = [finding for finding in lens.found().values() if finding.state is State.BAD]
    assert bad == [
        Finding("lens_blocked", State.BAD, SAID[View.BLOCKED], ADVICE[View.BLOCKED]),
    ]
    lens.see(hall(), 5)
    assert {finding.state for finding in lens.found().values()} == {State.OK}


def test_without_pictures_nothing_is_said_of_the_lens() -> None:
    lens = Lens()
    lens.see(hall(), 10)
    lens.clock.advance(STALE_MS)
    assert lens.found()["lens_dark"].state is State.OK
    lens.clock.advance(1)
    assert lens.found()["lens_dark"].state is State.UNKNOWN


def test_a_frozen_picture_is_bad_while_the_camera_is_opened_anew() -> None:
    lens = Lens()
    picture = hall()(0)
    with pytest.raises(CameraFault):
        lens.see(lambda _boot_ms: picture, 20)
    check = LensCheck(View.FROZEN, lens.sight, lambda: lens.clock.boot_ms)
    assert check.find().state is State.BAD


def test_reads_are_those_of_the_last_hour() -> None:
    clock, total = FakeClock(), 0
    check = ReadsCheck(lambda: total, lambda: clock.boot_ms)
    assert (check.find().value, check.find().state) == (0, State.OK)
    for minute in range(1, 181):
        clock.advance(60_000)
        total += 2
        finding = check.find()
        assert finding.value == pytest.approx(min(minute, 60) * 2, abs=2)
        assert f"in the last {min(minute, 60)} min" in finding.said
    clock.advance(7_200_000)
    check.find()
    assert check.find().value == 0


def test_reads_of_a_quarter_of_a_minute_are_not_made_an_hours() -> None:
    clock = FakeClock()
    check = ReadsCheck(lambda: 3, lambda: clock.boot_ms)
    clock.advance(15_000)
    assert check.find() == Finding(
        "reads_per_hour", State.OK, "3 codes read in the last 1 min", value=3
    )


class Decoding:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.health = WorkerHealth(ready=True, restarts=0, last_fault=None)
        self.check = DecoderCheck(lambda: self.health, lambda: self.clock.boot_ms)

    def found(self, *, ready: bool, restarts: int, fault: WorkerFault | None) -> Finding:
        self.health = WorkerHealth(ready, restarts, fault)
        return self.check.find()


def test_a_process_that_starts_is_not_yet_bad() -> None:
    found = Decoding().found(ready=False, restarts=0, fault=None)
    assert (found.state, found.value) == (State.UNKNOWN, 0)


@pytest.mark.parametrize("fault", WorkerFault)
def test_what_befell_the_process_is_told_after_it_is_well(fault: WorkerFault) -> None:
    decoding = Decoding()
    assert decoding.found(ready=True, restarts=0, fault=None).state is State.OK
    found = decoding.found(ready=True, restarts=1, fault=fault)
    assert (found.state, found.value, bool(found.advice)) == (State.BAD, 1, True)
    assert fault.value in found.said
    decoding.clock.advance(REMEMBERED_MS)
    later = decoding.found(ready=True, restarts=1, fault=fault)
    assert (later.state, later.value, later.advice) == (State.OK, 1, "")
    assert fault.value in later.said


def test_a_process_that_does_not_come_back_stays_bad() -> None:
    decoding = Decoding()
    for _ in range(3):
        found = decoding.found(ready=False, restarts=4, fault=WorkerFault.CRASHED)
        assert found.state is State.BAD
        decoding.clock.advance(REMEMBERED_MS)
