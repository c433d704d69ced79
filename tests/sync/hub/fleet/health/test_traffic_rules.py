"""Rules about what people do at a door, raised and cleared by visits that arrive."""

import pytest

from kiosk.admission.verdict import Outcome
from sync.hub.fleet.health.models import Severity
from sync.hub.fleet.models import OpeningHours
from sync.hub.ingest.models import Visit
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.entry import Kind
from sync.wire.visit import Assisted
from tests.sync.hub.fake_door import FakeDoor, take
from tests.sync.hub.fleet.health.watching import HOUR, MINUTE, Watched, raised

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL


def _see(door: FakeDoor, count: int, at_s: int, outcome: Outcome = Outcome.ADMIT) -> None:
    """Have visits at a known time."""
    door.see(count, outcome=int(outcome), shown=int(outcome), earliest_s=at_s)
    anchor = Anchor(door.boot_id, door.boot_ms, at_s * 1000, 80, AnchorSource.RECEIPT)
    door_batch = door.batch(len(door.journal) - count + 1, anchors=(anchor,))
    take(door.post(door_batch))


def _now_s(hub: Watched) -> int:
    return int(hub.clock().timestamp())


@pytest.mark.parametrize(
    ("refused", "severity"), [(9, None), (10, WARNING), (19, WARNING), (20, CRITICAL)]
)
def test_a_door_that_refuses_many(
    refused: int, severity: Severity | None, hub: Watched, door: FakeDoor
) -> None:
    """Of fifty reads within a day; of fewer nothing is said."""
    _see(door, refused, _now_s(hub) - 600, Outcome.DENY)
    _see(door, 49 - refused, _now_s(hub) - 300)
    hub.hear(door)
    assert "refusals" not in raised()
    _see(door, 1, _now_s(hub) - 60)
    hub.hear(door)
    assert raised().get("refusals") == severity


def test_a_refusing_door_is_well_once_it_admits(hub: Watched, door: FakeDoor) -> None:
    _see(door, 30, _now_s(hub) - 600, Outcome.DENY)
    _see(door, 20, _now_s(hub) - 500)
    hub.hear(door)
    assert raised()["refusals"] == CRITICAL
    _see(door, 200, _now_s(hub) - 60)
    hub.hear_for(10 * MINUTE, door)
    assert "refusals" not in raised()


def test_a_door_where_the_button_is_pressed_for_most(hub: Watched, door: FakeDoor) -> None:
    _see(door, 30, _now_s(hub) - 600)
    first = len(door.journal) + 1
    for number in range(20):
        door.write(Assisted(number + 1).to_bytes(), Kind.ASSISTED)
    take(door.send(first))
    Visit.objects.filter(assisted__isnull=False).update(lower_ms=(_now_s(hub) - 60) * 1000)
    hub.hear(door)
    assert raised()["button_share"] == WARNING
    _see(door, 100, _now_s(hub) - 60)
    hub.hear_for(10 * MINUTE, door)
    assert "button_share" not in raised()


def test_a_door_of_which_too_little_is_known(hub: Watched, door: FakeDoor) -> None:
    """Nobody is called because of a door where hardly anybody passes."""
    for number in range(9):
        _see(door, 1, _now_s(hub) - 7 * 86_400 - number * 600)
    hub.hear(door)
    assert "no_reads" not in raised()


def test_a_door_that_reads_nothing(hub: Watched, door: FakeDoor) -> None:
    """Against the longest pause on the same weekday of the weeks before, from its opening on."""
    site = door.row.door.site
    # 10.00 in Jakarta, a Monday.
    assert hub.clock().weekday() == 0
    OpeningHours.objects.create(site=site, weekday=0, opens="07:00", closes="16:00")
    week_ago_s = _now_s(hub) - 7 * 86_400
    for number in range(12):
        _see(door, 1, week_ago_s - 3 * 3600 + number * 1200)
    hub.clock.pass_by(-3 * HOUR + 38 * MINUTE)
    hub.hear(door)
    assert "no_reads" not in raised()
    hub.hear(door)
    assert raised()["no_reads"] == WARNING
    hub.hear(door, after=40 * MINUTE)
    assert raised()["no_reads"] == CRITICAL
    _see(door, 1, _now_s(hub))
    hub.hear_for(10 * MINUTE, door)
    assert "no_reads" not in raised()
