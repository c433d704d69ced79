"""A door at which nothing is read for longer than is usual on this weekday."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule, Unit, at_least

_WARNING_TIMES = 2
_CRITICAL_TIMES = 4
# A busy door's pauses are short, and so would be the patience with it.
_LEAST = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)


def judge(facts: Facts) -> Judgement:
    """Of a kiosk that is heard of: what a silent one reads will come with its visits."""
    if facts.open_since is None or facts.usual_pause is None:
        return UNKNOWN
    if not facts.has_internet or not facts.is_heard:
        return UNKNOWN
    last = facts.traffic.last_read
    since = max(last, facts.open_since) if last else facts.open_since
    usual = max(facts.usual_pause, _LEAST) // _SECOND
    pause = (facts.now - since) // _SECOND
    return at_least(pause, _WARNING_TIMES * usual, _CRITICAL_TIMES * usual, since=since)


RULE = Rule(
    name="no_reads",
    said=_("No code has been read for longer than usual on this weekday"),
    todo=_("Call the site: is the door in use? Then look at the lens, the light and the poster."),
    judge=judge,
    unit=Unit.SECONDS,
)
