"""Sites, people and visits, as rows that were read long ago."""

from datetime import UTC, datetime

from sync.hub.fleet.cards import NewDoor, add_door
from sync.hub.fleet.models import Device, DeviceStatus, Direction, Door
from sync.hub.ingest.models import Entry, Epoch, Visit
from sync.hub.people.models import Subject
from tests.sync.hub.conftest import NOW

IN, OUT, UNKNOWN = 1, 2, 0
ADMIT, DENY, REFER = 1, 2, 3
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# A Thursday before the tests' now, 00:00 in Jakarta.
MIDNIGHT_MS = int(datetime(2026, 10, 28, 17, tzinfo=UTC).timestamp()) * 1000


def a_door(
    site: str = "Mal",
    label: str = "Pintu utara",
    timezone: str = "Asia/Jakarta",
    office: str = "Dinas PMPTSP",
) -> Door:
    """Return a door with a kiosk whose journal `see` writes."""
    new = NewDoor(label, site, office, Direction.BOTH, "office", timezone)
    door = add_door(new)
    device = Device.objects.create(
        device_id=door.pk.to_bytes(16),
        door=door,
        signing_public=door.pk.to_bytes(32),
        sealing_public=door.pk.to_bytes(32),
        hardware="board 1, card 2",
        status=DeviceStatus.ACTIVE,
        enrolled_at=NOW,
    )
    Epoch.objects.create(device=device, epoch=bytes(16), chain=bytes(32), last_heard=NOW)
    return door


def a_person(name: str) -> Subject:
    number = Subject.objects.count() + 1
    return Subject.objects.create(sub=number.to_bytes(8), label=name, created_at=NOW)


def see(
    door: Door,
    who: Subject | bytes | None,
    hour: float,
    direction: int = IN,
    error_min: float = 0,
    **more: int | None,
) -> Visit:
    """`hour` counts from MIDNIGHT_MS; with `is_known=0` the visit has bounds and no time."""
    is_known = bool(more.pop("is_known", 1))
    shown = more.pop("shown", ADMIT) or ADMIT
    epoch = Epoch.objects.get(device__door=door)
    seq = Entry.objects.filter(epoch=epoch).count() + 1
    entry = Entry.objects.create(
        epoch=epoch, seq=seq, run_no=1, boot_ms=seq, wall_ms=0, clock=0, kind=1, nonce=seq,
        sealed=b"", previous=bytes(32), chain=bytes(32), received_at=NOW,
    )  # fmt: skip
    time_ms = MIDNIGHT_MS + int(hour * HOUR_MS)
    error_ms = int(error_min * MINUTE_MS)
    told = {
        "outcome": shown, "shown": shown, "reason": 0, "direction": direction, "format": 1,
        "rulebook": 1, "pass_type": 1, "earliest_s": 0, "lower_ms": time_ms - error_ms,
        "upper_ms": time_ms + error_ms, "time_ms": time_ms if is_known else None,
        "error_ms": error_ms if is_known else None,
    }  # fmt: skip
    sub = who.sub if isinstance(who, Subject) else who
    return Visit.objects.create(entry=entry, door=door, sub=sub, **{**told, **more})


def stay(door: Door, who: Subject | bytes, came: float, went: float, **more: float) -> None:
    see(door, who, came, IN, **more)  # type: ignore[arg-type]
    see(door, who, went, OUT, **more)  # type: ignore[arg-type]
