"""A regency's database as it is after a month, loaded by COPY: what pages are measured on."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from django.db.models import Model

_SITES_AN_OFFICE = 5
_DOORS_A_SITE = 2
_DAYS = 30
_OPEN_H = (8, 16)
_HOUR_MS = 3_600_000
_READINGS = ("temperature_c", "backlog_entries", "frame_age_ms", "clock_width_ms")
_CHECKS = ("camera", "lamp", "storage", "storage_errors", "bundle_version", "boots", *_READINGS)
_NAMES = ("Siti", "Budi", "Putu", "Made", "Dewi", "Agus", "Sri", "Wayan", "Nur", "Eko")


@dataclass(frozen=True, slots=True)
class Regency:
    """How much of everything there is; `now` is when the month ends."""

    now: datetime
    kiosks: int = 300
    people: int = 100_000
    visits: int = 2_000_000

    @property
    def sites(self) -> int:
        return -(-self.kiosks // _DOORS_A_SITE)

    @property
    def offices(self) -> int:
        return -(-self.sites // _SITES_AN_OFFICE)

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)


def load(database: psycopg.Connection, regency: Regency) -> None:
    """Fill tables that `migrate` has made and nobody has used; Django must have been set up."""
    chance = random.Random(1)
    # Rows name rows that were loaded before them; to ask for each would double the time.
    database.execute("SET session_replication_role = replica")
    for model, given, rows in (
        *_places(regency),
        *_kiosks(regency, chance),
        *_people(regency, chance),
        *_visits(regency, chance),
    ):
        _copy(database, model, given, rows)
    database.commit()
    database.autocommit = True
    database.execute("VACUUM ANALYZE")


_Table = tuple["type[Model]", Sequence[str], Iterable[Sequence[object]]]


def _copy(
    database: psycopg.Connection,
    model: "type[Model]",
    given: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """What is not given has the model's default."""
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    left = [field for name, field in fields.items() if name not in given and name != "id"]
    defaults = [_stored(field.get_default()) for field in left]
    columns = ", ".join([*(fields[name].column for name in given), *(one.column for one in left)])
    statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
    with database.cursor().copy(statement) as block:
        for row in rows:
            block.write_row((*row, *defaults))


def _stored(value: object) -> object:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _places(regency: Regency) -> Iterator[_Table]:
    from sync.hub.fleet.models import (  # noqa: PLC0415
        ConnectionRequest,
        Door,
        Office,
        OpeningHours,
        PlannedDoor,
        Site,
    )

    offices, sites = range(regency.offices), range(regency.sites)
    today = regency.now.date()
    yield Office, ("id", "name", "unit"), ((n + 1, f"Dinas {n + 1}", n + 1) for n in offices)
    site_rows = (
        (n + 1, n // _SITES_AN_OFFICE + 1, f"Gedung {n + 1}", "office", "Asia/Jakarta", n % 7 > 0)
        for n in sites
    )
    yield Site, ("id", "office_id", "name", "kind", "timezone", "has_internet"), site_rows
    hours = ((site + 1, day, "07:30", "16:00") for site in sites for day in range(5))
    yield OpeningHours, ("site_id", "weekday", "opens", "closes"), hours
    yield (
        Door,
        ("id", "site_id", "office_id", "public_id", "label", "direction", "door_bit"),
        (_door(n) for n in range(regency.kiosks)),
    )
    plans = (
        (n + 1, f"Pintu timur {n}", "entry", "planned", today, "") for n in sites if n % 3 == 0
    )
    yield PlannedDoor, ("site_id", "label", "direction", "status", "deadline", "note"), plans
    waiting = ((n + 1, "requested", today, today, "") for n in sites if n % 7 == 0)
    yield ConnectionRequest, ("site_id", "status", "requested_on", "deadline", "note"), waiting


def _door(number: int) -> tuple[object, ...]:
    site = number // _DOORS_A_SITE
    office = site // _SITES_AN_OFFICE
    bit = number % (_SITES_AN_OFFICE * _DOORS_A_SITE)
    direction = ("entry", "exit")[number % 2]
    label = f"Pintu {('utara', 'selatan')[number % 2]}"
    return number + 1, site + 1, office + 1, number.to_bytes(8), label, direction, bit


def _kiosks(regency: Regency, chance: random.Random) -> Iterator[_Table]:
    from sync.hub.fleet.health.catalogue import BY_NAME  # noqa: PLC0415
    from sync.hub.fleet.health.models import Alert, HourlyReading  # noqa: PLC0415
    from sync.hub.fleet.models import Device  # noqa: PLC0415
    from sync.hub.ingest.models import Epoch  # noqa: PLC0415

    kiosks, now = range(regency.kiosks), regency.now
    yield (
        Device,
        (
            *("id", "device_id", "door_id", "signing_public", "sealing_public", "hardware"),
            *("status", "enrolled_at", "last_contact", "software", "health"),
        ),
        (_device(n, now, chance) for n in kiosks),
    )
    each = -(-regency.visits // regency.kiosks)
    epochs = ((n + 1, n + 1, n.to_bytes(16), each, bytes(32), each + n % 9, now) for n in kiosks)
    told = ("id", "device_id", "epoch", "acked_through", "chain", "newest_seq", "last_heard")
    yield Epoch, told, epochs
    last = regency.now_ms // _HOUR_MS
    readings = (
        (kiosk + 1, name, last - hour, 20, 60 + hour % 20, 40)
        for kiosk in kiosks
        for name in _READINGS
        for hour in range(24 * 7)
    )
    yield HourlyReading, ("device_id", "name", "hour", "low", "high", "last"), readings
    # A third of the kiosks have something, half of them what nobody has taken yet.
    rules = sorted(BY_NAME)
    since = now - timedelta(hours=5)
    open_now = (
        (kiosk + 1, rules[(kiosk + more) % len(rules)], 1 + more, kiosk, since, since, None)
        for kiosk in kiosks[::3]
        for more in range(1 + kiosk % 2)
    )
    past = (
        (n + 1, rules[n % len(rules)], 1, 1, since, since, now) for n in kiosks for _ in range(20)
    )
    columns = ("device_id", "rule", "severity", "value", "since", "raised_at", "cleared_at")
    yield Alert, columns, open_now
    yield Alert, columns, past


def _device(number: int, now: datetime, chance: random.Random) -> tuple[object, ...]:
    silence = timedelta(seconds=chance.randrange(120) if number % 15 else 7_200)
    health = [[check, 1 if chance.random() < 0.02 else 0, 40] for check in _CHECKS]
    own = number.to_bytes(32)
    return (
        *(number + 1, own[16:], number + 1, own, own, "board 1, card 2", "active"),
        *(now - timedelta(days=_DAYS), now - silence, "0.1.0", json.dumps(health)),
    )


def _people(regency: Regency, chance: random.Random) -> Iterator[_Table]:
    from sync.hub import identity  # noqa: PLC0415
    from sync.hub.people.models import Pass, Person, Roster, Subject  # noqa: PLC0415

    numbers, now = range(regency.people), regency.now
    subjects = (
        (n + 1, n.to_bytes(8), identity.seal(_name(n, chance), "people.subject.label"), now)
        for n in numbers
    )
    yield Subject, ("id", "sub", "label", "created_at"), subjects
    people = ((n + 1, n % regency.offices + 1, "asn", n.to_bytes(32), now) for n in numbers)
    yield Person, ("subject_id", "office_id", "kind", "number", "imported_at"), people
    begun, ends = now - timedelta(days=_DAYS), now + timedelta(days=300)
    passes = (
        (n.to_bytes(8), n + 1, 2, begun, ends, begun, now if n % 100 == 0 else None)
        for n in numbers
    )
    told = ("cti", "subject_id", "pass_type", "not_before", "expires", "issued_at", "revoked_at")
    yield Pass, told, passes
    rows = b"".join(n.to_bytes(16) + n.to_bytes(8) for n in numbers)
    roster = [(bytes(16), 16_384, json.dumps([["0123456789", 18]]), rows, now)]
    yield Roster, ("salt", "cost", "shapes", "rows", "imported_at"), roster


def _name(number: int, chance: random.Random) -> str:
    return f"{chance.choice(_NAMES)} {chance.choice(_NAMES)} {number}"


def _visits(regency: Regency, chance: random.Random) -> Iterator[_Table]:
    from sync.hub.ingest.models import Entry, Visit  # noqa: PLC0415

    entries = (
        (
            n + 1,
            n % regency.kiosks + 1,
            n // regency.kiosks + 1,
            1,
            n,
            0,
            0,
            1,
            n,
            *_SEALED,
            regency.now,
        )
        for n in range(regency.visits)
    )
    yield (
        Entry,
        (
            *("id", "epoch_id", "seq", "run_no", "boot_ms", "wall_ms", "clock", "kind", "nonce"),
            *("sealed", "previous", "chain", "received_at"),
        ),
        entries,
    )
    yield (
        Visit,
        (
            *("id", "entry_id", "door_id", "outcome", "shown", "reason", "direction", "format"),
            *("rulebook", "pass_type", "sub", "cti", "earliest_s", "time_ms", "error_ms"),
            *("lower_ms", "upper_ms"),
        ),
        (_visit(n, regency, chance) for n in range(regency.visits)),
    )


_SEALED = (bytes(90), bytes(32), bytes(32))


def _visit(number: int, regency: Regency, chance: random.Random) -> tuple[object, ...]:
    """In the order in which they came, eight hours of each day."""
    day, part = divmod(number * _DAYS / regency.visits, 1)
    opens_h, closes_h = _OPEN_H
    ago_ms = (_DAYS - 1 - int(day)) * 24 * _HOUR_MS + int(
        (1 - part) * (closes_h - opens_h) * _HOUR_MS
    )
    at_ms = regency.now_ms - ago_ms
    drawn = chance.random()
    outcome = 1 if drawn < 0.9 else 2 if drawn < 0.96 else 3
    sub = chance.randrange(regency.people).to_bytes(8)
    return (
        *(number + 1, number + 1, number % regency.kiosks + 1, outcome, outcome, 0, 1, 1, 1, 2),
        *(sub, sub, at_ms // 1000, at_ms, 80, at_ms - 80, at_ms + 80),
    )
