"""A kiosk with internet that is not heard of."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, at_least

# It says how it is every few minutes, if only that.
LATE_AFTER = timedelta(minutes=15)
SILENT_AFTER = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def judge(facts: Facts) -> Judgement:
    """What was closed was silent for that: silence counts from the opening."""
    if facts.open_since is None:
        return UNKNOWN
    if not facts.has_internet:
        return WELL
    heard = facts.last_contact or facts.enrolled_at
    silence = facts.now - max(heard, facts.open_since)
    return at_least(silence // _SECOND, LATE_AFTER // _SECOND, SILENT_AFTER // _SECOND, since=heard)


RULE = Rule(
    name="last_seen",
    said=_("The kiosk is silent"),
    todo=_("Call the site: is the kiosk switched on, and does the network work?"),
    judge=judge,
    unit=Unit.SECONDS,
    well_for=timedelta(0),
)
