import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

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


def test_what_is_read_late_is_told_by_what_is_dated_already(door: FakeDoor) -> None:
    """Entries that had lacked their run are bracketed by those that were dated before them."""
    door.see(2)
    take(door.send(runs=False))
    door.start()
    door.see()
    true_ms = _NOW_MS - _HOUR_MS
    known = door.batch(3, anchors=(anchor(door, door.boot_ms, true_ms),))
    take(door.post(replace(known, runs=known.runs[1:])))
    door.see()
    take(door.send(4))
    assert [visit.upper_ms for visit in visits()][:2] == [true_ms + 50] * 2


def test_what_is_stored_is_not_read_again_for_each_batch(door: FakeDoor) -> None:
    """However long the journal is, and whether its times are known or not."""
    counts = []
    for number in range(1, 9):
        door.see(5)
        batch = door.batch(door.row.epochs.get().newest_seq + 1 if number > 1 else 1)
        with CaptureQueriesContext(connection) as queries:
            take(door.post(batch))
        counts.append(len(queries))
    assert counts[2:] == [counts[2]] * 6
    assert counts[2] < 20


@pytest.mark.parametrize("seed", range(3))
def test_times_do_not_depend_on_how_batches_were_cut(door: FakeDoor, seed: int) -> None:
    """All at once, or in pieces as they come: every second boot has an anchor, the last among
    them, so that all before it is told more.
    """
    dice = random.Random(seed)
    boots = []
    for _ in range(4):
        door.start()
        boots.append(door.boot_id)
        for _ in range(dice.randrange(1, 8)):
            door.see(earliest_s=(_NOW_MS - 2 * _HOUR_MS) // 1000 + dice.randrange(9))
    anchors = tuple(
        Anchor(boot_id, 5_000, _NOW_MS - _HOUR_MS + 100_000 * place, 90, AnchorSource.NTP)
        for place, boot_id in enumerate(boots)
        if place % 2
    )
    found = []
    for step in (len(door.journal), 3):
        with transaction.atomic():
            for first in range(1, len(door.journal) + 1, step):
                told = anchors if first == 1 else ()
                take(door.post(door.batch(first, first + step - 1, anchors=told)))
            found.append([(v.time_ms, v.error_ms, v.lower_ms, v.upper_ms) for v in visits()])
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert max(upper_ms for *_, upper_ms in found[0]) < _NOW_MS
