"""A decoding process that has to be started again and again."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.judgement import Rule, Unit, as_told, warning

RULE = Rule(
    name="decoder",
    said=_("The reading of codes had to be started again"),
    todo=_("Do nothing if it stays at this; if it happens again and again, send the log."),
    judge=as_told("decoder_restarts", warning),
    unit=Unit.TIMES,
    bad_for=timedelta(minutes=30),
)
