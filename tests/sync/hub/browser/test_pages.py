"""What holds for every page. A new page gets a row in PAGES."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from sync.hub.keyring import Keyring
from sync.hub.web.roles import Role
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.looks import Ways, in_all_ways, looks_well
from tests.sync.hub.browser.screens import (
    PHONE,
    barriers,
    is_too_wide,
    keep_picture,
    unseen_stops,
    walk_by_keyboard,
)
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take

Visit = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    path: str
    role: Role | None = Role.DISKOMINFO


PAGES = (
    Shown("sign-in", "/sign-in/", None),
    Shown("todo", "/"),
    Shown("visits", "/visits/"),
    Shown("kiosks", "/kiosks/"),
    Shown("devices", "/devices/"),
    Shown("roll-out", "/roll-out/"),
    Shown("stick", "/stick/"),
    Shown("people", "/people/"),
    Shown("people-import", "/people/import/"),
    Shown("passes", "/passes/", Role.PERSONNEL),
    Shown("attendance", "/attendance/", Role.PERSONNEL),
    Shown("attendance-calendar", "/attendance/calendar/", Role.PERSONNEL),
    Shown("site-cards", "/site-cards/", Role.PERSONNEL),
    Shown("look-ups", "/look-ups/"),
    Shown("rules", "/rules/"),
    Shown("rulebook", "/rules/1/", Role.VIEWER),
    Shown("trial", "/rules/1/trial/", Role.VIEWER),
    Shown("tracing", "/tracing/", Role.TRACING),
    Shown("statistics", "/statistics/", Role.VIEWER),
    Shown("privacy", "/privacy/", Role.DPO),
    Shown("audit", "/privacy/audit/", Role.DPO),
    Shown("person-data", "/privacy/person/", Role.DPO),
    Shown("breaches", "/privacy/breaches/", Role.DPO),
    Shown("second-factor", "/second-factor/setup/"),
    Shown("phone-links", "/phone-links/", Role.PERSONNEL),
    Shown("posters", "/posters/", Role.TECHNICIAN),
    Shown("missing", "/there-is-no-such-page/"),
)


@pytest.fixture
def door(hub: LiveHub, keyring: Keyring) -> FakeDoor:
    """One that has been shown passes of all outcomes."""
    door = an_enrolled_door(keyring)
    for outcome, reason in ((1, 0), (2, 21), (3, 31)):
        door.see(outcome=outcome, shown=outcome, reason=reason)
    take(door.send())
    return door


@in_all_ways
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: str(shown.name))
@pytest.mark.usefixtures("door")
def test_a_page_keeps_nobody_out(visit: Visit, hub: LiveHub, shown: Shown, ways: Ways) -> None:
    """In both languages, on a phone and on a desk."""
    for screen, language in ways:
        page = visit(screen, language, shown.role)
        hub.sent.clear()
        page.goto(shown.path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        looks_well(page, hub, f"{shown.name}-{screen.name}-{language}")


@pytest.mark.long
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: str(shown.name))
@pytest.mark.usefixtures("door")
def test_everything_on_a_page_is_reached_by_keyboard(visit: Visit, shown: Shown) -> None:
    """Each thing that can be pressed is a stop of the Tab key; the first leads to the content."""
    page = visit(PHONE, "id", shown.role)
    page.goto(shown.path)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select')]"
        ".filter((e) => e.checkVisibility() && !e.disabled).length"
    )
    stops = walk_by_keyboard(page)
    assert stops[0].startswith("a Ke isi")
    assert len(stops) >= wanted
    assert not unseen_stops(page)


def test_a_link_is_made_by_keyboard(visit: Visit, hub: LiveHub) -> None:
    """And shown as a code that a phone can scan."""
    page = visit(PHONE, "en", Role.PERSONNEL)
    page.goto("/phone-links/")
    page.get_by_label("Name").press_sequentially("Siti Rahayu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Link for Siti Rahayu")).to_be_visible()
    expect(page.get_by_text("/p/#link=")).to_be_visible()
    keep_picture(page, "phone-links-made")
    assert not barriers(page)
    assert not is_too_wide(page)
