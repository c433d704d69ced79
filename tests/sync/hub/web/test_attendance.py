import csv
import io
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from sync.hub.attendance.models import AttendanceDay, Correction, DayKind, OfficeHours, SpecialDay
from sync.hub.attendance.passing import catch_up
from sync.hub.fleet.models import Office
from sync.hub.people.models import LookUp, Person
from sync.hub.web.roles import Role
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.operators import an_operator, sign_in

_IN, _OUT = Direction.IN, Direction.OUT
_FRIDAY = "2026-11-06"
_LARGEST_BYTES = 120_000


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def signed_in(client: Client, office: Office, clock: PinnedClock) -> Client:
    """On a Saturday."""
    clock.pass_by(timedelta(days=5, hours=3))
    sign_in(client, an_operator(Role.PERSONNEL))
    return client


def a_week(office: Office, name: str = "Siti Rahayu") -> Person:
    """In and out on Monday, in alone on Tuesday, something vague on Wednesday, then nothing."""
    siti, epoch = a_person(office, name), AnEpoch(a_door())
    epoch.see(siti, _IN, at("8:00", 2), 500)
    epoch.see(siti, _OUT, at("16:00", 2), 500)
    epoch.see(siti, _IN, at("8:00", 3))
    epoch.see(siti, _IN, at("9:00", 4), 3_600_000)
    catch_up()
    return siti


def shown(client: Client, **asked: str) -> str:
    answer = client.get("/attendance/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_day_of_an_office(signed_in: Client, office: Office) -> None:
    """Who came and left, each time with its error; that names were shown is on record."""
    a_week(office)
    a_person(office, "Budi Santoso")
    page = shown(signed_in, day="2026-11-02")
    assert "<bdi>Siti Rahayu</bdi>" in page
    assert "08.00.00" in page
    assert "± 0,5 dtk" in page
    assert "8:00" in page
    assert "Tidak hadir" in page
    look_up = LookUp.objects.get()
    assert look_up.page == "attendance"
    assert look_up.subjects.count() == 2
    assert "Tidak ada yang melihatnya pulang" in shown(signed_in, day="2026-11-03")
    wednesday = shown(signed_in, day="2026-11-04")
    assert "Tidak pasti" in wednesday
    assert "08.00.00 – 10.00.00" in wednesday


def test_a_month_of_an_office(signed_in: Client, office: Office) -> None:
    """In figures: one day is well, one uncertain, one incomplete, two working days without."""
    a_week(office)
    page = shown(signed_in, day="2026-11-02", span="month")
    assert "Hadir: 1" in page
    assert "tidak pasti atau tidak lengkap: 2, tidak hadir: 2" in page


def test_days_to_come_are_not_told_of(signed_in: Client, office: Office) -> None:
    """But what is on record of them; the day that is asked for is shown in any case."""
    siti = a_week(office)
    path = f"/attendance/{siti.pk}/?month="
    assert "8 November" not in signed_in.get(f"{path}2026-11").content.decode()
    wish = {"day": "2026-11-09", "end": "first_in", "time": "08:00", "reason": "dinas luar"}
    signed_in.post(f"/attendance/{siti.pk}/", wish)
    assert "9 November" in signed_in.get(f"{path}2026-11").content.decode()
    assert "Bulan ini belum tiba." in signed_in.get(f"{path}2027-01").content.decode()
    assert signed_in.get(f"{path}x").status_code == 200
    assert "Belum terlihat" in shown(signed_in, day="2026-11-10")


def test_a_day_off_is_shown_as_such(signed_in: Client, office: Office) -> None:
    """Nobody is absent on it, whoever came is still shown; a day of the office goes before."""
    siti = a_week(office)
    SpecialDay.objects.create(day=date(2026, 11, 5), kind=DayKind.HOLIDAY, name="Hari Raya")
    page = shown(signed_in, day="2026-11-05")
    assert "Hari Raya" in page
    assert "Hari libur" in page
    assert "<dt>Tidak hadir</dt><dd>0</dd>" in page
    own = {"office": siti.office, "kind": DayKind.WORKING, "name": "Piket"}
    SpecialDay.objects.create(day=date(2026, 11, 5), **own)
    assert "<dt>Tidak hadir</dt><dd>1</dd>" in shown(signed_in, day="2026-11-05")
    assert "<dt>Tidak hadir</dt><dd>0</dd>" in shown(signed_in, day="2026-11-07")


def test_a_correction_leaves_a_trail(signed_in: Client, office: Office) -> None:
    """What was seen stays beside it; withdrawn it still stands there, with who and when."""
    siti = a_week(office)
    wish = {"day": "2026-11-03", "end": "last_out", "time": "16:15", "reason": "lupa ponsel"}
    answer = signed_in.post(f"/attendance/{siti.pk}/", wish)
    assert answer.status_code == 302
    page = signed_in.get(answer["Location"]).content.decode()
    assert "16.15.00" in page
    assert "lupa ponsel" in page
    made = Correction.objects.get()
    assert made.time_ms == at("16:15", 3)
    assert made.made_by.get_username() == "personnel"
    assert AttendanceDay.objects.get(day="2026-11-03").last_lower_ms is None
    assert signed_in.get(f"/attendance/corrections/{made.pk}/").status_code == 405
    signed_in.post(f"/attendance/corrections/{made.pk}/")
    page = signed_in.get(answer["Location"]).content.decode()
    assert "Ditarik" in page
    assert "lupa ponsel" in page
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_a_time_after_midnight_is_of_the_night_before(signed_in: Client, office: Office) -> None:
    siti = a_week(office)
    wish = {"day": "2026-11-03", "end": "last_out", "time": "02:00", "reason": "jaga malam"}
    signed_in.post(f"/attendance/{siti.pk}/", wish)
    assert Correction.objects.get().time_ms == at("2:00", 4)
    for wrong in ({"reason": "x"}, {"day": "9999-12-31"}, {"time": "25:00"}, {"end": "both"}):
        assert signed_in.post(f"/attendance/{siti.pk}/", {**wish, **wrong}).status_code == 200
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_executes_nothing(signed_in: Client, office: Office, form: str) -> None:
    """Not a name, nor a reason; and it has every day of the month so far."""
    siti = a_week(office, "=HYPERLINK(1)")
    wish = {"day": "2026-11-03", "end": "last_out", "time": "16:00", "reason": "@SUM(A1) lupa"}
    signed_in.post(f"/attendance/{siti.pk}/", wish)
    asked = {"office": str(office.pk), "day": "2026-11-02", "span": "month", "form": form}
    answer = signed_in.get("/attendance/export/", asked)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    by_day = {row[2]: row for row in rows[1:]}
    monday = by_day["2026-11-02"]
    assert monday[0] == "'=HYPERLINK(1)"
    assert monday[5:8] == ["2026-11-02 08:00:00", "2026-11-02 07:59:59", "2026-11-02 08:00:00"]
    assert "@SUM(A1) lupa" in by_day["2026-11-03"][13]
    assert by_day["2026-11-05"][4] == "Tidak hadir"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert LookUp.objects.filter(page="attendance-export").exists()


def test_somebody_of_one_office_sees_that_one(client: Client, office: Office) -> None:
    """Its people, its calendar; nobody's of another, whatever is asked for."""
    other = an_office("Dinas Perhubungan")
    siti, budi = a_person(office), a_person(other, "Budi Santoso")
    sign_in(client, an_operator(Role.PERSONNEL, other))
    assert "Budi Santoso" in shown(client)
    assert client.get("/attendance/", {"office": office.pk}).status_code == 400
    assert client.get(f"/attendance/{siti.pk}/").status_code == 404
    assert client.get(f"/attendance/{budi.pk}/").status_code == 200
    assert client.get("/attendance/export/", {"office": office.pk}).status_code == 400
    day = {"what": "day", "day": _FRIDAY, "kind": "holiday", "name": "Libur"}
    client.post("/attendance/calendar/", day)
    assert not SpecialDay.objects.exists()
    client.post("/attendance/calendar/", {**day, "office": other.pk})
    assert SpecialDay.objects.get().office == other
    client.post("/attendance/calendar/", {"what": "list", "file": a_list("2026-12-25,Natal")})
    national = SpecialDay.objects.create(day=date(2026, 12, 25), kind="holiday", name="Natal")
    assert client.post(f"/attendance/calendar/{national.pk}/").status_code == 404
    assert SpecialDay.objects.count() == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.TRACING])
def test_others_see_nothing_of_it(client: Client, office: Office, role: Role) -> None:
    siti = a_person(office)
    sign_in(client, an_operator(role))
    for path in ("", "export/", "calendar/", f"{siti.pk}/"):
        assert client.get(f"/attendance/{path}").status_code == 403


def a_list(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("libur.csv", "\n".join(["Tanggal,Keterangan,Jenis", *rows]).encode())


def test_a_national_list_is_taken_over(signed_in: Client, office: Office) -> None:
    """All of it or nothing; taken over again it replaces what was there."""
    send = {"what": "list", "file": a_list("2026-12-25,Natal,libur", "2026-12-24,Cuti,?")}
    assert "Baris 3" in signed_in.post("/attendance/calendar/", send).content.decode()
    assert not SpecialDay.objects.exists()
    for name in ("Natal", "Hari Natal"):
        send["file"] = a_list(f"2026-12-25,{name},", "2026-12-31,Tutup buku,setengah hari")
        assert "2" in signed_in.post("/attendance/calendar/", send).content.decode()
    assert SpecialDay.objects.count() == 2
    assert SpecialDay.objects.get(day="2026-12-25").name == "Hari Natal"
    assert SpecialDay.objects.get(day="2026-12-31").kind == DayKind.HALF
    signed_in.post(f"/attendance/calendar/{SpecialDay.objects.get(name='Hari Natal').pk}/")
    assert SpecialDay.objects.count() == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n1,2", b"tanggal,nama\n", b'"' * 200_000])
def test_what_is_no_list_is_told(signed_in: Client, content: bytes) -> None:
    send = {"what": "list", "file": SimpleUploadedFile("x.csv", content)}
    page = signed_in.post("/attendance/calendar/", send).content.decode()
    assert 'role="alert"' in page
    assert (
        'role="alert"' in signed_in.post("/attendance/calendar/", {"what": "list"}).content.decode()
    )


def test_how_an_office_counts_is_kept(signed_in: Client, office: Office) -> None:
    """What changes days makes a new edition; other weekdays change what is an absence only."""
    wish = {
        "what": "hours", "office_shown": office.pk, "timezone": "Asia/Makassar",
        "day_begins": "03:00", "longest_shift_h": "12", "widest_min": "5",
        "weekdays": ["0", "1", "2", "3", "4", "5"],
    }  # fmt: skip
    assert signed_in.post("/attendance/calendar/", wish).status_code == 302
    hours = OfficeHours.objects.get()
    assert (hours.timezone, hours.day_begins, hours.edition) == ("Asia/Makassar", time(3), 1)
    assert hours.works_on(date(2026, 11, 7))
    signed_in.post("/attendance/calendar/", {**wish, "weekdays": ["0"]})
    hours.refresh_from_db()
    assert (hours.working_days, hours.edition) == (1, 1)
    signed_in.post("/attendance/calendar/", {**wish, "day_begins": "04:00"})
    hours.refresh_from_db()
    assert hours.edition == 2
    for wrong in ({"timezone": "Mars"}, {"longest_shift_h": "25"}, {"widest_min": "0"}):
        assert signed_in.post("/attendance/calendar/", {**wish, **wrong}).status_code == 200
    hours.refresh_from_db()
    assert hours.edition == 2


@pytest.mark.parametrize("span", ["day", "month"])
def test_a_hundred_people_are_asked_for_as_three_are(
    signed_in: Client, office: Office, span: str
) -> None:
    """And the page stays small."""
    epoch = AnEpoch(a_door())
    counted = []
    for most in (3, 100):
        for number in range(Person.objects.count(), most):
            epoch.see(a_person(office, f"Siti {number}"), _IN, at("8:00"))
        catch_up()
        shown(signed_in, day="2026-11-02", span=span)
        with CaptureQueriesContext(connection) as queries:
            page = shown(signed_in, day="2026-11-02", span=span)
        counted.append(len(queries))
        assert len(page) < _LARGEST_BYTES
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    "asked", [{"day": "9999-12-31"}, {"day": "x"}, {"office": "0"}, {"span": "year"}]
)
def test_what_cannot_be_shown_is_told(signed_in: Client, asked: dict[str, str]) -> None:
    assert signed_in.get("/attendance/", asked).status_code == 400


def test_a_hub_without_offices_or_people(client: Client) -> None:
    sign_in(client, an_operator(Role.PERSONNEL))
    for path in ("/attendance/", "/attendance/calendar/"):
        assert "Belum ada OPD" in client.get(path).content.decode()
    an_office()
    assert "daftar pegawai" in shown(client)
