"""Keys of the hub's own that end soon. No kiosk's: its alert has no device."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical, warning
from sync.wire.keys import KeyList

_WARNING = timedelta(days=30)
_CRITICAL = timedelta(days=7)
_SECOND = timedelta(seconds=1)


def judge_keys(keys: KeyList, now: datetime) -> Judgement:
    """Judge the key that ends first, among the newest of each purpose."""
    newest = [keys.newest(purpose) for purpose in {key.purpose for key in keys.keys}]
    left = min(key.not_after_s for key in newest) - int(now.timestamp())
    if left <= _CRITICAL // _SECOND:
        return critical(left)
    return warning(left) if left <= _WARNING // _SECOND else WELL


def judge(_facts: Facts) -> Judgement:
    return UNKNOWN


RULE = Rule(
    name="key_expiry",
    said=_("A key of the hub ends soon"),
    todo=_("Renew the keys: gapura-hub keys; doors take them with their next bundle."),
    judge=judge,
    unit=Unit.SECONDS,
)
