"""A door that can show nothing."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Rule, as_told, critical_alone

RULE = Rule(
    name="lamp",
    said=_("The lamp or the buzzer fails"),
    todo=_("Check their plugs against the wiring drawing."),
    judge=as_told("lamp", critical_alone),
)
