"""A door that can show nothing."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, critical
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    told = facts.reading("lamp")
    if told is None:
        return UNKNOWN
    return critical() if told.state is State.BAD else WELL


RULE = Rule(
    name="lamp",
    said=_("The lamp or the buzzer fails"),
    todo=_("Check their plugs against the wiring drawing."),
    judge=judge,
)
