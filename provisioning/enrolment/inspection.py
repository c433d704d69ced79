"""What a technician may know of an enrolment card: never its token."""

from dataclasses import dataclass
from datetime import UTC, datetime

from provisioning.errors import CardRefused
from sync.wire.card import MAX_CHARACTERS, PREFIX, Card, open_card
from sync.wire.errors import BadSignature, UnknownKey, WireError

_NEW_CARD = "make a new card at the hub: gapura-hub create-card"


@dataclass(frozen=True, slots=True)
class Inspection:
    """`hub` is the fingerprint of the hub's root key, the same on every card of that hub;
    `ca_pin` the SHA-256 of its CA certificate, empty where none is pinned.
    """

    door: str
    label: str
    hub_url: str
    hub: str
    ca_pin: str
    issued_at: datetime
    expires: datetime

    def has_expired(self, now: datetime) -> bool:
        return now > self.expires

    def is_from_the_future(self, now: datetime) -> bool:
        return now < self.issued_at


def inspect(text: str) -> Inspection:
    """Verify a card's signatures against the root that it names itself.

    That shows it whole, not whose it is: only the fingerprint tells one hub from another.

    Raises:
        CardRefused: it is no card, or altered.
    """
    if not text.startswith(PREFIX):
        raise CardRefused(
            f"this is not an enrolment card: it does not begin with {PREFIX}",
            hint="show the QR code that gapura-hub create-card made, not a pass",
        )
    if len(text) > MAX_CHARACTERS:
        raise CardRefused(f"a card has {MAX_CHARACTERS} characters at most", hint=_NEW_CARD)
    try:
        card, _keys = open_card(text, pinned_root=None)
    except (BadSignature, UnknownKey) as error:
        raise CardRefused(f"the card is altered or forged: {error}", hint=_NEW_CARD) from error
    except WireError as error:
        raise CardRefused(
            f"the card is damaged: {error}",
            hint="copy the whole text, between single quotes or by standard input; spaces count",
        ) from error
    return _told(card)


def _told(card: Card) -> Inspection:
    return Inspection(
        door=card.door.hex(),
        label=card.door_label,
        hub_url=card.hub_url,
        hub=card.hub.hex(),
        ca_pin="" if card.ca_pin is None else card.ca_pin.hex(),
        issued_at=_instant(card.issued_at_s),
        expires=_instant(card.expires_s),
    )


def _instant(unix_s: int) -> datetime:
    try:
        return datetime.fromtimestamp(unix_s, UTC)
    except (ValueError, OverflowError, OSError) as error:
        # A calendar ends with the year 9999, the card's own numbers much later.
        raise CardRefused("the card names a time that no calendar has", hint=_NEW_CARD) from error
