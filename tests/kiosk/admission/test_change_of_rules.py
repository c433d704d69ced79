"""While it is uncertain which rulebook is in force, only what all of them say is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.admission.decision import decide
from kiosk.admission.rulebook import Rulebook, Way
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.instants import Interval
from kiosk.passes.format import Format
from kiosk.passes.reading import Refusal
from kiosk.passes.reason import Reason
from tests.kiosk.admission.situations import NOON_UTC, NOW_MS, PASS, book, rules, usual

ADMIT, DENY, REFER = Outcome.ADMIT, Outcome.DENY, Outcome.REFER


def _judged(*rulebooks: Rulebook) -> tuple[Outcome, Reason]:
    verdict = decide(PASS, usual(rulebooks=rulebooks))
    assert verdict.shown is verdict.outcome
    return verdict.shown, verdict.reason


def _verdict(*rulebooks: Rulebook) -> Verdict:
    return decide(PASS, usual(rulebooks=rulebooks))


def _newer(outcome: Outcome, *, trial: bool = False, **changes: object) -> Rulebook:
    newer = book(outcome, version=6, from_ms=NOW_MS, trial=trial)
    return replace(newer, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes_ms", "expected"),
    [
        (NOW_MS - 500, (DENY, Reason.RULE_DENIES)),
        (NOW_MS, (REFER, Reason.TIME_UNCERTAIN)),
        (NOW_MS + 500, (REFER, Reason.TIME_UNCERTAIN)),
        (NOW_MS + 501, (ADMIT, Reason.ALLOWED)),
    ],
)
def test_a_rulebook_that_may_have_changed_is_not_guessed(
    changes_ms: int, expected: tuple[Outcome, Reason]
) -> None:
    assert _judged(book(ADMIT), book(DENY, version=6, from_ms=changes_ms)) == expected


def test_rulebooks_that_agree_need_not_be_told_apart() -> None:
    for outcome in Outcome:
        assert _judged(book(outcome), _newer(outcome))[0] is outcome


def test_rulebooks_that_both_deny_do_not_make_it_uncertain() -> None:
    assert _judged(book(DENY), book(version=6, from_ms=NOW_MS)) == (DENY, Reason.NOT_ALLOWED)


def test_rulebooks_that_both_refer_for_reasons_of_their_own_are_not_uncertain() -> None:
    """The newer one's reason is said; the officer is asked either way."""
    stale = replace(book(ADMIT), stale_after_days=1)
    assert _judged(stale, _newer(REFER)) == (REFER, Reason.RULE_REFERS)
    newer = _newer(ADMIT, stale_after_days=1)
    assert _judged(book(REFER), newer) == (REFER, Reason.STALE_RULEBOOK)


@pytest.mark.parametrize(
    ("older", "newer", "says"),
    [(DENY, DENY, DENY), (DENY, REFER, REFER), (REFER, DENY, REFER), (REFER, REFER, REFER)],
)
def test_where_they_differ_they_say_what_they_agree_on_for_an_uncertain_time(
    older: Outcome, newer: Outcome, says: Outcome
) -> None:
    before = replace(book(ADMIT), uncertain_clock=older)
    expected = (says, Reason.TIME_UNCERTAIN)
    assert _judged(before, _newer(DENY, uncertain_clock=newer)) == expected
    assert _judged(before, _newer(REFER, uncertain_clock=newer)) == expected


def test_where_they_differ_it_is_a_trial_only_if_both_are() -> None:
    denies = {"uncertain_clock": DENY}
    for older, newer, shown, version in (
        (True, True, REFER, 6),
        (True, False, DENY, 6),
        (False, True, DENY, 5),
        (False, False, DENY, 6),
    ):
        before = replace(book(ADMIT, trial=older), uncertain_clock=DENY)
        verdict = _verdict(before, _newer(REFER, trial=newer, **denies))
        assert verdict == Verdict(DENY, shown, Reason.TIME_UNCERTAIN, rulebook=version)


def test_where_they_differ_nobody_is_kept_in() -> None:
    books = (replace(book(ADMIT), uncertain_clock=DENY), _newer(DENY, uncertain_clock=DENY))
    leaving = decide(PASS, usual(way=Way.EXIT, rulebooks=books))
    assert (leaving.outcome, leaving.shown) == (REFER, REFER)


def test_a_rulebook_is_in_force_in_all_of_the_millisecond_in_which_it_begins() -> None:
    begins = datetime.fromtimestamp(NOW_MS / 1000, UTC) + timedelta(microseconds=999)
    only = replace(book(ADMIT), effective_from=begins)
    for at_ms, reason in ((NOW_MS, Reason.ALLOWED), (NOW_MS - 1, Reason.NO_RULEBOOK)):
        assert decide(PASS, usual(now=Interval(at_ms, at_ms), rulebooks=(only,))).reason is reason


def test_a_trial_that_denies_and_a_rule_that_refers_do_not_agree() -> None:
    """Both show amber, but what would have been is another thing: neither is recorded."""
    verdict = _verdict(book(REFER), _newer(DENY, trial=True))
    assert (verdict.outcome, verdict.reason) == (REFER, Reason.TIME_UNCERTAIN)


def test_a_rulebook_may_be_in_force_since_the_first_years() -> None:
    ancient = rules(effective_from=NOON_UTC.replace(year=2) - timedelta(days=100))
    assert _judged(*ancient) == (ADMIT, Reason.ALLOWED)
    verdict = decide(Refusal(Format.NONE, Reason.NOT_A_PASS), usual(rulebooks=ancient))
    assert verdict.shown is DENY
