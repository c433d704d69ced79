"""Passes and people with something on them: found, printed, revoked, given anew, in a browser."""

import io
import os
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from kiosk.passes.claims import PassType
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Wanted
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import Pass, Person, PhoneLink, Subject
from sync.hub.people.site_cards import Stock, issue_stock
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.looks import in_each_way, looks_well
from tests.sync.hub.browser.screens import (
    DESKTOP,
    PHONE,
    SCREENSHOTS,
    Screen,
    keep_picture,
)
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_place

Visit = Callable[..., Page]
_DAY = timedelta(days=1)
_SEARCH = {"id": "Cari", "en": "Search"}
_NAMES = (
    "Siti Rahayu",
    "I Gusti Ngurah Agung Wiradharma",
    "Dr. H. Muhammad Nur'aini Abdurrahman al-Farisi, S.H., M.Hum.",
    "Ni Luh Putu Ayu Kartika Dewi",
    "Budi Santoso",
)


@pytest.fixture
def people(hub: LiveHub, keyring: Keyring) -> list[Subject]:
    """Employees of an office with passes in every state, and a stock of site cards."""
    office = Office.objects.create(name="Dinas Kependudukan dan Pencatatan Sipil", unit=7)
    found = []
    for number, name in enumerate(_NAMES):
        subject = Subject.objects.create(sub=b"sub%05d" % number, label=name, created_at=NOW)
        Person.objects.create(
            subject=subject,
            office=office,
            kind="officer" if number == 4 else "asn",
            number=b"%032d" % number,
            imported_at=NOW,
        )
        found.append(subject)
    for subject, begins, ends in zip(found, (0, 3, -9, 0), (180, 90, -1, 30), strict=False):
        order = Order(PassType.EMPLOYEE, "", NOW + begins * _DAY, NOW + ends * _DAY, 7, subject.sub)
        issue(order, keyring, NOW)
    Pass.objects.filter(subject=found[3]).update(revoked_at=NOW)
    site = a_place().site
    stock = Stock(site, 3, NOW, NOW + 90 * _DAY, site.office.unit)
    issue_stock(stock, Wanted(Operator.objects.create_user("wayan"), "persediaan"), keyring, NOW)
    return found


def search(page: Page, language: str, path: str, name: str = "") -> None:
    page.goto(path)
    page.locator("#id_reason").fill("kartu hilang")
    page.locator("#id_name").fill(name)
    if path == "/people/":
        page.locator("#id_work").select_option("")
        page.locator("#id_office").select_option(index=1)
    page.get_by_role("button", name=_SEARCH[language], exact=True).click()


@in_each_way
def test_each_page_with_something_on_it(
    visit: Visit, hub: LiveHub, people: list[Subject], screen: Screen, language: str
) -> None:
    """Each from the one before by its buttons."""
    page = visit(screen, language, Role.PERSONNEL)
    label = f"{screen.name}-{language}"
    hub.sent.clear()
    search(page, language, "/passes/")
    expect(page.get_by_text("Siti Rahayu")).to_be_visible()
    looks_well(page, hub, f"passes-found-{label}")
    page.get_by_role("button", name="Siti Rahayu").click()
    expect(page.get_by_role("heading", name="Siti Rahayu")).to_be_visible()
    page.locator("main summary").click()
    hub.sent.clear()
    looks_well(page, hub, f"pass-{label}")
    page.locator("button[value=card]").click()
    expect(page.locator("a[href$='1.pdf']")).to_be_visible()
    looks_well(page, hub, f"printing-{label}")
    hub.sent.clear()
    search(page, language, "/people/")
    expect(page.get_by_text("Budi Santoso")).to_be_visible()
    looks_well(page, hub, f"people-found-{label}")
    page.locator("button[value=all]").click()
    expect(page.locator("#id_days")).to_be_visible()
    looks_well(page, hub, f"issue-{label}")
    hub.sent.clear()
    page.goto("/site-cards/")
    looks_well(page, hub, f"site-cards-{label}")


def test_a_lost_phone_is_replaced_from_the_row(
    visit: Visit, hub: LiveHub, people: list[Subject]
) -> None:
    """By keyboard, without a script of the page."""
    page = visit(PHONE, "id", Role.PERSONNEL)
    search(page, "id", "/people/", "Budi")
    page.get_by_role("button", name="Ponsel baru: Budi Santoso").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("/p/#link=")).to_be_visible()
    looks_well(page, hub, "new-phone-phone-id")
    assert PhoneLink.objects.get().pass_type == PassType.OFFICER


def test_cards_are_saved_as_a_file(visit: Visit, people: list[Subject]) -> None:
    """What the browser saves is a sheet of cards; a picture of it is kept."""
    page = visit(DESKTOP, "id", Role.PERSONNEL)
    search(page, "id", "/people/")
    for name in _NAMES[:4]:
        page.get_by_label(name, exact=False).first.check()
    page.locator("button[value=ticked]").click()
    page.locator("#id_without").uncheck()
    page.get_by_role("button", name="Terbitkan", exact=True).click()
    with page.expect_download() as saved:
        page.locator("a[href$='1.pdf']").click()
    content = saved.value.path().read_bytes()
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        assert len(document) == 1
        picture = document[0].render(scale=2).to_pil()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    picture.save(os.fspath(SCREENSHOTS / "cards-sheet.png"))
    assert np.asarray(picture.convert("L")).std() > 0
    assert Pass.objects.filter(printing__isnull=False).count() == 4 + 3


def test_a_pass_is_revoked_in_two_steps(visit: Visit, people: list[Subject]) -> None:
    """What it means is read first; then the page says when doors learn it."""
    page = visit(PHONE, "en", Role.DISKOMINFO)
    search(page, "en", "/passes/", "Siti")
    page.get_by_role("button", name="Siti Rahayu").click()
    expect(page.get_by_role("button", name="Revoke it now")).not_to_be_visible()
    page.get_by_text("Revoke this pass").click()
    page.get_by_role("button", name="Revoke it now").click()
    expect(page.get_by_text("learns it at its next contact")).to_be_visible()
    keep_picture(page, "pass-revoked-phone-en")
    assert Pass.objects.get(subject=people[0]).revoked_at == NOW
