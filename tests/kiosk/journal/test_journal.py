"""An entry is sealed, chained and on the card before `record` returns, whatever fails."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from kiosk.errors import JournalFault, JournalFull, NotEnrolled
from kiosk.journal.door_keys import make_keys
from kiosk.journal.entries import EntryTable, Note
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from kiosk.journal.sightings import Sighting
from kiosk.journal.tidings import Tidings
from sync.wire import entry
from sync.wire.entry import Kind, WallClock
from sync.wire.errors import UnknownKey
from sync.wire.keys import Purpose, open_key_list
from sync.wire.visit import Direction
from tests.kiosk.enrolled import BOARD, Enrolled, membership
from tests.kiosk.fake_clock import FakeClock
from tests.kiosk.hub import Hub
from tests.kiosk.journal.card import FaultyCard, faulty_card


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path)
    yield kiosk
    kiosk.journal.close()


@pytest.fixture
def card() -> Iterator[FaultyCard]:
    with faulty_card() as card:
        yield card


@pytest.fixture
def on_card(card: FaultyCard, tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path, deadline_s=0.5)
    yield kiosk
    card.answers.set()
    kiosk.journal.close()


def test_the_hub_opens_every_entry_along_the_chain(kiosk: Enrolled) -> None:
    said = [f"visit {number}".encode() for number in range(7)]
    assert [kiosk.record(body) for body in said] == [1, 2, 3, 4, 5, 6, 7]
    kiosk.send()
    assert kiosk.bodies() == said
    (kept,) = kiosk.hub.kept.values()
    assert [header.seq for header in kept.headers] == [1, 2, 3, 4, 5, 6, 7]


def test_the_header_says_when_as_the_system_had_it(kiosk: Enrolled) -> None:
    kiosk.clock.advance(1234)
    note = Note(Kind.EVENT, b"x", kiosk.clock.moment(), WallClock.SYNCHRONISED)
    kiosk.journal.record(note)
    (entry,) = kiosk.batch().entries
    header = entry.header
    assert (header.boot_ms, header.wall_ms) == (kiosk.clock.boot_ms, kiosk.clock.wall_ms)
    assert (header.kind, header.clock) == (Kind.EVENT, WallClock.SYNCHRONISED)


def test_a_clock_before_1970_is_written_as_none(kiosk: Enrolled) -> None:
    kiosk.clock.wall_ms = -5
    kiosk.record(b"early")
    kiosk.send()
    (kept,) = kiosk.hub.kept.values()
    assert kept.headers[0].wall_ms == 0


def test_one_entry_more_sent_later_hangs_on_the_same_chain(kiosk: Enrolled) -> None:
    kiosk.record(b"one")
    kiosk.deliver(kiosk.send())
    kiosk.record(b"two")
    batch = kiosk.batch()
    assert [entry.header.seq for entry in batch.entries] == [2]
    kiosk.send()
    assert kiosk.bodies() == [b"one", b"two"]


def test_a_restart_continues_seq_and_chain_under_a_new_run(kiosk: Enrolled) -> None:
    kiosk.record(b"before")
    kiosk.restart()
    assert kiosk.record(b"after") == 2
    kiosk.send()
    assert kiosk.bodies() == [b"before", b"after"]
    (kept,) = kiosk.hub.kept.values()
    assert [header.run_no for header in kept.headers] == [1, 2]
    first, second = kiosk.hub.runs
    assert first.open_key(kiosk.hub.sealing_key) != second.open_key(kiosk.hub.sealing_key)


def test_a_kill_between_two_entries_loses_neither(kiosk: Enrolled, tmp_path: Path) -> None:
    """What lies on the card when `record` returns is enough; nothing waits for a clean end."""
    kiosk.record(b"one")
    kiosk.record(b"two")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in ("journal.db", "journal.db-wal"):
        shutil.copy(tmp_path / file, elsewhere)
    kiosk.journal.close()
    kiosk.state_dir = elsewhere
    kiosk.open()
    kiosk.begin_run()
    assert kiosk.record(b"three") == 3
    kiosk.send()
    assert kiosk.bodies() == [b"one", b"two", b"three"]


def test_record_returns_only_when_all_that_was_written_is_synced(
    on_card: Enrolled, card: FaultyCard
) -> None:
    for number in range(5):
        before = card.syncs
        on_card.record(f"visit {number}".encode())
        assert card.syncs > before
        assert not card.unsynced


def test_a_changed_board_begins_a_new_epoch_and_the_old_one_goes_first(kiosk: Enrolled) -> None:
    kiosk.record(b"old board")
    kiosk.restart(board="board-2/card-1")
    assert kiosk.record(b"new board") == 1
    assert kiosk.journal.backlog() == 2
    kiosk.deliver(kiosk.send())
    assert kiosk.bodies() == [b"old board"]
    kiosk.deliver(kiosk.send())
    assert kiosk.bodies() == [b"old board", b"new board"]
    (_, one), (_, two) = kiosk.hub.kept
    assert one != two
    assert kiosk.journal.backlog() == 0


def test_the_same_board_goes_on_in_its_epoch(kiosk: Enrolled) -> None:
    epoch = kiosk.batch().epoch
    kiosk.restart()
    assert kiosk.batch().epoch == epoch


def test_enrolled_anew_the_journal_begins_anew_and_is_not_stuck_on_what_it_cannot_sign(
    kiosk: Enrolled,
) -> None:
    """The old keys are gone, so no batch of theirs would be believed; the count stays honest."""
    kiosk.record(b"under the lost keys")
    kiosk.keys = make_keys()
    moment = kiosk.clock.moment()
    kiosk.journal.join(membership(kiosk.hub, kiosk.keys), kiosk.keys, BOARD, moment)
    kiosk.begin_run()
    assert kiosk.record(b"under the new ones") == 1
    kiosk.send()
    assert kiosk.bodies() == [b"under the new ones"]
    assert kiosk.journal.backlog() == 2


def test_before_it_joined_nothing_is_recorded_or_sent(tmp_path: Path) -> None:
    clock, hub, keys = FakeClock(), Hub(), make_keys()
    journal = Journal(tmp_path / "journal.db")
    assert journal.membership() is None
    assert journal.backlog() == 0
    with pytest.raises(JournalFault, match="no run has begun"):
        journal.record(Note(Kind.VISIT, b"x", clock.moment(), WallClock.UNSET))
    with pytest.raises(NotEnrolled):
        journal.begin_run(keys, hub.keys, BOARD, clock.moment())
    with pytest.raises(NotEnrolled):
        journal.next_batch(0, 1, Circumstance(clock.moment(), (), 0, "gapura test"))
    journal.close()


def test_after_joining_nothing_is_recorded_before_the_run(kiosk: Enrolled) -> None:
    moment = kiosk.clock.moment()
    kiosk.journal.join(membership(kiosk.hub, kiosk.keys), kiosk.keys, BOARD, moment)
    with pytest.raises(JournalFault, match="no run has begun"):
        kiosk.record(b"too early")


def test_membership_outlives_a_restart(kiosk: Enrolled) -> None:
    kept = kiosk.journal.membership()
    assert kept == membership(kiosk.hub, kiosk.keys) or kept is not None
    kiosk.restart()
    assert kiosk.journal.membership() == kept


@pytest.mark.parametrize("lacking", [Purpose.SEALING, Purpose.RECOVERY])
def test_no_run_begins_without_both_keys_to_seal_to(kiosk: Enrolled, lacking: Purpose) -> None:
    """Losing the hub must lose no visit, so the recovery key is not optional."""
    keys = open_key_list(kiosk.hub.signed_keys(without=lacking), kiosk.hub.root_public)
    with pytest.raises(UnknownKey):
        kiosk.journal.begin_run(kiosk.keys, keys, BOARD, kiosk.clock.moment())
    assert kiosk.record(b"the run before goes on") == 1
    kiosk.send()
    assert kiosk.bodies() == [b"the run before goes on"]


def test_a_nonce_is_never_used_again_when_a_commit_fails(
    on_card: Enrolled, card: FaultyCard
) -> None:
    on_card.record(b"one")
    card.breaks_on_sync = True
    for _ in range(3):
        with pytest.raises(JournalFault, match="the journal failed"):
            on_card.record(b"lost with its commit")
    card.breaks_on_sync = False
    assert on_card.record(b"two") == 2
    on_card.send()
    assert on_card.bodies() == [b"one", b"two"]
    (kept,) = on_card.hub.kept.values()
    assert [header.nonce for header in kept.headers] == [1, 5]


def test_a_nonce_is_never_used_again_when_the_insert_fails(
    kiosk: Enrolled, mocker: MockerFixture
) -> None:
    used: list[int] = []
    seal = entry.seal

    def remembering(header: object, *words: object, **more: object) -> bytes:
        used.append(header.nonce)  # type: ignore[attr-defined]
        return seal(header, *words, **more)  # type: ignore[arg-type]

    mocker.patch("sync.wire.entry.seal", remembering)
    mocker.patch("kiosk.journal.presence.PresenceTable.note", side_effect=apsw.IOError("broken"))
    for _ in range(3):
        with pytest.raises(JournalFault):
            kiosk.record(b"x", cti=b"pass-cti", sighting=Sighting(Direction.IN))
    kiosk.record(b"kept")
    assert used == sorted(set(used))
    assert len(used) == 4
    kiosk.send()
    assert kiosk.bodies() == [b"kept"]


def test_a_full_card_is_said_and_nothing_is_half_kept(on_card: Enrolled, card: FaultyCard) -> None:
    on_card.record(b"one")
    card.full = True
    with pytest.raises(JournalFull):
        on_card.record(b"no room", cti=b"pass-cti", sighting=Sighting(Direction.IN))
    card.full = False
    assert on_card.journal.sighting(b"pass-cti") is None
    assert on_card.record(b"two") == 2
    on_card.send()
    assert on_card.bodies() == [b"one", b"two"]


def test_a_card_without_an_answer_is_a_fault_in_time_and_the_chain_goes_on(
    on_card: Enrolled, card: FaultyCard
) -> None:
    on_card.record(b"one")
    card.answers.clear()
    with pytest.raises(JournalFault, match="does not answer"):
        on_card.record(b"late")
    with pytest.raises(JournalFault, match="does not answer"):
        on_card.record(b"never begun")
    card.answers.set()
    on_card.record(b"after")
    on_card.send()
    assert on_card.bodies() == [b"one", b"late", b"after"]


def test_a_journal_that_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalFault):
        Journal(tmp_path / "journal.db")


def test_after_its_end_the_journal_refuses_and_can_be_ended_again(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    kiosk.journal.close()
    with pytest.raises(JournalFault, match="closed"):
        kiosk.record(b"too late")
    kiosk.journal.close()


def test_what_waits_is_counted_before_a_run_begins(kiosk: Enrolled) -> None:
    """A look from outside the door's process says the truth too."""
    kiosk.record(b"one")
    kiosk.record(b"two")
    kiosk.journal.close()
    kiosk.open()
    assert kiosk.journal.backlog() == 2


_STEPS = st.lists(
    st.sampled_from(["record", "fail", "restart", "board", "send", "send and answer"]), max_size=25
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS)
def test_whatever_happens_each_entry_is_at_the_hub_exactly_once_and_in_order(
    steps: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    kiosk = Enrolled(tmp_path_factory.mktemp("steps"))
    boards = 0
    said: list[bytes] = []
    for number, step in enumerate(steps):
        kiosk.clock.advance(1000)
        if step == "record":
            said.append(f"visit {number}".encode())
            kiosk.record(said[-1])
        elif step == "fail":
            _fail_to_record(kiosk)
        elif step in {"restart", "board"}:
            boards += step == "board"
            kiosk.restart(f"board-{boards}")
        else:
            receipt = kiosk.send(most=3)
            if step == "send and answer":
                assert kiosk.deliver(receipt)
    while kiosk.journal.backlog():
        kiosk.deliver(kiosk.send(most=3))
    assert kiosk.bodies() == said
    kiosk.journal.close()


def _fail_to_record(kiosk: Enrolled) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EntryTable, "append", _append_and_break)
        with pytest.raises(JournalFault):
            kiosk.record(b"never there")


def _append_and_break(table: EntryTable, *words: object) -> object:
    _APPEND(table, *words)  # type: ignore[arg-type]
    raise apsw.IOError("the card is gone")


_APPEND = EntryTable.append


def test_commits_of_visits_presses_and_events_are_timed(kiosk: Enrolled) -> None:
    """By how long they take, the hub sees a card that becomes slow."""
    assert kiosk.journal.commit_p95_ms() is None
    for _ in range(20):
        kiosk.record(b"a visit")
    assert kiosk.journal.commit_p95_ms() is not None


def test_before_a_run_there_is_no_epoch_and_no_event(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    try:
        assert journal.epoch() is None
        with pytest.raises(JournalFault):
            journal.record_events((), Tidings()).result(10)
    finally:
        journal.close()
