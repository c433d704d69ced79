"""Time first, idleness, refusals and broken lines: what an errand does besides carrying."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.uplink.courier import Courier, Errand
from sync.uplink.errors import HubAway, HubRefuses, OutOfDate
from sync.uplink.hub import UNKNOWN_TIME, KnownTime
from sync.uplink.spool import Spool
from sync.wire import cbor
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.link import Answer, Request
from tests.sync.uplink.ends import NOW_MS, SECRET, FakeDoor, FakeHub, away, receipt
from tests.sync.wire.parties import DEVICE

Make = Callable[[FakeDoor, FakeHub], Courier]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Each call is a courier that has just been started, over the same spool."""
    return lambda door, hub: Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: hub)


KNOWN = KnownTime(NOW_MS - 1000, NOW_MS + 1000)


def test_a_door_that_does_not_know_the_time_learns_it_first(make: Make) -> None:
    """No visit goes over a line whose certificate cannot be judged yet; the receipt tells."""
    door, hub = FakeDoor(newest_seq=3, earliest_ms=7, latest_ms=None), FakeHub()
    assert make(door, hub).run_errand() == Errand(has_hub=True, carried=2, brought=2)
    assert hub.batches == [0, 3]
    assert hub.known == [KnownTime(7, None), KNOWN]


def test_a_hub_whose_receipts_tell_no_time_gets_the_visits_all_the_same(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=3, latest_ms=None), FakeHub(acknowledges=False)
    make(door, hub).run_errand()
    assert hub.stored == [1, 2, 3]


class _Dated(FakeHub):
    """Has a certificate that is valid now, and judges it as its carrier does."""

    def send(self, envelope: bytes, now: KnownTime) -> list[Envelope]:
        if now.earliest_ms > NOW_MS + 1000:
            raise OutOfDate("the hub's certificate has expired")
        return FakeHub.send(self, envelope, now)


def test_a_door_that_a_time_server_lied_to_is_put_right_by_a_receipt(make: Make) -> None:
    """2099, it believes; a batch without entries goes out under any date, and no other."""
    door, hub = FakeDoor(newest_seq=3, earliest_ms=2 * NOW_MS, latest_ms=2 * NOW_MS), _Dated()
    make(door, hub).run_errand()
    assert hub.batches == [0, 3]
    assert hub.known == [UNKNOWN_TIME, KNOWN]
    assert door.acked == 3


def test_a_certificate_that_is_over_by_the_hubs_own_time_is_not_taken(make: Make) -> None:
    door = FakeDoor(newest_seq=3, earliest_ms=2 * NOW_MS, latest_ms=2 * NOW_MS)
    hub = _Dated(acknowledges=False)
    with pytest.raises(OutOfDate):
        make(door, hub).run_errand()
    assert hub.stored == []


def test_a_door_with_nothing_to_ask_by_is_out_of_date(tmp_path: Path) -> None:
    class Speechless(FakeDoor):
        def ask(self, request: Request) -> Answer:
            answer = FakeDoor.ask(self, request)
            return replace(answer, envelope=b"") if request.most_entries == 0 else answer

    door = Speechless(newest_seq=3, earliest_ms=2 * NOW_MS, latest_ms=2 * NOW_MS)
    courier = Courier(door, Spool(tmp_path), lambda _url, _pin: _Dated())
    with pytest.raises(OutOfDate):
        courier.run_errand()


def test_an_idle_door_is_told_of_at_each_fourth_errand(make: Make) -> None:
    """Its health must be known; its silence costs nobody's phone credit."""
    door, hub = FakeDoor(newest_seq=3), FakeHub()
    courier = make(door, hub)
    sent = [courier.run_errand().carried for _ in range(9)]
    assert sent == [1, 0, 0, 0, 1, 0, 0, 0, 1]
    door.newest_seq += 1
    assert courier.run_errand().carried == 1
    assert hub.stored == [1, 2, 3, 4]


def test_after_a_failure_the_hub_is_asked_even_where_nothing_is_new(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=3), FakeHub()
    courier = make(door, hub)
    courier.run_errand()
    door.newest_seq, hub.fault = 4, away()
    with pytest.raises(HubAway):
        courier.run_errand()
    hub.fault = None
    door.newest_seq = 3
    assert courier.run_errand().carried == 1


def test_a_hub_that_refused_is_asked_with_an_empty_batch_first(make: Make) -> None:
    door, hub = FakeDoor(newest_seq=700), FakeHub(fault=HubRefuses("gone"))
    courier = make(door, hub)
    for _ in range(3):
        with pytest.raises(HubRefuses):
            courier.run_errand()
    sizes = door.batch_sizes_asked
    assert sizes == [500, 0, 0]
    hub.fault = None
    courier.run_errand()
    assert hub.batches == [0, 500, 200]
    courier.run_errand()
    assert door.batch_sizes_asked[-1] == 500


def test_what_came_down_before_the_line_broke_is_handed_over(make: Make) -> None:
    door = FakeDoor(newest_seq=700)
    hub = FakeHub(fault=HubAway("the line broke", brought=[receipt(500)]))
    courier = make(door, hub)
    with pytest.raises(HubAway):
        courier.run_errand()
    assert door.acked == 500
    hub.fault = None
    courier.run_errand()
    assert hub.stored == list(range(501, 701))


def test_every_answer_is_told_of_while_a_long_errand_is_under_way(make: Make) -> None:
    told: list[int] = []
    door, hub = FakeDoor(newest_seq=1100), FakeHub()
    make(door, hub).run_errand(lambda: told.append(len(hub.stored)))
    assert told == [500, 1000, 1100]


def test_a_million_entries_are_never_held(tmp_path: Path) -> None:
    """One batch and its answer at a time: the memory of 60 batches is that of 2,000."""

    class Forgetful(FakeHub):
        def send(self, envelope: bytes, now: KnownTime) -> list[Envelope]:
            last = self.numbers(open_envelope(envelope).message)[-1]
            self.batches[:] = [sum(self.batches) + 1]
            return [receipt(last)]

    class Brief(FakeDoor):
        """Names the last entry of each batch alone."""

        def _fetch(self, request: Request) -> Answer:
            last = min(self.newest_seq, self.acked + request.most_entries)
            envelope = Envelope(Content.BATCH, DEVICE, cbor.encode([SECRET, last]))
            return Answer(envelope=envelope.to_bytes(), last_seq=last, more=last < self.newest_seq)

        def ask(self, request: Request) -> Answer:
            self.asked.clear()
            self.taken.clear()
            return FakeDoor.ask(self, request)

    def peak(entries: int) -> int:
        door, hub = Brief(newest_seq=entries), Forgetful()
        courier = Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: hub)
        tracemalloc.start()
        courier.run_errand()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (door.acked, hub.batches) == (entries, [entries // 500])
        return most

    assert peak(1_000_000) < peak(30_000) + 20_000
