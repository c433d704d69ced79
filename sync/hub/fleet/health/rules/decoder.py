"""A decoding process that has to be started again and again."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, warning
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    told = facts.reading("decoder_restarts")
    if told is None:
        return UNKNOWN
    return warning(told.value) if told.state is State.BAD else WELL


RULE = Rule(
    name="decoder",
    said=_("The reading of codes had to be started again"),
    todo=_("Do nothing if it stays at this; if it happens again and again, send the log."),
    judge=judge,
    unit=Unit.TIMES,
    bad_for=timedelta(minutes=30),
)
