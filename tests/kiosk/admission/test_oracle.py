"""A verdict over an interval, held against the verdicts at many instants of it.

The oracle is plain: at an instant that is known exactly nothing is uncertain. Whoever is admitted
over an interval must be admitted at each of its instants, and whoever is denied at none. A turning
pass that counts as a static one, because the interval is so wide, is held against a static one.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission.colour import NOT_DETECTED, ColourRule
from kiosk.admission.decision import decide
from kiosk.admission.objections import MOST_UNCERTAIN_MS, validity
from kiosk.admission.rulebook import ALL_FORMATS, Rule, Rulebook, Way
from kiosk.admission.schedule import Schedule, Span
from kiosk.admission.situation import Circumstances, Place, Presence
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.certificate import InfectionTest, Kind, Recovery, Vaccination
from kiosk.passes.claims import PassType
from kiosk.passes.format import Format
from kiosk.passes.reading import Credential, NationalCode, Pass, Refusal, RosterMatch
from kiosk.passes.reason import Reason
from tests.kiosk.admission.situations import (
    DAY_S,
    HOUR_MS,
    NOW_MS,
    NOW_S,
    PASS,
    RULEBOOK,
    certificate,
    presented,
    turning,
)

ADMIT, DENY, REFER = Outcome.ADMIT, Outcome.DENY, Outcome.REFER
MINUTE_MS, DAY_MS = 60_000, 24 * HOUR_MS
TODAY = date(2026, 6, 3)
T = TypeVar("T")
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]


def usually(value: T, other: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Most of what is drawn is in order: a code with two faults tells little of either."""
    return st.integers(0, 11).flatmap(lambda chance: other if chance == 11 else st.just(value))


def often(value: T, other: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """What changes with the time is what is asked here."""
    return st.integers(0, 2).flatmap(lambda chance: other if chance == 2 else st.just(value))


around_s = st.integers(-2 * 48, 2 * 48).map(lambda half_hours: NOW_S + half_hours * 1800)
scopes: dict[str, Any] = {
    "not_before_s": often(NOW_S - 9 * DAY_S, around_s),
    "expires_s": often(NOW_S + 9 * DAY_S, around_s),
    "pass_type": usually(PassType.VISITOR, st.sampled_from([PassType.SITE_CARD, PassType.OFFICER])),
    "doors": usually(0xFFFFFFFF, st.just(0)),
    "unit": usually(0, st.sampled_from([12, 13])),
    "days": often(127, st.sampled_from([0b100, 0b011, 0b1011])),
}
static_passes = st.builds(presented, **scopes)
PASS_OF_ALL_DAYS: Credential = presented(
    not_before_s=NOW_S - 9 * DAY_S, expires_s=NOW_S + 9 * DAY_S
)
slots = st.integers(-8, 8).map(lambda offset: NOW_S // 30 + offset)
turning_passes = st.builds(turning, slots, **scopes)
aged = st.integers(0, 20).map(lambda days: TODAY - timedelta(days=days))
counts = usually(2, st.none() | st.integers(0, 3))
statements = st.one_of(
    st.builds(Vaccination, st.none(), st.none(), counts, counts, aged),
    st.builds(
        InfectionTest,
        st.none(),
        st.none(),
        st.sampled_from([NOT_DETECTED, None]),
        st.none() | around_s,
    ),
    st.builds(Recovery, st.none(), st.none() | aged, st.none(), st.none()),
)
certificates = st.builds(
    lambda some, expires_s: certificate(*some, expires_s=expires_s),
    st.lists(statements, min_size=1, max_size=2),
    scopes["expires_s"],
)
unproven: st.SearchStrategy[Credential] = st.sampled_from(
    [RosterMatch(b"subject1"), NationalCode()]
)
credentials = st.one_of(
    static_passes, turning_passes, certificates, usually(PASS_OF_ALL_DAYS, unproven)
)

clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
schedules = st.builds(
    Schedule,
    often(frozenset(range(7)), st.frozensets(st.integers(0, 6), min_size=3)),
    st.lists(st.builds(Span, clock_times, clock_times), max_size=3).map(tuple),
    often(True, st.just(False)),
)
NAMES = ["hijau", "kuning"]
rules = st.builds(
    Rule,
    name=st.just("rule"),
    types=usually(frozenset(PassType), st.frozensets(st.sampled_from(PassType), min_size=1)),
    formats=usually(ALL_FORMATS, st.frozensets(st.sampled_from(sorted(ALL_FORMATS)), min_size=1)),
    outcome=usually(ADMIT, st.sampled_from([DENY, REFER])),
    units=usually(frozenset[int](), st.sampled_from([frozenset({12}), frozenset({1})])),
    ways=usually(frozenset[Way](), st.just(frozenset({Way.ENTRY}))),
    colours=often(frozenset[str](), st.frozensets(st.sampled_from(NAMES), max_size=2)),
    schedule=st.just(Schedule()) | schedules,
)
ages = st.none() | st.integers(0, 20)
colour_rules = st.builds(
    ColourRule,
    st.sampled_from(NAMES),
    st.sampled_from(Kind),
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
    ages,
    ages,
)
begins = often(-30 * 1440, st.integers(-48, 48).map(lambda half_hours: half_hours * 30))
rulebooks = st.builds(
    lambda minutes, **said: replace(
        RULEBOOK,
        effective_from=datetime.fromtimestamp(NOW_S, UTC) + timedelta(minutes=minutes),
        **said,
    ),
    begins,
    version=st.integers(1, 9),
    trial=usually(False, st.just(True)),
    site_kinds=usually(
        frozenset[str](), st.sampled_from([frozenset({"balai-kota"}), frozenset({"x"})])
    ),
    rules=st.lists(rules, min_size=1, max_size=3).map(tuple),
    colours=st.lists(colour_rules, min_size=1, max_size=3).map(tuple),
    holidays=often(frozenset[date](), st.just(frozenset({TODAY + timedelta(days=1)}))),
    capacity=usually(None, st.integers(1, 3)),
    pass_back=st.booleans(),
    stale_after_days=often(None, st.integers(1, 3)),
    stale=st.sampled_from([DENY, REFER]),
)
widths_ms = st.one_of(
    st.integers(0, 3 * 48).map(lambda half_hours: half_hours * HOUR_MS // 2),
    st.sampled_from([0, 1, 999, MINUTE_MS, MOST_UNCERTAIN_MS]),
)
starts_ms = st.just(NOW_MS) | around_s.map(lambda seconds: seconds * 1000)
bounded = st.builds(lambda start, width: Interval(start, start + width), starts_ms, widths_ms)
unbounded = starts_ms.map(lambda start: Interval(start, None))
intervals = st.integers(0, 7).flatmap(lambda chance: unbounded if chance == 7 else bounded)
situations = st.builds(
    Circumstances,
    place=st.builds(
        Place,
        usually(Way.ENTRY, st.sampled_from([Way.EXIT, Way.BOTH])),
        st.just("balai-kota"),
        st.sampled_from(ZONES),
        st.just(12),
        st.just(3),
    ),
    rulebooks=st.lists(rulebooks, min_size=1, max_size=2),
    now=intervals,
    is_revoked=usually(False, st.just(True)),
    presence=usually(
        Presence(),
        st.builds(
            Presence,
            st.booleans(),
            st.booleans(),
            st.just(0) | slots,
            st.none() | st.integers(0, 3),
        ),
    ),
    confirmed_ms=st.integers(0, 100).map(lambda hours: NOW_MS - hours * HOUR_MS),
)
fractions = st.lists(st.floats(0, 1), max_size=6)


def _instants(now: Interval, fractions: list[float]) -> Iterator[int]:
    """Yield both ends, every whole hour, and what chance gives: what changes, changes there."""
    latest_ms = now.earliest_ms + 4 * DAY_MS if now.latest_ms is None else now.latest_ms
    yield from (now.earliest_ms, latest_ms)
    first_hour = -(-now.earliest_ms // (HOUR_MS // 2))
    for hour in range(first_hour, min(first_hour + 300, latest_ms // (HOUR_MS // 2) + 1)):
        at_ms = hour * (HOUR_MS // 2)
        yield from (each for each in (at_ms - 1, at_ms) if now.earliest_ms <= each <= latest_ms)
    for fraction in fractions:
        yield now.earliest_ms + round((latest_ms - now.earliest_ms) * fraction)


def _at_an_instant(shown: Credential, now: Interval) -> Credential:
    too_wide = now.width_ms is None or now.width_ms > MOST_UNCERTAIN_MS
    return replace(shown, slot=None) if isinstance(shown, Pass) and too_wide else shown


@settings(max_examples=500, deadline=None)
@given(credentials, situations, fractions)
def test_over_an_interval_it_says_nothing_that_an_instant_of_it_contradicts(
    shown: Credential, found: Circumstances, fractions: list[float]
) -> None:
    verdict = decide(shown, found)
    if verdict.shown is REFER and verdict.outcome is REFER:
        return
    exact = _at_an_instant(shown, found.now)
    for at_ms in _instants(found.now, fractions):
        then = decide(exact, replace(found, now=Interval(at_ms, at_ms)))
        if verdict.shown is ADMIT:
            assert then.shown is ADMIT
        else:
            assert then.outcome is not ADMIT


@settings(max_examples=300, deadline=None)
@given(credentials, situations, fractions)
def test_who_is_admitted_is_valid_at_every_instant(
    shown: Credential, found: Circumstances, fractions: list[float]
) -> None:
    entry = replace(found, place=replace(found.place, way=Way.ENTRY))
    if decide(shown, entry).shown is not ADMIT:
        return
    assert found.now.latest_ms is not None
    assert not found.is_revoked
    assert shown.format not in {Format.ROSTER, Format.NATIONAL}
    valid = validity(shown)
    assert valid is not None
    for at_ms in _instants(found.now, fractions):
        assert valid.not_before_s * 1000 <= at_ms <= valid.expires_s * 1000
        assert at_ms <= valid.signer_until_s * 1000


@settings(max_examples=60, deadline=None)
@given(credentials, situations, st.lists(rulebooks, max_size=2), st.sampled_from([DENY, REFER]))
def test_caution_about_the_clock_admits_nobody(
    shown: Credential, found: Circumstances, books: list[Rulebook], says: Outcome
) -> None:
    """What is said of an uncertain clock is never more than what is said of a certain one."""
    cautious = [replace(each, uncertain_clock=says) for each in books]
    verdict = decide(shown, replace(found, rulebooks=cautious))
    trusting = decide(shown, replace(found, rulebooks=books))
    assert (verdict.shown is ADMIT) == (trusting.shown is ADMIT)


@settings(max_examples=60, deadline=None)
@given(credentials | st.just(Refusal(Format.NONE, Reason.NOT_A_PASS)), situations)
def test_at_an_exit_nobody_is_kept_in(shown: Credential | Refusal, found: Circumstances) -> None:
    verdict = decide(shown, replace(found, place=replace(found.place, way=Way.EXIT)))
    assert DENY not in (verdict.outcome, verdict.shown)


@settings(max_examples=60, deadline=None)
@given(unproven, situations)
def test_what_proves_nothing_is_never_green(shown: Credential, found: Circumstances) -> None:
    assert decide(shown, found).shown is not ADMIT


@settings(max_examples=60, deadline=None)
@given(credentials, situations)
def test_an_instant_that_is_known_is_never_uncertain(
    shown: Credential, found: Circumstances
) -> None:
    instant = Interval(found.now.earliest_ms, found.now.earliest_ms)
    assert decide(shown, replace(found, now=instant)).reason is not Reason.TIME_UNCERTAIN


@settings(max_examples=60, deadline=None)
@given(credentials, situations)
def test_the_rule_that_is_named_is_one_that_says_so(
    shown: Credential, found: Circumstances
) -> None:
    verdict = decide(shown, found)
    if verdict.rule is None:
        assert verdict.shown is not ADMIT
        return
    named = [
        each.rules[verdict.rule]
        for each in found.rulebooks
        if each.version == verdict.rulebook and len(each.rules) > verdict.rule
    ]
    assert named
    if verdict.shown is ADMIT:
        assert ADMIT in {rule.outcome for rule in named}


def test_the_oracle_would_notice_a_pass_that_ends_within_the_interval() -> None:
    """It is no oracle if all that it is asked is certain anyway."""
    ends = replace(PASS, claims=replace(PASS.claims, expires_s=NOW_S + 1800))
    now = Interval(NOW_MS, NOW_MS + HOUR_MS)
    found = Circumstances(
        Place(Way.ENTRY, "balai-kota", ZONES[0], 12, 3), (RULEBOOK,), now, False, Presence()
    )
    answers = {
        decide(ends, replace(found, now=Interval(at_ms, at_ms))).shown
        for at_ms in _instants(now, [0.4])
    }
    assert answers == {ADMIT, DENY}
    assert decide(ends, found).shown is REFER
