"""Visits that a kiosk with internet cannot get rid of."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import WELL, Judgement, Rule, Unit, at_least

_WARNING = timedelta(hours=1)
_CRITICAL = timedelta(hours=24)
_SECOND = timedelta(seconds=1)


def judge(facts: Facts) -> Judgement:
    if facts.behind_since is None or not facts.has_internet:
        return WELL
    waiting = facts.now - facts.behind_since
    return at_least(
        waiting // _SECOND, _WARNING // _SECOND, _CRITICAL // _SECOND, since=facts.behind_since
    )


RULE = Rule(
    name="oldest_unsent",
    said=_("Visits have been waiting to be sent"),
    todo=_("Check how fast and how steady the site's network is; else carry the stick."),
    judge=judge,
    unit=Unit.SECONDS,
)
