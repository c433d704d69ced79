"""The battery that keeps a kiosk's clock while it is switched off."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical, warning
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    """Without internet there is no other clock: then it is urgent."""
    told = facts.reading("rtc_battery_mv")
    if told is None:
        return UNKNOWN
    if told.state is not State.BAD:
        return WELL
    return warning(told.value) if facts.has_internet else critical(told.value)


RULE = Rule(
    name="rtc_battery",
    said=_("The clock's battery is empty"),
    todo=_("Replace the battery of the kiosk's clock."),
    judge=judge,
    unit=Unit.MILLIVOLT,
    is_for_closed=True,
)
