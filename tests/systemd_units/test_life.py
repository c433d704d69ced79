"""Started at boot, started again when dead or silent, and not for ever in vain."""

from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from sync.uplink.courier import Courier
from sync.uplink.errors import HubAway, HubRefuses, UplinkError
from sync.uplink.service import Service
from tests.systemd_units.unit_file import LASTING, read_unit

NAMES = [*LASTING, "gapura-hub.service", "gapura-hub-watch.service"]
_UNIT_S = {"min": 60, "h": 3600}


def _seconds(span: str) -> int:
    for unit, seconds in _UNIT_S.items():
        if span.endswith(unit):
            return int(span.removesuffix(unit)) * seconds
    return int(span)


@pytest.mark.parametrize("name", NAMES)
def test_a_process_that_dies_or_falls_silent_is_started_again(name: str) -> None:
    unit = read_unit(name)
    assert unit.service("Type") == "notify"
    assert unit.service("Restart") == "always"
    assert _seconds(unit.service("WatchdogSec")) > 0
    assert unit.value("Install", "WantedBy") == "multi-user.target"


@pytest.mark.parametrize("name", NAMES)
def test_a_process_that_cannot_start_is_given_up_and_one_that_hangs_is_not(name: str) -> None:
    unit = read_unit(name)
    interval_s = _seconds(unit.value("Unit", "StartLimitIntervalSec"))
    burst = int(unit.value("Unit", "StartLimitBurst"))
    restart_s = _seconds(unit.service("RestartSec"))
    # A process that fails in a second reaches the limit, one ended by its watchdog never does.
    assert burst * (restart_s + 1) < interval_s
    assert burst * (restart_s + 20) > interval_s


@pytest.mark.parametrize("name", LASTING)
def test_a_process_that_is_given_up_asks_for_a_restart_of_the_machine(name: str) -> None:
    guard = read_unit("gapura-reboot-guard.service")
    assert read_unit(name).value("Unit", "OnFailure") == "gapura-reboot-guard.service"
    assert name in guard.service("ExecStart").split()
    assert guard.value("Unit", "SuccessAction") == "reboot"
    assert guard.values("Unit", "FailureAction") == ()
    assert guard.values("Service", "SuccessExitStatus") == ()


def test_a_card_starts_the_setup_helper_and_is_taken_from_where_the_door_left_it() -> None:
    found = read_unit("gapura-firstboot.path").values("Path", "PathExists")
    assert found == ("%t/gapura/card", "%t/gapura/enrolled")
    taken = read_unit("gapura-firstboot.service").values("Service", "ExecStartPre")
    for path in found:
        # Else it would be started for ever for the same card.
        assert any(f"mv -fT {path} " in words for words in taken)


def test_the_door_is_watched_closely() -> None:
    assert _seconds(read_unit("gapura-kiosk.service").service("WatchdogSec")) == 20


@pytest.mark.parametrize("trouble", [HubAway("busy", wait_s=86_400.0), HubRefuses("revoked")])
def test_the_courier_is_not_ended_for_pausing_as_the_hub_asked(
    trouble: UplinkError, tmp_path: Path, mocker: MockerFixture
) -> None:
    courier = mocker.create_autospec(Courier, instance=True)
    courier.run_errand.side_effect = trouble
    courier.round_trip_ms = None
    fed_s, now_s = [0.0], 0.0

    def wait(seconds: float) -> bool:
        nonlocal now_s
        now_s += seconds
        return now_s >= 172_800

    service = Service(courier, tmp_path / "sync.json", wait, alive=lambda: fed_s.append(now_s))
    service.run()
    hungry_s = max(late - early for early, late in zip(fed_s, [*fed_s[1:], now_s], strict=True))
    assert hungry_s * 10 < _seconds(read_unit("gapura-sync.service").service("WatchdogSec"))
