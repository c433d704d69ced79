"""One-time links by which a pass gets onto a phone, bound to a key that was made there.

The token stands in the link's fragment, which browsers send to nobody: it is in no log of any
server or proxy on the way, and no preview of the link uses it up.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.db import transaction
from django.db.models import QuerySet

from kiosk.passes.claims import HolderKey, PassType
from sync.hub import clock
from sync.hub.errors import CommandFault
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, check, issue, subject_of
from sync.hub.people.models import Pass, PhoneLink, Subject
from sync.hub.people.revocation import revoke

VALID_FOR = timedelta(hours=24)
PAGE = "/p/"
_BEFORE = timedelta(minutes=10)
_TOKEN_BYTES = 16
_POINT = b"\x04"  # SEC 1, section 2.3.3: x and y follow


class Closed(Enum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    REPLACED = "replaced"
    BAD_KEY = "bad-key"
    NOT_NOW = "not-now"


class LinkClosed(Exception):
    """A link that does not open, or not for this key; nothing was issued."""

    def __init__(self, why: Closed) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Handed:
    """What a phone gets. `text` is that of a static pass, of use only inside a turning code.

    `replaces` are the cti of this subject's earlier passes on phones, which are withdrawn.
    """

    text: str
    issued: Pass
    replaces: tuple[bytes, ...]


def make_link(
    order: Order, keyring: Keyring, at: datetime, valid_for: timedelta = VALID_FOR
) -> str:
    """Return the token of a new link, and end what its subject had on a phone: links at once,
    passes by the doors' next bundle. As in `issue`, the subject is named or made.

    Raises:
        CommandFault: no door would take such a pass, or there is no such subject.
    """
    check(order, keyring)
    token = secrets.token_bytes(_TOKEN_BYTES)
    with transaction.atomic():
        # Two at the same time come one after the other: only the later one's link is left.
        subject = Subject.objects.select_for_update().get(pk=subject_of(order, at).pk)
        earlier = PhoneLink.objects.filter(subject=subject, ended_at__isnull=True)
        _withdraw(earlier.filter(issued__isnull=False), at)
        earlier.update(ended_at=at)
        PhoneLink.objects.create(
            digest=sha256(token).digest(),
            subject=subject,
            pass_type=int(order.pass_type),
            not_before=order.not_before,
            expires=order.expires,
            unit=order.unit,
            doors=order.doors,
            days=order.days,
            created_at=at,
            good_until=at + valid_for,
        )
    return urlsafe_b64encode(token).rstrip(b"=").decode()


def begin_of(keyring: Keyring, at: datetime) -> datetime:
    """Return when a pass begins that is to count at once: a little earlier, for a door that is
    not sure of the time to the second, but not before the key that signs it.
    """
    return max(at - _BEFORE, clock.from_unix_s(keyring.pass_key.not_before_s))


def link_url(hub_url: str, token: str) -> str:
    return f"{hub_url}{PAGE}#link={token}"


def open_link(token: str, holder: HolderKey, keyring: Keyring, at: datetime) -> Handed:
    """Issue the pass to the phone that opens the link first.

    The same phone may ask again while the link lasts, for the answer may have been lost.

    Raises:
        LinkClosed: the token or the key is good for nothing, or no pass can be issued now.
    """
    if not _is_on_the_curve(holder):
        raise LinkClosed(Closed.BAD_KEY)
    with transaction.atomic():
        link = _find(token)
        if link.ended_at is not None:
            raise LinkClosed(Closed.REPLACED)
        if at > link.good_until:
            raise LinkClosed(Closed.EXPIRED if link.opened_at is None else Closed.USED)
        if link.opened_at is not None and link.holder != holder.x + holder.y:
            raise LinkClosed(Closed.USED)
        return _handed(link, link.issued or _issue(link, holder, keyring, at))


def _find(token: str) -> PhoneLink:
    try:
        octets = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError as error:
        raise LinkClosed(Closed.UNKNOWN) from error
    found = PhoneLink.objects.select_for_update(of=("self",)).select_related("subject")
    link = found.filter(digest=sha256(octets).digest()).first()
    if link is None:
        raise LinkClosed(Closed.UNKNOWN)
    return link


def _issue(link: PhoneLink, holder: HolderKey, keyring: Keyring, at: datetime) -> Pass:
    order = Order(
        pass_type=PassType(link.pass_type),
        label="",
        not_before=link.not_before,
        expires=link.expires,
        unit=link.unit,
        sub=link.subject.sub,
        holder_key=holder,
        doors=link.doors,
        days=link.days,
    )
    try:
        issued = issue(order, keyring, at)
    except CommandFault as fault:
        # The hub's pass key was revoked or has ended since the link was made.
        raise LinkClosed(Closed.NOT_NOW) from fault
    link.opened_at, link.holder, link.text = at, holder.x + holder.y, issued.text
    link.issued = row = Pass.objects.get(cti=issued.claims.cti)
    link.save(update_fields=["opened_at", "holder", "text", "issued"])
    return row


def _handed(link: PhoneLink, issued: Pass) -> Handed:
    earlier = Pass.objects.filter(phone_links__subject=link.subject).exclude(pk=issued.pk)
    return Handed(link.text, issued, tuple(earlier.order_by("pk").values_list("cti", flat=True)))


def _withdraw(links: QuerySet[PhoneLink], at: datetime) -> None:
    held = links.filter(issued__revoked_at__isnull=True, issued__expires__gte=at)
    identifiers = list(held.values_list("issued__cti", flat=True))
    if identifiers:
        revoke(identifiers, at)


def _is_on_the_curve(holder: HolderKey) -> bool:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _POINT + holder.x + holder.y)
    except ValueError:
        return False
    return True
