"""A kiosk that cannot use its journal: it lets nobody in."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, critical
from sync.wire.batch import State


def judge(facts: Facts) -> Judgement:
    told = facts.reading("backlog_entries")
    if told is None:
        return UNKNOWN
    return critical() if told.state is State.BAD else WELL


RULE = Rule(
    name="journal",
    said=_("The kiosk cannot use its journal"),
    todo=_("Leave the memory card in, and run gapura-kiosk check at the kiosk."),
    judge=judge,
    is_for_closed=True,
)
