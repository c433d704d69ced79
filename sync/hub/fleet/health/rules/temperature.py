"""A kiosk that is too hot. Above 80 °C a Pi slows down: Raspberry Pi, config.txt, temp_limit."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule, Unit, at_least

_WARNING_C = 75
_CRITICAL_C = 80


def judge(facts: Facts) -> Judgement:
    told = facts.reading("temperature_c")
    if told is None or told.value is None:
        return UNKNOWN
    return at_least(told.value, _WARNING_C, _CRITICAL_C)


RULE = Rule(
    name="temperature",
    said=_("The kiosk is too hot"),
    todo=_("Move the kiosk out of the sun, and see that its air holes are free."),
    judge=judge,
    unit=Unit.CELSIUS,
)
