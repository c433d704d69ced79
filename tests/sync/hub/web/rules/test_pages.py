"""Drafts on the pages: written by form or as JSON, submitted by one, published by another."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kiosk.admission.difference import difference
from kiosk.admission.rulebook_document import parse_rulebook
from sync.hub.fleet.models import Office
from sync.hub.rules.models import Draft, Letter, Rulebook
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.rules.rulebooks import A_PDF, a_document

A_WHOLE_RULEBOOK: dict[str, Any] = {
    "trial": True,
    "site_kinds": ["office", "pasar"],
    "letter": "SE Bupati 440/12/2026 “uji” <b>",
    "effective_from": "2026-12-01T07:30:00+07:00",
    "rules": [
        {"name": "Tamu", "types": ["visitor"], "outcome": "admit", "days": ["mon", "sat"],
         "hours": ["07:30-16:00", "19:00-24:00"], "open_on_holidays": False, "ways": ["entry"],
         "formats": ["GPR1"], "units": [7, 12]},
        {"name": "Hijau", "types": ["certificate"], "outcome": "refer",
         "colours": ["hijau", "biru"]},
        {"name": "Lain", "types": ["employee", "national"], "outcome": "deny"},
    ],
    "colours": [
        {"colour": "hijau", "kind": "vaccination", "series_done": True, "doses_at_least": 2},
        {"colour": "biru", "kind": "test", "negative": True, "age_at_most_days": 2},
    ],
    "holidays": ["2026-12-25", "2026-12-26"],
    "capacity": 120,
    "pass_back": "off",
    "uncertain_clock": "deny",
    "stale_after_days": 30,
    "stale": "deny",
    "keeps": {"visitor": ["cti"], "certificate": []},
}  # fmt: skip


def as_other() -> Client:
    client = Client()
    sign_in(client, an_operator(Role.DISKOMINFO, name="dua"))
    return client


def typed(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the page's last form as it stands."""
    form = page[page.rindex('<form method="post" novalidate class="fields">') :]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_box = found.get("type") == "checkbox"
        if not is_box or " checked" in tag:
            value = found.get("value", "on" if is_box else "")
            sent.setdefault(found["name"], []).append(_plain(value))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected>', options)
        sent[name] = chosen or ([] if "colours" not in name and "units" in name else [""])
    for name, text in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        sent[name] = [_plain(text).strip()]
    return sent


def _plain(text: str) -> str:
    for entity, letter in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, letter)
    return text


def a_draft(client: Client, **changes: Any) -> Draft:
    document = a_document(**changes).decode()
    sent = client.post("/rules/drafts/new/json/", {"document": document})
    assert sent.status_code == 302, sent.content.decode()
    return Draft.objects.order_by("-pk")[0]


def decide(client: Client, draft: Draft, decision: str, note: str = "") -> int:
    draft.refresh_from_db()
    sent = {"decision": decision, "edition": draft.edition, "note": note}
    return client.post(f"/rules/drafts/{draft.pk}/decide/", sent).status_code


def test_two_people_publish(signed_in: Client) -> None:
    """Whoever submits cannot approve; then doors get it, and the page names both."""
    draft, other = a_draft(signed_in, letter="SE 440/9"), as_other()
    assert decide(signed_in, draft, "submit") == 302
    assert decide(signed_in, draft, "approve") == 409
    assert not Rulebook.objects.filter(version=2).exists()
    assert decide(other, draft, "approve") == 302
    page = signed_in.get("/rules/2/").content.decode()
    assert "diajukan oleh satu, disetujui oleh dua" in page
    assert "SE 440/9" in signed_in.get("/rules/").content.decode()


def test_the_form_keeps_what_it_is_not_asked_to_change(signed_in: Client) -> None:
    """What it shows of a rulebook, sent back as it stands, says the same rulebook."""
    Office.objects.create(name="Dinas Tujuh", unit=7)
    draft = a_draft(signed_in, **A_WHOLE_RULEBOOK)
    path = f"/rules/drafts/{draft.pk}/edit/"
    page = signed_in.get(path).content.decode()
    answer = signed_in.post(path, typed(page))
    assert answer.status_code == 302, re.findall(r'role="alert">([^<]+)', answer.content.decode())
    before, after = parse_rulebook(draft.document), parse_rulebook(Draft.objects.get().document)
    assert difference(before, after) == []


def test_a_rule_is_added_moved_and_taken_out_without_json(signed_in: Client) -> None:
    page = signed_in.get("/rules/drafts/new/").content.decode()
    sent = typed(page)
    sent["rules-7-name"], sent["rules-7-types"] = ["Kartu ditolak"], ["site_card"]
    sent["rules-7-outcome"], sent["rules-7-hours"] = ["deny"], ["08:00-12:00, 13:00-15:00"]
    sent["rules-7-ORDER"], sent["rules-0-DELETE"] = ["1"], ["on"]
    assert signed_in.post("/rules/drafts/new/", sent).status_code == 302
    rules = json.loads(Draft.objects.get().document)["rules"]
    assert (rules[0]["name"], rules[0]["hours"]) == (
        "Kartu ditolak",
        ["08:00-12:00", "13:00-15:00"],
    )
    assert "Petugas boleh masuk" not in {rule["name"] for rule in rules}
    assert len(rules) == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rules-0-hours", "25:00-26:00"),
        ("rules-0-types", "siapa"),
        ("rules-0-units", "x"),
        ("rules-0-units", "99999"),
        ("rules-TOTAL_FORMS", "999999"),
        ("rules-TOTAL_FORMS", "x"),
        ("rules-0-ORDER", "x"),
        ("effective_from", "besok"),
        ("effective_from", "0001-01-01T00:00"),
        ("effective_from", "9999-12-31T23:59"),
        ("holidays", "2026-02-30"),
        ("capacity", "9" * 40),
        ("letter", "\0"),
        ("letter_date", "0000-00-00"),
        ("rules-0-colours", "ungu"),
    ],
)
def test_odd_input_is_told_and_kept_nowhere(name: str, value: str, signed_in: Client) -> None:
    sent = typed(signed_in.get("/rules/drafts/new/").content.decode()) | {name: [value]}
    answer = signed_in.post("/rules/drafts/new/", sent)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not Draft.objects.exists()


def test_all_faults_of_json_are_told_in_indonesian(signed_in: Client) -> None:
    def faults(document: str) -> str:
        sent = signed_in.post("/rules/drafts/new/json/", {"document": document})
        assert sent.status_code == 200
        return sent.content.decode()

    page = faults(a_document(0, letter="", trial="x", odd=1, rules=[{"hours": ["x"]}]).decode())
    for said in ("version: harus bilangan", "letter: harus teks", "true atau false", "odd"):
        assert said in page
    assert "rules[0].hours: harus jam" in page
    assert "must" not in page
    assert "baris 1, kolom 2" in faults("{")
    assert "separuh" in faults(a_document(letter="\ud800").decode())
    assert "paling panjang" in faults('"' + "x" * 270_000) or not Draft.objects.exists()
    for odd in ("[]", "null", "[" * 100_000, '{"version": 1e999}', "9" * 5_000):
        faults(odd)
    assert not Draft.objects.exists()


def test_a_letter_is_served_as_an_attachment(signed_in: Client) -> None:
    draft = a_draft(signed_in)
    path = f"/rules/drafts/{draft.pk}/attach/"

    def attach(content: bytes, edition: str = "1") -> int:
        file = SimpleUploadedFile("../../surat.pdf", content)
        return signed_in.post(path, {"letter": file, "edition": edition}).status_code

    assert attach(b"<script>") == 400
    assert attach(A_PDF, "x") == 400
    assert signed_in.post(path, {"edition": "1"}).status_code == 400
    assert attach(A_PDF) == 302
    answer = signed_in.get(f"/rules/drafts/{draft.pk}/letter.pdf")
    assert answer.content == A_PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )


def test_a_letter_of_50_mb_is_refused_unread(signed_in: Client) -> None:
    """With a text that says what to do."""
    draft = a_draft(signed_in)
    answer = signed_in.post(
        f"/rules/drafts/{draft.pk}/attach/",
        b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": str(50 * 1024 * 1024)},
        CONTENT_LENGTH=str(50 * 1024 * 1024),
    )
    assert answer.status_code == 413
    assert "paling besar 10 MB" in answer.content.decode()
    assert not Letter.objects.exists()


def test_forms_need_their_token(one: Operator) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, one)
    draft = Draft.objects.create(
        document=a_document(), created_by=one, created_at=NOW, changed_by=one, changed_at=NOW
    )
    for path in ("attach/", "decide/", "edit/", "json/"):
        sent = client.post(
            f"/rules/drafts/{draft.pk}/{path}", {"edition": "1", "decision": "submit"}
        )
        assert sent.status_code == 403, path


@pytest.mark.parametrize("number", ["0", "99", str(2**63 - 1), str(2**63), "9" * 30])
def test_what_is_not_there_is_not_found(number: str, signed_in: Client) -> None:
    for path in ("/rules/{}/", "/rules/{}/letter.pdf", "/rules/{}/trial/", "/rules/drafts/{}/",
                 "/rules/drafts/{}/letter.pdf", "/rules/drafts/{}/try/"):  # fmt: skip
        assert signed_in.get(path.format(number)).status_code == 404, path
    assert signed_in.get(f"/rules/drafts/new/?from={number}").status_code == 200


def test_a_viewer_reads_what_is_in_force_and_no_drafts(signed_in: Client) -> None:
    draft = a_draft(signed_in)
    viewer = Client()
    sign_in(viewer, an_operator(Role.VIEWER))
    page = viewer.get("/rules/").content.decode()
    assert "/rules/1/" in page
    assert "/rules/drafts/" not in page
    assert viewer.get(f"/rules/drafts/{draft.pk}/").status_code == 403
