"""The record of who was shown the names of whom, and what for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sync.hub.people.models import LookUp, Subject
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.models import Operator

ONE_LOOK = timedelta(hours=1)


def record(
    operator: Operator,
    page: str,
    subjects: Iterable[Subject],
    at: datetime,
    reason: str = "",
    *,
    case: str = "",
) -> None:
    """Write it down before anything is shown. Nobody shown is no look-up.

    `page` is the page's URL name; `reason` what the operator gave as the reason, nothing on a page
    that asks for none; `case` the number of the case that it is for.
    """
    shown = list(subjects)
    if not shown:
        return
    recent = LookUp.objects.filter(operator=operator, page=page, at__gt=at - ONE_LOOK, at__lte=at)
    asked = (reason, case)
    look_up = next((one for one in recent.order_by("-at") if (one.reason, one.case) == asked), None)
    if look_up is None:
        look_up = LookUp.objects.create(
            operator=operator, page=page, reason=reason, case=case, at=at, until=at
        )
        note(Event.LOOK_UP, {"page": page, "people": len(shown)})
    else:
        LookUp.objects.filter(pk=look_up.pk).update(until=at)
    look_up.subjects.add(*shown)
