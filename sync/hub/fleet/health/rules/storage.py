"""A memory card that fails: errors that the kernel counted, or a card that it made read-only."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    told = facts.reading("card_errors")
    if told is None:
        return UNKNOWN
    return critical(told.value) if told.state is State.BAD else WELL


RULE = Rule(
    name="storage",
    said=_("The memory card fails"),
    todo=_("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    judge=judge,
    unit=Unit.TIMES,
    is_for_closed=True,
)
