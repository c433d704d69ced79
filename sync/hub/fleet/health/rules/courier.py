"""A program with the network that misbehaves towards the door: it may have been broken into."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    told = facts.reading("courier_misdeeds")
    if told is None:
        return UNKNOWN
    return critical(told.value) if told.state is State.BAD else WELL


RULE = Rule(
    name="courier",
    said=_("The program that has the network misbehaves towards the door"),
    todo=_("Take the kiosk off the network and write its memory card anew; its visits are safe."),
    judge=judge,
    unit=Unit.TIMES,
    is_for_closed=True,
)
