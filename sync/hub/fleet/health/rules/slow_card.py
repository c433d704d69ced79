"""A memory card that takes long to keep a visit: it is about to fail."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule, Unit, at_least

# A visitor is to know in under 500 ms, of which this is half; after 2,000 ms the door is out of
# order (the kiosk's [journal] deadline_s), of which that is half.
_WARNING_MS = 250
_CRITICAL_MS = 1_000


def judge(facts: Facts) -> Judgement:
    told = facts.reading("commit_ms")
    if told is None or told.value is None:
        return UNKNOWN
    return at_least(told.value, _WARNING_MS, _CRITICAL_MS)


RULE = Rule(
    name="slow_card",
    said=_("The memory card takes long to write"),
    todo=_("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    judge=judge,
    unit=Unit.MILLISECONDS,
    is_for_closed=True,
)
