"""A kiosk that does not know the time."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical, warning

# 1,024 s is the longest that ntpd waits between two questions unless told otherwise: ntp.conf(5),
# maxpoll.
_PATIENCE = timedelta(minutes=17)
_GOOD_MS = 120_000
_OFF_MS = 30_000


def judge(facts: Facts) -> Judgement:
    """The reading is the width of the interval that the time lies in; half of it is the error."""
    told = facts.reading("clock_width_ms")
    if told is None or facts.powered < _PATIENCE:
        return UNKNOWN
    if told.value is None:
        return critical()
    error_ms = told.value // 2
    if error_ms > _OFF_MS:
        return critical(error_ms) if told.value > _GOOD_MS else warning(error_ms)
    return WELL


RULE = Rule(
    name="clock",
    said=_("The kiosk does not know the time well enough"),
    todo=_("Give the kiosk a network once, or fit a real-time clock with a battery."),
    judge=judge,
    unit=Unit.MILLISECONDS,
)
