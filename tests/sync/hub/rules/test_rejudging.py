"""A rulebook that is tried out on visits that it decided itself changes nothing.

The oracle is the door's own judgement, of which the hub is shown what a journal holds.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission.decision import decide
from kiosk.admission.rulebook import Rule, Rulebook, Way
from kiosk.admission.schedule import Schedule, Span
from kiosk.admission.situation import Circumstances, Presence
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.instants import Interval
from kiosk.passes.claims import PassType
from kiosk.passes.format import Format
from kiosk.passes.reading import Presented, Refusal, pass_type
from kiosk.passes.reason import Reason
from sync.hub.rules.rejudging import Unknown, Was, in_force_always, rejudge
from tests.kiosk.admission.situations import ADMITS, NOW_MS, PASS, RULEBOOK, usual
from tests.kiosk.admission.test_oracle import credentials, rules

_DAY_MS = 86_400_000
_ERRORS_MS = (50, 500, 5_000)
presences = st.builds(
    Presence,
    is_inside=st.booleans(),
    sees_both_ways=st.just(True),
    last_slot=st.just(0),
    inside=st.none() | st.integers(0, 9),
)
books = st.builds(
    replace,
    st.just(RULEBOOK),
    rules=st.lists(rules.map(lambda rule: replace(rule, colours=frozenset())), max_size=4).map(
        tuple
    ),
    trial=st.booleans(),
    capacity=st.none() | st.integers(1, 8),
    pass_back=st.booleans(),
    stale_after_days=st.none() | st.integers(1, 60),
    stale=st.sampled_from([Outcome.REFER, Outcome.DENY]),
    uncertain_clock=st.sampled_from([Outcome.REFER, Outcome.DENY]),
)
refusals = st.builds(Refusal, st.sampled_from(Format), st.just(Reason.BAD_SIGNATURE))


def written_down(presented: Presented, said: Verdict, around: Circumstances) -> Was:
    """Return what the journal has of it, in whole seconds."""
    kind = None if isinstance(presented, Refusal) else int(pass_type(presented))
    now, place = around.now, around.place
    assert now.latest_ms is not None
    return Was(
        outcome=int(said.outcome),
        shown=int(said.shown),
        reason=int(said.reason),
        format=int(presented.format),
        rulebook=said.rulebook,
        rule=said.rule,
        pass_type=kind,
        earliest_s=now.earliest_ms // 1000,
        latest_s=-(-now.latest_ms // 1000),
        way=place.way.value,
        site_kind=place.site_kind,
        timezone=place.timezone,
        unit=place.unit,
        sees_both_ways=around.presence.sees_both_ways,
    )


@settings(max_examples=400, deadline=None)
@given(
    presented=credentials | refusals,
    book=books,
    way=st.sampled_from(Way),
    presence=presences,
    is_revoked=st.sampled_from([False, False, False, True]),
    error_ms=st.sampled_from(_ERRORS_MS),
    heard_days=st.sampled_from([0, 0, 90]),
)
def test_the_running_rulebook_changes_nothing(
    *,
    presented: Presented,
    book: Rulebook,
    way: Way,
    presence: Presence,
    is_revoked: bool,
    error_ms: int,
    heard_days: int,
) -> None:
    now = Interval(NOW_MS - error_ms, NOW_MS + error_ms)
    around = replace(
        usual(way=way, now=now, rulebooks=(book,), is_revoked=is_revoked),
        presence=presence,
        confirmed_ms=NOW_MS - heard_days * _DAY_MS,
    )
    said = decide(presented, around)
    was = written_down(presented, said, around)
    again = rejudge(was, in_force_always(book), {book.version: book})
    if said.reason is Reason.TIME_UNCERTAIN:
        assert again is Unknown.TIME
    elif isinstance(again, Unknown):
        # A second may decide where a span of hours begins, and the journal has no fractions.
        assert again is Unknown.TIME
        assert any(rule.schedule.spans or len(rule.schedule.days) < 7 for rule in book.rules)
    else:
        assert (again.outcome, again.shown) == (said.outcome, said.shown)


def _was(reason: Reason, outcome: Outcome = Outcome.ADMIT, **changes: object) -> Was:
    around = usual()
    said = Verdict(outcome, outcome, reason, RULEBOOK.version, 0)
    return replace(written_down(PASS, said, around), **changes)  # type: ignore[arg-type]


def _again(was: Was, new: Rulebook, old: Rulebook = RULEBOOK) -> Verdict | Unknown:
    return rejudge(was, in_force_always(new), {old.version: old})


def _with_rules(*rules: Rule) -> Rulebook:
    return replace(RULEBOOK, rules=rules)


def test_other_hours_refuse_whom_these_let_in() -> None:
    """It was ten in the morning."""
    early = replace(ADMITS, schedule=Schedule(spans=(Span(time(7), time(9)),)))
    said = _again(_was(Reason.ALLOWED), _with_rules(early))
    assert isinstance(said, Verdict)
    assert (said.outcome, said.reason) == (Outcome.DENY, Reason.OUTSIDE_HOURS)


def test_a_second_that_decides_cannot_be_told() -> None:
    """The door knew the time to milliseconds, the journal to seconds."""
    until_ten = replace(ADMITS, schedule=Schedule(spans=(Span(time(7), time(10)),)))
    just_before = _was(Reason.ALLOWED, earliest_s=NOW_MS // 1000 - 1, latest_s=NOW_MS // 1000)
    assert _again(just_before, _with_rules(until_ten)) is Unknown.TIME
    around_it = _again(_was(Reason.ALLOWED), _with_rules(until_ten))
    assert isinstance(around_it, Verdict)
    assert around_it.reason is Reason.TIME_UNCERTAIN


def test_a_trial_shows_amber() -> None:
    said = _again(_was(Reason.ALLOWED), replace(RULEBOOK, rules=(), trial=True))
    assert isinstance(said, Verdict)
    assert (said.outcome, said.shown) == (Outcome.DENY, Outcome.REFER)


def test_what_is_no_pass_stays_none() -> None:
    """Whatever the rules say."""
    was = _was(Reason.BAD_SIGNATURE, Outcome.DENY, rule=None, pass_type=None)
    said = _again(was, RULEBOOK)
    assert isinstance(said, Verdict)
    assert (said.outcome, said.reason) == (Outcome.DENY, Reason.BAD_SIGNATURE)


@pytest.mark.parametrize(
    ("was", "new", "why"),
    [
        (_was(Reason.TIME_UNCERTAIN, Outcome.REFER), RULEBOOK, Unknown.TIME),
        (_was(Reason.NO_RULEBOOK, Outcome.REFER, rulebook=0), RULEBOOK, Unknown.NO_RULEBOOK),
        (_was(Reason.ALLOWED, format=99), RULEBOOK, Unknown.NEWER),
        (_was(Reason.ALLOWED, rulebook=77), RULEBOOK, Unknown.NEWER),
        (_was(Reason.ALLOWED, pass_type=99), RULEBOOK, Unknown.NEWER),
        (_was(Reason.ALLOWED), replace(RULEBOOK, capacity=10), Unknown.CROWD),
        (_was(Reason.STALE_RULEBOOK, Outcome.REFER), RULEBOOK, Unknown.STALE),
        (_was(Reason.NOT_ALLOWED, Outcome.DENY), RULEBOOK, Unknown.INSIDE),
    ],
    ids=lambda given: given.value if isinstance(given, Unknown) else "",
)
def test_what_the_hub_does_not_know_is_said(was: Was, new: Rulebook, why: Unknown) -> None:
    assert _again(was, new) is why


def test_a_colour_cannot_be_told() -> None:
    """The hub has no certificate's content; a rulebook that asks for none can be tried."""
    kinds = frozenset({PassType.CERTIFICATE})
    plain = replace(ADMITS, types=kinds, formats=frozenset({"HC1"}))
    was = _was(Reason.ALLOWED, pass_type=int(PassType.CERTIFICATE), format=int(Format.HC1))
    green = replace(plain, colours=frozenset({"hijau"}))
    assert _again(was, _with_rules(green)) is Unknown.CERTIFICATE
    said = _again(was, _with_rules(plain))
    assert isinstance(said, Verdict)
    assert said.outcome is Outcome.ADMIT


def test_who_was_one_too_many_is_let_in_without_a_limit() -> None:
    old = replace(RULEBOOK, capacity=10)
    was = _was(Reason.FULL, Outcome.REFER)
    for limit, expected in ((None, Outcome.ADMIT), (5, Outcome.REFER), (20, Unknown.CROWD)):
        said = _again(was, replace(RULEBOOK, capacity=limit), old)
        assert (said.outcome if isinstance(said, Verdict) else said) is expected


def test_a_draft_is_tried_before_its_day() -> None:
    later = replace(RULEBOOK, effective_from=datetime(2099, 1, 1, tzinfo=UTC))
    kinds: Sequence[str] = ("pasar",)
    book = in_force_always(replace(later, site_kinds=frozenset(kinds)))
    said = rejudge(_was(Reason.ALLOWED), book, {RULEBOOK.version: RULEBOOK})
    assert isinstance(said, Verdict)
    assert said.outcome is Outcome.ADMIT
