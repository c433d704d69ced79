"""What happened to a kiosk is stored with whose it is, and dated whenever somebody looks."""

import pytest

from sync.hub.ingest.dating import Bounds, Dated
from sync.hub.ingest.happening_times import date_happenings
from sync.hub.ingest.models import Epoch, Happening
from sync.hub.keyring import Keyring
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.entry import Kind
from sync.wire.happenings import Happening as Name
from sync.wire.visit import Event
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take

NOW_MS = int(NOW.timestamp() * 1000)
NOW_S = NOW_MS // 1000


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def _happens(door: FakeDoor, *events: Event) -> None:
    for event in events:
        door.write(event.to_bytes(), Kind.EVENT)


def _dated(door: FakeDoor) -> list[Dated]:
    found = Happening.objects.filter(device=door.row).select_related("entry__epoch")
    return date_happenings(door.row, list(found.order_by("id")))


def test_all_that_an_event_says_is_kept(door: FakeDoor) -> None:
    said = Event("frame_age_ms", 31_000, is_bad=True, detail="x\0y", count=4, ago_s=60)
    _happens(door, said)
    take(door.send())
    kept = Happening.objects.get()
    assert (kept.name, kept.value, kept.is_bad) == ("frame_age_ms", 31_000, True)
    assert (kept.detail, kept.count, kept.ago_s) == ("xy", 4, 60)
    assert kept.device == door.row


def test_an_event_has_the_time_of_its_boot(door: FakeDoor) -> None:
    """With an anchor that comes later too; and it happened before it was written."""
    _happens(door, Event("lamp", is_bad=True), Event("lamp", is_bad=False, ago_s=2))
    take(door.send())
    assert [dated.time_ms for dated in _dated(door)] == [None, None]
    anchor = Anchor(door.boot_id, door.boot_ms + 1_000, NOW_MS - 500, 200, AnchorSource.RECEIPT)
    take(door.post(door.batch(3, anchors=(anchor,))))
    first, second = _dated(door)
    assert (first.time_ms, second.time_ms) == (NOW_MS - 2_500, NOW_MS - 3_500)
    assert first.error_ms == 201
    assert second.bounds == Bounds(NOW_MS - 3_701, NOW_MS - 3_299)


def test_without_an_anchor_it_lies_between_its_neighbours(door: FakeDoor) -> None:
    """After the visit before it, before the one behind it; never before the kiosk was enrolled."""
    _happens(door, Event(Name.START))
    door.see(earliest_s=NOW_S - 600, latest_s=NOW_S - 500)
    _happens(door, Event("lamp", is_bad=True))
    door.see(earliest_s=NOW_S - 300, latest_s=NOW_S - 200)
    _happens(door, Event("lamp", is_bad=False, ago_s=60))
    device = door.row
    device.enrolled_at = NOW.replace(hour=1)
    device.save()
    take(door.send())
    received_ms = int(Happening.objects.all()[0].entry.received_at.timestamp() * 1000)
    bounds = [dated.bounds for dated in _dated(door)]
    enrolled_ms = int(device.enrolled_at.timestamp() * 1000)
    assert bounds == [
        Bounds(enrolled_ms, (NOW_S - 499) * 1000),
        Bounds((NOW_S - 600) * 1000, (NOW_S - 199) * 1000),
        Bounds((NOW_S - 360) * 1000, received_ms - 60_000),
    ]
    assert all(dated.error_ms is None for dated in _dated(door))


def test_an_epoch_knows_its_board(door: FakeDoor) -> None:
    _happens(door, Event(Name.BOARD, detail="board 1, card 2"), Event("lamp"))
    take(door.send())
    assert Epoch.objects.get().board == "board 1, card 2"
    _happens(door, Event("lamp"))
    take(door.send(3))
    assert Epoch.objects.get().board == "board 1, card 2"


def test_nothing_that_a_door_invents_makes_trouble(door: FakeDoor) -> None:
    """Its own times, counts and values are as large as they may be."""
    most = 2**31 - 1
    _happens(door, Event("x" * 60, 2**63 - 1, count=most, ago_s=most, detail="y" * 100))
    take(door.send())
    (dated,) = _dated(door)
    assert dated.bounds.lower_ms >= 0
