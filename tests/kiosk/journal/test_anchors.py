"""What the door believes of the time: the hub's answer over all, within one boot only."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.instants import Interval
from kiosk.journal.database import open_database, scalar
from sync.wire.batch import MAX_ANCHORS, Anchor, AnchorSource
from tests.kiosk.enrolled import Enrolled
from tests.kiosk.fake_clock import NOW_MS

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
YEAR_2099_MS = 4_070_908_800_000


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path)
    yield kiosk
    kiosk.journal.close()


def _hear(
    kiosk: Enrolled, true_ms: int, error_ms: int, source: AnchorSource = AnchorSource.NTP
) -> None:
    moment = kiosk.clock.moment()
    kiosk.journal.add_anchor(
        Anchor(moment.boot_id, moment.boot_ms, true_ms, error_ms, source), moment
    )


def _now(kiosk: Enrolled) -> Interval:
    return kiosk.journal.now(kiosk.clock.moment())


def _count(kiosk: Enrolled) -> int:
    kiosk.journal.close()
    connection = open_database(kiosk.path)
    count = scalar(connection, "SELECT count(*) FROM anchor")
    connection.close()
    kiosk.open()
    kiosk.begin_run()
    assert isinstance(count, int)
    return count


def test_a_fresh_kiosk_knows_no_time(kiosk: Enrolled) -> None:
    assert _now(kiosk) == Interval(0, None)


def test_the_hubs_answer_gives_the_time_to_within_the_round(kiosk: Enrolled) -> None:
    receipt = kiosk.send()
    kiosk.clock.advance(400)
    kiosk.deliver(receipt)
    known = _now(kiosk)
    assert known.latest_ms is not None
    assert known.earliest_ms <= kiosk.clock.wall_ms <= known.latest_ms
    assert known.width_ms is not None
    assert known.width_ms <= 410


def test_a_nonce_is_answered_once(kiosk: Enrolled) -> None:
    """Shown again an hour later, the receipt says nothing of the hour."""
    receipt = kiosk.send()
    kiosk.deliver(receipt)
    kiosk.clock.advance(HOUR_MS)
    kiosk.deliver(receipt)
    known = _now(kiosk)
    assert known.latest_ms is not None
    assert known.earliest_ms <= kiosk.clock.wall_ms <= known.latest_ms


def test_drift_widens_what_is_known(kiosk: Enrolled) -> None:
    kiosk.deliver(kiosk.send())
    widths = []
    for _ in range(3):
        widths.append(_now(kiosk).width_ms or 0)
        kiosk.clock.advance(24 * HOUR_MS)
    assert widths[0] < 10
    assert widths[1] == pytest.approx(2 * 8640, abs=20)
    assert widths[2] > widths[1]


def test_an_anchor_is_of_its_boot_alone(kiosk: Enrolled) -> None:
    receipt = kiosk.send()
    kiosk.deliver(receipt)
    kiosk.clock.reboot()
    kiosk.restart()
    assert _now(kiosk) == Interval(receipt.hub_time_ms, None)


def test_a_nonce_of_the_boot_before_is_no_bracket(kiosk: Enrolled) -> None:
    receipt = kiosk.send()
    kiosk.clock.reboot()
    kiosk.clock.boot_ms = 90_000
    kiosk.deliver(receipt)
    assert _now(kiosk).latest_ms is None


def test_an_anchor_every_few_minutes_does_not_fill_the_card(kiosk: Enrolled) -> None:
    for _ in range(500):
        _hear(kiosk, kiosk.clock.wall_ms, 20)
        kiosk.clock.advance(MINUTE_MS)
    assert 1 <= _count(kiosk) < 20


def test_a_better_anchor_is_kept(kiosk: Enrolled) -> None:
    _hear(kiosk, NOW_MS, 90_000, AnchorSource.OFFICER)
    _hear(kiosk, NOW_MS, 20)
    assert _now(kiosk).width_ms == 40


def test_one_bad_answer_of_2099_gives_way_to_the_hubs(kiosk: Enrolled) -> None:
    _hear(kiosk, YEAR_2099_MS, 10)
    assert _now(kiosk).earliest_ms > YEAR_2099_MS - 1000
    kiosk.deliver(kiosk.send())
    known = _now(kiosk)
    assert known.latest_ms is not None
    assert known.earliest_ms <= kiosk.clock.wall_ms <= known.latest_ms


def test_many_bad_answers_do_not_push_the_hubs_out(kiosk: Enrolled) -> None:
    kiosk.deliver(kiosk.send())
    for _ in range(40):
        kiosk.clock.advance(HOUR_MS)
        _hear(kiosk, YEAR_2099_MS, 1)
    known = _now(kiosk)
    assert known.latest_ms is not None
    assert known.earliest_ms <= kiosk.clock.wall_ms <= known.latest_ms
    assert _count(kiosk) < 5


def test_a_good_answer_after_a_bad_one_of_the_same_source_counts(kiosk: Enrolled) -> None:
    _hear(kiosk, YEAR_2099_MS, 10)
    kiosk.clock.advance(MINUTE_MS)
    _hear(kiosk, kiosk.clock.wall_ms, 10)
    assert _now(kiosk).earliest_ms == kiosk.clock.wall_ms - 10


def test_a_bad_answer_raises_no_floor(kiosk: Enrolled) -> None:
    _hear(kiosk, YEAR_2099_MS, 10)
    kiosk.clock.reboot()
    kiosk.restart()
    assert _now(kiosk) == Interval(0, None)


def test_anchors_are_told_until_the_hub_has_them(kiosk: Enrolled) -> None:
    _hear(kiosk, NOW_MS, 50)
    first, unanswered = kiosk.batch(), kiosk.batch()
    assert [anchor.error_ms for anchor in first.anchors] == [50]
    assert unanswered.anchors == first.anchors
    receipt = kiosk.send()
    assert kiosk.deliver(replace(receipt, epoch=bytes(16))) is False
    assert len(kiosk.batch().anchors) == 1
    kiosk.deliver(kiosk.send())
    assert [anchor.source for anchor in kiosk.batch().anchors] in ([], [AnchorSource.RECEIPT])


def test_a_batch_tells_no_more_anchors_than_it_may(kiosk: Enrolled) -> None:
    for number in range(MAX_ANCHORS + 5):
        kiosk.clock.boot_id = number.to_bytes(16)
        kiosk.restart()
        _hear(kiosk, NOW_MS, 10)
    first = kiosk.send()
    kiosk.deliver(first)
    kiosk.send()
    assert len({anchor.boot_id for anchor in kiosk.hub.anchors}) == MAX_ANCHORS + 5


def test_an_officers_time_counts_once_and_only_where_there_is_none(kiosk: Enrolled) -> None:
    officer, moment = b"officer1", kiosk.clock.moment()
    anchor = Anchor(
        *(moment.boot_id, moment.boot_ms, kiosk.clock.wall_ms, 90_000), AnchorSource.OFFICER
    )
    kiosk.journal.raise_floor(kiosk.clock.wall_ms - 3_600_000)
    past = replace(anchor, true_ms=kiosk.clock.wall_ms - 7_200_000)
    assert not kiosk.journal.add_officers_anchor(past, officer, slot=9)
    assert kiosk.journal.add_officers_anchor(anchor, officer, slot=9)
    assert kiosk.journal.now(moment).width_ms == 180_000
    assert not kiosk.journal.add_officers_anchor(anchor, officer, slot=10)
    kiosk.clock.reboot()
    again = replace(anchor, boot_id=kiosk.clock.boot_id)
    assert not kiosk.journal.add_officers_anchor(again, officer, slot=9)
    assert kiosk.journal.add_officers_anchor(again, officer, slot=10)


def test_a_floor_that_is_known_is_no_news(kiosk: Enrolled) -> None:
    assert kiosk.journal.raise_floor(5_000)
    assert not kiosk.journal.raise_floor(5_000)


def test_a_confirmation_is_kept_to_the_hour(kiosk: Enrolled) -> None:
    assert kiosk.journal.confirmation() == (0, 0)
    kiosk.journal.confirm(4, 10_000_000)
    kiosk.journal.confirm(4, 13_599_999)
    assert kiosk.journal.confirmation() == (4, 10_000_000)
    kiosk.journal.confirm(4, 13_600_000)
    assert kiosk.journal.confirmation() == (4, 13_600_000)
    kiosk.journal.confirm(5, 13_600_001)
    assert kiosk.journal.confirmation() == (5, 13_600_001)
    kiosk.journal.took_bundle((2, 5), 13_600_001)
    assert kiosk.journal.bundle_rank() == (2, 5)
