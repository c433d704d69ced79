"""Figures before it is in earnest; what a page asks of the database."""

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sync.hub.ingest.models import Visit
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take
from tests.sync.hub.rules.rulebooks import a_document
from tests.sync.hub.web.rules.test_pages import A_WHOLE_RULEBOOK, a_draft


def _visits(keyring: Keyring, *said: dict[str, Any]) -> None:
    """Have a door of the running rulebook send these visits of an hour ago."""
    door = an_enrolled_door(keyring)
    at_s = int((NOW - timedelta(hours=1)).timestamp())
    for visit in said:
        door.see(earliest_s=at_s, latest_s=at_s + 2, **visit)
    take(door.send())
    Visit.objects.update(lower_ms=at_s * 1000, upper_ms=at_s * 1000 + 2000)


def test_a_draft_is_tried_on_last_weeks_visits(signed_in: Client, keyring: Keyring) -> None:
    """Counts and examples without names; a certificate's colour cannot be told."""
    _visits(
        keyring,
        {"rule": 1},
        {"rule": 1},
        {"outcome": 3, "shown": 3, "reason": 42, "pass_type": 3, "rule": 2},
        {"outcome": 2, "shown": 2, "reason": 6, "pass_type": None, "format": 0},
        {"outcome": 3, "shown": 3, "reason": 42, "pass_type": 5, "format": 3, "rule": 4},
    )
    same = a_draft(signed_in)
    page = signed_in.get(f"/rules/drafts/{same.pk}/try/").content.decode()
    assert re.search(r"Akan berbeda</dt><dd>0<", page)
    assert re.search(r"Kunjungan yang dicoba</dt><dd>5<", page)
    admits = {"outcome": "admit"}
    strict = [
        admits | {"name": "Malam", "types": ["visitor"], "hours": ["20:00-21:00"]},
        admits | {"name": "Hijau", "types": ["certificate"], "colours": ["hijau"]},
    ]
    colours = [{"colour": "hijau", "kind": "test"}]
    other = a_draft(signed_in, rules=strict, colours=colours)
    page = signed_in.get(f"/rules/drafts/{other.pk}/try/").content.decode()
    assert re.search(r"Akan berbeda</dt><dd>3<", page)
    assert re.search(r"Tidak dapat dipastikan</dt><dd>1<", page)
    assert "di luar" in page.lower() or "lain" in page.lower()


def test_a_trial_is_counted_by_rule_site_and_day(signed_in: Client, keyring: Keyring) -> None:
    publish(a_document(2, trial=True), NOW - timedelta(days=3))
    refused = {"outcome": 2, "shown": 3, "reason": 41, "rulebook": 2, "rule": 1}
    _visits(keyring, refused, refused, {"rulebook": 2, "rule": 0}, {"rule": 0})
    page = signed_in.get("/rules/2/trial/").content.decode()
    assert re.search(r"Akan ditolak</dt><dd>2<", page)
    assert "2. Tamu dengan tiket harian boleh masuk" in page
    assert "<td>2 Nov 2026</td><td>3</td><td>2</td><td>0</td>" in page
    assert "<td>Mal Pelayanan Publik</td><td>3</td>" in page
    for odd in ("x", "-1", "9" * 40):
        assert signed_in.get(f"/rules/2/trial/?site={odd}").status_code == 200


def test_a_page_asks_as_often_for_many_as_for_few(signed_in: Client, keyring: Keyring) -> None:
    draft = a_draft(signed_in, **A_WHOLE_RULEBOOK)

    def queries(path: str) -> int:
        signed_in.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert signed_in.get(path).status_code == 200
        return len(asked)

    paths = ("/rules/", "/rules/1/", "/rules/1/trial/", f"/rules/drafts/{draft.pk}/",
             f"/rules/drafts/{draft.pk}/try/", f"/rules/drafts/{draft.pk}/edit/")  # fmt: skip
    _visits(keyring, {"rule": 1})
    few = [queries(path) for path in paths]
    for number in range(2, 12):
        a_draft(signed_in)
        publish(a_document(number), NOW)
        an_enrolled_door(keyring, f"Pintu {number}")
    _visits(keyring, *[{"rule": 1, "rulebook": number} for number in range(1, 12)])
    assert [queries(path) for path in paths] == few
