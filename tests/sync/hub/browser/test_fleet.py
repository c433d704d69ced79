"""The pages of the kiosks with something on them: no barrier, nothing beyond the edge, light."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from sync.hub.fleet.health.notifying import Nobody
from sync.hub.fleet.health.watch import Watch
from sync.hub.fleet.models import ConnectionRequest, PlannedDoor
from sync.hub.keyring import Keyring
from sync.hub.web.roles import Role
from sync.wire.batch import Anchor, AnchorSource, Reading, State
from sync.wire.entry import Kind
from sync.wire.happenings import Happening
from sync.wire.visit import Event
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.looks import Ways, in_all_ways, looks_well
from tests.sync.hub.browser.screens import (
    SCREENS,
    barriers,
    is_too_wide,
    keep_picture,
)
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_token, an_enrolled_door, take

Visit = Callable[..., Page]
_HOUR = timedelta(hours=1)
_EVENTS = (
    Event(Happening.BOARD, detail="10000000a1b2c3d4-0x5f00aa11/SD64G-0x00112233"),
    Event(Happening.ACCEPTANCE, 1, is_bad=True, detail="AB 2026-11-01 0badcafe"),
    Event(Happening.POWER_CUT),
    Event("frame_age_ms", 31_000, is_bad=True, count=7),
    Event("frame_age_ms", 40, is_bad=False),
)


@pytest.fixture
def door(hub: LiveHub, keyring: Keyring, clock: PinnedClock) -> FakeDoor:
    """A kiosk that has told for a day how it is, and is hot by now; others that are in need."""
    now = clock()
    clock.instant = now - 24 * _HOUR
    door = an_enrolled_door(keyring)
    silent = an_enrolled_door(keyring, "Pintu selatan")
    take(silent.heartbeat())
    for hour in range(25):
        clock.instant = now - (24 - hour) * _HOUR
        _tell(door, clock, 48 + hour + hour % 5)
    second = FakeDoor(keyring)
    place = door.row.door
    second.enrol(place.public_id, a_token(place, keyring))
    site = place.site
    PlannedDoor.objects.create(
        site=site, label="Pintu barat", direction="exit", deadline=(now - 48 * _HOUR).date()
    )
    ConnectionRequest.objects.create(site=site, status="requested", note="Diskominfo, surat 12")
    Watch(Nobody(), "").round(clock(), keyring)
    return door


def _tell(door: FakeDoor, clock: PinnedClock, heat_c: int) -> None:
    first = len(door.journal) + 1
    door.boot_ms += 3_600_000
    for event in _EVENTS:
        door.write(event.to_bytes(), Kind.EVENT)
    door.see(3 + heat_c % 7)
    door.see(2, outcome=2, shown=2, reason=21)
    at_ms = int(clock().timestamp() * 1000) - 60_000
    door.health = (
        Reading("temperature_c", State.BAD if heat_c >= 75 else State.OK, heat_c),
        Reading("frame_age_ms", State.OK, 40),
        Reading("backlog_entries", State.OK, heat_c % 9),
        Reading("clock_width_ms", State.OK, 3_000),
        Reading("wifi_dbm", State.OK, -50 - heat_c % 9),
        Reading("under_voltage", State.BAD, 0),
    )
    anchor = Anchor(door.boot_id, door.boot_ms, at_ms, 80, AnchorSource.RECEIPT)
    take(door.post(door.batch(first, anchors=(anchor,))))
    take(door.heartbeat())


@in_all_ways
@pytest.mark.parametrize("name", ["todo", "kiosk", "devices", "roll-out-office"])
def test_a_page_with_troubles_keeps_nobody_out(
    name: str, visit: Visit, hub: LiveHub, door: FakeDoor, ways: Ways
) -> None:
    row = door.row
    path = {
        "todo": "/",
        "kiosk": f"/kiosks/{row.pk}/",
        "devices": "/devices/",
        "roll-out-office": f"/roll-out/{row.door.office_id}/",
    }[name]
    for screen, language in ways:
        page = visit(screen, language, Role.DISKOMINFO)
        hub.sent.clear()
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        looks_well(page, hub, f"troubled-{name}-{screen.name}-{language}")


def test_an_item_is_taken_by_keyboard(visit: Visit, door: FakeDoor) -> None:
    page = visit(SCREENS[0], "en", Role.TECHNICIAN)
    page.goto("/")
    page.get_by_role("button", name="I take it").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("taken by technician")).to_have_count(1)


def test_a_card_is_shown_on_the_technicians_phone(visit: Visit, door: FakeDoor) -> None:
    page = visit(SCREENS[0], "en", Role.TECHNICIAN)
    page.goto(f"/doors/{door.row.door_id}/card/")
    page.get_by_role("button", name="Make a card").click()
    codes = page.get_by_role("img", name=re.compile(r"Code \d of \d"))
    expect(codes).to_have_count(1)
    first = codes.get_attribute("aria-label")
    expect(codes).not_to_have_attribute("aria-label", str(first))
    keep_picture(page, "card-phone-en")
    page.get_by_role("button", name="Show all codes").click()
    assert codes.count() > 1
    for code in codes.all():
        expect(code).to_be_visible()
    assert not barriers(page)
    assert not is_too_wide(page)
