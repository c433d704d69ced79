from datetime import timedelta

import pytest

from sync.hub.ingest.models import Anchor as AnchorRow
from sync.hub.ingest.models import Visit
from sync.hub.keyring import Keyring
from sync.wire.batch import Anchor, AnchorSource
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take

_NOW_MS = int(NOW.timestamp() * 1000)
_HOUR_MS = 3_600_000


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def anchor(
    door: FakeDoor,
    boot_ms: int,
    true_ms: int,
    error_ms: int = 50,
    source: AnchorSource = AnchorSource.NTP,
) -> Anchor:
    return Anchor(door.boot_id, boot_ms, true_ms, error_ms, source)


def visits() -> list[Visit]:
    return list(Visit.objects.order_by("entry__seq"))


def test_a_visit_is_dated_by_an_anchor_of_its_boot(door: FakeDoor) -> None:
    """Its time is the anchor's plus what passed since."""
    door.see()
    true_ms = _NOW_MS - _HOUR_MS
    take(door.post(door.batch(anchors=(anchor(door, door.boot_ms - 1_000, true_ms),))))
    (visit,) = visits()
    assert (visit.time_ms, visit.error_ms) == (true_ms + 1_000, 51)


def test_an_anchor_that_comes_late_dates_what_came_before(door: FakeDoor) -> None:
    """Visits of the boot, and the brackets of the boots before, are derived again."""
    door.see()
    door.start()
    door.see()
    take(door.send())
    assert [visit.time_ms for visit in visits()] == [None, None]
    true_ms = _NOW_MS - _HOUR_MS
    late = anchor(door, door.boot_ms, true_ms)
    take(door.heartbeat(anchors=(late,)))
    first, second = visits()
    assert (second.time_ms, second.error_ms) == (true_ms, 50)
    assert (first.time_ms, first.upper_ms) == (None, true_ms + 50)


def test_an_anchor_is_kept_once(door: FakeDoor) -> None:
    """Doors send their anchors again with every batch."""
    known = anchor(door, 1_000, _NOW_MS)
    for _ in range(2):
        take(door.heartbeat(anchors=(known, known)))
    assert AnchorRow.objects.count() == 1


def test_an_anchor_of_the_future_is_kept_and_not_believed(door: FakeDoor) -> None:
    """It is part of the record; visits stay bracketed by their arrival."""
    door.see()
    far_ms = _NOW_MS + int(timedelta(days=30_000) / timedelta(milliseconds=1))
    take(door.post(door.batch(anchors=(anchor(door, door.boot_ms, far_ms),))))
    (visit,) = visits()
    assert (visit.time_ms, visit.upper_ms) == (None, _NOW_MS)
    assert AnchorRow.objects.count() == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_receipt_is_believed_rather_than_a_time_server(door: FakeDoor, *, together: bool) -> None:
    """However exact the other claims to be, and whichever comes first."""
    door.see()
    true_ms = _NOW_MS - _HOUR_MS
    wrong = anchor(door, door.boot_ms, true_ms - 72 * _HOUR_MS, 1)
    right = anchor(door, door.boot_ms, true_ms, 400, AnchorSource.RECEIPT)
    if not together:
        take(door.post(door.batch(anchors=(wrong,))))
        assert visits()[0].time_ms == wrong.true_ms
    take(door.post(door.batch(anchors=(wrong, right))))
    (visit,) = visits()
    assert (visit.time_ms, visit.error_ms) == (true_ms, 400)
