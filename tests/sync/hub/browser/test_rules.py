"""Two people publish a rulebook in a browser; the pages of a draft keep nobody out."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from sync.hub.keyring import Keyring
from sync.hub.rules.drafting import begin
from sync.hub.rules.models import Draft, Rulebook
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.looks import Ways, in_all_ways, looks_well
from tests.sync.hub.browser.screens import (
    DESKTOP,
    LANGUAGES,
    PHONE,
    barriers,
    keep_picture,
    walk_by_keyboard,
)
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.rules.rulebooks import A_PDF, a_document

Visit = Callable[..., Page]
_WORDS = {
    "id": (
        *("Simpan rancangan", "Lampirkan", "Ajukan", "Setujui dan terbitkan"),
        "Orang lain yang harus menerbitkannya.",
        "diajukan oleh diskominfo, disetujui oleh satu",
    ),
    "en": (
        *("Keep the draft", "Attach it", "Submit it", "Approve and publish"),
        "Somebody else has to publish it.",
        "submitted by diskominfo, approved by satu",
    ),
}


@pytest.fixture
def draft(hub: LiveHub, keyring: Keyring) -> Draft:
    """Another one's draft; a door has sent visits on which it can be tried."""
    door = an_enrolled_door(keyring)
    at_s = int(NOW.timestamp()) - 3600
    door.see(3, earliest_s=at_s, latest_s=at_s + 2, rule=1)
    take(door.send())
    strict = [{"name": "Petugas saja", "types": ["officer"], "outcome": "admit"}]
    one = an_operator(Role.DISKOMINFO, name="satu")
    return begin(a_document(rules=strict, trial=True), None, one, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_people_publish(visit: Visit, hub: LiveHub, draft: Draft, language: str) -> None:
    """One writes, attaches the letter and submits on a phone; another one approves."""
    keep, attach, submit, approve, other, both = _WORDS[language]
    page = visit(PHONE, language, Role.DISKOMINFO)
    page.goto(f"/rules/drafts/{draft.pk}/edit/")
    page.locator("#id_letter").fill("SE Bupati 440/12/2026")
    page.get_by_role("button", name=keep).click()
    expect(page.get_by_text("SE Bupati 440/12/2026")).not_to_have_count(0)
    letter = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": A_PDF}
    page.locator("#id_letter").set_input_files(letter)  # type: ignore[arg-type]
    page.get_by_role("button", name=attach).click()
    page.get_by_role("button", name=submit, exact=True).click()
    expect(page.get_by_text(other)).to_have_count(1)
    expect(page.get_by_role("button", name=approve)).to_have_count(0)
    keep_picture(page, f"draft-submitted-{language}")
    assert not barriers(page)
    assert not Rulebook.objects.filter(version=2).exists()
    desk = visit(DESKTOP, language)
    client = Client()
    sign_in(client, Operator.objects.get(username="satu"))
    session = client.cookies["sessionid"].value
    desk.context.add_cookies([{"name": "sessionid", "value": session, "url": hub.url}])
    desk.goto(f"/rules/drafts/{draft.pk}/")
    desk.get_by_role("button", name=approve).focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name=approve)).to_have_count(0)
    desk.goto("/rules/2/")
    expect(desk.get_by_text(both)).to_have_count(1)


@in_all_ways
@pytest.mark.parametrize("path", ["", "edit/", "json/", "try/"])
def test_a_drafts_pages_keep_nobody_out(
    visit: Visit, hub: LiveHub, draft: Draft, path: str, ways: Ways
) -> None:
    for screen, language in ways:
        page = visit(screen, language, Role.DISKOMINFO)
        hub.sent.clear()
        page.goto(f"/rules/drafts/{draft.pk}/{path}")
        looks_well(page, hub, f"draft-{path[:-1] or 'read'}-{screen.name}-{language}")


def test_a_draft_is_decided_by_keyboard(visit: Visit, draft: Draft) -> None:
    page = visit(PHONE, "id", Role.DISKOMINFO)
    page.goto(f"/rules/drafts/{draft.pk}/")
    stops = walk_by_keyboard(page)
    assert {"button decision", "textarea id_decision_note", "input id_letter"} <= set(stops)
