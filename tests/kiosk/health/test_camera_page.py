"""docs/reference/camera.md names every reading of the camera, what to do, and all of `aim`."""

import argparse
from pathlib import Path

import pytest

from kiosk.commands import aim
from kiosk.health import aiming, sight
from kiosk.health.aim import FARTHEST_PERCENT, LOWEST_HZ, NEAREST_PERCENT, Distance, Light, tone_hz
from kiosk.health.background import ACCEPTED_AFTER_MS, LEARNED_AFTER_MS
from kiosk.health.camera import STALE_MS
from kiosk.health.decoder import REMEMBERED_MS
from kiosk.health.focus import LEAST_MS, LOST_SHARE
from kiosk.health.sight import HOLD_MS
from kiosk.health.view import ADVICE, BLIND, FAULTS, View
from kiosk.scanning.worker import WorkerFault

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "camera.md").read_text()
ROWS = {
    cells[1].strip("`"): cells[2:-1]
    for cells in ([cell.strip() for cell in line.split("|")] for line in PAGE.splitlines())
    if len(cells) > 3 and cells[1].startswith("`")
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_lens_stands_there_with_its_time_and_advice(fault: View) -> None:
    _seen, known_after, is_blind, advice = ROWS[f"lens_{fault.value}"]
    held_ms = sight.FROZEN_AFTER_MS if fault is View.FROZEN else HOLD_MS[fault]
    assert known_after == f"{held_ms // 1000} s"
    assert advice == ADVICE[fault]
    if fault is not View.OVEREXPOSED:
        assert is_blind == ("yes" if fault in BLIND else "no")


def test_every_other_reading_stands_there() -> None:
    assert {"frame_age_ms", "reads_per_hour", "decoder_restarts"} <= set(ROWS)
    assert ROWS["frame_age_ms"][1] == f"{STALE_MS // 1000} s"
    for fault in WorkerFault:
        assert fault.value in ROWS["decoder_restarts"][0]
    assert f"for {REMEMBERED_MS // 60_000} minutes" in ROWS["decoder_restarts"][1]


def test_every_option_of_aim_stands_there() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    aim.add_arguments(parser)
    options = {option for action in parser._actions for option in action.option_strings}
    assert {name.split()[0] for name in ROWS if name.startswith("--")} == options


def test_the_numbers_are_those_of_the_program() -> None:
    assert f"first {LEARNED_AFTER_MS // 1000} s in which nothing moves" in PAGE
    assert ACCEPTED_AFTER_MS == 3_600_000
    assert "reported for an hour" in PAGE
    assert f"then every {sight.REOPEN_EVERY_MS // 1000} s" in PAGE
    assert LOST_SHARE == 0.5
    assert f"in focus for {LEAST_MS // 60_000} minutes" in PAGE
    assert f"{FARTHEST_PERCENT} to {NEAREST_PERCENT} % is good" in PAGE
    assert f"from {LOWEST_HZ} Hz to {tone_hz(100)} Hz" in PAGE
    assert aiming.PRESSES == 3
    assert f"three times within {aiming.WITHIN_MS // 1000} s" in PAGE
    assert f"or {aiming.LONGEST_MS // 60_000} minutes" in PAGE
    for word in (*Light, *Distance):
        assert word.value.split()[-1] in PAGE
