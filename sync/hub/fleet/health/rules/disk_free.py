"""A memory card that fills up."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical, warning
from sync.wire.batch import State

_WARNING_PERCENT = 15
_CRITICAL_PERCENT = 5


def judge(facts: Facts) -> Judgement:
    told = facts.reading("disk_free_percent")
    if told is None:
        return UNKNOWN
    if told.value is None:
        return critical() if told.state is State.BAD else WELL
    if told.value <= _CRITICAL_PERCENT:
        return critical(told.value)
    return warning(told.value) if told.value <= _WARNING_PERCENT else WELL


RULE = Rule(
    name="disk_free",
    said=_("The memory card is nearly full or fails"),
    todo=_("Connect the kiosk or carry a stick, so that visits are sent; else replace the card."),
    judge=judge,
    unit=Unit.PERCENT,
    is_for_closed=True,
)
