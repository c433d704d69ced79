"""A door at which the officer lets most people in by the button."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule, Unit, at_least

_LEAST = 50
_WARNING_PERCENT = 40
_CRITICAL_PERCENT = 70


def judge(facts: Facts) -> Judgement:
    """Of all who were judged or let in by the officer."""
    came = facts.traffic.reads + facts.traffic.assisted
    if came < _LEAST:
        return UNKNOWN
    return at_least(facts.traffic.assisted * 100 // came, _WARNING_PERCENT, _CRITICAL_PERCENT)


RULE = Rule(
    name="button_share",
    said=_("Most people are let in by the officer's button"),
    todo=_("Ask the officer why: no passes handed out, codes that are not read, or habit."),
    judge=judge,
    unit=Unit.PERCENT,
)
