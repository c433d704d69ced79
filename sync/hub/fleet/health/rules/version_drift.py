"""A kiosk whose software is not what most kiosks run."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, warning


def judge(facts: Facts) -> Judgement:
    if not facts.is_heard:
        return UNKNOWN
    return warning() if facts.is_software_old else WELL


RULE = Rule(
    name="version_drift",
    said=_("The kiosk runs another version than most"),
    todo=_("Update its software, with a USB stick where there is no network."),
    judge=judge,
    # An update goes through a fleet door by door.
    bad_for=timedelta(days=7),
)
