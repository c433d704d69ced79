"""A memory card that spoilt the journal."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    told = facts.reading("damaged_journals")
    if told is None:
        return UNKNOWN
    return critical(told.value) if told.state is State.BAD else WELL


RULE = Rule(
    name="damaged_journal",
    said=_("The memory card spoilt what was written to it"),
    todo=_("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    judge=judge,
    unit=Unit.TIMES,
    is_for_closed=True,
)
