"""The way to the hub and back, by what the courier shows of the last one."""

import json
from pathlib import Path

import pytest

from provisioning.acceptance.hub import LATEST_S, Traces, try_hub
from provisioning.acceptance.result import Outcome, Result
from sync.uplink import status
from sync.uplink.status import Status

BOOT_S = 5_000


def _tried(folder: Path, *, is_expected: bool = True) -> Result:
    traces = Traces(folder, folder / "sync.json", is_expected=is_expected, boot_s=lambda: BOOT_S)
    return try_hub(traces)


def _courier_shows(folder: Path, last_boot_s: int | None, round_trip_ms: int | None = 230) -> None:
    told = Status("door-away", "", "", 1, 1, last_boot_s, last_boot_s, round_trip_ms)
    status.write(folder / "sync.json", told)


def test_the_last_round_trip_before_the_door_was_stopped_counts(tmp_path: Path) -> None:
    """The courier finds no door now, and has forgotten nothing."""
    _courier_shows(tmp_path, BOOT_S - 95)
    result = _tried(tmp_path)
    assert result.outcome is Outcome.OK
    assert {figure.name: figure.value for figure in result.figures} == {
        "round_trip_ms": 230,
        "answered_ago_s": 95,
    }


def test_a_courier_that_does_not_say_how_long_is_good_too(tmp_path: Path) -> None:
    _courier_shows(tmp_path, BOOT_S + 1, None)
    assert [figure.name for figure in _tried(tmp_path).figures] == ["answered_ago_s"]


def test_an_enrolled_kiosk_that_is_out_of_touch_is_bad(tmp_path: Path) -> None:
    (tmp_path / "reference.db").touch()
    _courier_shows(tmp_path, BOOT_S - LATEST_S)
    assert _tried(tmp_path).outcome is Outcome.OK
    _courier_shows(tmp_path, BOOT_S - LATEST_S - 1)
    result = _tried(tmp_path)
    assert result.outcome is Outcome.BAD
    assert "15 min; the courier says: door-away" in result.said
    _courier_shows(tmp_path, None)
    assert _tried(tmp_path).outcome is Outcome.BAD


def test_before_it_is_enrolled_there_is_no_hub_to_try(tmp_path: Path) -> None:
    _courier_shows(tmp_path, None)
    result = _tried(tmp_path)
    assert result.outcome is Outcome.SKIPPED
    assert "enrol" in result.advice


def test_a_site_without_internet_has_no_line_to_try(tmp_path: Path) -> None:
    (tmp_path / "reference.db").touch()
    assert _tried(tmp_path, is_expected=False).outcome is Outcome.SKIPPED


@pytest.mark.parametrize("content", ["", "[]", "{", '{"last_success_boot_s": "4990"}', "\0"])
def test_what_the_courier_shows_is_never_believed(content: str, tmp_path: Path) -> None:
    (tmp_path / "reference.db").touch()
    (tmp_path / "sync.json").write_text(content)
    assert _tried(tmp_path).outcome is Outcome.BAD
    (tmp_path / "sync.json").unlink()
    assert _tried(tmp_path).said == "the courier does not run"


def test_the_link_that_the_door_has_to_it_is_followed(tmp_path: Path) -> None:
    (tmp_path / "courier").mkdir()
    _courier_shows(tmp_path / "courier", BOOT_S)
    (tmp_path / "sync.json").symlink_to("courier/sync.json")
    assert _tried(tmp_path).outcome is Outcome.OK
    assert json.loads((tmp_path / "sync.json").read_text())["state"] == "door-away"
