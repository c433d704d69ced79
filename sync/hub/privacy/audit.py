"""The audit log: each record's digest covers the one before it, and seals sign where it stands."""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from sync.hub import clock, installation
from sync.hub.errors import HomeFault, LogFault
from sync.hub.home import read_private
from sync.hub.privacy.actor import current_actor
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.models import AuditRecord, AuditSeal

FIRST = bytes(32)
"""What the first record has in the place of the digest before it."""

Detail = Mapping[str, str | int | bool | list[str] | None]

# Any number that nothing else at the hub locks.
_LOCK = 0x67617075
_ROWS_AT_ONCE = 2000
_PSEUDONYM_BYTES = 8


@dataclass(frozen=True, slots=True)
class Head:
    """How many records there are, and the digest of the last."""

    number: int
    digest: bytes


def note(event: Event, detail: Detail | None = None) -> None:
    """Add a record, in the caller's transaction where there is one: both are kept, or neither.

    Who writes waits for whoever is writing: do it last in a transaction.
    """
    at_ms = clock.unix_ms(clock.now())
    text = json.dumps(detail or {}, sort_keys=True, separators=(",", ":"))
    with transaction.atomic():
        _wait_for_turn()
        before = head()
        number = before.number + 1
        row = AuditRecord(
            number=number,
            at_ms=at_ms,
            event=event.value,
            actor=current_actor(),
            detail=text,
            previous=before.digest,
        )
        row.digest = digest_of(row)
        row.save(force_insert=True)


def head() -> Head:
    last = AuditRecord.objects.order_by("-number").values_list("number", "digest").first()
    return Head(0, FIRST) if last is None else Head(*last)


def pseudonym(sub: bytes) -> str:
    """Return what stands for a subject in the log: who has the sub and `people.key` can tell that
    it is the same, and nobody can go back from it.
    """
    key = installation.people_key()
    return hmac.digest(key, b"audit" + sub, sha256)[:_PSEUDONYM_BYTES].hex()


def digest_of(row: AuditRecord) -> bytes:
    fields = [row.number, row.at_ms, row.event, row.actor, row.detail, row.previous.hex()]
    return sha256(json.dumps(fields, separators=(",", ":")).encode()).digest()


def seal(at: datetime) -> Head:
    """Sign where the log stands, unless the last seal says so already.

    Raises:
        HomeFault: the key is not there, or others can read it.
    """
    key = _key()
    with transaction.atomic():
        _wait_for_turn()
        now = head()
        last = AuditSeal.objects.order_by("-pk").first()
        if last is None or last.number != now.number:
            at_ms = clock.unix_ms(at)
            AuditSeal.objects.create(
                number=now.number,
                digest=now.digest,
                at_ms=at_ms,
                signature=key.sign(_signed(now, at_ms)),
            )
    return now


def verify(known: Head | None = None) -> Head:
    """Go through all of the log and return its head. `known` is one that was noted elsewhere.

    Raises:
        LogFault: something was changed; the message names the first record that is wrong.
        HomeFault: the key is not there, or others can read it.
    """
    public = _key().public_key()
    seals = {found.number: found for found in AuditSeal.objects.order_by("pk")}
    now = Head(0, FIRST)
    for row in _rows():
        if row.number != now.number + 1:
            raise LogFault(now.number + 1, f"audit record {now.number + 1} is missing")
        if row.previous != now.digest or row.digest != digest_of(row):
            raise LogFault(row.number, f"audit record {row.number} was changed, or one before it")
        now = Head(row.number, row.digest)
        for found in (seals.pop(row.number, None), known):
            if found and found.number == row.number and found.digest != row.digest:
                raise LogFault(
                    row.number, f"audit record {row.number} is not the one that was noted"
                )
    if beyond := [
        one.number for one in (*seals.values(), known) if one and one.number > now.number
    ]:
        said = f"audit record {now.number + 1} is missing: there were {max(beyond)}"
        raise LogFault(now.number + 1, said)
    for found in AuditSeal.objects.order_by("pk").iterator(_ROWS_AT_ONCE):
        try:
            public.verify(found.signature, _signed(Head(found.number, found.digest), found.at_ms))
        except InvalidSignature as error:
            said = f"audit seal {found.pk} is not of this hub's key"
            raise LogFault(found.number, said) from error
    return now


def _rows() -> Iterator[AuditRecord]:
    return AuditRecord.objects.order_by("number").iterator(_ROWS_AT_ONCE)


def _wait_for_turn() -> None:
    """SQLite has one writer, whose transactions lock it from their beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _signed(found: Head, at_ms: int) -> bytes:
    return b"gapura audit log" + f":{found.number}:{at_ms}:".encode() + found.digest


def _key() -> Ed25519PrivateKey:
    path = installation.home().audit_key
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(read_private(path).decode()))
    except ValueError as error:
        raise HomeFault(f"{path}: not a key; bring it back from the backup") from error
