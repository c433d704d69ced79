"""Small facts outlive a restart, and versions and the floor only rise."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import apsw
import pytest

from kiosk.journal.database import open_database
from kiosk.journal.facts import Facts
from sync.wire import cbor
from tests.kiosk.enrolled import BOARD, Enrolled, membership


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    connection = open_database(tmp_path / "journal.db")
    yield connection
    connection.close()


def test_numbers_only_rise(connection: apsw.Connection) -> None:
    facts = Facts(connection)
    for read, put in (
        (facts.floor_ms, facts.raise_floor),
        (facts.anchors_told, facts.raise_anchors_told),
        (facts.assisted, facts.raise_assisted),
        (partial(facts.officer_slot, b"one"), partial(facts.raise_officer_slot, b"one")),
    ):
        assert read() == 0
        for value, expected in ((5, 5), (3, 5), (6, 6), (0, 6)):
            put(value)
            assert read() == expected


def test_one_officers_slots_do_not_count_for_another(connection: apsw.Connection) -> None:
    facts = Facts(connection)
    facts.raise_officer_slot(b"one", 2**30)
    assert facts.officer_slot(b"other") == 0


def test_the_list_of_keys_comes_before_the_bundle(connection: apsw.Connection) -> None:
    """A withdrawn key may sign a bundle of any number: it does not bring back its list."""
    facts = Facts(connection)
    facts.raise_bundle_rank((2, 5))
    for lower in ((1, 10**15), (2, 4), (0, 0)):
        facts.raise_bundle_rank(lower)
        assert facts.bundle_rank() == (2, 5)
    facts.raise_bundle_rank((3, 1))
    assert facts.bundle_rank() == (3, 1)
    assert facts.bundle_version() == 1


def test_a_number_that_is_none_counts_as_nothing(connection: apsw.Connection) -> None:
    facts = Facts(connection)
    connection.execute("INSERT INTO fact VALUES('floor_ms', ?)", (cbor.encode("text"),))
    assert facts.floor_ms() == 0


def test_the_accepted_version_rises_and_outlives_a_restart(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    assert kiosk.journal.bundle_version() == 0
    kiosk.journal.took_bundle((1, 7), 0)
    kiosk.journal.took_bundle((1, 6), 0)
    kiosk.restart()
    assert kiosk.journal.bundle_version() == 7
    kiosk.journal.close()


def test_at_another_hub_versions_begin_anew_and_the_floor_stays(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    kiosk.journal.took_bundle((1, 7), 1_000_000)
    moment = kiosk.clock.moment()
    kiosk.journal.join(membership(kiosk.hub, kiosk.keys), kiosk.keys, BOARD, moment)
    assert kiosk.journal.bundle_version() == 0
    assert kiosk.journal.now(moment).earliest_ms == 1_000_000
    kiosk.journal.close()
