"""A kiosk that starts again and again."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule, Unit, at_least

_WARNING_A_DAY = 3
_CRITICAL_A_DAY = 6


def judge(facts: Facts) -> Judgement:
    if facts.last_contact is None:
        return UNKNOWN
    return at_least(facts.boots, _WARNING_A_DAY, _CRITICAL_A_DAY)


RULE = Rule(
    name="reboots",
    said=_("The kiosk has started several times within a day"),
    todo=_("Check the socket and the power supply; ask whether somebody pulls the plug."),
    judge=judge,
    unit=Unit.TIMES,
    is_for_closed=True,
)
