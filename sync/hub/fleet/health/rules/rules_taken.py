"""A kiosk that has not taken the newest rules and keys, or has none."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import WELL, Judgement, Rule, Unit, at_least, critical
from sync.wire.batch import State

_SECOND = timedelta(seconds=1)
_WARNING, _CRITICAL = timedelta(hours=1), timedelta(hours=24)
# A stick brings them, and the next one brings back that they were taken.
_WARNING_BY_STICK, _CRITICAL_BY_STICK = timedelta(days=14), timedelta(days=28)


def judge(facts: Facts) -> Judgement:
    told = facts.reading("bundle_version")
    if told is not None and told.state is State.BAD:
        return critical()
    if facts.issued_at is None or facts.taken_version >= facts.issued_version:
        return WELL
    waiting = (facts.now - facts.issued_at) // _SECOND
    if facts.has_internet:
        return at_least(waiting, _WARNING // _SECOND, _CRITICAL // _SECOND, facts.issued_at)
    return at_least(
        waiting, _WARNING_BY_STICK // _SECOND, _CRITICAL_BY_STICK // _SECOND, facts.issued_at
    )


RULE = Rule(
    name="rules_taken",
    said=_("The kiosk has not taken the newest rules and keys"),
    todo=_("Give the kiosk a network or carry a stick; if it has none, show it an enrolment card."),
    judge=judge,
    unit=Unit.SECONDS,
)
