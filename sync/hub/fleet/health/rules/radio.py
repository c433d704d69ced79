"""A WiFi that is too weak where the kiosk hangs."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical, warning

_WARNING_DBM = -72
_CRITICAL_DBM = -80


def judge(facts: Facts) -> Judgement:
    """By the word of the program with the network: no more than a thing to mend hangs on it."""
    told = facts.reading("wifi_dbm")
    if told is None or told.value is None:
        return UNKNOWN
    if told.value <= _CRITICAL_DBM:
        return critical(told.value)
    return warning(told.value) if told.value <= _WARNING_DBM else WELL


RULE = Rule(
    name="radio",
    said=_("The kiosk's WiFi is weak"),
    todo=_("Move the kiosk or the access point closer, or lay a cable."),
    judge=judge,
    unit=Unit.DBM,
    # People and doors in between come and go.
    bad_for=timedelta(minutes=30),
)
