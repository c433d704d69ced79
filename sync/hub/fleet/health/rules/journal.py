"""A kiosk that cannot use its journal: it lets nobody in."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Rule, as_told, critical_alone

RULE = Rule(
    name="journal",
    said=_("The kiosk cannot use its journal"),
    todo=_("Leave the memory card in, and run gapura-kiosk check at the kiosk."),
    judge=as_told("backlog_entries", critical_alone),
    is_for_closed=True,
)
