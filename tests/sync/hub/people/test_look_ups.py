from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from sync.hub.people.look_ups import ONE_LOOK, record
from sync.hub.people.models import LookUp, Subject
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator


@pytest.fixture
def operator() -> Operator:
    return an_operator(Role.TRACING)


@pytest.fixture
def people() -> list[Subject]:
    return [
        Subject.objects.create(sub=b"subject" + digit, label="Siti", created_at=NOW)
        for digit in (b"1", b"2", b"3")
    ]


def test_who_when_what_for_and_about_whom(operator: Operator, people: list[Subject]) -> None:
    """Whoever was shown is on record; nobody shown is no look-up."""
    record(operator, "people", people[:2], NOW, "laporan 12/2026")
    record(operator, "people", [], NOW, "tidak ada")
    look_up = LookUp.objects.get()
    assert (look_up.operator, look_up.page, look_up.at) == (operator, "people", NOW)
    assert look_up.reason == "laporan 12/2026"
    assert set(look_up.subjects.all()) == set(people[:2])


def test_a_page_that_goes_on_is_one_look_up(operator: Operator, people: list[Subject]) -> None:
    """For an hour, and for one reason; everybody who was shown meanwhile is in it."""
    record(operator, "visits", people[:1], NOW)
    record(operator, "visits", people[:2], NOW + timedelta(minutes=59))
    assert LookUp.objects.get().until == NOW + timedelta(minutes=59)
    assert LookUp.objects.get().subjects.count() == 2
    record(operator, "visits", people[:1], NOW + ONE_LOOK)
    record(operator, "visits", people[:1], NOW + ONE_LOOK, "lain")
    record(an_operator(Role.PERSONNEL), "visits", people[:1], NOW + ONE_LOOK)
    assert LookUp.objects.count() == 4


def test_who_looked_cannot_be_deleted(operator: Operator, people: list[Subject]) -> None:
    """A look-up without its operator would tell nothing."""
    record(operator, "visits", people, NOW)
    with pytest.raises(ProtectedError):
        operator.delete()
