"""Events are kept once, in order and seldom; nothing waits for them, and nothing is lost of them
but how often each of many came.
"""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import JournalFault
from kiosk.logbook import BUSY_MS, FIRST_WAIT_MS, MOST_WAIT_MS, RETRY_MS
from sync.wire.visit import Event
from tests.kiosk.events import Diarist, diarist
from tests.kiosk.journal.card import FaultyCard, faulty_card

MINUTE_MS = 60_000
DAY_MS = 86_400_000
STEP_MS = 30_000


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diarist]:
    with diarist(tmp_path) as found:
        yield found


@pytest.fixture
def card() -> Iterator[FaultyCard]:
    with faulty_card() as found:
        yield found


def test_what_waits_is_written_in_one_commit_in_its_order(diary: Diarist) -> None:
    for name in ("lamp", "start", "courier"):
        diary.note(name)
        diary.kiosk.clock.advance(1_000)
    diary.write()
    assert diary.events() == [
        Event("lamp", ago_s=3),
        Event("start", ago_s=2),
        Event("courier", ago_s=1),
    ]


def test_the_headers_rise_in_time(diary: Diarist) -> None:
    """The hub finds by that what a visit's run says of its time: it must hold for events too."""
    diary.note("lamp")
    diary.kiosk.clock.advance(MINUTE_MS)
    diary.kiosk.record(b"a visit")
    diary.write()
    times = [one.header.boot_ms for one in diary.kiosk.batch().entries]
    assert times == sorted(times)
    assert len(times) == 2


def test_a_process_that_did_not_end_is_told_by_the_next(diary: Diarist) -> None:
    """Killed in the same boot, cut off from power before another one, or properly at its end."""
    diary.logbook.begin("gapura 1")
    diary.write()
    diary.kiosk.restart()
    diary.open()
    diary.logbook.begin("gapura 1")
    diary.write()
    diary.kiosk.clock.reboot()
    diary.kiosk.restart()
    diary.open()
    diary.logbook.begin("gapura 2")
    diary.logbook.leave(None, None, None)
    diary.kiosk.restart()
    diary.open()
    diary.logbook.begin("gapura 2")
    diary.logbook.leave(ValueError, ValueError("no detail of this"), None)
    told = [(event.name, event.detail) for event in diary.events()]
    assert told == [
        ("start", "gapura 1"),
        *(("killed", ""), ("start", "gapura 1")),
        *(("power_cut", ""), ("start", "gapura 2"), ("stop", "")),
        *(("start", "gapura 2"), ("fault", "ValueError")),
    ]


def test_what_flickers_is_counted_and_told_ever_more_seldom(diary: Diarist) -> None:
    """A camera with a loose cable, all day: it must not fill the card."""
    for step in range(DAY_MS // STEP_MS):
        diary.note("frame_age_ms", level=step % 2, is_bad=bool(step % 2))
        diary.logbook.write(0)
        diary.kiosk.journal.backlog()
        diary.kiosk.clock.advance(STEP_MS)
    told = diary.events()
    assert len(told) <= 16
    assert told[0].count == 1
    assert told[1].count == FIRST_WAIT_MS // STEP_MS
    diary.write(MOST_WAIT_MS)
    assert sum(event.count for event in diary.events()) == DAY_MS // STEP_MS
    # Once it is quiet, the next one is news again.
    diary.write(2 * MOST_WAIT_MS)
    for _ in range(2):
        diary.note("frame_age_ms", is_bad=True)
        diary.write(2 * MOST_WAIT_MS + 1)
    assert [event.count for event in diary.events()[-2:]] == [1, 1]


def test_of_what_waits_the_last_is_told(diary: Diarist) -> None:
    diary.note("lamp", is_bad=True, level=1)
    diary.write()
    diary.note("lamp", is_bad=False)
    diary.note("lamp", is_bad=True, level=1)
    diary.note("lamp", is_bad=False)
    diary.write(FIRST_WAIT_MS - 1)
    assert len(diary.events()) == 1
    diary.write(1)
    assert diary.events()[1:] == [Event("lamp", is_bad=False, count=3, ago_s=60)]


def test_levels_are_known_over_a_restart(diary: Diarist) -> None:
    """As they were written, not as they were meant to be."""
    diary.note("lamp", level=1)
    diary.note("rules_taken", level=7)
    diary.write()
    diary.note("lamp", level=0)
    assert diary.logbook.level("lamp") == 0
    diary.kiosk.restart()
    diary.open()
    assert diary.logbook.level("lamp") == 1
    assert diary.logbook.level("rules_taken") == 7
    assert diary.logbook.level("courier") == 0


def test_before_it_belongs_to_a_hub_nothing_is_written(diary: Diarist) -> None:
    diary.may_write = False
    diary.note("start")
    diary.write()
    diary.logbook.leave(None, None, None)
    assert diary.kiosk.journal.backlog() == 0
    diary.may_write = True
    diary.write(90_000)
    assert Event("start", ago_s=90) in diary.events()


def test_visitors_go_before_it_for_a_minute(diary: Diarist) -> None:
    """While one follows the other, each would wait for an event's commit at times."""
    diary.note("lamp")
    for _ in range(BUSY_MS // 5_000 - 1):
        diary.newest_seq += 1
        diary.kiosk.clock.advance(5_000)
        diary.logbook.write(diary.newest_seq)
        assert diary.kiosk.journal.backlog() == 0
    for _ in range(2):
        diary.newest_seq += 1
        diary.kiosk.clock.advance(5_000)
        diary.logbook.write(diary.newest_seq)
    assert diary.kiosk.journal.backlog() == 1


def test_a_card_that_hangs_holds_up_nobody(tmp_path: Path, card: FaultyCard) -> None:
    """The door's thread goes on at once, and nothing is written twice."""
    with diarist(tmp_path) as diary:
        diary.note("lamp")
        card.answers.clear()
        begun_s = time.monotonic()
        for _ in range(3):
            diary.logbook.write(0)
            diary.kiosk.clock.advance(RETRY_MS)
        assert time.monotonic() - begun_s < 1
        card.answers.set()
        diary.write()
        assert diary.names() == ["lamp"]


@pytest.mark.parametrize("fault", ["full", "breaks_on_sync"])
def test_what_cannot_be_written_waits(
    tmp_path: Path, card: FaultyCard, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, tried once a minute, and stops nothing."""
    with diarist(tmp_path) as diary, caplog.at_level(logging.WARNING, "kiosk.logbook"):
        diary.note("lamp", is_bad=True, level=1)
        setattr(card, fault, True)
        diary.write()
        diary.write(RETRY_MS)
        diary.note("lamp", is_bad=False)
        diary.note("courier")
        setattr(card, fault, False)
        diary.write(RETRY_MS - 1)
        assert diary.kiosk.journal.backlog() == 0
        diary.write(1)
        assert [(event.name, event.count) for event in diary.events()] == [
            *(("lamp", 2), ("courier", 1)),
        ]
        assert len(caplog.records) == 1


def test_a_door_that_ends_waits_for_a_card_no_longer_than_a_commit(
    tmp_path: Path, card: FaultyCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.logbook.DEADLINE_S", 0.05)
    with diarist(tmp_path) as diary:
        diary.note("lamp")
        card.answers.clear()
        diary.logbook.write(0)
        begun_s = time.monotonic()
        diary.logbook.leave(None, None, None)
        assert time.monotonic() - begun_s < 1
        card.answers.set()
        assert diary.names() == ["lamp"]


def test_a_closed_journal_raises_nothing(diary: Diarist) -> None:
    diary.kiosk.journal.close()
    diary.note("lamp")
    diary.logbook.write(0)
    with pytest.raises(JournalFault):
        diary.kiosk.journal.told()


def test_events_come_from_any_thread(diary: Diarist) -> None:
    threads = [threading.Thread(target=diary.note, args=("stick_done",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    diary.write()
    assert diary.events() == [Event("stick_done", count=8)]


def test_what_was_told_and_is_damaged_is_told_again(diary: Diarist) -> None:
    """The fact is one that salvage lets pass; nothing must fail over it."""
    from kiosk.journal.facts import Facts

    diary.note("lamp", level=1)
    diary.write()
    facts: Facts = diary.kiosk.journal._ledger.facts
    diary.kiosk.journal._on_thread(lambda: facts._set("told", b"\x83\x01\x02\x03"))
    diary.kiosk.restart()
    diary.open()
    assert diary.logbook.level("lamp") == 0
