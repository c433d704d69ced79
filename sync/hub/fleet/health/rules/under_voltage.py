"""A power supply that is too weak: seen since the start, or at this moment."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, critical, warning
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    """The reading's value is 1 while the voltage is too low."""
    told = facts.reading("under_voltage")
    if told is None:
        return UNKNOWN
    if told.state is not State.BAD:
        return WELL
    return critical() if told.value else warning()


RULE = Rule(
    name="under_voltage",
    said=_("The power supply is too weak"),
    todo=_("Replace the power supply and its cable: too little power damages the card."),
    judge=judge,
    is_for_closed=True,
)
