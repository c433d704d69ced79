"""The personnel office's pages with a week on them, in a browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from sync.hub.attendance.models import Correction, SpecialDay
from sync.hub.attendance.passing import catch_up
from sync.hub.people.models import Person
from sync.hub.web.roles import Role
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.looks import Ways, in_all_ways, looks_well
from tests.sync.hub.browser.screens import (
    DESKTOP,
    PHONE,
)
from tests.sync.hub.conftest import PinnedClock

Visit = Callable[..., Page]
_PATHS = {
    "day": "/attendance/?day=2026-11-04",
    "month": "/attendance/?day=2026-11-04&span=month",
    "person": "/attendance/{person}/?month=2026-11",
    "calendar": "/attendance/calendar/",
}


@pytest.fixture
def siti(hub: LiveHub, clock: PinnedClock) -> Person:
    """Someone with a day of every kind, among others."""
    clock.pass_by(timedelta(days=5, hours=3))
    office = an_office("Dinas Kependudukan dan Pencatatan Sipil")
    epoch = AnEpoch(a_door(office.name))
    siti = a_person(office, "Dr. Hj. Siti Nur'aini Abdurrahman al-Farisi, S.H., M.Hum.")
    epoch.see(siti, Direction.IN, at("8:00", 2), 500)
    epoch.see(siti, Direction.OUT, at("16:00", 2), 500)
    epoch.see(siti, Direction.UNKNOWN, at("8:00", 3))
    epoch.see(siti, Direction.IN, at("12:00", 4), 20 * 3_600_000)
    for number in range(15):
        epoch.see(a_person(office, f"Budi {number}"), Direction.IN, at("8:00", 4))
    SpecialDay.objects.create(day="2026-11-05", kind="holiday", name="Hari Raya Galungan")
    catch_up()
    return siti


@in_all_ways
@pytest.mark.parametrize("name", _PATHS)
def test_a_page_with_a_week_keeps_nobody_out(
    visit: Visit, hub: LiveHub, siti: Person, name: str, ways: Ways
) -> None:
    """In both languages, on a phone and on a desk."""
    for screen, language in ways:
        page = visit(screen, language, Role.PERSONNEL)
        hub.sent.clear()
        page.goto(_PATHS[name].format(person=siti.pk))
        looks_well(page, hub, f"attendance-{name}-{screen.name}-{language}")


def test_a_day_is_corrected_and_the_correction_withdrawn(visit: Visit, siti: Person) -> None:
    """By who has a phone in the hand, from the list to the trail."""
    page = visit(PHONE, "en", Role.PERSONNEL)
    page.goto("/attendance/?day=2026-11-02")
    page.get_by_role("link", name="Siti").click()
    page.get_by_label("Working day").fill("2026-11-03")
    page.get_by_label("What is corrected").select_option("last_out")
    page.get_by_label("Time", exact=True).fill("16:10")
    page.get_by_label("Why?").fill("forgot the phone")
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_text("forgot the phone")).to_be_visible()
    assert Correction.objects.get().time_ms == at("16:10", 3)
    page.get_by_role("button", name="Withdraw the correction").click()
    expect(page.get_by_text("Withdrawn", exact=True)).to_be_visible()
    assert Correction.objects.get().withdrawn_at is not None


def test_a_table_is_downloaded(visit: Visit, siti: Person) -> None:
    page = visit(DESKTOP, "id", Role.PERSONNEL)
    page.goto("/attendance/?day=2026-11-02&span=month")
    with page.expect_download() as got:
        page.get_by_role("button", name="Excel").click()
    assert got.value.suggested_filename.endswith(".xlsx")
