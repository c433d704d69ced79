"""A camera that sends no new pictures."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import (
    UNKNOWN,
    WELL,
    Judgement,
    Rule,
    Unit,
    at_least,
    critical,
)
from sync.wire.batch import State

_WARNING_MS = 10_000
_CRITICAL_MS = 30_000


def judge(facts: Facts) -> Judgement:
    told = facts.reading("frame_age_ms")
    if told is None:
        return UNKNOWN
    if told.value is None:
        return critical() if told.state is State.BAD else WELL
    return at_least(told.value, _WARNING_MS, _CRITICAL_MS)


RULE = Rule(
    name="frame_age",
    said=_("The camera sends no new pictures"),
    todo=_("Check that the camera's cable sits firmly at both ends, then restart the kiosk."),
    judge=judge,
    unit=Unit.MILLISECONDS,
)
