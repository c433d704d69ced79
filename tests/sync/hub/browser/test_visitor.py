from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from kiosk.admission.verdict import Outcome
from kiosk.passes.reason import Reason
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from sync.hub.fleet.cards import NewDoor, add_door
from sync.hub.fleet.models import Direction, Door
from sync.hub.keyring import Keyring
from sync.hub.people.models import Registration
from sync.hub.web.roles import Role
from tests.sync.hub.browser.at_the_door import judged, payloads_in, reference_of
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.screens import (
    DESKTOP,
    LANGUAGES,
    LARGEST_PAGE_BYTES,
    PHONE,
    barriers,
    is_too_wide,
    keep_picture,
    walk_by_keyboard,
)
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, a_token, an_enrolled_door

Visit = Callable[..., Page]
_SOON = timedelta(seconds=10)


@pytest.fixture
def door(hub: LiveHub, keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def registration_of(door: FakeDoor) -> str:
    return f"/v/{door.row.door.public_id.hex()}/"


def at_another_office(keyring: Keyring) -> FakeDoor:
    new = NewDoor(
        "Pintu", "Puskesmas", "Dinas Kesehatan", Direction.ENTRY, "office", "Asia/Jakarta"
    )
    place: Door = add_door(new)
    door = FakeDoor(keyring)
    door.enrol(place.public_id, a_token(place, keyring))
    return door


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_gets_in_by_the_poster(
    visit: Visit, door: FakeDoor, keyring: Keyring, language: str
) -> None:
    """By keyboard alone: consent, the pass, the light. At another office it does not count."""
    page = visit(PHONE, language)
    page.goto(registration_of(door))
    keep_picture(page, f"visitor-form-{language}")
    assert not barriers(page)
    assert not is_too_wide(page)
    consent = page.get_by_role("checkbox")
    page.locator("#id_name").focus()
    page.keyboard.type("Budi Santoso")
    page.keyboard.press("Tab")
    expect(consent).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#code[data-slot]")).to_be_visible()
    expect(page.get_by_text("Budi Santoso")).to_be_visible()
    (payload,) = payloads_in(keep_picture(page, f"visitor-pass-{language}"))
    assert not barriers(page)
    at = NOW + _SOON
    assert judged(payload, reference_of(door, keyring), at).shown is Outcome.ADMIT
    elsewhere = judged(payload, reference_of(at_another_office(keyring), keyring), at)
    assert (elsewhere.outcome, elsewhere.reason) == (Outcome.DENY, Reason.WRONG_UNIT)
    tomorrow = judged(payload, reference_of(door, keyring), NOW + timedelta(days=1))
    assert tomorrow.outcome is Outcome.DENY


def test_without_consent_there_is_no_pass(visit: Visit, door: FakeDoor) -> None:
    """What is missing is said at the box that it is about."""
    page = visit(PHONE, "en")
    page.goto(registration_of(door))
    page.get_by_role("button", name="Get the pass").click()
    expect(page.get_by_role("alert")).to_contain_text("Without your consent")
    keep_picture(page, "visitor-no-consent")
    assert not barriers(page)
    assert Registration.objects.count() == 0


def test_the_form_needs_no_script(visit: Visit, door: FakeDoor, hub: LiveHub) -> None:
    """It can be read and sent without one, and is light."""
    page = visit(PHONE, "id")
    page.route("**/*.js", lambda route: route.abort())
    page.goto(registration_of(door))
    assert hub.sent.total() <= LARGEST_PAGE_BYTES
    assert "input id_consent" in walk_by_keyboard(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Ambil tiket").click()
    page.wait_for_url("**/p/*")
    assert Registration.objects.count() == 1


def test_a_poster_from_the_page_opens_the_form(visit: Visit, door: FakeDoor) -> None:
    """Staff print it, and its code is the address of that door's form."""
    page = visit(DESKTOP, "id", Role.TECHNICIAN)
    page.goto("/posters/")
    link = page.get_by_role("link", name="Unduh poster (PDF): Pintu utara").get_attribute("href")
    assert link is not None
    drawn = page.request.get(link).body()
    with pypdfium2.PdfDocument(drawn) as document:
        grey = np.asarray(document[0].render(scale=2).to_pil().convert("L"))
    (code,) = Ladder(build_rungs(DEFAULT_RUNGS)).climb(grey).codes
    phone = visit(PHONE, "id")
    phone.goto("/v/" + code.payload.decode().partition("/v/")[2])
    expect(phone.get_by_role("heading", name="Tiket untuk hari ini")).to_be_visible()
