"""The record of who was shown the names of whom, and what for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sync.hub.people.models import LookUp, Subject
from sync.hub.web.models import Operator

ONE_LOOK = timedelta(hours=1)


def record(
    operator: Operator, page: str, subjects: Iterable[Subject], at: datetime, reason: str = ""
) -> None:
    """Write it down before anything is shown. Nobody shown is no look-up.

    `page` is the page's URL name; `reason` what the operator gave as the reason, nothing on a page
    that asks for none.
    """
    shown = list(subjects)
    if not shown:
        return
    same = LookUp.objects.filter(
        operator=operator, page=page, reason=reason, at__gt=at - ONE_LOOK, at__lte=at
    )
    look_up = same.order_by("-at").first()
    if look_up is None:
        look_up = LookUp.objects.create(
            operator=operator, page=page, reason=reason, at=at, until=at
        )
    else:
        LookUp.objects.filter(pk=look_up.pk).update(until=at)
    look_up.subjects.add(*shown)
