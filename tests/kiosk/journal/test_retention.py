"""Only what the hub has settled is deleted, and only after days of powered time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.journal.database import open_database, rows
from kiosk.journal.retention import COUNT_EVERY_MS, KEEP_POWERED_MS
from sync.wire.receipt import Rejection
from tests.kiosk.enrolled import Enrolled


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path)
    yield kiosk
    kiosk.journal.close()


def _record(kiosk: Enrolled, count: int) -> None:
    for number in range(count):
        kiosk.record(f"visit {number}".encode())


def _power(kiosk: Enrolled, ms: int) -> None:
    """Let the kiosk run for so long, as housekeeping counts it."""
    kiosk.journal.count_powered_time(kiosk.clock.moment())
    for _ in range(ms // COUNT_EVERY_MS):
        kiosk.clock.advance(COUNT_EVERY_MS)
        kiosk.journal.count_powered_time(kiosk.clock.moment())


def _kept(kiosk: Enrolled) -> list[int]:
    kiosk.journal.close()
    connection = open_database(kiosk.path)
    found = [seq for (seq,) in rows(connection, "SELECT seq FROM entry ORDER BY seq")]
    connection.close()
    kiosk.open()
    kiosk.begin_run()
    return found


def test_what_was_settled_goes_after_three_days_of_power_and_not_before(kiosk: Enrolled) -> None:
    _record(kiosk, 4)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS - COUNT_EVERY_MS)
    assert _kept(kiosk) == [1, 2, 3, 4]
    _power(kiosk, COUNT_EVERY_MS)
    assert _kept(kiosk) == [4]


def test_what_is_not_settled_stays_however_long_it_takes(kiosk: Enrolled) -> None:
    _record(kiosk, 3)
    kiosk.deliver(kiosk.send(most=2))
    _power(kiosk, 2 * KEEP_POWERED_MS)
    assert _kept(kiosk) == [2, 3]


def test_a_clock_that_jumps_years_ahead_deletes_nothing(kiosk: Enrolled) -> None:
    _record(kiosk, 3)
    kiosk.deliver(kiosk.send())
    kiosk.journal.count_powered_time(kiosk.clock.moment())
    kiosk.clock.wall_ms += 10 * 365 * 86_400_000
    kiosk.clock.boot_ms += COUNT_EVERY_MS
    kiosk.journal.count_powered_time(kiosk.clock.moment())
    assert _kept(kiosk) == [1, 2, 3]


def test_powered_time_adds_up_over_boots_and_time_without_power_does_not_count(
    kiosk: Enrolled,
) -> None:
    _record(kiosk, 3)
    kiosk.deliver(kiosk.send())
    for _ in range(2):
        _power(kiosk, KEEP_POWERED_MS // 2)
        assert kiosk.journal.backlog() == 0
        kiosk.journal.close()
        kiosk.clock.reboot()
        kiosk.clock.boot_ms = 900_000_000
        kiosk.open()
        kiosk.begin_run()
    assert _kept(kiosk) == [3]


def test_a_restart_within_one_boot_counts_from_the_restart(kiosk: Enrolled) -> None:
    _record(kiosk, 3)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS - COUNT_EVERY_MS)
    kiosk.restart()
    kiosk.clock.advance(COUNT_EVERY_MS)
    kiosk.journal.count_powered_time(kiosk.clock.moment())
    assert _kept(kiosk) == [1, 2, 3]


def test_what_was_rejected_is_kept(kiosk: Enrolled) -> None:
    _record(kiosk, 4)
    kiosk.deliver(replace(kiosk.send(), rejected=((2, Rejection.CANNOT_OPEN),)))
    _power(kiosk, KEEP_POWERED_MS)
    assert _kept(kiosk) == [2, 4]


def test_after_a_deletion_the_chain_goes_on(kiosk: Enrolled) -> None:
    _record(kiosk, 4)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS)
    _record(kiosk, 2)
    batch = kiosk.batch()
    assert (batch.oldest_seq, batch.acked_through, batch.newest_seq) == (5, 4, 6)
    kiosk.deliver(kiosk.send())
    assert kiosk.bodies()[-2:] == [b"visit 0", b"visit 1"]
    assert kiosk.journal.backlog() == 0


def test_a_restored_hub_gets_back_what_is_still_here(kiosk: Enrolled) -> None:
    _record(kiosk, 4)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS)
    _record(kiosk, 2)
    kiosk.deliver(kiosk.send())
    batch = kiosk.batch()
    kiosk.deliver(kiosk.hub.receipt(batch, acked_through=1, chain=bytes(32)))
    again = kiosk.batch()
    assert again.epoch == batch.epoch
    assert [entry.header.seq for entry in again.entries] == [5, 6]
    assert again.oldest_seq == 5


def test_what_a_restored_hub_asked_for_again_waits_anew(kiosk: Enrolled) -> None:
    _record(kiosk, 4)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS - COUNT_EVERY_MS)
    kiosk.deliver(kiosk.hub.receipt(kiosk.batch(), acked_through=0, chain=bytes(32)))
    _power(kiosk, COUNT_EVERY_MS)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS - COUNT_EVERY_MS)
    assert _kept(kiosk) == [1, 2, 3, 4]
    _power(kiosk, COUNT_EVERY_MS)
    assert _kept(kiosk) == [4]


def test_settled_at_several_times_goes_at_several_times(kiosk: Enrolled) -> None:
    _record(kiosk, 2)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS // 2)
    _record(kiosk, 2)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS // 2)
    assert _kept(kiosk) == [2, 3, 4]
    _power(kiosk, KEEP_POWERED_MS // 2)
    assert _kept(kiosk) == [4]


def test_a_large_deletion_takes_several_turns(kiosk: Enrolled) -> None:
    """No visitor waits until thousands of entries are gone."""
    _record(kiosk, 1501)
    while kiosk.journal.backlog():
        kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS + COUNT_EVERY_MS)
    assert _kept(kiosk) == [1500, 1501]
    _power(kiosk, COUNT_EVERY_MS)
    assert _kept(kiosk) == [1501]


def test_runs_go_with_their_last_entry(kiosk: Enrolled) -> None:
    for _ in range(3):
        kiosk.restart()
        _record(kiosk, 1)
    kiosk.deliver(kiosk.send())
    _power(kiosk, KEEP_POWERED_MS)
    kiosk.journal.close()
    connection = open_database(kiosk.path)
    assert rows(connection, "SELECT run_no FROM run") == [(4,)]
    connection.close()
    kiosk.open()
