"""Every visit is carried, every receipt handed over, and a bundle outlives the courier."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.uplink.courier import Courier, Errand
from sync.uplink.errors import DoorAway, HubAway, HubRefuses, TooMuch, UplinkError
from sync.uplink.spool import Spool
from sync.wire.envelope import Content
from sync.wire.link import Answer, Ask, Request
from tests.sync.uplink.ends import HUB_URL, FakeDoor, FakeHub, away, bundle

Make = Callable[[FakeDoor, FakeHub], Courier]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Each call is a courier that has just been started, over the same spool."""
    return lambda door, hub: Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: hub)


def test_visits_go_up_and_the_receipt_comes_down(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=3), FakeHub()
    assert make(door, hub).run_errand() == Errand(has_hub=True, carried=1, brought=1)
    assert (hub.stored, door.acked) == ([1, 2, 3], 3)


def test_what_waits_is_carried_in_one_errand(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=1234), FakeHub()
    assert make(door, hub).run_errand().carried == 3
    assert hub.batches == [500, 500, 234]
    assert (hub.stored, door.acked) == (list(range(1, 1235)), 1234)


def test_it_knows_how_long_the_hubs_last_answer_took(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that never came changes nothing."""
    clock = iter([100.0, 100.25, 200.0, 201.5, 300.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    door, hub = FakeDoor(newest_seq=501), FakeHub()
    courier = make(door, hub)
    before = courier.round_trip_ms
    assert before is None
    courier.run_errand()
    assert courier.round_trip_ms == 1_500
    door.newest_seq, hub.fault = 502, away()
    with pytest.raises(HubAway):
        courier.run_errand()
    assert courier.round_trip_ms == 1_500


def test_an_errand_without_visits_still_carries_health(make: Make) -> None:
    door, hub = FakeDoor(), FakeHub()
    assert make(door, hub).run_errand().carried == 1
    assert hub.batches == [0]


def test_a_hub_that_acknowledges_nothing_is_not_asked_for_ever(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=600), FakeHub(acknowledges=False)
    assert make(door, hub).run_errand().carried == 2
    assert hub.stored == list(range(1, 601))


def test_a_door_that_says_more_without_giving_more_is_not_asked_for_ever(tmp_path: Path) -> None:
    class Stuck(FakeDoor):
        def ask(self, request: Request) -> Answer:
            return replace(FakeDoor.ask(self, request), last_seq=0, more=True)

    hub = FakeHub()
    courier = Courier(Stuck(newest_seq=5), Spool(tmp_path), lambda _url, _pin: hub)
    assert courier.run_errand().carried == 1


def test_batches_are_halved_until_the_hub_takes_them_and_grow_again(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=100), FakeHub(most_entries=70)
    courier = make(door, hub)
    courier.run_errand()
    assert door.batch_sizes_asked == [500, 250, 125, 62, 62]
    assert hub.stored == list(range(1, 101))
    hub.most_entries = 500
    sizes = []
    for _ in range(4):
        door.asked.clear()
        door.newest_seq += 1
        courier.run_errand()
        sizes += door.batch_sizes_asked
    assert sizes == [124, 248, 496, 500]


def test_batches_go_down_to_a_single_visit(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=3), FakeHub(most_entries=1)
    make(door, hub).run_errand()
    assert (hub.batches, hub.stored) == ([1, 1, 1], [1, 2, 3])


def test_a_hub_that_will_not_take_one_visit_is_trouble(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=3), FakeHub(most_entries=0)
    with pytest.raises(TooMuch):
        make(door, hub).run_errand()
    assert door.batch_sizes_asked[-1] == 1
    assert (hub.stored, door.acked) == ([], 0)


def test_a_bundle_is_handed_over_and_not_kept(make: Make, tmp_path: Path) -> None:
    door, hub = FakeDoor(newest_seq=1), FakeHub(bundle_version=7)
    assert make(door, hub).run_errand().brought == 2
    assert door.bundle_version == 7
    assert list((tmp_path / "down").iterdir()) == []


def test_a_bundle_is_handed_over_after_a_restart(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=1, away_for={Ask.DELIVER}), FakeHub(bundle_version=7)
    hub.acknowledges = False
    with pytest.raises(DoorAway):
        make(door, hub).run_errand()
    door.away_for.clear()
    hub.fault = away()
    with pytest.raises(HubAway):
        make(door, hub).run_errand()
    assert door.bundle_version == 7
    assert [each.content for each in door.taken] == [Content.BUNDLE]


def test_bundles_are_handed_over_in_the_order_in_which_they_came(
    make: Make, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "down")
    for version in (3, 1, 2):
        spool.put(bundle(version).to_bytes())
    door = FakeDoor(hub_url="")
    make(door, FakeHub()).run_errand()
    assert [each.message[-1] for each in door.taken] == [3, 1, 2]


def test_what_the_door_refuses_is_not_offered_again(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    door, hub = FakeDoor(newest_seq=1), FakeHub(bundle_version=7)
    door.refuses[Ask.DELIVER] = "the reference is refused"
    courier = make(door, hub)
    assert courier.run_errand().brought == 2
    assert (
        caplog.messages == ["the door did not take what the hub sent: the reference is refused"] * 2
    )
    hub.bundle_version = 0
    door.newest_seq += 1
    door.refuses.clear()
    courier.run_errand()
    assert [each.content for each in door.taken] == [Content.RECEIPT]


def test_garbage_in_the_spool_does_not_stop_the_errand(make: Make, tmp_path: Path) -> None:
    (tmp_path / "down").mkdir()
    (tmp_path / "down" / "lost+found").mkdir()
    (tmp_path / "down" / "README").write_text("not a bundle")
    door, hub = FakeDoor(newest_seq=1), FakeHub(bundle_version=7)
    assert make(door, hub).run_errand().carried == 1
    assert door.bundle_version == 7


def test_without_a_hub_nothing_is_carried(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=5, hub_url=""), FakeHub()
    assert make(door, hub).run_errand() == Errand(has_hub=False)
    assert [request.ask for request in door.asked] == [Ask.HELLO]


def test_a_hub_is_opened_once_and_again_where_its_address_changes(tmp_path: Path) -> None:
    opened: list[tuple[str, bytes]] = []
    hubs: list[FakeHub] = []

    def open_hub(url: str, ca_pin: bytes) -> FakeHub:
        opened.append((url, ca_pin))
        hubs.append(FakeHub())
        return hubs[-1]

    door = FakeDoor()
    courier = Courier(door, Spool(tmp_path), open_hub)
    courier.run_errand()
    courier.run_errand()
    door.ca_pin = b"pin"
    courier.run_errand()
    door.hub_url = "https://other.example"
    courier.run_errand()
    assert opened == [(HUB_URL, b""), (HUB_URL, b"pin"), ("https://other.example", b"pin")]
    assert [hub.is_closed for hub in hubs] == [True, True, False]


@pytest.mark.parametrize("ask", [Ask.HELLO, Ask.FETCH])
def test_a_door_that_cannot_give_its_visits_is_trouble(ask: Ask, make: Make) -> None:
    """Silence would be shown as being in touch with the hub while nothing is carried."""
    door, hub = FakeDoor(newest_seq=5, refuses={ask: "the journal cannot be read"}), FakeHub()
    with pytest.raises(UplinkError, match="the journal cannot be read"):
        make(door, hub).run_errand()
    assert hub.batches == []


def test_a_door_with_nothing_at_all_to_carry_ends_the_errand(tmp_path: Path) -> None:
    class Speechless(FakeDoor):
        def ask(self, request: Request) -> Answer:
            return replace(FakeDoor.ask(self, request), envelope=b"")

    hub = FakeHub()
    courier = Courier(Speechless(newest_seq=5), Spool(tmp_path), lambda _url, _pin: hub)
    assert courier.run_errand() == Errand(has_hub=True)
    assert hub.batches == []


def test_what_a_failing_errand_did_not_carry_is_carried_by_the_next(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=700), FakeHub()
    courier = make(door, hub)
    for fault in (away(), HubRefuses("the hub refuses this kiosk (HTTP 410)")):
        hub.fault = fault
        with pytest.raises(type(fault)):
            courier.run_errand()
    hub.fault = None
    courier.run_errand()
    assert (hub.stored, door.acked) == (list(range(1, 701)), 700)


def test_no_content_is_logged(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    door, hub = FakeDoor(newest_seq=3), FakeHub(bundle_version=1)
    make(door, hub).run_errand()
    door.refuses[Ask.DELIVER] = "no"
    make(door, hub).run_errand()
    assert "RAHASIA" not in caplog.text
    assert "hub.example" not in caplog.text
