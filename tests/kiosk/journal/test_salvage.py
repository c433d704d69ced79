"""A damaged journal is kept whole, and all that can be read of it reaches the hub."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from pytest_mock import MockerFixture

from kiosk.errors import JournalDamaged, KioskError
from kiosk.journal.database import open_database, rows, translated
from kiosk.journal.journal import Journal
from kiosk.journal.salvage import MEMBERSHIP_FILE, damaged_files
from kiosk.journal.sightings import Sighting
from sync.wire.visit import Direction
from tests.kiosk.enrolled import Enrolled
from tests.kiosk.journal.damage import COUNT, PAGE_BYTES, arrived, damage, pages, start


@pytest.fixture
def kiosk(damaged: Enrolled) -> Enrolled:
    return damaged


def test_whichever_page_is_damaged_the_rest_is_delivered(model: Enrolled, tmp_path: Path) -> None:
    """Noise in each page in turn: no more is lost than lay there, and the door goes on."""
    lost = {}
    for page in range(pages(model.path)):
        place = tmp_path / str(page)
        shutil.copytree(model.state_dir, place)
        copy = object.__new__(Enrolled)
        copy.state_dir, copy.deadline_s, copy.clock = place, 10.0, model.clock
        copy.keys, copy.hub = model.keys, model.hub
        before = damage(copy.path, page * PAGE_BYTES, PAGE_BYTES)
        start(copy)
        if aside := damaged_files(place):
            assert (aside[0] / "journal.db").read_bytes() == before
            lost[page] = COUNT - len(arrived(copy))
            copy.record(b"the next visit")
        copy.journal.close()
        shutil.rmtree(place)
    # The page from which all others are found costs every entry, a page of runs those of its runs.
    on_a_page = [count for count in lost.values() if 0 < count <= PAGE_BYTES // 100]
    assert lost[0] == 0
    assert sum(1 for count in lost.values() if count > PAGE_BYTES // 100) <= 2, lost
    assert sum(on_a_page) >= COUNT * 9 // 10, "the damage was not seen"


def test_a_flipped_bit_in_one_entry_spoils_that_one_alone(kiosk: Enrolled) -> None:
    connection = open_database(kiosk.path)
    ((body,),) = rows(connection, "SELECT body FROM entry WHERE seq=120")
    spoilt = bytes([body[0] ^ 1]) + body[1:]
    connection.execute("UPDATE entry SET body=? WHERE seq=120", (spoilt,))
    connection.close()
    start(kiosk)
    assert arrived(kiosk) == [number for number in range(COUNT) if number != 119]


def test_a_flipped_bit_in_a_chain_value_spoils_none(kiosk: Enrolled) -> None:
    connection = open_database(kiosk.path)
    connection.execute("UPDATE entry SET chain=zeroblob(32) WHERE seq=120")
    connection.close()
    start(kiosk)
    assert arrived(kiosk) == list(range(COUNT))


def test_a_hole_costs_the_entry_behind_it_too(kiosk: Enrolled) -> None:
    """What that one hangs on is not known any more."""
    connection = open_database(kiosk.path)
    connection.execute("DELETE FROM entry WHERE seq=120")
    connection.close()
    start(kiosk)
    assert arrived(kiosk) == [number for number in range(COUNT) if number not in (119, 120)]


def test_what_is_settled_is_not_asked_for_its_chain(kiosk: Enrolled) -> None:
    """The hub has it: damage there is none that anybody would miss."""
    start(kiosk)
    kiosk.deliver(kiosk.hub.receipt(kiosk.batch(), acked_through=200, chain=_chain(kiosk, 200)))
    kiosk.journal.close()
    connection = open_database(kiosk.path)
    connection.execute("UPDATE entry SET body=x'00' WHERE seq=120")
    connection.close()
    start(kiosk)
    assert damaged_files(kiosk.state_dir) == []


def _chain(kiosk: Enrolled, seq: int) -> bytes:
    return kiosk.batch(after_seq=seq).previous


def test_no_file_at_all_is_readable_and_the_kiosk_is_still_the_hubs(kiosk: Enrolled) -> None:
    kiosk.path.write_bytes(random.Random(5).randbytes(3 * PAGE_BYTES))
    start(kiosk)
    kept = kiosk.journal.membership()
    assert kept is not None
    assert kept.device == kiosk.keys.device
    assert kiosk.record(b"the next visit") == 1


def test_without_any_membership_left_it_has_to_be_enrolled_again(kiosk: Enrolled) -> None:
    (kiosk.state_dir / MEMBERSHIP_FILE).write_bytes(b"noise")
    kiosk.path.write_bytes(b"noise")
    kiosk.open()
    assert kiosk.journal.membership() is None


def test_time_and_presence_and_counts_go_on(kiosk: Enrolled) -> None:
    start(kiosk)
    floor_ms = kiosk.clock.wall_ms + 5_000
    kiosk.journal.raise_floor(floor_ms)
    kiosk.journal.close()
    connection = open_database(kiosk.path)
    connection.execute("UPDATE entry SET chain=zeroblob(32) WHERE seq=120")
    connection.close()
    start(kiosk)
    assert kiosk.journal.now(kiosk.clock.moment()).earliest_ms == floor_ms
    assert kiosk.journal.sighting((3).to_bytes(8)) == Sighting(Direction.IN)
    assert kiosk.journal.membership() is not None


def test_a_second_damage_is_kept_beside_the_first(kiosk: Enrolled) -> None:
    for _ in range(2):
        start(kiosk)
        kiosk.journal.close()
        damage(kiosk.path, 0, 100)
    start(kiosk)
    assert [path.name for path in damaged_files(kiosk.state_dir)] == [
        *("journal.db.damaged-1", "journal.db.damaged-2"),
    ]
    assert arrived(kiosk) == list(range(COUNT))


def test_what_lay_in_the_log_alone_is_read_too(kiosk: Enrolled, tmp_path: Path) -> None:
    """A power cut before the log was brought into the file, and then damage."""
    start(kiosk)
    kiosk.record(b"300")
    for name in ("journal.db", "journal.db-wal"):
        shutil.copyfile(kiosk.state_dir / name, tmp_path / f"{name}.cut")
    kiosk.journal.close()
    for name in ("journal.db", "journal.db-wal"):
        (tmp_path / f"{name}.cut").rename(kiosk.state_dir / name)
    damage(kiosk.path, 0, 100)
    start(kiosk)
    assert arrived(kiosk) == list(range(COUNT + 1))


STEPS: tuple[tuple[object, str], ...] = (
    (os, "link"),
    (os, "fsync"),
    (Path, "rename"),
    (Path, "mkdir"),
    (shutil, "copyfile"),
    (shutil, "rmtree"),
)


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_an_interruption_anywhere_is_made_good_by_the_next_start(
    kiosk: Enrolled, mocker: MockerFixture, owner: object, name: str, nth: int
) -> None:
    damage(kiosk.path, 0, 100)
    (kiosk.state_dir / "journal.db-wal").touch()
    mocker.patch.object(owner, name, _failing(getattr(owner, name), nth))
    try:
        Journal(kiosk.path).close()
    except KioskError:
        pass
    except KeyboardInterrupt:
        pass
    mocker.stopall()
    start(kiosk)
    assert arrived(kiosk) == list(range(COUNT))
    kiosk.record(b"the next visit")
    assert not list(kiosk.state_dir.glob("*.new*"))
    assert not list(kiosk.state_dir.glob("*/reading"))


def _failing(real: Callable[..., object], nth: int) -> Callable[..., object]:
    calls = 0

    def step(*words: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise OSError(5, "input/output error")
        return real(*words, **more)

    return step


@pytest.mark.parametrize("error", [apsw.CorruptError, apsw.NotADBError])
def test_damage_found_while_running_is_told_from_other_faults(error: type[apsw.Error]) -> None:
    with pytest.raises(JournalDamaged, match="malformed"), translated():
        raise error("database disk image is malformed")
