"""Updates of the kiosks' software: which kiosk is offered which, and the parts of the files.

The hub believes no file and makes none: kiosks judge them by the release key, which it has not.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.signing import BadSignature, Signer
from django.db import transaction

from sync.hub.clock import unix_ms
from sync.hub.device_endpoint import Refused
from sync.hub.errors import CommandFault, FaultyFile
from sync.hub.fleet.models import Device, DeviceStatus, SoftwareUpdate, SoftwareUpdatePart
from sync.wire.batch import State
from sync.wire.errors import Malformed, WireError
from sync.wire.update import (
    MAX_BYTES,
    PART_BYTES,
    PREFIX_BYTES,
    Offer,
    Rank,
    Update,
    glance,
    head_length,
    rank_of,
    software_of,
)

CHECK = "update_version"
"""The kiosk's own check, whose value is the version as a number."""
STOP_AFTER, STOP_PERCENT = 3, 5
"""So many kiosks that refused or took back a version, if they are more than this share of those
that had it, and it is offered to nobody any more.
"""
_TICKET_LASTS = timedelta(days=1)
_KEPT_FOR = timedelta(minutes=1)
_SALT = "gapura.update"
_PREFIX = software_of("")


@dataclass(frozen=True, slots=True)
class RollOut:
    """An update that some kiosks are offered; `offices` are all where it is empty."""

    pk: int
    version: str
    rank: Rank
    follows: Rank
    size_bytes: int
    sha256: bytes
    percent: int
    offices: frozenset[int]

    def reaches(self, device: Device) -> bool:
        if self.offices and device.door.office_id not in self.offices:
            return False
        # A door keeps its place in the queue of a version, and has another one in the next.
        drawn = sha256(b"gapura/roll-out/1" + self.version.encode() + device.device_id).digest()
        return int.from_bytes(drawn[:4]) % 100 < self.percent

    def offer_to(self, device: Device, at: datetime) -> Offer:
        until_ms = unix_ms(at + _TICKET_LASTS)
        ticket = Signer(salt=_SALT).sign_object([self.pk, device.pk, until_ms])
        return Offer(self.version, self.size_bytes, self.sha256, ticket)


class _Shelf:
    """Holds the open roll-outs for a minute: every batch asks. Threads may each put theirs."""

    def __init__(self) -> None:
        self._kept: tuple[datetime, list[RollOut]] | None = None

    def get(self, at: datetime) -> list[RollOut]:
        kept = self._kept
        if kept is None or not kept[0] <= at < kept[0] + _KEPT_FOR:
            kept = self._kept = (at, open_roll_outs())
        return kept[1]

    def clear(self) -> None:
        self._kept = None


SHELF = _Shelf()


def offer_to(device_id: bytes, at: datetime) -> Offer | None:
    """Return the newest update that a kiosk may have whose batch has just been taken in."""
    roll_outs = SHELF.get(at)
    if not roll_outs:
        return None
    device = (
        Device.objects.select_related("door")
        .filter(device_id=device_id, status=DeviceStatus.ACTIVE)
        .first()
    )
    running = None if device is None else running_rank(device)
    if device is None or running is None:
        return None
    refused = refused_rank(device)
    for each in roll_outs:
        is_next = each.follows <= running < each.rank and each.rank != refused
        if is_next and each.reaches(device):
            return each.offer_to(device, at)
    return None


def open_roll_outs() -> list[RollOut]:
    """Return what is offered to anybody, the newest first."""
    updates = SoftwareUpdate.objects.filter(is_paused=False, percent__gt=0).prefetch_related(
        "offices"
    )
    found = [
        RollOut(
            pk=update.pk,
            version=update.version,
            rank=rank_of(update.version),
            follows=rank_of(update.follows),
            size_bytes=update.size_bytes,
            sha256=update.sha256,
            percent=update.percent,
            offices=frozenset(office.pk for office in update.offices.all()),
        )
        for update in updates
    ]
    if not found:
        return []
    fared = fares()
    going = [each for each in found if not fared.is_stopped(each.rank)]
    return sorted(going, key=lambda each: each.rank, reverse=True)


@dataclass(frozen=True, slots=True)
class Fares:
    """How versions fare, by rank: how many of the kiosks run one, and how many refused it or took
    it back.
    """

    kiosks: int
    running: Counter[int]
    refused: Counter[int]

    def is_stopped(self, rank: int) -> bool:
        had = self.running[rank] + self.refused[rank]
        return self.refused[rank] >= STOP_AFTER and self.refused[rank] * 100 > had * STOP_PERCENT


def fares() -> Fares:
    active = Device.objects.filter(status=DeviceStatus.ACTIVE)
    devices = list(active.only("health", "software"))
    running, refused = map(running_rank, devices), map(refused_rank, devices)
    return Fares(
        kiosks=len(devices),
        running=Counter(rank for rank in running if rank is not None),
        refused=Counter(rank for rank in refused if rank is not None),
    )


def running_rank(device: Device) -> Rank | None:
    """Return what the kiosk runs; None where that is no version."""
    try:
        return rank_of(device.software.removeprefix(_PREFIX))
    except Malformed:
        return None


def refused_rank(device: Device) -> int | None:
    for name, state, value in device.health:
        if name == CHECK and state == State.BAD:
            return None if value is None else int(value)
    return None


def part_for(ticket: str, number: int, at: datetime) -> bytes:
    """Return a part of the file that a ticket is for.

    Raises:
        Refused: the ticket is none, or too old; the kiosk is none any more; there is no such part.
    """
    try:
        update, device, until_ms = map(int, Signer(salt=_SALT).unsign_object(ticket))
    except (BadSignature, ValueError, TypeError) as error:
        raise Refused(401, "this is no ticket of the hub's") from error
    if until_ms < unix_ms(at):
        raise Refused(401, "this ticket is too old")
    if not Device.objects.filter(pk=device, status=DeviceStatus.ACTIVE).exists():
        raise Refused(410, "this device is revoked")
    parts = SoftwareUpdatePart.objects.filter(update=update, update__is_paused=False, number=number)
    content = parts.values_list("content", flat=True).first()
    if content is None:
        raise Refused(404, "there is no such part")
    return content


def look_at(content: bytes) -> Update:
    """Return what a file says of itself.

    Raises:
        FaultyFile: it is no update, or has not come whole.
    """
    try:
        length = head_length(content[:PREFIX_BYTES])
        update = glance(content[PREFIX_BYTES : PREFIX_BYTES + length])
    except WireError as error:
        raise FaultyFile(f"this is no update for kiosks: {error}") from error
    if not PREFIX_BYTES + length + update.packed_bytes == len(content) <= MAX_BYTES:
        raise FaultyFile("the file is cut off, or has more in it than it should")
    return update


def publish(content: bytes, percent: int, at: datetime) -> SoftwareUpdate:
    """Keep a file, and offer it to so many of the doors.

    Raises:
        FaultyFile: it is no update.
        CommandFault: there is another file of that version.
    """
    update, digest = look_at(content), sha256(content).digest()
    with transaction.atomic():
        row, is_new = SoftwareUpdate.objects.get_or_create(
            version=update.version,
            defaults={
                "follows": update.follows,
                "size_bytes": len(content),
                "sha256": digest,
                "published_at": at,
                "percent": percent,
            },
        )
        if not is_new and row.sha256 != digest:
            raise CommandFault(f"another file of version {update.version} is published already")
        if is_new:
            for place in range(0, len(content), PART_BYTES):
                part = content[place : place + PART_BYTES]
                SoftwareUpdatePart.objects.create(
                    update=row, number=place // PART_BYTES, content=part
                )
    return row
