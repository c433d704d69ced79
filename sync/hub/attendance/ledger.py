"""Numbers for changes of days, in the order of their commits."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from sync.hub.attendance.models import AttendanceDay, Ledger

_ONLY = 1


class Numbers:
    """Gives out the next numbers, one a day that changes."""

    def __init__(self, newest: int) -> None:
        self.newest = newest

    def next(self) -> int:
        self.newest += 1
        return self.newest


@contextmanager
def numbering() -> Iterator[Numbers]:
    """Hold the ledger's row to the end of the transaction: nobody else numbers changes meanwhile,
    and nobody who reads up to one of them can miss a smaller one that is committed later.
    """
    with transaction.atomic():
        Ledger.objects.get_or_create(pk=_ONLY)
        row = Ledger.objects.select_for_update().get(pk=_ONLY)
        numbers = Numbers(row.newest)
        yield numbers
        if numbers.newest != row.newest:
            Ledger.objects.filter(pk=_ONLY).update(newest=numbers.newest)


def renumber(days: Iterable[AttendanceDay], numbers: Numbers) -> None:
    """Tell readers of these days again."""
    for day in days:
        day.change = numbers.next()
        day.save(update_fields=["change"])
