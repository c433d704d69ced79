"""A door that refuses many of those who come."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule, Unit, at_least

_LEAST_READS = 50
_WARNING_PERCENT = 20
_CRITICAL_PERCENT = 40


def judge(facts: Facts) -> Judgement:
    traffic = facts.traffic
    if traffic.reads < _LEAST_READS:
        return UNKNOWN
    share = traffic.refused * 100 // traffic.reads
    return at_least(share, _WARNING_PERCENT, _CRITICAL_PERCENT)


RULE = Rule(
    name="refusals",
    said=_("Many people are refused"),
    todo=_("See the reasons among the visits: expired passes, a wrong rulebook, or the clock."),
    judge=judge,
    unit=Unit.PERCENT,
)
