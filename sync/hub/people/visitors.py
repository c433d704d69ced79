"""Visitors who ask for a day pass by themselves, at the poster of a door."""

import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from kiosk.passes.claims import SUB_BYTES, PassType
from sync.hub import clock
from sync.hub.fleet.models import Door
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order
from sync.hub.people.models import Registration, Subject
from sync.hub.people.phone_links import make_link

NOTICE = 1
"""The number of the privacy notice that visitors agree to; a changed notice gets the next one."""

NAME_KEPT_FOR = timedelta(days=30)
_LINK_VALID_FOR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def register(door: Door, name: str, keyring: Keyring, at: datetime) -> str:
    """Return the token of a link to a pass for the rest of the day, at all doors of the office.

    Raises:
        CommandFault: the hub can issue no pass now.
    """
    begins, ends = _day(door, keyring, at)
    with transaction.atomic():
        subject = Subject.objects.create(
            sub=secrets.token_bytes(SUB_BYTES), label=name, created_at=at
        )
        Registration.objects.create(
            subject=subject,
            door=door,
            notice=NOTICE,
            agreed_at=at,
            name_until=at + NAME_KEPT_FOR if name else None,
        )
        order = Order(PassType.VISITOR, name, begins, ends, door.office.unit, subject.sub)
        token = make_link(order, keyring, at, _LINK_VALID_FOR)
    forget_names(at)
    return token


def forget_names(at: datetime) -> int:
    """Erase the names that visitors gave longer ago than they were told; return how many."""
    with transaction.atomic():
        due = list(
            Registration.objects.filter(name_until__lt=at).values_list("subject_id", flat=True)
        )
        Subject.objects.filter(pk__in=due).update(label="")
        Registration.objects.filter(subject_id__in=due).update(name_until=None)
    return len(due)


def _day(door: Door, keyring: Keyring, at: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last second of the day there.

    It begins with the day, and not now: a door that knows the time less well would have to ask.
    """
    zone = ZoneInfo(door.site.timezone)
    today = at.astimezone(zone).date()
    begins = datetime.combine(today, time.min, zone)
    ends = datetime.combine(today + timedelta(days=1), time.min, zone) - _SECOND
    return max(begins, clock.from_unix_s(keyring.pass_key.not_before_s)), ends
