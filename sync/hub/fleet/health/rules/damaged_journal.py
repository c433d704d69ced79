"""A memory card that spoilt the journal."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Rule, Unit, as_told

RULE = Rule(
    name="damaged_journal",
    said=_("The memory card spoilt what was written to it"),
    todo=_("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    judge=as_told("damaged_journals"),
    unit=Unit.TIMES,
    is_for_closed=True,
)
