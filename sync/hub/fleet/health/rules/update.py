"""An update that the kiosk refused, or tried and took back; it runs what it ran before."""

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Judgement, Rule, as_told, warning


def _bad(_rank: int | None) -> Judgement:
    return warning()


RULE = Rule(
    name="update",
    said=_("The kiosk refused an update, or took it back"),
    todo=_("Nothing at the door. See gapura-hub roll-out-update, and publish a later version."),
    judge=as_told("update_version", _bad),
    is_for_closed=True,
)
