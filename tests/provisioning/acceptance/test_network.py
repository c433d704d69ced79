"""Whether something leads out of the kiosk, by the kernel's own tables."""

from pathlib import Path

import pytest

from provisioning.acceptance.network import WEAK_DBM, WEAKEST_DBM, try_network
from provisioning.acceptance.result import Outcome, Result
from tests.provisioning.acceptance.fake_kiosk import FakeKiosk

_RULES = Path(__file__).parents[3] / "sync/hub/fleet/health/rules"


@pytest.fixture
def kiosk(tmp_path: Path) -> FakeKiosk:
    return FakeKiosk(tmp_path)


def _tried(kiosk: FakeKiosk, *, needs_network: bool = True) -> Result:
    return try_network(kiosk.root, needs_network=needs_network)


def test_a_cable(kiosk: FakeKiosk) -> None:
    kiosk.network("end0")
    result = _tried(kiosk)
    assert result.outcome is Outcome.OK
    assert {figure.name: figure.value for figure in result.figures} == {"interface": "end0"}


def test_a_network_of_ipv6_alone(kiosk: FakeKiosk) -> None:
    kiosk.network_of_ipv6("wlan0")
    assert [figure.value for figure in _tried(kiosk).figures] == ["wlan0"]


def test_a_plug_without_a_way_out_is_no_network(kiosk: FakeKiosk) -> None:
    kiosk.neighbours_alone("end0")
    assert _tried(kiosk).outcome is Outcome.BAD


def test_without_any_only_a_site_without_internet_is_well(kiosk: FakeKiosk) -> None:
    assert _tried(kiosk).outcome is Outcome.BAD
    assert _tried(kiosk, needs_network=False).outcome is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("level", "outcome", "is_advised"),
    [
        (WEAK_DBM + 1, Outcome.OK, False),
        (WEAK_DBM, Outcome.OK, True),
        (WEAKEST_DBM, Outcome.BAD, True),
    ],
)
def test_a_weak_wifi_is_said(
    kiosk: FakeKiosk, level: int, outcome: Outcome, is_advised: bool
) -> None:
    kiosk.network("wlan0")
    kiosk.wifi(f"{level}.", "-95.")
    result = _tried(kiosk)
    assert (result.outcome, bool(result.advice)) == (outcome, is_advised)
    assert result.figures[-1].value == level


def test_a_driver_that_counts_otherwise_tells_nothing(kiosk: FakeKiosk) -> None:
    kiosk.network("wlan0")
    kiosk.wifi("70.", "x", "0", "-121")
    assert [figure.name for figure in _tried(kiosk).figures] == ["interface"]


def test_weak_is_what_the_hub_calls_weak() -> None:
    rule = (_RULES / "radio.py").read_text()
    assert f"_WARNING_DBM = {WEAK_DBM}\n_CRITICAL_DBM = {WEAKEST_DBM}\n" in rule
