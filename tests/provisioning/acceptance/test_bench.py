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
from provisioning.acceptance.bench import PARTS, try_everything
from provisioning.acceptance.parts import Fitting, Parts, parts_of
from provisioning.acceptance.result import Outcome, Result
from tests.provisioning.acceptance.bench_clock import BenchClock
from tests.provisioning.acceptance.recorded_camera import RecordedCamera


class Bench:
    def __init__(self) -> None:
        self.clock = BenchClock()
        self.camera = RecordedCamera()
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
        tried = try_everything(
            parts or self.parts,
            state_dir=state_dir,
            deadline_s=60.0,
            press_within_s=0.01,
            stopwatch=self.clock.stopwatch,
            announce=str,
        )
        return {result.part: result for result in tried}


def test_every_part_has_its_result(tmp_path: Path) -> None:
    bench = Bench()
    results = bench.results(tmp_path)
    assert tuple(results) == PARTS
    assert {part for part, result in results.items() if result.outcome is Outcome.BAD} == set()
    assert results["button"].outcome is Outcome.SKIPPED


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
    absent = "\n".join(f'[{section}]\ndriver = "absent"' for section in sections)
    results = Bench().results(tmp_path, parts_of(parse(absent, origin="test")))
    assert results["camera"].outcome is Outcome.BAD
    assert "no camera is fitted" in results["camera"].said
    assert {results[part].outcome for part in sections[1:]} == {Outcome.SKIPPED}


def test_a_driver_that_does_not_exist_is_that_parts_fault(tmp_path: Path) -> None:
    bench = Bench()
    misspelt = parts_of(parse('[camera]\ndriver = "raspbery"', origin="test")).camera
    camera = bench.results(tmp_path, replace(bench.parts, camera=misspelt))["camera"]
    assert camera.outcome is Outcome.BAD
    assert "did you mean 'raspberry'" in camera.advice
