"""A light that lets somebody in means a committed entry; no code is green unless it should be."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import base45
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from kiosk.admission.verdict import Outcome
from kiosk.errors import JournalDamaged, JournalFault
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.passes.claims import PassType
from kiosk.passes.reason import Reason
from kiosk.signalling.cue import Signal
from kiosk.standing import Standing
from sync.wire.visit import Direction
from tests.kiosk.counter import Counter, counter
from tests.kiosk.fake_clock import NOW_MS
from tests.kiosk.hub import NOW_S, PLACE, Hub, rulebook
from tests.kiosk.journal.card import FaultyCard, faulty_card

GREEN, RED = (False, True), (True, False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path, revoked=b"revoked1") as desk:
        yield desk


def _codes(hub: Hub) -> dict[str, tuple[str, Signal, Reason]]:
    genuine = hub.issue()
    message = bytearray(base45.b45decode(genuine.removeprefix("GPS1:")))
    message[-1] ^= 1
    return {
        "valid": (genuine, Signal.ADMIT, Reason.ALLOWED),
        "revoked": (hub.issue(cti=b"revoked1"), Signal.DENY, Reason.REVOKED),
        "expired": (hub.issue(expires_s=NOW_S - 60), Signal.DENY, Reason.EXPIRED),
        "not yet": (hub.issue(not_before_s=NOW_S + 900), Signal.DENY, Reason.NOT_YET_VALID),
        "other unit": (hub.issue(unit=8), Signal.DENY, Reason.WRONG_UNIT),
        "forged": (
            "GPS1:" + base45.b45encode(bytes(message)).decode(),
            Signal.DENY,
            Reason.BAD_SIGNATURE,
        ),
        "stranger": (Hub().issue(), Signal.DENY, Reason.UNKNOWN_KEY),
        "employee": (
            hub.issue(pass_type=PassType.EMPLOYEE),
            Signal.REFER_IDENTITY,
            Reason.RULE_REFERS,
        ),
        "site card": (hub.issue(pass_type=PassType.SITE_CARD), Signal.DENY, Reason.RULE_DENIES),
        "officer": (hub.issue(pass_type=PassType.OFFICER), Signal.DENY, Reason.NOT_ALLOWED),
        "a web page": ("https://example.com/?q=1", Signal.DENY, Reason.NOT_A_PASS),
    }


@pytest.mark.parametrize("name", list(_codes(Hub())))
def test_a_code_is_recorded_and_shown_for_what_it_is(desk: Counter, name: str) -> None:
    code, signal, reason = _codes(desk.kiosk.hub)[name]
    desk.present(code)
    assert desk.shows() is signal
    (visit,) = desk.visits()
    assert Reason(visit.reason) is reason
    assert (visit.outcome, visit.direction) == (visit.shown, Direction.IN)
    is_pass = reason not in {Reason.NOT_A_PASS, Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY}
    assert (visit.cti is not None, visit.sub is not None) == (is_pass, is_pass)
    assert visit.earliest_s <= desk.kiosk.clock.wall_ms // 1000 <= (visit.latest_s or 0)
    assert sum(desk.door.counts.values()) == 1
    assert desk.door.newest_seq == 1


def test_the_entry_is_on_the_card_before_anything_is_shown(tmp_path: Path) -> None:
    with faulty_card() as card, counter(tmp_path) as desk:
        seen: list[tuple[Signal, int, set[str]]] = []
        desk.player.before = lambda signal: seen.append(
            (signal, desk.kiosk.journal.backlog(), set(card.unsynced))
        )
        desk.present(desk.kiosk.hub.issue())
        desk.present("not a pass")
        desk.present(desk.kiosk.hub.issue(pass_type=PassType.EMPLOYEE))
        assert seen == [
            (Signal.ADMIT, 1, set()),
            (Signal.DENY, 2, set()),
            (Signal.REFER_IDENTITY, 3, set()),
        ]


@pytest.mark.parametrize("broken", ["full", "breaks_on_sync", "silent"])
def test_a_journal_that_fails_is_out_of_order_and_never_green(tmp_path: Path, broken: str) -> None:
    with faulty_card() as card:
        _fail_and_recover(card, tmp_path, broken)


def _fail_and_recover(card: FaultyCard, tmp_path: Path, broken: str) -> None:
    with counter(tmp_path) as desk:
        desk.kiosk.journal._deadline_s = 0.3
        if broken == "silent":
            card.answers.clear()
        else:
            setattr(card, broken, True)
        desk.present(desk.kiosk.hub.issue())
        assert desk.shows() is Signal.OUT_OF_ORDER
        assert desk.door.state() is Signal.FAULT_STORAGE
        assert desk.player.shown == [Signal.OUT_OF_ORDER]
        assert GREEN not in desk.lit()
        assert not desk.door.counts
        card.full = card.breaks_on_sync = False
        card.answers.set()
        desk.present(desk.kiosk.hub.issue(cti=b"another1"))
        assert desk.shows() is Signal.ADMIT
        assert desk.door.state() is Signal.READY


def test_what_is_not_a_pass_is_told_nowhere(
    desk: Counter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "NIK 3471010101900001 BUDI"
    with caplog.at_level(logging.DEBUG):
        desk.present(secret)
        desk.present(f"GPS1:{secret}")
        desk.present(f"GPC1:{secret}")
    on_card = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for part in ("3471010101900001", "BUDI"):
        assert part not in caplog.text
        assert part.encode() not in on_card
        assert part not in desk.player.caption
        assert not any(part.encode() in body for body in desk.kiosk.bodies())
    assert len(desk.visits()) == 2


@pytest.mark.parametrize(
    "payload", [b"", b"\0", bytes(range(256)) * 12, b"GPS1:", b"GPC1:", b"A" * 4000]
)
def test_a_strange_code_is_no_crash_and_no_green(desk: Counter, payload: bytes) -> None:
    desk.present(payload)
    assert desk.shows() is not Signal.ADMIT
    desk.present(desk.kiosk.hub.issue())
    assert desk.shows() is Signal.ADMIT


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    prefix=st.sampled_from([b"", b"GPS1:", b"GPC1:", b"GPR1:", b"HC1:"]),
    rest=st.binary(max_size=3000),
)
def test_no_bytes_crash_the_door_or_turn_it_green(
    desk: Counter, prefix: bytes, rest: bytes
) -> None:
    desk.present(prefix + rest)
    assert desk.shows() is not Signal.ADMIT


@pytest.mark.parametrize("name", list(_codes(Hub())))
def test_at_an_exit_nobody_is_kept_in(tmp_path: Path, name: str) -> None:
    with counter(tmp_path, revoked=b"revoked1", place=replace(PLACE, direction="exit")) as desk:
        code, _signal, reason = _codes(desk.kiosk.hub)[name]
        desk.present(code)
        assert desk.player.shown != [Signal.DENY]
        assert (desk.shows() is Signal.ADMIT) == (reason is Reason.ALLOWED)
        assert RED not in desk.lit()
        (visit,) = desk.visits()
        assert (visit.direction, visit.reason) == (Direction.OUT, reason)


def test_at_a_door_for_both_the_direction_is_unknown(tmp_path: Path) -> None:
    with counter(tmp_path, place=replace(PLACE, direction="both")) as desk:
        desk.present(desk.kiosk.hub.issue())
        assert desk.visits()[0].direction is Direction.UNKNOWN


def test_in_a_trial_a_denial_is_shown_as_a_referral_and_recorded_as_what_it_would_be(
    tmp_path: Path,
) -> None:
    with counter(tmp_path, rulebooks=(rulebook(trial=True),)) as desk:
        desk.present(desk.kiosk.hub.issue(pass_type=PassType.SITE_CARD))
        assert desk.shows() is Signal.REFER_IDENTITY
        (visit,) = desk.visits()
        assert (visit.outcome, visit.shown) == (Outcome.DENY, Outcome.REFER)


def test_a_code_that_stays_is_one_visit_and_one_that_returns_clicks(desk: Counter) -> None:
    code = desk.kiosk.hub.issue()
    desk.present(code)
    for _ in range(20):
        desk.kiosk.clock.advance(200)
        desk.show(code)
    assert desk.shows() is not Signal.SEEN_ALREADY
    desk.leave()
    desk.kiosk.clock.advance(4000)
    desk.show(code)
    assert desk.shows() is Signal.SEEN_ALREADY
    desk.kiosk.clock.advance(11_000)
    desk.show(code)
    assert desk.shows() is Signal.ADMIT
    assert len(desk.visits()) == 2


def test_two_people_in_one_frame_are_two_visits(desk: Counter) -> None:
    desk.present(desk.kiosk.hub.issue(cti=b"person-1"), desk.kiosk.hub.issue(cti=b"person-2"))
    assert [visit.cti for visit in desk.visits()] == [b"person-1", b"person-2"]
    assert desk.door.counts == {"ADMIT": 2}


def test_one_light_for_two_is_the_less_favourable(desk: Counter) -> None:
    good, over = desk.kiosk.hub.issue(), desk.kiosk.hub.issue(cti=b"expired1", expires_s=NOW_S - 60)
    for codes in ((good, over), (over, good)):
        desk.present(*codes)
        assert desk.player.shown[-1] is Signal.DENY
    assert (False, True) not in desk.lit()
    assert desk.door.counts == {"ADMIT": 2, "DENY": 2}


def test_where_one_of_two_cannot_be_recorded_there_is_no_green_light(
    desk: Counter, mocker: MockerFixture
) -> None:
    """The person whose visit is not on the card would take the other's light for his."""
    record = desk.kiosk.journal.record
    fault = JournalFault("broken", hint="mend it")
    for kept_first in (True, False):
        answers = iter([record, None] if kept_first else [None, record])

        def once(note: Note, answers: Iterator[object] = answers, **seen: object) -> int:
            if next(answers) is None:
                raise fault
            return record(note, **seen)  # type: ignore[arg-type]

        mocker.patch.object(desk.kiosk.journal, "record", side_effect=once)
        desk.present(desk.kiosk.hub.issue(), desk.kiosk.hub.issue(cti=b"person-2"))
        assert desk.player.shown[-1] is Signal.OUT_OF_ORDER
        assert desk.door.state() is Signal.FAULT_STORAGE
    assert Signal.ADMIT not in desk.player.shown


def test_green_is_held_while_the_code_that_it_is_for_stays(desk: Counter) -> None:
    code = desk.kiosk.hub.issue()
    desk.present(code)
    desk.kiosk.clock.advance(200)
    desk.show(code)
    assert desk.player.held == 1


def test_another_persons_code_does_not_hold_a_green_light(desk: Counter) -> None:
    """Somebody who was refused must not keep the light of the one before alight."""
    over = desk.kiosk.hub.issue(cti=b"expired1", expires_s=NOW_S - 60)
    good = desk.kiosk.hub.issue()
    desk.present(over)
    desk.kiosk.clock.advance(200)
    desk.show(over, good)
    assert desk.shows() is Signal.ADMIT
    for codes in ((over,), (over, good)):
        desk.kiosk.clock.advance(200)
        desk.show(*codes)
    assert desk.player.held == 0


def test_a_pass_is_remembered_as_seen(desk: Counter) -> None:
    desk.present(desk.kiosk.hub.issue())
    sighting = desk.kiosk.journal.sighting(b"pass-cti")
    assert sighting is not None
    assert sighting.direction is Direction.IN


def test_a_card_is_no_visit(desk: Counter) -> None:
    desk.present(Hub().card())
    desk.present("GPC1:ABC")
    assert desk.visits() == []
    assert not desk.door.counts


def test_without_a_reference_nobody_is_judged(desk: Counter) -> None:
    desk.standing.reference = None
    desk.present(desk.kiosk.hub.issue())
    assert desk.shows() is Signal.OUT_OF_ORDER
    assert desk.door.state() is Signal.FAULT_HUB
    assert desk.visits() == []


def test_without_the_time_nobody_is_admitted_and_nobody_sent_away(tmp_path: Path) -> None:
    with counter(tmp_path) as desk:
        desk.reboot()
        assert desk.door.state() is Signal.FAULT_CLOCK
        desk.present(desk.kiosk.hub.issue())
        assert desk.shows() is Signal.REFER_UNSURE
        (visit,) = desk.visits()
        assert (visit.reason, visit.latest_s) == (Reason.TIME_UNCERTAIN, None)


def test_the_floor_alone_is_enough_to_refuse_what_is_over(tmp_path: Path) -> None:
    with counter(tmp_path) as desk:
        desk.reboot()
        desk.present(desk.kiosk.hub.issue(not_before_s=1, expires_s=NOW_MS // 1000 - 3600))
        assert desk.shows() is Signal.DENY


def test_ready_is_what_it_rests_on(desk: Counter) -> None:
    assert desk.door.state() is Signal.READY
    desk.door.rest()
    assert desk.shows() is Signal.READY
    assert desk.player.caption == "Ready: hold up your code"


def test_a_journal_without_an_answer_is_what_it_rests_on(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_journal: Journal, _moment: object) -> None:
        raise JournalFault("the card does not answer", hint="-")

    monkeypatch.setattr(Journal, "now", fail)
    desk.door.rest()
    assert desk.shows() is Signal.FAULT_STORAGE


def test_a_damaged_journal_ends_the_door_for_the_next_start_to_salvage_it(
    desk: Counter, mocker: MockerFixture
) -> None:
    damage = JournalDamaged("malformed", hint="restart")
    mocker.patch.object(desk.kiosk.journal, "record", side_effect=damage)
    with pytest.raises(JournalDamaged):
        desk.present(desk.kiosk.hub.issue())
    assert desk.player.shown == [Signal.OUT_OF_ORDER]


def test_it_runs_until_told_and_calls_after_every_round(desk: Counter) -> None:
    rounds: list[int] = []
    desk.door._each_round = lambda: rounds.append(len(rounds))
    desk.decoder.payloads = (desk.kiosk.hub.issue().encode(),)
    desk.door.run(lambda: len(rounds) == 3)
    assert rounds == [0, 1, 2]
    assert desk.door.counts == {"ADMIT": 1}
    assert not desk.door.has_ended


def test_a_kiosk_of_no_hub_shows_the_code_for_its_card(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with counter(tmp_path / "one") as desk:
        journal = Journal(tmp_path / "two" / "journal.db", deadline_s=10)
        fresh = Standing(tmp_path / "two", journal, "board", desk.kiosk.clock.moment)
        desk.door._standing = desk.door._technician._standing = fresh
        desk.door._journal = journal
        assert desk.door.state() is Signal.FAULT_CONFIGURATION
        desk.present("GPC1:JUNK")
        assert desk.shows() is Signal.FAULT_CONFIGURATION
        desk.present(Hub().card())
        assert desk.shows() is Signal.CARD_TAKEN
        assert desk.door.state() is Signal.FAULT_HUB
        assert journal.backlog() == 0
        journal.close()


def test_a_time_card_is_taken_and_never_journalled(desk: Counter) -> None:
    desk.reboot()
    desk.present(desk.kiosk.hub.time_card(NOW_S + 86_400))
    assert desk.shows() is Signal.CARD_TAKEN
    known = desk.kiosk.journal.now(desk.kiosk.clock.moment())
    assert known.earliest_ms == NOW_MS + 86_400_000
    desk.present(Hub().time_card(NOW_S + 2 * 86_400))
    assert desk.kiosk.journal.now(desk.kiosk.clock.moment()) == known
    desk.present(desk.kiosk.hub.issue())
    assert desk.shows() is Signal.DENY, "what a time card says is over is over"
    assert [Reason(visit.reason) for visit in desk.visits()] == [Reason.EXPIRED]
    assert desk.door.counts == {"DENY": 1}
