"""A day of each person who works with Gapura, from the first page to the last one.

What each page looks like is asked on the way; pictures stay in `.cache/screenshots/day-…`.
"""

import json
import shutil
import zipfile
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from kiosk.admission.verdict import Outcome, Verdict
from kiosk.commands import scan
from kiosk.instants import Interval, Moment
from kiosk.judging import Decided
from kiosk.officer import Officer, Press
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from kiosk.reference.reference import Reference
from kiosk.scanning.rungs import DEFAULT_RUNGS
from sync.hub import clock as hub_clock
from sync.hub.fleet.models import Device, DeviceStatus, Office
from sync.hub.ingest.models import Entry
from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, Person, Subject
from sync.hub.web.roles import Role
from sync.wire.card import open_card
from sync.wire.card_parts import Gathering, read_part
from tests.sync.hub.browser.at_the_door import judged, payloads_in, reference_of
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.screens import (
    DESKTOP,
    LARGEST_PAGE_BYTES,
    PHONE,
    SCREENSHOTS,
    Screen,
    barriers,
    is_too_wide,
    keep_picture,
)
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, a_place, a_token, an_enrolled_door
from tests.sync.hub.operators import PASSWORD, an_operator, give_app
from tests.sync.hub.people.personnel_lists import BUDI, SITI, as_csv
from tests.sync.hub.stick_kiosk import StickKiosk

Visit = Callable[..., Page]
_CARRIED = [(PHONE, "id"), (DESKTOP, "en")]
_SLOT_S = 30
_LOADED_BYTES = """['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""


@pytest.fixture
def door(hub: LiveHub, keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def looks(page: Page, name: str) -> Path:
    """Ask of a page what is asked of all of them, as it stands; return its picture."""
    picture = keep_picture(page, f"day-{name}")
    assert not barriers(page), name
    assert not is_too_wide(page), name
    assert page.evaluate(_LOADED_BYTES) <= LARGEST_PAGE_BYTES, name
    return picture


def second_kiosk_of(door: FakeDoor, keyring: Keyring) -> Device:
    """Enrol another kiosk at the same door: it waits for somebody to let it in."""
    second, place = FakeDoor(keyring), door.row.door
    second.enrol(place.public_id, a_token(place, keyring))
    return second.row


def card_shown(page: Page, name: str) -> str:
    """Return the card's text as a kiosk's decoder reads it from the codes on the page."""
    more = page.locator("#turning")
    if more.is_visible():
        more.click()
    gathering, whole = Gathering(), None
    for number, drawing in enumerate(page.locator(".card-drawing [role=img]").all()):
        picture = SCREENSHOTS / f"day-{name}-{number}.png"
        drawing.screenshot(path=picture)
        (payload,) = payloads_in(picture)
        part = read_part(payload.decode())
        whole = payload.decode() if part is None else gathering.add(part) or whole
    assert whole is not None
    return whole


@pytest.mark.parametrize(("screen", "language"), _CARRIED)
def test_diskominfo(
    visit: Visit, door: FakeDoor, keyring: Keyring, screen: Screen, language: str
) -> None:
    """Signs in by keyboard with both factors, takes a task, lets a kiosk in, makes a card."""
    waiting = second_kiosk_of(door, keyring)
    operator = an_operator(Role.DISKOMINFO)
    app, name = give_app(operator), f"diskominfo-{screen.name}-{language}"
    page = visit(screen, language)
    page.goto("/")
    expect(page.locator("input[name=username]")).to_be_focused()
    page.keyboard.type(operator.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#id_code")).to_be_focused()
    looks(page, f"{name}-code")
    page.keyboard.type(f"{totp(app.bin_key):06d}")
    page.keyboard.press("Enter")
    expect(page.locator("dl.tiles")).to_be_visible()
    looks(page, f"{name}-todo")
    page.locator("main .notice a").click()
    page.locator("button[value=approve]").click()
    expect(page.locator("button[value=approve]")).to_have_count(0)
    assert Device.objects.get(pk=waiting.pk).status == DeviceStatus.ACTIVE
    looks(page, f"{name}-devices")
    page.goto("/roll-out/")
    page.locator("main a[href^='/roll-out/']").first.click()
    page.locator("main a[href^='/kiosks/']").first.click()
    expect(page.locator("h1")).to_contain_text("Pintu utara")
    page.goto(f"/doors/{door.row.door_id}/card/")
    page.locator("#id_network").select_option("wifi")
    page.locator("#id_ssid").fill("Kantor Bupati")
    page.locator("#id_psk").fill("rahasia sekali")
    looks(page, f"{name}-card-form")
    page.locator("main form button").click()
    expect(page.locator(".card-drawing").first).to_be_attached()
    looks(page, f"{name}-card")
    card, _keys = open_card(card_shown(page, f"{name}-part"), pinned_root=keyring.root_public)
    assert card.wifi is not None
    assert (card.wifi.ssid, card.wifi.psk) == ("Kantor Bupati", "rahasia sekali")
    page.goto("/posters/")
    link = page.locator("main a[href$='/']").first.get_attribute("href")
    with pypdfium2.PdfDocument(page.request.get(str(link)).body()) as document:
        assert len(document) == 1
    page.locator(".own button.quiet").click()
    page.goto("/kiosks/")
    expect(page.locator("#id_password")).to_be_visible()


@pytest.mark.parametrize("language", ["id", "en"])
def test_technician(
    visit: Visit,
    door: FakeDoor,
    keyring: Keyring,
    tmp_path: Path,
    language: str,
) -> None:
    """A card from the phone into a kiosk's own decoder; then what a stick brings, and takes."""
    page, name = visit(PHONE, language, Role.TECHNICIAN), f"technician-{language}"
    place = a_place("Pintu baru")
    page.goto(f"/doors/{place.pk}/card/")
    page.locator("main form button").click()
    expect(page.locator(".card-drawing").first).to_be_attached()
    card, _keys = open_card(card_shown(page, f"{name}-part"), pinned_root=None)
    assert card.door == place.public_id
    new = FakeDoor(keyring)
    assert new.enrol(card.door, card.token).status == 200
    kiosk = StickKiosk(tmp_path / "kiosk", keyring)
    try:
        for visits in (0, 3):
            _carry(kiosk, page, tmp_path / f"stick-{visits}", visits, name)
        assert kiosk.journal.backlog() == 0
    finally:
        kiosk.close()
    assert Entry.objects.count() == 3


def _carry(kiosk: StickKiosk, page: Page, stick: Path, visits: int, name: str) -> None:
    """From the kiosk to the page, and what the page gives back to the kiosk."""
    kiosk.see(visits)
    kiosk.use(stick)
    packed = shutil.make_archive(str(stick.with_name(f"{stick.name}-up")), "zip", stick)
    page.goto("/stick/")
    page.locator("#id_files").set_input_files(packed)
    page.locator("main form button").click()
    expect(page.locator("main li.well strong")).to_have_text("Pintu desa")
    looks(page, f"{name}-stick-{visits}")
    with page.expect_download() as saved:
        page.locator("a[download]").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        archive.extractall(stick)
    kiosk.use(stick)


def put_on(page: Page, link: str) -> None:
    page.goto("/p/#" + link.partition("#")[2])
    page.locator("main button:visible").first.click()
    expect(page.locator("#code[data-slot]")).to_be_visible()


def decided(payload: bytes, reference: Reference, at: datetime) -> Decided:
    verdict: Verdict = judged(payload, reference, at)
    now_ms = hub_clock.unix_ms(at)
    around = Interval(now_ms - 500, now_ms + 500)
    return Decided(read_pass(payload, reference.trust), verdict, around, Moment(b"b" * 16, 1, 0))


def test_officer_and_employee(visit: Visit, door: FakeDoor, keyring: Keyring) -> None:
    """Personnel imports a list, mends it, gives out phones' passes; one opens a shift, one ends."""
    Office.objects.create(name="Dinas Kesehatan", unit=777)
    desk = visit(DESKTOP, "id", Role.PERSONNEL)
    desk.goto("/people/import/")
    for content, done in (
        (as_csv(SITI, ("", "x", "1", "y")), "main li.bad"),
        (as_csv(SITI, BUDI), "main section h2"),
    ):
        file = {"name": "daftar.csv", "mimeType": "text/csv", "buffer": content}
        desk.locator("#id_file").set_input_files(file)  # type: ignore[arg-type]
        desk.locator("main form button:not([name])").click()
        expect(desk.locator(done).first).to_be_visible()
        assert not Person.objects.exists()
        looks(desk, f"personnel-import-{len(content)}")
    file = {"name": "daftar.csv", "mimeType": "text/csv", "buffer": as_csv(SITI, BUDI)}
    desk.locator("#id_file").set_input_files(file)  # type: ignore[arg-type]
    desk.locator("button[name=apply]").click()
    expect(desk.get_by_text("2 baru")).to_be_visible()
    Person.objects.filter(subject=named(SITI[0])).update(kind="officer")
    officers, employees = visit(PHONE, "id"), visit(PHONE, "en")
    for name, phone in ((SITI[0], officers), (BUDI[0], employees)):
        put_on(phone, new_phone(desk, name))
    reference = reference_of(door, keyring)
    (turning,) = payloads_in(looks(officers, "officer-pass"))
    _opens_a_shift(turning, reference)
    (lost,) = payloads_in(looks(employees, "employee-pass"))
    assert judged(lost, reference, NOW).outcome is not Outcome.DENY
    put_on(visit(PHONE, "id"), new_phone(desk, BUDI[0]))
    later = judged(lost, reference_of(door, keyring), NOW)
    assert (later.outcome, later.reason) == (Outcome.DENY, Reason.REVOKED)
    assert Pass.objects.filter(subject=named(BUDI[0])).count() == 2


def named(label: str) -> Subject:
    (found,) = (one for one in Subject.objects.all() if one.label == label)
    return found


def new_phone(desk: Page, name: str) -> str:
    """Find somebody and press the button of a lost phone; return the link."""
    desk.goto("/people/")
    desk.locator("#id_name").fill(name)
    desk.locator("#id_reason").fill("ponsel baru")
    desk.locator("main form .main").first.click()
    desk.locator("button[formaction$='/new-phone/']").first.click()
    shown = desk.get_by_text("/p/#link=")
    expect(shown).to_be_visible()
    return str(shown.text_content())


def _opens_a_shift(payload: bytes, reference: Reference) -> None:
    """Now, and by no photograph of the same code a minute and a half later."""
    at_once = decided(payload, reference, NOW)
    assert at_once.verdict.shown is Outcome.ADMIT
    assert at_once.is_officers
    officer = Officer()
    officer.open_shift(1_000)
    assert officer.judge(2_000)[0] is Press.WITHOUT_CODE
    assert not decided(payload, reference, NOW + timedelta(seconds=120)).is_officers


def test_visitor(
    visit: Visit,
    door: FakeDoor,
    keyring: Keyring,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From the poster's address to the light, with the network gone; a picture of it is too old."""
    page = visit(PHONE, "id")
    page.goto(f"/v/{door.row.door.public_id.hex()}/")
    page.get_by_role("checkbox").check()
    page.locator("main form button").click()
    expect(page.locator("#code[data-slot]")).to_be_visible()
    page.context.set_offline(True)
    slot = int(str(page.locator("#code").get_attribute("data-slot")))
    page.clock.fast_forward(4 * _SLOT_S * 1000)
    expect(page.locator(f"#code[data-slot='{slot + 4}']")).to_be_visible()
    picture = keep_picture(page, "day-visitor-offline")
    asked = Namespace(
        files=[picture], jsonl=True, max_megapixels=None, rungs=",".join(DEFAULT_RUNGS)
    )
    assert scan.run(asked) == 0
    (code,) = json.loads(capsys.readouterr().out)["codes"]
    (payload,) = payloads_in(picture)
    assert payload.decode() in json.dumps(code)
    reference, at = reference_of(door, keyring), hub_clock.from_unix_s((slot + 4) * _SLOT_S + 15)
    assert judged(payload, reference, at).shown is Outcome.ADMIT
    too_late = judged(payload, reference, at + timedelta(seconds=90))
    assert (too_late.outcome, too_late.reason) == (Outcome.DENY, Reason.CODE_TOO_OLD)
