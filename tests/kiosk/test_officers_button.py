"""At the door: an officer's own phone opens a shift, and a press is counted without a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import JournalFault
from kiosk.journal.journal import Journal
from kiosk.officer import SHIFT_MS
from kiosk.passes.claims import PassType
from kiosk.signalling.cue import Signal
from sync.wire import cbor
from sync.wire.entry import Kind
from sync.wire.visit import Assisted, Direction, read_assisted
from tests.kiosk.counter import Counter, counter
from tests.kiosk.hub import NOW_S, OUTCOMES, PLACE, YEAR_S, rulebook
from tests.kiosk.passes.phone import Phone

PHONE = Phone()
WITH_OFFICER = (rulebook(outcomes={**OUTCOMES, "officer": "admit"}),)


@contextmanager
def _door(tmp_path: Path, **bundle: object) -> Iterator[Counter]:
    with counter(tmp_path, **{"rulebooks": WITH_OFFICER, **bundle}) as desk:
        yield desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Counter]:
    with _door(tmp_path) as desk:
        yield desk


def _officers_pass(desk: Counter, **claims: object) -> str:
    said = {
        "cti": b"officer1",
        "pass_type": PassType.OFFICER,
        "holder_key": PHONE.holder,
        "expires_s": NOW_S + YEAR_S,
        **claims,
    }
    return desk.kiosk.hub.issue(**said)  # type: ignore[arg-type]


def _open_shift(desk: Counter, **claims: object) -> Signal:
    """Show the officer's phone, whose clock is right, after 20 s."""
    shown_s = (desk.kiosk.clock.wall_ms + 20_000) // 1000
    desk.present(PHONE.code(_officers_pass(desk, **claims), shown_s))
    return desk.shows()


def _press(desk: Counter, *, after_ms: int = 0) -> Signal:
    desk.kiosk.clock.advance(after_ms)
    desk.door.press(desk.kiosk.clock.boot_ms)
    desk.decoder.payloads = ()
    stops = iter([False, True])
    desk.door.run(lambda: next(stops))
    return desk.player.shown[-1]


def _presses(desk: Counter) -> list[Assisted]:
    """Return what the hub reads of the officer's presses."""
    desk.kiosk.send()
    (kept,) = desk.kiosk.hub.kept.values()
    entries = zip(kept.headers, kept.bodies, strict=True)
    return [read_assisted(body) for header, body in entries if header.kind == Kind.ASSISTED]


def test_without_a_shift_a_press_counts_nobody(desk: Counter) -> None:
    assert _press(desk) is Signal.PRESS_IGNORED
    desk.present(desk.kiosk.hub.issue(pass_type=PassType.EMPLOYEE))
    assert _press(desk) is Signal.PRESS_IGNORED
    assert _presses(desk) == []


def test_in_a_shift_a_press_counts_one_person_under_a_running_number(desk: Counter) -> None:
    assert _open_shift(desk) is Signal.ADMIT
    for _ in range(3):
        assert _press(desk, after_ms=20_000) is Signal.ASSISTED
    assert _presses(desk) == [Assisted(1), Assisted(2), Assisted(3)]
    assert desk.door.counts == {"ADMIT": 1, "ASSISTED": 3}
    assert desk.door.newest_seq == 4


def test_nothing_but_the_number_is_in_the_entry(desk: Counter) -> None:
    _open_shift(desk)
    _press(desk)
    desk.kiosk.send()
    assert cbor.decode(desk.kiosk.bodies()[-1]) == {1: 1}


def test_the_entry_is_committed_before_the_light(desk: Counter) -> None:
    _open_shift(desk)
    backlog: list[int] = []
    desk.player.before = lambda signal: backlog.append(desk.kiosk.journal.backlog())
    _press(desk)
    assert backlog == [2]


def test_numbers_go_on_after_a_power_cut(tmp_path: Path, desk: Counter) -> None:
    _open_shift(desk)
    _press(desk)
    desk.kiosk.restart()
    desk.door._journal = desk.door._judge._journal = desk.kiosk.journal
    _press(desk)
    assert [press.number for press in _presses(desk)] == [1, 2]


def test_a_press_within_15_s_of_amber_names_the_entry_that_it_answers(desk: Counter) -> None:
    _open_shift(desk)
    desk.present(desk.kiosk.hub.issue(cti=b"employee", pass_type=PassType.EMPLOYEE))
    assert desk.shows() is Signal.REFER_IDENTITY
    sighting = desk.kiosk.journal.sighting(b"employee")
    assert sighting is not None
    assert sighting.direction is Direction.UNKNOWN
    assert _press(desk, after_ms=15_000) is Signal.ASSISTED
    assert _press(desk) is Signal.ASSISTED
    assert _presses(desk) == [Assisted(1, of_seq=2), Assisted(2)]
    sighting = desk.kiosk.journal.sighting(b"employee")
    assert sighting is not None
    assert sighting.direction is Direction.IN


def test_later_than_15_s_it_is_somebody_else(desk: Counter) -> None:
    _open_shift(desk)
    desk.present(desk.kiosk.hub.issue(cti=b"employee", pass_type=PassType.EMPLOYEE))
    assert _press(desk, after_ms=15_001) is Signal.ASSISTED
    assert _presses(desk) == [Assisted(1)]


@pytest.mark.parametrize("code", ["not a pass", "site card"])
def test_a_press_never_turns_a_no_into_a_yes(desk: Counter, code: str) -> None:
    _open_shift(desk)
    site_card = desk.kiosk.hub.issue(cti=b"site-crd", pass_type=PassType.SITE_CARD)
    desk.present(site_card if code == "site card" else code)
    assert desk.shows() is Signal.DENY
    for after_ms in (0, 7_500, 7_500):
        assert _press(desk, after_ms=after_ms) is Signal.PRESS_IGNORED
    assert _presses(desk) == []


def test_a_shift_ends_after_eight_hours(desk: Counter) -> None:
    _open_shift(desk)
    assert _press(desk, after_ms=SHIFT_MS) is Signal.ASSISTED
    assert _press(desk, after_ms=1) is Signal.PRESS_IGNORED
    _open_shift(desk)
    assert _press(desk) is Signal.ASSISTED


def test_only_a_turning_pass_opens_a_shift(desk: Counter) -> None:
    desk.present(_officers_pass(desk, holder_key=None))
    assert desk.shows() is Signal.ADMIT
    assert _press(desk, after_ms=20_000) is Signal.PRESS_IGNORED
    desk.present(_officers_pass(desk))
    assert desk.shows() is Signal.DENY
    assert _press(desk, after_ms=20_000) is Signal.PRESS_IGNORED


@pytest.mark.parametrize(
    "claims",
    [
        {"pass_type": PassType.VISITOR},
        {"pass_type": PassType.EMPLOYEE},
        {"expires_s": NOW_S - 9},
        {"unit": 8},
        {"cti": b"revoked1"},
    ],
)
def test_only_an_officer_who_is_let_in_opens_a_shift(
    tmp_path: Path, claims: dict[str, object]
) -> None:
    with _door(tmp_path, revoked=b"revoked1") as desk:
        _open_shift(desk, **claims)
        assert _press(desk, after_ms=20_000) is Signal.PRESS_IGNORED


def test_an_officer_who_is_referred_opens_no_shift(tmp_path: Path) -> None:
    referred = rulebook(outcomes={"officer": "refer"})
    with _door(tmp_path, rulebooks=(referred,)) as desk:
        assert _open_shift(desk) is Signal.REFER_IDENTITY
        assert _press(desk) is Signal.PRESS_IGNORED


def test_a_photograph_of_an_officers_code_opens_no_shift(desk: Counter) -> None:
    code = PHONE.code(_officers_pass(desk), NOW_S + 20)
    desk.present(code)
    desk.kiosk.clock.advance(SHIFT_MS)
    desk.present(code)
    assert desk.shows() is Signal.DENY
    assert _press(desk, after_ms=20_000) is Signal.PRESS_IGNORED


def test_nor_does_it_where_the_time_is_too_vague_to_judge_the_slot(desk: Counter) -> None:
    """The officer's own code has told the time to three minutes: there it counts as static."""
    desk.kiosk.clock.advance(1_800_000)
    desk.reboot()
    code = PHONE.code(_officers_pass(desk), desk.kiosk.clock.wall_ms // 1000 + 20)
    desk.present(code)
    assert desk.shows() is Signal.ADMIT
    assert _press(desk, after_ms=20_000) is Signal.ASSISTED
    desk.kiosk.clock.advance(SHIFT_MS)
    desk.present(code)
    assert desk.shows() is Signal.ADMIT
    assert _press(desk, after_ms=20_000) is Signal.PRESS_IGNORED
    _open_shift(desk)
    assert _press(desk, after_ms=20_000) is Signal.ASSISTED


def test_at_an_exit_the_press_is_of_one_who_leaves(tmp_path: Path) -> None:
    with _door(tmp_path, place=replace(PLACE, direction="exit")) as desk:
        _open_shift(desk)
        desk.present(desk.kiosk.hub.issue(cti=b"employee", pass_type=PassType.EMPLOYEE))
        _press(desk)
        sighting = desk.kiosk.journal.sighting(b"employee")
        assert sighting is not None
        assert sighting.direction is Direction.OUT


def test_a_press_that_cannot_be_kept_is_out_of_order(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise JournalFault("the card does not answer", hint="-")

    _open_shift(desk)
    monkeypatch.setattr(Journal, "record_assisted", fail)
    assert _press(desk) is Signal.OUT_OF_ORDER
    assert desk.door.state() is Signal.FAULT_STORAGE
    assert desk.door.counts == {"ADMIT": 1}


def test_without_a_reference_a_press_lets_nobody_in(desk: Counter) -> None:
    _open_shift(desk)
    desk.standing.reference = None
    assert _press(desk) is Signal.OUT_OF_ORDER
    assert _presses(desk) == []
