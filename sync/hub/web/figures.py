"""What a rule saw, as people read it."""

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sync.hub.clock import from_unix_s
from sync.hub.fleet.health.judgement import Unit

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S
# Doors send numbers of 63 bits, whatever they mean.
_LARGEST = 10**12


def figure(value: int | None, unit: Unit) -> str:
    """Return nothing where there is no value, or none that says anything."""
    if value is None or unit is Unit.NOTHING or abs(value) > _LARGEST:
        return ""
    if unit is Unit.SECONDS:
        return span(value)
    if unit is Unit.INSTANT:
        return date_format(localtime(from_unix_s(value)), "j M Y H:i")
    if unit is Unit.MILLISECONDS:
        return _("%(seconds)s s") % {"seconds": number_format(value / 1000, 1)}
    return f"{number_format(value, 0)} {unit.value}"


def span(seconds: int) -> str:
    """Return how long something lasts, in the unit that fits."""
    if seconds < 2 * _HOUR_S:
        return _("%(count)s min") % {"count": seconds // _MINUTE_S}
    if seconds < 2 * _DAY_S:
        return _("%(count)s h") % {"count": seconds // _HOUR_S}
    return _("%(count)s days") % {"count": number_format(seconds // _DAY_S, 0)}
