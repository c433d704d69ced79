"""Tells readers all days again, under numbers beyond any that were given out before."""

from datetime import datetime

from django.db.models import F

from sync.hub.attendance.ledger import numbering
from sync.hub.attendance.models import AttendanceDay
from sync.hub.clock import unix_ms


def tell_again(at: datetime) -> None:
    """Raise every change by the time: whoever read at a hub that has been lost since stands at a
    cursor below it, for no hub changes a thousand days a second all the time.
    """
    with numbering() as numbers:
        by = unix_ms(at)
        AttendanceDay.objects.update(change=F("change") + by)
        numbers.newest += by
