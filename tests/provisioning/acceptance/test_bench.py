"""Every part is tried and closed, whatever the others do; what is not fitted is skipped."""

from dataclasses import replace
from pathlib import Path

import pytest

from hardware.absent.button import AbsentButton
from hardware.errors import BuzzerFault, HardwareFault, LampFault
from hardware.simulated.board import SimulatedBoard
from hardware.simulated.buzzer import SimulatedBuzzer
from hardware.simulated.lamp import SimulatedLamp
from kiosk.config import parse
from provisioning.acceptance.bench import PARTS, Place, Technician, try_everything
from provisioning.acceptance.clock import Surroundings
from provisioning.acceptance.hub import Traces
from provisioning.acceptance.parts import Fitting, Parts, parts_of
from provisioning.acceptance.result import Outcome, Result
from tests.provisioning.acceptance.bench_clock import BenchClock
from tests.provisioning.acceptance.fake_kiosk import FakeKiosk
from tests.provisioning.acceptance.recorded_camera import RecordedCamera
from tests.provisioning.acceptance.target_pictures import held_up


class Bench:
    def __init__(self) -> None:
        self.clock = BenchClock()
        self.camera = RecordedCamera(held_up)
        self.answers = True
        self.lamp = SimulatedLamp(boot_ms=self.clock.boot_ms)
        self.buzzer = SimulatedBuzzer(boot_ms=self.clock.boot_ms)
        self.board = SimulatedBoard(boot_ms=self.clock.boot_ms)
        self.parts = Parts(
            camera=Fitting("desktop", lambda: self.camera),
            lamp=Fitting("simulated", lambda: self.lamp),
            buzzer=Fitting("simulated", lambda: self.buzzer),
            button=Fitting("absent", AbsentButton),
            board=Fitting("simulated", lambda: self.board),
        )

    def results(self, state_dir: Path, parts: Parts | None = None) -> dict[str, Result]:
        kiosk = FakeKiosk(state_dir / "root")
        kiosk.network("eth0")
        place = Place(
            Surroundings(kiosk.root),
            Traces(state_dir, state_dir / "sync.json"),
            deadline_s=60.0,
            within_s=0.01,
        )
        technician = Technician(str, lambda _question: self.answers)
        tried = try_everything(parts or self.parts, place, technician, self.clock.stopwatch)
        return {result.part: result for result in tried}


def test_every_part_has_its_result(tmp_path: Path) -> None:
    bench = Bench()
    results = bench.results(tmp_path)
    assert tuple(results) == PARTS
    assert {part for part, result in results.items() if result.outcome is Outcome.BAD} == set()
    skipped = {part for part, result in results.items() if result.outcome is Outcome.SKIPPED}
    assert skipped == {"button", "clock", "hub"}


def test_what_nobody_saw_or_heard_is_bad(tmp_path: Path) -> None:
    bench = Bench()
    bench.answers = False
    results = bench.results(tmp_path)
    bad = {part for part, result in results.items() if result.outcome is Outcome.BAD}
    assert bad == {"lamp", "buzzer"}
    assert "nobody saw" in results["lamp"].said


def test_a_camera_that_dies_leaves_its_targets_untried(tmp_path: Path) -> None:
    """It is told once, and of the trial that it died in."""
    bench = Bench()
    bench.camera = RecordedCamera(held_up, frames=60)
    results = bench.results(tmp_path)
    assert results["camera"].outcome is Outcome.OK
    assert (results["print"].outcome, results["print"].said) == (
        Outcome.BAD,
        "the recording has ended",
    )
    assert results["screen"].outcome is Outcome.SKIPPED
    assert bench.camera.closed


def test_a_part_that_fails_stops_none_of_the_others_and_is_closed(tmp_path: Path) -> None:
    bench = Bench()
    bench.lamp.fault = LampFault("burnt out", hint="replace it")
    bench.buzzer.fault = BuzzerFault("dead", hint="solder it")
    results = bench.results(tmp_path)
    assert (results["lamp"].outcome, results["lamp"].advice) == (Outcome.BAD, "replace it")
    assert (results["buzzer"].said, results["buzzer"].advice) == ("dead", "solder it")
    assert results["storage"].outcome is Outcome.OK
    assert bench.camera.closed
    for part in (bench.lamp, bench.buzzer, bench.board):
        with pytest.raises(HardwareFault, match="closed"):
            part.describe()


def test_a_kiosk_with_nothing_fitted_has_no_eyes(tmp_path: Path) -> None:
    sections = ("camera", "lamp", "buzzer", "button", "board")
    targets = {"print", "screen"}
    absent = "\n".join(f'[{section}]\ndriver = "absent"' for section in sections)
    results = Bench().results(tmp_path, parts_of(parse(absent, origin="test")))
    assert results["camera"].outcome is Outcome.BAD
    assert "no camera is fitted" in results["camera"].said
    assert {results[part].outcome for part in {*sections[1:], *targets}} == {Outcome.SKIPPED}


def test_a_driver_that_does_not_exist_is_that_parts_fault(tmp_path: Path) -> None:
    bench = Bench()
    misspelt = parts_of(parse('[camera]\ndriver = "raspbery"', origin="test")).camera
    camera = bench.results(tmp_path, replace(bench.parts, camera=misspelt))["camera"]
    assert camera.outcome is Outcome.BAD
    assert "did you mean 'raspberry'" in camera.advice
