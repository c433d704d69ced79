import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from sync.hub import installation
from sync.hub.attendance.api import BEGINNING
from sync.hub.attendance.correcting import Wish, correct, withdraw
from sync.hub.attendance.models import ApiToken, End
from sync.hub.attendance.passing import catch_up
from sync.hub.attendance.tokens import Scope, make_token, revoke_token
from sync.hub.errors import CommandFault
from sync.hub.fleet.models import Office
from sync.hub.people.personnel import number_hash
from sync.hub.web.roles import Role
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.operators import an_operator

_IN, _OUT = Direction.IN, Direction.OUT
_MONDAY = date(2026, 11, 2)


def a_token(office: Office | None = None, name: str = "Absensi Online") -> str:
    _row, text = make_token(name, Scope.ATTENDANCE, office, NOW, timedelta(days=30))
    return text


class Reader:
    """An attendance system: knows the document and a token, keeps rows by person and day."""

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {token}"})
        document = json.loads(Client().get("/api/v1/openapi.json").content)
        self._paths = {
            operation["operationId"]: (path, method)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }
        self.cursor = BEGINNING
        self.rows: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.told = 0

    def call(self, operation: str, **asked: Any) -> Any:
        path, method = self._paths[operation]
        if method == "get":
            answer = self._client.get(path, asked)
        else:
            answer = self._client.post(path, json.dumps(asked), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def page(self, limit: int) -> bool:
        page = self.call("attendance", cursor=self.cursor, limit=limit)
        for row in page["rows"]:
            self.rows[row["person"], row["day"]] = row
        self.told += len(page["rows"])
        self.cursor = page["cursor"]
        return bool(page["more"])

    def pull(self, limit: int = 500) -> None:
        while self.page(limit):
            pass


def test_a_month_is_pulled_while_visits_arrive_late() -> None:
    """In pages, again and again: each day is there once, as it is in the end; none is missing."""
    office, epoch = an_office(), AnEpoch(a_door())
    staff = [a_person(office, f"Siti {number}") for number in range(3)]
    reader = Reader(a_token())
    for day in range(2, 7):
        for person in staff:
            epoch.see(person, _IN, at("8:00", day))
        catch_up()
        reader.page(4)
        for person in staff[:2]:
            epoch.see(person, _OUT, at("16:00", day - 1))
        catch_up()
    reader.pull(4)
    epoch.date_anew(epoch.see(staff[2], _OUT, at("15:00", 3)), at("15:00", 4))
    catch_up()
    reader.pull(4)
    again = Reader(a_token(name="once more"))
    again.pull()
    assert reader.rows == again.rows
    assert len(again.rows) == again.told == 15 + 2  # two left on the first without having come
    before = reader.told
    reader.pull()
    assert reader.told == before


def test_what_a_row_says() -> None:
    """Times with their bounds, in UTC; flags, and why a day is uncertain."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    epoch.see(siti, _IN, at("8:00"), 400_000)
    catch_up()
    reader = Reader(a_token())
    reader.pull()
    (row,) = reader.rows.values()
    assert row["person"] == bytes(siti.subject.sub).hex()
    assert (row["day"], row["seen"], row["certain"]) == ("2026-11-02", True, False)
    assert row["first_in"] == {"earliest": "2026-11-02T00:53:20Z", "latest": "2026-11-02T01:06:40Z"}
    assert (row["flags"], row["doubts"]) == (["missing_exit"], ["wide"])
    assert "Siti" not in json.dumps(row)


def test_a_correction_is_told_beside_what_was_seen() -> None:
    """And when it is withdrawn, what was seen counts again."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    epoch.see(siti, _IN, at("8:00"))
    catch_up()
    reader, officer = Reader(a_token()), an_operator(Role.PERSONNEL)
    made = correct(siti, Wish(_MONDAY, End.LAST_OUT, at("16:30"), "lupa ponsel"), officer, NOW)
    tuesday_in = Wish(date(2026, 11, 3), End.FIRST_IN, at("8:00", 3), "lupa ponsel")
    correct(siti, tuesday_in, officer, NOW)
    reader.pull()
    monday, tuesday = (reader.rows[bytes(siti.subject.sub).hex(), f"2026-11-0{n}"] for n in (2, 3))
    assert (monday["corrected"], monday["seen_last_out"]) == (["last_out"], None)
    assert monday["last_out"]["earliest"] == "2026-11-02T09:30:00Z"
    assert (tuesday["seen"], tuesday["corrected"]) == (False, ["first_in"])
    withdraw(made, officer, NOW)
    reader.pull()
    assert reader.rows[bytes(siti.subject.sub).hex(), "2026-11-02"]["last_out"] is None


def test_a_token_sees_what_it_was_made_for(clock: PinnedClock) -> None:
    """Its office, until its end; no session opens anything here, and the hub keeps no token."""
    health, roads = an_office(), an_office("Dinas Perhubungan")
    epoch = AnEpoch(a_door())
    for office in (health, roads):
        epoch.see(a_person(office), _IN, at("8:00"))
    catch_up()
    token = a_token(roads)
    reader = Reader(token)
    reader.pull()
    assert {row["office"] for row in reader.rows.values()} == {roads.unit}
    row = ApiToken.objects.get()
    assert token.encode() not in bytes(row.digest)
    assert row.used_at == NOW
    client = Client(headers={"Authorization": f"Bearer {token}"})
    clock.pass_by(timedelta(days=31))
    assert client.get("/api/v1/attendance").status_code == 401
    assert Client().get("/api/v1/attendance").status_code == 401


def test_a_revoked_token_opens_nothing() -> None:
    token = a_token()
    assert revoke_token("Absensi Online", NOW)
    assert not revoke_token("Absensi Online", NOW)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/attendance").status_code == 401
    with pytest.raises(CommandFault, match="already"):
        a_token()
    with pytest.raises(CommandFault, match="no token"):
        revoke_token("nobody", NOW)


def test_numbers_are_told_whose_they_are() -> None:
    """So that a system which knows personnel numbers finds its people; of its office alone."""
    siti = a_person(an_office())
    siti.number = number_hash("198501012010012001", installation.people_key())
    siti.save()
    asked = ["198501012010012001", "THL0042"]
    assert Reader(a_token()).call("people", numbers=asked) == {
        "people": [bytes(siti.subject.sub).hex(), None]
    }
    elsewhere = Reader(a_token(an_office("Dinas Perhubungan"), "elsewhere"))
    assert elsewhere.call("people", numbers=asked) == {"people": [None, None]}


@pytest.mark.parametrize(
    "asked",
    [
        {"cursor": "5"},
        {"cursor": "c9999999999999999999"},
        {"limit": "0"},
        {"first": "yesterday"},
        {"frist": "2026-11-01"},
    ],
)
def test_what_cannot_be_meant_is_refused(asked: dict[str, str]) -> None:
    """Rather than answered as something else."""
    client = Client(headers={"Authorization": f"Bearer {a_token()}"})
    assert client.get("/api/v1/attendance", asked).status_code == 422


def test_days_from_and_to() -> None:
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    for day in (2, 3, 4):
        epoch.see(siti, _IN, at("8:00", day))
    catch_up()
    page = Reader(a_token()).call("attendance", first="2026-11-03", last="2026-11-03")
    assert [row["day"] for row in page["rows"]] == ["2026-11-03"]
