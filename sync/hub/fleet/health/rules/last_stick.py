"""A kiosk without internet that no stick was carried from."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import WELL, Judgement, Rule, Unit, at_least

_DUE_AFTER = timedelta(days=7)
_OVERDUE_AFTER = timedelta(days=14)
_SECOND = timedelta(seconds=1)


def judge(facts: Facts) -> Judgement:
    if facts.has_internet:
        return WELL
    heard = facts.last_contact or facts.enrolled_at
    return at_least(
        (facts.now - heard) // _SECOND,
        _DUE_AFTER // _SECOND,
        _OVERDUE_AFTER // _SECOND,
        since=heard,
    )


RULE = Rule(
    name="last_stick",
    said=_("Nobody has brought the visits for days"),
    todo=_("Carry the stick to the kiosk and back, or bring a phone's hotspot."),
    judge=judge,
    unit=Unit.SECONDS,
    well_for=timedelta(0),
)
