"""A system that cannot be told of new attendance. No kiosk's: its alert has no device."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical, warning

_WARNING = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def judge_notices(untold_since: datetime | None, now: datetime, *, is_given_up: bool) -> Judgement:
    """Judge the notice that has been refused for longest; `is_given_up` is of any of them."""
    if untold_since is None:
        return WELL
    waited_s = (now - untold_since) // _SECOND
    if is_given_up:
        return critical(waited_s)
    return warning(waited_s) if now - untold_since >= _WARNING else WELL


def judge(_facts: Facts) -> Judgement:
    return UNKNOWN


RULE = Rule(
    name="webhook",
    said=_("A system that reads attendance does not take notices"),
    todo=_("See gapura-hub list-api-tokens; then run gapura-hub set-webhook NAME --resume."),
    judge=judge,
    unit=Unit.SECONDS,
)
