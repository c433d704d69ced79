"""A program with the network that misbehaves towards the door: it may have been broken into."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Rule, Unit, as_told

RULE = Rule(
    name="courier",
    said=_("The program that has the network misbehaves towards the door"),
    todo=_("Take the kiosk off the network and write its memory card anew; its visits are safe."),
    judge=as_told("courier_misdeeds"),
    unit=Unit.TIMES,
    is_for_closed=True,
)
