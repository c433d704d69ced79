"""A kiosk that runs on another board or card than somebody approved: it may be a copy."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import WELL, Judgement, Rule, critical


def judge(facts: Facts) -> Judgement:
    """Of which board a kiosk says nothing, that of its enrolment is believed."""
    return critical() if facts.is_board_new else WELL


RULE = Rule(
    name="board",
    said=_("The kiosk runs on another board or memory card than was approved"),
    todo=_("Ask who changed it; then approve the new board on the page Devices, or revoke it."),
    judge=judge,
    is_for_closed=True,
)
