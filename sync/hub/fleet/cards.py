"""Enrolment cards: a door, the hub's root, and a token that works once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Max

from sync.hub.errors import CommandFault
from sync.hub.fleet.enrolment import token_digest
from sync.hub.fleet.models import (
    DOORS_PER_OFFICE,
    MAX_UNIT,
    Direction,
    Door,
    EnrolmentToken,
    Office,
    Site,
)
from sync.hub.keyring import Keyring
from sync.wire.bundle import DOOR_ID_BYTES
from sync.wire.card import MAX_CHARACTERS, TOKEN_BYTES, Card, open_card, sign_card
from sync.wire.card_parts import split_card
from sync.wire.errors import WireError
from sync.wire.wifi import WiFi

VALID_FOR = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class NewDoor:
    """`kind` and `timezone` are for a site that does not exist yet."""

    label: str
    site: str
    office: str
    direction: Direction
    kind: str
    timezone: str
    sees_both_ways: bool = False


@dataclass(frozen=True, slots=True)
class IssuedCard:
    card: Card
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes to be shown: one, or several that a camera reads better."""
        return split_card(self.text)


def find_door(public_id: bytes) -> Door:
    try:
        return Door.objects.get(public_id=public_id)
    except Door.DoesNotExist as error:
        raise CommandFault(f"{public_id.hex()}: there is no such door") from error


def add_door(new: NewDoor) -> Door:
    """Make a door, with its site and office where they are new.

    Raises:
        CommandFault: the office has no room for one more, or the time zone does not exist.
    """
    _check_timezone(new.timezone)
    with transaction.atomic():
        office = _office(new.office)
        site, _ = Site.objects.get_or_create(
            office=office, name=new.site, defaults={"kind": new.kind, "timezone": new.timezone}
        )
        return Door.objects.create(
            site=site,
            office=office,
            public_id=secrets.token_bytes(DOOR_ID_BYTES),
            label=new.label,
            direction=new.direction,
            door_bit=_free_bit(office),
            sees_both_ways=new.sees_both_ways,
        )


def make_card(
    door: Door,
    keyring: Keyring,
    hub_url: str,
    at: datetime,
    *,
    ca_pin: bytes | None = None,
    wifi: WiFi | None = None,
) -> IssuedCard:
    """Raises CommandFault where no kiosk could read such a card.

    The key of a WiFi is on the card alone; the hub does not keep it.
    """
    token, expires = secrets.token_bytes(TOKEN_BYTES), at + VALID_FOR
    content = Card(
        door=door.public_id,
        door_label=door.label,
        hub_url=hub_url,
        root_public=keyring.root_public,
        key_list=keyring.key_list_message,
        token=token,
        issued_at_s=int(at.timestamp()),
        expires_s=int(expires.timestamp()),
        ca_pin=ca_pin,
        wifi=wifi,
    )
    text = sign_card(content, keyring.bundle)
    if len(text) > MAX_CHARACTERS:
        raise CommandFault(
            "the card would be too long to be read: shorten the door's name or the hub's address, "
            "or end keys that are no longer needed (gapura-hub keys list)"
        )
    try:
        open_card(text, pinned_root=keyring.root_public)
    except WireError as error:
        raise CommandFault(f"no kiosk would take this card: {error}") from error
    EnrolmentToken.objects.create(
        digest=token_digest(token), door=door, created_at=at, expires=expires
    )
    return IssuedCard(content, text)


def _office(name: str) -> Office:
    found = Office.objects.select_for_update().filter(name=name).first()
    if found is not None:
        return found
    last: int = Office.objects.aggregate(last=Max("unit"))["last"] or 0
    if last >= MAX_UNIT:
        raise CommandFault(f"there are {MAX_UNIT} offices already: passes cannot name more")
    return Office.objects.create(name=name, unit=last + 1)


def free_bit(office: Office) -> int | None:
    """Return the lowest place in the office's door mask that no door has; None where all are."""
    taken = set(office.doors.values_list("door_bit", flat=True))
    return min(set(range(DOORS_PER_OFFICE)) - taken, default=None)


def _free_bit(office: Office) -> int:
    free = free_bit(office)
    if free is None:
        raise CommandFault(f"this office has {DOORS_PER_OFFICE} doors already: make another office")
    return free


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CommandFault(f"{name}: no such time zone; as Asia/Makassar") from error
