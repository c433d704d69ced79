import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from kiosk.passes.formats.gpr1 import SLOT_S
from kiosk.passes.reason import Reason
from sync.hub import clock as hub_clock
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order
from sync.hub.people.models import Pass, PhoneLink, Subject
from sync.hub.people.phone_links import begin_of, make_link
from tests.sync.hub.browser.at_the_door import judged, payloads_in, reference_of
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.screens import (
    LANGUAGES,
    LARGEST_PAGE_BYTES,
    PHONE,
    barriers,
    is_too_wide,
    keep_picture,
)
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door

Visit = Callable[..., Page]
_SLOT = timedelta(seconds=SLOT_S)


@pytest.fixture
def door(hub: object, keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def a_link(
    keyring: Keyring, kind: PassType = PassType.VISITOR, sub: bytes | None = None, days: int = 30
) -> str:
    now = hub_clock.now()
    begins, ends = begin_of(keyring, now), now + timedelta(days=days)
    order = Order(kind, "Siti Rahayu", begins, ends, unit=0, sub=sub)
    return make_link(order, keyring, now)


def put_on(page: Page, token: str, *, words: str = "Pasang di ponsel ini") -> None:
    page.goto(f"/p/#link={token}")
    page.get_by_role("button", name=words).click()
    expect(page.locator("#code[data-slot]")).to_be_visible()


def shown_slot(page: Page) -> int:
    return int(page.locator("#code").get_attribute("data-slot") or 0)


_WORDS = {
    "id": ("Pasang di ponsel ini", "Berlaku sampai"),
    "en": ("Put it on this phone", "Valid until"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_becomes_a_code_that_the_door_admits(
    visit: Visit, door: FakeDoor, keyring: Keyring, language: str
) -> None:
    """From the link to the light; the same picture of the screen is refused 90 s later."""
    button, until = _WORDS[language]
    page = visit(PHONE, language)
    page.goto(f"/p/#link={a_link(keyring)}")
    keep_picture(page, f"phone-invited-{language}")
    assert not barriers(page)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#code[data-slot]")).to_be_visible()
    expect(page.get_by_text(until)).to_be_visible()
    expect(page.get_by_text("Siti Rahayu")).to_be_visible()
    assert "#" not in page.url
    payload = only_code(keep_picture(page, f"phone-pass-{language}"))
    assert payload.startswith(b"GPR1:")
    taken = hub_clock.from_unix_s(shown_slot(page) * SLOT_S)
    reference = reference_of(door, keyring)
    at_once = judged(payload, reference, max(NOW, taken))
    assert (at_once.outcome, at_once.shown) == (Outcome.ADMIT, Outcome.ADMIT)
    # Its slot's own 30 s, and the 60 s around it for clocks that are off.
    later = judged(payload, reference, taken + timedelta(seconds=91))
    assert (later.outcome, later.reason) == (Outcome.DENY, Reason.CODE_TOO_OLD)
    assert not barriers(page)
    assert not is_too_wide(page)


def only_code(picture: Path) -> bytes:
    found = payloads_in(picture)
    assert len(found) == 1
    return found[0]


def test_the_code_turns(visit: Visit, door: FakeDoor, keyring: Keyring, tmp_path: Path) -> None:
    """Each slot has another code, which is the door's of that time."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring))
    first = only_code(keep_picture(page, "phone-turning-1"))
    slot = shown_slot(page)
    page.clock.fast_forward(2 * SLOT_S * 1000)
    expect(page.locator(f"#code[data-slot='{slot + 2}']")).to_be_visible()
    second = only_code(keep_picture(page, "phone-turning-2"))
    assert second != first
    reference = reference_of(door, keyring)
    then = hub_clock.from_unix_s((slot + 2) * SLOT_S + 15)
    assert judged(second, reference, then).outcome is Outcome.ADMIT


def test_the_code_is_dark_on_white_in_dark_mode(
    visit: Visit, door: FakeDoor, keyring: Keyring
) -> None:
    """Whatever colours the phone has chosen for everything else."""
    page = visit(PHONE, "id")
    page.emulate_media(color_scheme="dark")
    put_on(page, a_link(keyring))
    payload = only_code(keep_picture(page, "phone-dark"))
    at = NOW + timedelta(seconds=10)
    assert judged(payload, reference_of(door, keyring), at).outcome is Outcome.ADMIT
    panel = "getComputedStyle(document.getElementById('panel')).backgroundColor"
    assert page.evaluate(panel) == "rgb(255, 255, 255)"
    assert not barriers(page)


def test_it_works_without_a_network(visit: Visit, door: FakeDoor, keyring: Keyring) -> None:
    """After the first visit: when it is loaded again, and when it is opened anew."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#code[data-slot]")).to_be_visible()
    assert len(payloads_in(keep_picture(page, "phone-offline"))) == 1
    page.close()
    again = page.context.new_page()
    again.goto("/p/")
    expect(again.locator("#code[data-slot]")).to_be_visible()
    payload = only_code(keep_picture(again, "phone-offline-again"))
    verdict = judged(payload, reference_of(door, keyring), NOW + timedelta(seconds=20))
    assert verdict.outcome is Outcome.ADMIT


def test_a_link_works_once(visit: Visit, keyring: Keyring) -> None:
    """Another browser is told what to do; this one keeps its pass."""
    token = a_link(keyring)
    first, second = visit(PHONE, "id"), visit(PHONE, "en")
    put_on(first, token)
    second.goto(f"/p/#link={token}")
    second.get_by_role("button", name="Put it on this phone").click()
    expect(second.get_by_text("used already")).to_be_visible()
    keep_picture(second, "phone-used")
    assert not barriers(second)
    assert Pass.objects.count() == 1
    first.reload()
    expect(first.locator("#code[data-slot]")).to_be_visible()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [("unknown", "bukan dari kami"), ("late", "terlalu lama"), ("replaced", "lebih baru")],
)
def test_a_link_that_does_not_open_says_why(
    visit: Visit, keyring: Keyring, clock: PinnedClock, spoil: str, said: str
) -> None:
    """And nothing is issued."""
    token = a_link(keyring)
    if spoil == "unknown":
        token = "A" * 22
    elif spoil == "late":
        clock.pass_by(timedelta(hours=24, seconds=1))
    else:
        a_link(keyring, sub=Subject.objects.get().sub)
    page = visit(PHONE, "id")
    page.goto(f"/p/#link={token}")
    page.get_by_role("button", name="Pasang di ponsel ini").click()
    expect(page.locator("#refused [data-why]:visible")).to_contain_text(said)
    assert Pass.objects.count() == 0


def test_a_lost_phone_is_replaced(visit: Visit, door: FakeDoor, keyring: Keyring) -> None:
    """A new link ends the pass on the old phone, and puts one on the new phone."""
    old, new = visit(PHONE, "id"), visit(PHONE, "id")
    put_on(old, a_link(keyring))
    stolen = only_code(keep_picture(old, "phone-lost"))
    put_on(new, a_link(keyring, sub=Subject.objects.get().sub))
    reference = reference_of(door, keyring)
    verdict = judged(stolen, reference, NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.DENY, Reason.REVOKED)
    fresh = only_code(keep_picture(new, "phone-replaced"))
    assert judged(fresh, reference, NOW + timedelta(seconds=5)).outcome is Outcome.ADMIT


def test_a_new_link_on_the_same_phone_takes_the_old_ones_place(
    visit: Visit, keyring: Keyring
) -> None:
    """A pass of somebody else stays beside it."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring))
    sub = Subject.objects.get().sub
    put_on(page, a_link(keyring, sub=sub))
    expect(page.locator("#others")).to_be_hidden()
    put_on(page, a_link(keyring, PassType.OFFICER))
    expect(page.locator("#place")).to_have_text("1 / 2")
    expect(page.locator("[data-type=officer]")).to_be_visible()
    page.locator("#after").press("Enter")
    expect(page.locator("[data-type=visitor]")).to_be_visible()
    expect(page.locator("#code[data-slot]")).to_be_visible()


def test_the_key_cannot_be_read_out(visit: Visit, keyring: Keyring) -> None:
    """Not even by a script of the hub's own."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring))
    told = page.evaluate(
        """async () => {
          const store = await import('/static/phone/store.js');
          const [pass] = await store.passes();
          const read = crypto.subtle.exportKey('pkcs8', pass.key);
          const out = await read.then(() => 'out', (fault) => fault.name);
          return [pass.key.extractable, pass.key.type, out];
        }"""
    )
    assert told == [False, "private", "InvalidAccessError"]


def test_an_answer_that_was_lost_is_asked_for_again(visit: Visit, keyring: Keyring) -> None:
    """The hub had issued the pass; the phone still has the key that it made, and gets the same."""
    page = visit(PHONE, "id")

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/p/claim", lose)
    page.goto(f"/p/#link={a_link(keyring)}")
    page.get_by_role("button", name="Pasang di ponsel ini").click()
    expect(page.get_by_text("tidak dapat dihubungi")).to_be_visible()
    assert Pass.objects.count() == 1
    page.unroute("**/p/claim")
    page.get_by_role("button", name="Coba lagi").click()
    page.get_by_role("button", name="Pasang di ponsel ini").click()
    expect(page.locator("#code[data-slot]")).to_be_visible()
    assert Pass.objects.count() == 1


def test_it_says_when_it_ends(visit: Visit, keyring: Keyring) -> None:
    """Soon, and that it has; no code is shown then."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring, PassType.EMPLOYEE, days=2))
    expect(page.get_by_text("segera berakhir")).to_be_visible()
    page.clock.fast_forward("48:10:00")
    expect(page.get_by_text("sudah kedaluwarsa")).to_be_visible()
    expect(page.locator("#code")).to_be_hidden()
    keep_picture(page, "phone-expired")
    assert not barriers(page)


def test_it_warns_of_a_wrong_clock(visit: Visit, keyring: Keyring, clock: PinnedClock) -> None:
    """The door would refuse its codes, and nobody would know why."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring))
    expect(page.locator("#clock-off")).to_be_hidden()
    clock.pass_by(timedelta(minutes=10))
    page.reload()
    expect(page.locator("#clock-off")).to_be_visible()
    keep_picture(page, "phone-clock")


def test_without_a_pass_a_link_is_pasted(visit: Visit, keyring: Keyring) -> None:
    """As on an iPhone, whose home screen shares nothing with its browser; all by keyboard."""
    page = visit(PHONE, "id")
    page.goto("/p/")
    field = page.get_by_label("Tautan")
    field.fill("apa saja")
    field.press("Enter")
    expect(page.locator("#refused [data-why=malformed]")).to_be_visible()
    page.goto("/p/")
    page.reload()
    keep_picture(page, "phone-empty")
    assert not barriers(page)
    field.fill(f"https://hub.example.go.id/p/#link={a_link(keyring)}")
    field.press("Enter")
    page.get_by_role("button", name="Pasang di ponsel ini").press("Enter")
    expect(page.locator("#code[data-slot]")).to_be_visible()


def test_it_is_light_and_can_be_installed(visit: Visit, hub: LiveHub, keyring: Keyring) -> None:
    """At most 150 KB for the first visit with all that is kept; a manifest with pictures."""
    page = visit(PHONE, "id")
    put_on(page, a_link(keyring))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert hub.sent["/static/parts/qr.js"]
    assert hub.sent.total() <= LARGEST_PAGE_BYTES, hub.sent
    manifest = page.evaluate("fetch('/p/manifest.json').then((answer) => answer.json())")
    assert manifest["start_url"] == manifest["scope"] == "/p/"
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).ok


def test_the_token_is_in_no_address_and_no_table(
    visit: Visit, keyring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    """Browsers keep the fragment to themselves, and the hub keeps its hash."""
    token, asked = a_link(keyring), list[str]()
    page = visit(PHONE, "id")
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    put_on(page, token)
    assert not [url for url in asked if token in url]
    assert token not in caplog.text
    row = PhoneLink.objects.values().get()
    assert not re.search(re.escape(token), str(row))
