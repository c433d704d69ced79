"""A client that a kept generator makes of the OpenAPI document alone, with nothing of the hub's."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from sync.hub.attendance.models import AttendanceDay
from sync.hub.attendance.passing import catch_up
from sync.hub.people.models import Person
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.attendance.test_api import a_token

_NAME = "absensi_of_the_document"
_IN, _OUT = Direction.IN, Direction.OUT
_FIRST, _LAST = date(2026, 11, 1), date(2026, 11, 30)
_WORKING = [day for day in range(2, 28) if date(2026, 11, day).weekday() < 5]
_DEADLINE_S = 120


def _carry(request: httpx.Request) -> httpx.Response:
    answer = Client().generic(
        request.method, str(request.url), request.content, headers=dict(request.headers)
    )
    return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


_LINE = httpx.MockTransport(_carry)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the generated package lies. Whoever made it has the document and no hub."""
    found = tmp_path_factory.mktemp("generated")
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    (found / "openapi.json").write_text(json.dumps(document))
    # What it would run afterwards is to make the text look nice.
    (found / "settings.json").write_text(json.dumps({"post_hooks": []}))
    words = ("generate", "--path", "openapi.json", "--config", "settings.json", "--meta", "none")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", *words),
            *("--fail-on-warning", "--output-path", str(found / _NAME)),
        ],
        cwd=found,
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return found


@pytest.fixture
def _generated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(folder))
    yield
    for name in [one for one in sys.modules if one.partition(".")[0] == _NAME]:
        del sys.modules[name]


@dataclass(slots=True)
class AttendanceSystem:
    """Stores each row under person and day, as the document says, and pulls one month."""

    token: str
    cursor: str = "c0"
    rows: dict[tuple[str, date], Any] = field(default_factory=dict)
    told: list[int] = field(default_factory=list)

    def page(self, limit: int) -> bool:
        client = importlib.import_module(f"{_NAME}.client")
        call = importlib.import_module(f"{_NAME}.api.default.attendance")
        with client.AuthenticatedClient(
            base_url="http://testserver",
            token=self.token,
            httpx_args={"transport": _LINE},
            raise_on_unexpected_status=True,
        ) as line:
            page = call.sync(client=line, cursor=self.cursor, limit=limit, first=_FIRST, last=_LAST)
        for row in page.rows:
            self.rows[row.person, row.day] = row
            self.told.append(row.change)
        self.cursor = page.cursor
        return bool(page.more)

    def pull(self, limit: int) -> None:
        while self.page(limit):
            pass


def a_month(staff: list[Person], epoch: AnEpoch) -> None:
    """Everybody comes each working day, and one of them is never seen to leave."""
    for day in _WORKING:
        for person in staff:
            epoch.see(person, _IN, at("8:00", day))
        for person in staff[1:]:
            epoch.see(person, _OUT, at("16:00", day))
    catch_up()


def as_kept() -> dict[tuple[str, date], int]:
    """Return the days that the hub has, each with its version."""
    days = AttendanceDay.objects.select_related("subject").defer("subject__label")
    return {(bytes(one.subject.sub).hex(), one.day): one.change for one in days}


@pytest.mark.usefixtures("_generated")
def test_a_month_is_pulled_twice_while_visits_arrive_late() -> None:
    """No day is there twice and none is missing, each as the hub has it in the end."""
    staff = [a_person(an_office(), f"Siti {number}") for number in range(3)]
    epoch, late = AnEpoch(a_door()), AnEpoch(a_door())
    a_month(staff, epoch)
    # Another month is none of this one's rows.
    epoch.see(staff[0], _IN, at("32:00", 30))
    catch_up()
    system = AttendanceSystem(a_token())
    for day in _WORKING[:6]:
        assert system.page(7)
        late.see(staff[0], _OUT, at("17:30", day))
        catch_up()
    system.pull(7)
    wanted = {key: change for key, change in as_kept().items() if key[1] <= _LAST}
    assert {key: row.change for key, row in system.rows.items()} == wanted
    assert len(wanted) == 3 * len(_WORKING)

    moved = late.see(staff[0], _OUT, at("17:30", _WORKING[7]))
    catch_up()
    late.date_anew(moved, at("17:45", _WORKING[8]))
    newcomer = a_person(staff[0].office, "Budi")
    late.see(newcomer, _IN, at("7:30", _WORKING[3]))
    catch_up()
    before = len(system.told)
    system.pull(2)
    wanted = {key: change for key, change in as_kept().items() if key[1] <= _LAST}
    assert {key: row.change for key, row in system.rows.items()} == wanted
    assert len(system.told) - before <= 4
    assert len(set(system.told)) == len(system.told)
    assert system.told == sorted(system.told)
    row = system.rows[bytes(staff[0].subject.sub).hex(), date(2026, 11, _WORKING[8])]
    assert row.last_out.earliest.isoformat() == f"2026-11-{_WORKING[8]:02}T10:45:00+00:00"
    assert [flag.value for flag in row.flags] == []


@pytest.mark.usefixtures("_generated")
def test_who_may_not_read_is_told_so_in_the_documents_words() -> None:
    """A refusal is a type of its own there, and no page."""
    client = importlib.import_module(f"{_NAME}.client")
    call = importlib.import_module(f"{_NAME}.api.default.attendance")
    for token, cursor, expected in (("none", "c0", "Fault"), (a_token(), "5", "Refusal")):
        with client.AuthenticatedClient(
            base_url="http://testserver", token=token, httpx_args={"transport": _LINE}
        ) as line:
            found = call.sync(client=line, cursor=cursor)
        assert type(found).__name__ == expected
