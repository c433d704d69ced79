"""Whatever keeps the courier from its errand is shown, waited for, and tried again."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.uplink.courier import Courier
from sync.uplink.errors import (
    DoorAway,
    HubAway,
    HubRefuses,
    OutOfDate,
    Portal,
    Stranger,
    TooMuch,
    UplinkError,
)
from sync.uplink.hub import KnownTime
from sync.uplink.pace import Pace
from sync.uplink.service import Pause, Service
from sync.uplink.spool import Spool
from sync.wire.envelope import Envelope
from sync.wire.link import Ask
from tests.sync.uplink.ends import FakeDoor, FakeHub, away

NOW_S, BOOT_S = 1_780_000_000, 4_321


@pytest.fixture(autouse=True)
def _pinned_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW_S + 0.9)
    monkeypatch.setattr("sync.uplink.status.boot_s", lambda: BOOT_S)


Make = Callable[[FakeDoor, FakeHub], Service]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(door: FakeDoor, hub: FakeHub) -> Service:
        courier = Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: hub)
        return Service(
            courier,
            tmp_path / "sync.json",
            lambda _seconds: True,
            alive=lambda: None,
            pace=Pace(lambda _low, high: high),
        )

    return build


def _status(tmp_path: Path) -> dict[str, object]:
    status: dict[str, object] = json.loads((tmp_path / "sync.json").read_text())
    return status


def test_when_all_is_well(make: Make, tmp_path: Path) -> None:
    assert make(FakeDoor(newest_seq=1), FakeHub()).go_once() == Pause(30.0)
    status = _status(tmp_path)
    took_ms = status.pop("round_trip_ms")
    assert isinstance(took_ms, int)
    assert status == {
        "state": "ok",
        "said": "in touch with the hub",
        "advice": "",
        "since_s": NOW_S,
        "since_boot_s": BOOT_S,
        "last_success_s": NOW_S,
        "last_success_boot_s": BOOT_S,
    }


def test_a_new_kiosk_is_looked_at_often(make: Make, tmp_path: Path) -> None:
    assert make(FakeDoor(hub_url=""), FakeHub()).go_once() == Pause(2.0)
    status = _status(tmp_path)
    assert (status["state"], status["last_success_s"]) == ("no-hub", None)
    assert "enrolment card" in str(status["advice"])


def test_a_hub_that_is_away_is_tried_again_with_growing_pauses(make: Make, tmp_path: Path) -> None:
    door, hub = FakeDoor(), FakeHub(fault=away())
    service = make(door, hub)
    assert [service.go_once() for _ in range(4)] == [Pause(s, True) for s in (5, 10, 20, 40)]
    assert _status(tmp_path)["state"] == "hub-away"
    hub.fault = None
    assert service.go_once() == Pause(30.0)
    hub.fault = away()
    assert service.go_once() == Pause(5, for_network=True)
    assert _status(tmp_path)["last_success_s"] == NOW_S


def test_a_hub_that_asks_for_a_pause_gets_it(make: Make) -> None:
    service = make(FakeDoor(), FakeHub(fault=away(wait_s=700.0)))
    assert service.go_once() == Pause(1400.0)


def test_a_hub_that_refuses_is_left_alone_for_an_hour(make: Make, tmp_path: Path) -> None:
    door, hub = FakeDoor(newest_seq=1), FakeHub(fault=HubRefuses("the hub refuses this kiosk"))
    service = make(door, hub)
    assert [service.go_once() for _ in range(3)] == [Pause(7200.0)] * 3
    assert _status(tmp_path)["state"] == "refused"
    assert "see the kiosk's page at the hub" in str(_status(tmp_path)["advice"])
    hub.fault = None
    assert service.go_once() == Pause(30.0)
    assert hub.stored == [1]


def test_a_door_that_is_away_is_back_soon(make: Make, tmp_path: Path) -> None:
    door = FakeDoor(away_for={Ask.HELLO})
    service = make(door, FakeHub())
    assert [service.go_once().seconds for _ in range(5)] == [5, 10, 20, 30, 30]
    assert _status(tmp_path)["state"] == "door-away"


def test_other_trouble_is_told_as_such(make: Make, tmp_path: Path) -> None:
    for fault in (FakeHub(most_entries=-1), FakeHub(fault=UplinkError("something else"))):
        assert make(FakeDoor(newest_seq=1), fault).go_once() == Pause(5)
        assert _status(tmp_path)["state"] == "trouble"


def test_the_log_tells_the_change_and_not_the_repetition(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hub = FakeHub()
    service = make(FakeDoor(), hub)
    for fault in (None, None, away(), away(), None):
        hub.fault = fault
        service.go_once()
    assert [message.partition(":")[0] for message in caplog.messages] == ["ok", "hub-away", "ok"]


def test_a_status_that_cannot_be_written_stops_nothing_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    courier = Courier(FakeDoor(), Spool(tmp_path / "down"), lambda _url, _pin: FakeHub())
    folder = tmp_path / "run"
    service = Service(courier, folder / "sync.json", lambda _s: True, alive=lambda: None)
    told = "the status cannot be written: No such file or directory"
    assert [service.go_once() for _ in range(3)] == [Pause(30.0)] * 3
    assert caplog.messages == [told]
    folder.mkdir()
    service.go_once()
    assert (folder / "sync.json").exists()
    (folder / "sync.json").unlink()
    folder.rmdir()
    service.go_once()
    assert caplog.messages == [told] * 2


def test_the_status_is_replaced_whole(make: Make, tmp_path: Path) -> None:
    """Who reads it sees the old one or the new one."""
    service = make(FakeDoor(), FakeHub())
    service.go_once()
    with (tmp_path / "sync.json").open() as old:
        service.go_once()
        assert json.load(old)["state"] == "ok"
    assert not (tmp_path / "sync.new").exists()


def test_it_goes_on_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """Between errands it waits as long as the last one asked, and says often that it lives."""
    waited_s, silent_s, silences = 0.0, 0.0, []
    door, hub = FakeDoor(newest_seq=1), FakeHub()

    def wait(seconds: float) -> bool:
        nonlocal waited_s, silent_s
        waited_s += seconds
        silent_s += seconds
        if waited_s % 7.0 == 0:
            door.newest_seq += 1
        return waited_s >= 21.0

    def alive() -> None:
        nonlocal silent_s
        silences.append(silent_s)
        silent_s = 0.0

    courier = Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: hub, alive=alive)
    Service(courier, tmp_path / "sync.json", wait, alive=alive, every_s=7.0).run()
    assert waited_s == 21.0
    assert hub.stored == [1, 2, 3]
    assert max(silences) <= 5.0


class _Waiting:
    """Stands in for waiting: counts the time, and has a network come at given seconds."""

    def __init__(self, network_s: float, until_s: float) -> None:
        self.waited_s = 0.0
        self._network_s = network_s
        self._until_s = until_s
        self._is_there = False

    def wait(self, seconds: float) -> bool:
        self.waited_s += seconds
        return self.waited_s >= self._until_s

    def has_come(self) -> bool:
        before, self._is_there = self._is_there, self.waited_s >= self._network_s
        return self._is_there and not before


@pytest.mark.parametrize(
    ("fault", "tried_by_s"),
    [(away(), 410.0), (away(wait_s=1000.0), 2000.0), (HubRefuses("gone"), 7200.0)],
)
def test_a_network_that_comes_ends_a_pause_that_nobody_asked_for(
    fault: UplinkError, tried_by_s: float, tmp_path: Path
) -> None:
    """A hotspot lives for 40 s, and the pause may have come to 15 min."""
    waiting = _Waiting(network_s=400.0, until_s=10_000.0)
    tried_s: list[float] = []

    class Trying(FakeHub):
        def send(self, envelope: bytes, now: KnownTime) -> list[Envelope]:
            tried_s.append(waiting.waited_s)
            return FakeHub.send(self, envelope, now)

    hub = Trying(fault=fault)
    pace = Pace(lambda _low, high: high)
    for _ in range(10):
        pace.failed(None)
    courier = Courier(FakeDoor(newest_seq=1), Spool(tmp_path / "down"), lambda _url, _pin: hub)
    Service(
        courier,
        tmp_path / "sync.json",
        waiting.wait,
        alive=lambda: None,
        pace=pace,
        network_has_come=waiting.has_come,
    ).run()
    assert tried_s[1] <= tried_by_s
    assert tried_s[1] > 399.0
    if isinstance(fault, HubRefuses):
        assert tried_s[1] == 7200.0


def test_since_when_is_told_and_kept_while_nothing_changes(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = FakeHub()
    door = FakeDoor()
    service = make(door, hub)
    told = []
    for boot_s, fault in ((10, None), (20, away()), (30, away()), (40, None)):
        monkeypatch.setattr("sync.uplink.status.boot_s", lambda at=boot_s: at)
        hub.fault = fault
        door.newest_seq += 1
        service.go_once()
        told.append([_status(tmp_path)[name] for name in ("since_boot_s", "last_success_boot_s")])
    assert told == [[10, 10], [20, 10], [20, 10], [40, 40]]


@pytest.mark.parametrize(
    "kind", [DoorAway, HubAway, Portal, Stranger, OutOfDate, HubRefuses, TooMuch, UplinkError]
)
def test_whatever_is_wrong_has_its_state_and_its_advice(
    kind: type[UplinkError], make: Make, tmp_path: Path
) -> None:
    make(FakeDoor(newest_seq=1), FakeHub(fault=kind("so it is"))).go_once()
    status = _status(tmp_path)
    assert (status["state"], status["said"]) == (kind.state, "so it is")
    assert status["advice"]


@pytest.mark.parametrize(
    ("fault", "has_network", "state"),
    [
        (HubAway("no route"), False, "no-network"),
        (HubAway("no route"), True, "hub-away"),
        (Portal("a page"), False, "portal"),
        (None, False, "ok"),
    ],
)
def test_no_way_out_is_told_from_a_hub_that_is_away(
    fault: HubAway | None, has_network: bool, state: str, tmp_path: Path
) -> None:
    hub = FakeHub(fault=fault)
    courier = Courier(FakeDoor(newest_seq=1), Spool(tmp_path / "down"), lambda _url, _pin: hub)
    service = Service(
        courier,
        tmp_path / "sync.json",
        lambda _s: True,
        alive=lambda: None,
        has_network=lambda: has_network,
    )
    service.go_once()
    assert _status(tmp_path)["state"] == state
