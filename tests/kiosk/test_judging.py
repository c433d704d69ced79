"""What is kept of a visit and of a pass, and what an officer's phone teaches about the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.instants import Interval
from kiosk.passes.claims import PassType
from kiosk.passes.format import Format
from kiosk.passes.reason import Reason
from kiosk.passes.signers import to_row
from kiosk.signalling.cue import Signal
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.keys import Purpose
from sync.wire.visit import Direction, Visit
from tests.kiosk.counter import Counter, counter
from tests.kiosk.hub import NOW_S, OUTCOMES, PLACE, YEAR_S, rulebook
from tests.kiosk.passes.health_issuer import VACCINATION, content, issued, issuer
from tests.kiosk.passes.people import roster_of
from tests.kiosk.passes.phone import Phone, inner_of, mirrored, turning_text

PHONE = Phone()
HOUR_MS = 3_600_000
NUMBER = "198706052010011001"
EVERYBODY = {
    **OUTCOMES,
    "officer": "admit",
    "certificate": "admit",
    "roster": "admit",
    "national": "admit",
}
ISSUER = issuer(not_before_s=NOW_S - YEAR_S, not_after_s=NOW_S + YEAR_S)
CERTIFICATE = issued(
    {4: NOW_S + 9_000, 6: NOW_S - 9_000, -260: {1: content(v=[VACCINATION])}}, ISSUER
)


@contextmanager
def _door(tmp_path: Path, **bundle: object) -> Iterator[Counter]:
    everything = {
        "rulebooks": (rulebook(outcomes=EVERYBODY),),
        "signers": (to_row(ISSUER.signers.signers[0]),),
        "roster": roster_of({NUMBER: b"subject2"}),
    }
    with counter(tmp_path, **{**everything, **bundle}) as desk:
        yield desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Counter]:
    with _door(tmp_path) as desk:
        yield desk


def _shown(desk: Counter, code: str) -> Visit:
    desk.present(code)
    return desk.visits()[-1]


def _turning(desk: Counter, *, ahead_s: int = 0, **said: object) -> str:
    """Return what a phone will show after 20 s, when the code is presented."""
    static = desk.kiosk.hub.issue(holder_key=PHONE.holder, **said)  # type: ignore[arg-type]
    return PHONE.code(static, desk.kiosk.clock.wall_ms // 1000 + 20 + ahead_s)


def test_every_format_is_recorded_for_what_it_is(desk: Counter) -> None:
    for code, kind, holder, signal in (
        (_turning(desk, cti=b"turning1"), Format.GPR1, PassType.VISITOR, Signal.ADMIT),
        (desk.kiosk.hub.issue(), Format.GPS1, PassType.VISITOR, Signal.ADMIT),
        (CERTIFICATE, Format.HC1, PassType.CERTIFICATE, Signal.ADMIT),
        (NUMBER, Format.ROSTER, PassType.ROSTER, Signal.REFER_IDENTITY),
        ("checkin:01234567", Format.NATIONAL, PassType.NATIONAL, Signal.REFER_IDENTITY),
    ):
        visit = _shown(desk, code)
        assert (Format(visit.format), visit.pass_type) == (kind, holder)
        assert desk.shows() is signal


@pytest.mark.parametrize(
    ("keeps", "sub", "cti"),
    [
        (None, True, True),
        (["sub", "cti"], True, True),
        (["sub"], True, False),
        (["cti"], False, True),
        ([], False, False),
    ],
)
def test_an_entry_holds_what_the_rulebook_lets_it_keep(
    tmp_path: Path, keeps: list[str] | None, sub: bool, cti: bool
) -> None:
    named = {} if keeps is None else {"visitor": keeps, "certificate": keeps}
    with _door(tmp_path, rulebooks=(rulebook(outcomes=EVERYBODY, keeps=named),)) as desk:
        visit = _shown(desk, desk.kiosk.hub.issue())
        assert visit.sub == (b"subject1" if sub else None)
        assert visit.cti == (b"pass-cti" if cti else None)
        certificate = _shown(desk, CERTIFICATE)
        assert certificate.sub is None
        assert (certificate.cti is not None) == cti
        employee = _shown(desk, desk.kiosk.hub.issue(pass_type=PassType.EMPLOYEE, cti=b"employee"))
        assert (employee.sub, employee.cti) == (b"subject1", b"employee")


@pytest.mark.parametrize(
    ("keeps", "sub"), [(["sub", "cti"], b"subject2"), (["sub"], b"subject2"), (["cti"], None)]
)
def test_whoever_is_known_by_a_number_is_not_kept_as_a_pass_in_disguise(
    tmp_path: Path, keeps: list[str], sub: bytes | None
) -> None:
    rules = rulebook(outcomes=EVERYBODY, keeps={"roster": keeps})
    with _door(tmp_path, rulebooks=(rules,)) as desk:
        visit = _shown(desk, NUMBER)
        assert (visit.sub, visit.cti) == (sub, None)


def test_what_is_not_kept_is_still_known_again(tmp_path: Path) -> None:
    """Presence is a keyed hash of its own, and forgotten at night."""
    rules = rulebook(outcomes={"site_card": "admit"}, keeps={"site_card": []})
    with _door(tmp_path, rulebooks=(rules,)) as desk:
        card = desk.kiosk.hub.issue(pass_type=PassType.SITE_CARD)
        assert _shown(desk, card).reason == Reason.ALLOWED
        again = _shown(desk, card)
        assert (again.reason, again.sub, again.cti) == (Reason.USED_TODAY, None, None)


def test_without_a_rulebook_in_force_a_pass_is_kept_whole(tmp_path: Path) -> None:
    with _door(tmp_path, rulebooks=()) as desk:
        visit = _shown(desk, desk.kiosk.hub.issue())
        assert (visit.reason, visit.sub) == (Reason.NO_RULEBOOK, b"subject1")


def test_nothing_is_remembered_of_a_pass_that_was_denied(desk: Counter) -> None:
    _shown(desk, desk.kiosk.hub.issue(cti=b"other-un", unit=8))
    assert desk.kiosk.journal.sighting(b"other-un") is None


def test_a_day_pass_used_again_is_referred_where_who_leaves_is_seen(tmp_path: Path) -> None:
    place = replace(PLACE, sees_both_ways=True)
    with _door(tmp_path, place=place) as desk:
        assert _shown(desk, desk.kiosk.hub.issue()).reason == Reason.ALLOWED
        assert _shown(desk, desk.kiosk.hub.issue()).reason == Reason.ALREADY_INSIDE
        assert desk.shows() is Signal.REFER_OTHER_CODE


def test_a_full_building_is_counted_in_passes(tmp_path: Path) -> None:
    place = replace(PLACE, sees_both_ways=True)
    rules = (rulebook(outcomes=EVERYBODY, capacity=2),)
    with _door(tmp_path, place=place, rulebooks=rules) as desk:
        reasons = [
            _shown(desk, desk.kiosk.hub.issue(cti=b"person-%d" % number)).reason
            for number in range(3)
        ]
        assert reasons == [Reason.ALLOWED, Reason.ALLOWED, Reason.FULL]
        assert desk.kiosk.journal.count_inside() == 2


def test_a_photograph_is_refused_and_so_is_a_malleated_copy(desk: Counter) -> None:
    static = desk.kiosk.hub.issue(holder_key=PHONE.holder)
    shown_s = desk.kiosk.clock.wall_ms // 1000 + 20
    code = PHONE.code(static, shown_s)
    assert _shown(desk, code).reason == Reason.ALLOWED
    inner, slot = inner_of(static), shown_s // 30
    copy = turning_text([inner, slot, mirrored(PHONE.signature(inner, slot))])
    assert _shown(desk, copy).reason == Reason.CODE_SEEN
    assert _shown(desk, code).reason == Reason.CODE_SEEN
    desk.kiosk.clock.advance(60_000)
    assert _shown(desk, code).reason == Reason.CODE_TOO_OLD
    assert _shown(desk, static).reason == Reason.BAD_HOLDER_SIGNATURE
    fresh = _turning(desk)
    assert _shown(desk, fresh).reason == Reason.ALLOWED


def test_a_phone_that_was_an_hour_ahead_works_when_its_clock_is_right(tmp_path: Path) -> None:
    """At an exit nobody is kept in, so a code of another time is seen and not denied."""
    with _door(tmp_path, place=replace(PLACE, direction="exit")) as desk:
        assert _shown(desk, _turning(desk, ahead_s=3600)).reason == Reason.CODE_TOO_OLD
        assert desk.shows() is Signal.REFER_OTHER_CODE
        assert _shown(desk, _turning(desk)).reason == Reason.ALLOWED


def test_a_code_that_could_not_be_judged_uses_no_slot_up(tmp_path: Path) -> None:
    with _door(tmp_path) as desk:
        desk.kiosk.clock.advance(HOUR_MS // 2)
        desk.reboot()
        _shown(desk, _turning(desk, ahead_s=600))
        desk.kiosk.deliver(desk.kiosk.send())
        assert _shown(desk, _turning(desk)).reason == Reason.ALLOWED


def _officer(desk: Counter, *, ahead_s: int = 0, **said: object) -> str:
    usual = {"cti": b"officer1", "pass_type": PassType.OFFICER, "expires_s": NOW_S + YEAR_S}
    return _turning(desk, ahead_s=ahead_s, **{**usual, **said})


def _known(desk: Counter) -> Interval:
    return desk.kiosk.journal.now(desk.kiosk.clock.moment())


def _told(desk: Counter) -> list[Anchor]:
    """Return the anchors by officers that the hub got."""
    desk.kiosk.send()
    return [each for each in desk.kiosk.hub.anchors if each.source is AnchorSource.OFFICER]


@pytest.fixture
def lost(desk: Counter) -> Counter:
    """A door that had power for half an hour, lost it, and does not know the time."""
    desk.kiosk.clock.advance(HOUR_MS // 2)
    desk.reboot()
    assert _known(desk).latest_ms is None
    return desk


@pytest.mark.parametrize("wrong_s", [-60, 0, 60])
def test_an_officers_code_tells_the_time_to_90_s(lost: Counter, wrong_s: int) -> None:
    lost.present(_officer(lost, ahead_s=wrong_s))
    assert lost.shows() is Signal.ADMIT
    known, true_ms = _known(lost), lost.kiosk.clock.wall_ms
    assert known.width_ms == 180_000
    assert known.latest_ms is not None
    assert known.earliest_ms <= true_ms <= known.latest_ms
    (anchor,) = _told(lost)
    assert anchor.error_ms == 90_000
    assert anchor.true_ms // 1000 == (true_ms // 1000 + wrong_s) // 30 * 30 + 15
    assert (anchor.boot_ms, anchor.boot_id) == (lost.kiosk.clock.boot_ms, lost.kiosk.clock.boot_id)


def test_it_tells_the_time_before_it_is_judged(lost: Counter) -> None:
    """Nobody else's code does; with the officer's the door is of use again."""
    lost.present(_turning(lost, cti=b"visitor1"))
    assert lost.shows() is Signal.REFER_UNSURE
    assert _known(lost).latest_ms is None
    lost.present(_officer(lost))
    lost.present(lost.kiosk.hub.issue())
    assert lost.shows() is Signal.ADMIT


def test_each_code_tells_the_time_once_and_never_one_that_is_older(lost: Counter) -> None:
    codes = {ahead_s: _officer(lost, ahead_s=ahead_s) for ahead_s in (-30, 0, 30)}
    lost.present(codes[0])
    assert _known(lost).latest_ms is not None
    for ahead_s, is_told in ((0, False), (-30, False), (30, True)):
        lost.reboot()
        lost.present(codes[ahead_s])
        assert (_known(lost).latest_ms is not None) is is_told


@pytest.mark.parametrize(
    ("behind_s", "is_told"), [(HOUR_MS // 2000 + 60, True), (HOUR_MS // 2000 + 180, False)]
)
def test_no_time_below_the_floor_is_told(lost: Counter, behind_s: int, is_told: bool) -> None:
    """The hub's last word was half an hour ago: it is later than that, less 90 s of error."""
    lost.present(_officer(lost, ahead_s=-behind_s))
    assert (_known(lost).latest_ms is not None) is is_told
    assert len(_told(lost)) == is_told


@pytest.mark.parametrize(
    "said",
    [
        {"pass_type": PassType.VISITOR},
        {"pass_type": PassType.EMPLOYEE},
        {"cti": b"revoked1"},
        {"expires_s": NOW_S + 60},
        {"not_before_s": NOW_S + HOUR_MS, "expires_s": NOW_S + 2 * HOUR_MS},
    ],
)
def test_nobody_elses_and_no_withdrawn_or_expired_code_tells_the_time(
    tmp_path: Path, said: dict[str, Any]
) -> None:
    with _door(tmp_path, revoked=b"revoked1") as desk:
        desk.kiosk.clock.advance(HOUR_MS // 2)
        desk.reboot()
        desk.present(_officer(desk, **said))
        assert desk.shows() is not Signal.ADMIT
        assert _known(desk).latest_ms is None
        assert _told(desk) == []


def test_a_code_under_a_withdrawn_key_tells_nothing(tmp_path: Path) -> None:
    with _door(tmp_path) as desk:
        kid = desk.kiosk.hub.keys.newest(Purpose.PASS).kid
        desk.kiosk.clock.advance(HOUR_MS // 2)
        desk.reboot()
        reference = desk.standing.reference
        assert reference is not None
        desk.standing.reference = replace(
            reference, revoked_keys=replace(reference.revoked_keys, joined=bytes(kid))
        )
        desk.present(_officer(desk))
        assert desk.shows() is Signal.DENY
        assert _known(desk).latest_ms is None


def test_a_slot_beyond_the_signers_time_tells_nothing(lost: Counter) -> None:
    lost.present(_officer(lost, ahead_s=YEAR_S + 900, expires_s=NOW_S + 3 * YEAR_S))
    assert _known(lost).latest_ms is None


def test_the_static_part_tells_nothing(lost: Counter) -> None:
    lost.present(lost.kiosk.hub.issue(pass_type=PassType.OFFICER))
    lost.present(lost.kiosk.hub.issue(pass_type=PassType.OFFICER, holder_key=PHONE.holder))
    assert _known(lost).latest_ms is None


def test_a_door_that_knows_the_time_learns_none(desk: Counter) -> None:
    before = _known(desk)
    desk.present(_officer(desk, ahead_s=50))
    assert desk.shows() is Signal.ADMIT
    assert _told(desk) == []
    assert (_known(desk).width_ms or 0) < (before.width_ms or 0) + 100


def test_an_expired_pass_is_not_green_for_a_time_that_an_officer_told(lost: Counter) -> None:
    expired_s = NOW_S + HOUR_MS // 2000 - 200
    lost.present(_officer(lost))
    for code in (
        lost.kiosk.hub.issue(cti=b"static-1", expires_s=expired_s),
        _turning(lost, cti=b"turning1", expires_s=expired_s),
    ):
        lost.present(code)
        assert lost.shows() is Signal.DENY


def test_at_a_door_for_both_ways_the_direction_stays_unknown(tmp_path: Path) -> None:
    with _door(tmp_path, place=replace(PLACE, direction="both")) as desk:
        _shown(desk, desk.kiosk.hub.issue())
        sighting = desk.kiosk.journal.sighting(b"pass-cti")
        assert sighting is not None
        assert sighting.direction is Direction.UNKNOWN
