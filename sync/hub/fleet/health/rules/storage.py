"""A memory card that fails: errors that the kernel counted, or a card that it made read-only."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Rule, Unit, as_told

RULE = Rule(
    name="storage",
    said=_("The memory card fails"),
    todo=_("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    judge=as_told("card_errors"),
    unit=Unit.TIMES,
    is_for_closed=True,
)
