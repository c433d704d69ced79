"""Cards: the `GPC1:` texts that a technician shows to a kiosk's camera; never a visit.

An enrolment card makes a kiosk a door's, and sets up the network of one that is. A time card tells
an enrolled one a time that has passed.
"""

import re
from dataclasses import dataclass

import base45
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.wire import cbor, cose
from sync.wire.bundle import DOOR_ID_BYTES
from sync.wire.errors import Malformed
from sync.wire.fields import LATEST_MS, Fields
from sync.wire.keys import PUBLIC_BYTES, HubId, KeyList, Purpose, hub_id, key_id, open_key_list
from sync.wire.wifi import WiFi, has_control, wifi_of

PREFIX = "GPC1:"
MAX_CHARACTERS = 1500
TOKEN_BYTES = 16
_AAD = b"gapura/card/1"
_KIND_ENROLMENT = 1
_KIND_TIME = 2
# RFC 3986, without what a shell, a file or a page could read as something else.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:_~-]+(/[A-Za-z0-9._~%/-]*)?")


@dataclass(frozen=True, slots=True)
class Card:
    """What a door must know before it knows anything. Times are Unix seconds.

    `ca_pin` is the SHA-256 of the hub's CA certificate, or None where the hub is on plain loopback.
    `token` works once, and is a secret until then. `wifi` is None where the network is a cable, or
    the one that the kiosk has.
    """

    door: bytes
    door_label: str
    hub_url: str
    root_public: bytes
    key_list: bytes
    token: bytes
    issued_at_s: int
    expires_s: int
    ca_pin: bytes | None = None
    wifi: WiFi | None = None

    @property
    def hub(self) -> HubId:
        return hub_id(self.root_public)


def sign_card(card: Card, key: Ed25519PrivateKey) -> str:
    """Return the text for the QR. `key` is the hub's bundle key."""
    payload = cbor.encode(
        {
            1: _KIND_ENROLMENT,
            2: card.door,
            3: card.door_label,
            4: card.hub_url,
            5: card.root_public,
            6: card.key_list,
            7: card.token,
            8: card.issued_at_s,
            9: card.expires_s,
            10: card.ca_pin,
            **({} if card.wifi is None else {11: card.wifi.to_value()}),
        }
    )
    kid = key_id(key.public_key().public_bytes_raw())
    return text_of(cose.sign(payload, key=key, kid=kid, aad=_AAD))


def sign_time_card(issued_at_s: int, key: Ed25519PrivateKey) -> str:
    """Return the text of a time card. `key` is the hub's bundle key."""
    payload = cbor.encode({1: _KIND_TIME, 8: issued_at_s})
    kid = key_id(key.public_key().public_bytes_raw())
    return text_of(cose.sign(payload, key=key, kid=kid, aad=_AAD))


def open_time_card(text: str, keys: KeyList) -> int:
    """Return the Unix second at which the hub signed a time card: a lower bound and no more.

    Raises:
        WireError: it is not a time card of this hub's.
    """
    sign1 = cose.parse_strictly(_message(text))
    fields = Fields.parse(sign1.payload, of="time card").only((1, 8))
    if fields.uint(1) != _KIND_TIME:
        raise Malformed("card: not a time card")
    issued_at_s = fields.uint(8, LATEST_MS // 1000)
    signer = keys.find(sign1.kid, Purpose.BUNDLE, at_s=issued_at_s)
    cose.verify(sign1, signer.signing(), aad=_AAD)
    return issued_at_s


def open_card(text: str, *, pinned_root: bytes | None) -> tuple[Card, KeyList]:
    """Check a card. A door that has no root yet takes the card's own; later only its own counts.

    Raises:
        WireError: the card is malformed, altered, or another hub's.
    """
    sign1, card = _parse(text)
    _require_root(card, pinned_root)
    keys = open_key_list(card.key_list, card.root_public)
    _verify(sign1, card, keys)
    return card, keys


def open_later_card(text: str, *, pinned_root: bytes, keys: KeyList) -> Card:
    """Check a card that is shown to an enrolled kiosk, which has newer keys than the card may have.

    Raises:
        WireError: the card is malformed, altered, another hub's, or signed with a key that the hub
            no longer has.
    """
    sign1, card = _parse(text)
    _require_root(card, pinned_root)
    _verify(sign1, card, keys)
    return card


def _parse(text: str) -> tuple[cose.Sign1, Card]:
    sign1 = cose.parse_strictly(_message(text))
    return sign1, _from_fields(Fields.parse(sign1.payload, of="card").only(range(1, 12)))


def _require_root(card: Card, pinned_root: bytes | None) -> None:
    if pinned_root is not None and card.root_public != pinned_root:
        raise Malformed("card: from another hub than the one this kiosk belongs to")


def _verify(sign1: cose.Sign1, card: Card, keys: KeyList) -> None:
    signer = keys.find(sign1.kid, Purpose.BUNDLE, at_s=card.issued_at_s)
    cose.verify(sign1, signer.signing(), aad=_AAD)


def text_of(message: bytes) -> str:
    """Return what a code shows of a message, or of a part of one."""
    encoded: bytes = base45.b45encode(message)
    return PREFIX + encoded.decode()


def _message(text: str) -> bytes:
    if len(text) > MAX_CHARACTERS:
        raise Malformed("not a card")
    return message_of(text)


def message_of(text: str) -> bytes:
    """Raises Malformed where no card and no part of one is so spelt."""
    if not text.startswith(PREFIX):
        raise Malformed("not a card")
    try:
        message: bytes = base45.b45decode(text.removeprefix(PREFIX))
    except ValueError as error:
        raise Malformed("card: not base45") from error
    return message


def _from_fields(fields: Fields) -> Card:
    if fields.uint(1) != _KIND_ENROLMENT:
        raise Malformed("card: of a kind that this version does not know")
    return Card(
        door=fields.octets(2, DOOR_ID_BYTES),
        door_label=_label(fields.text(3, most=200)),
        hub_url=_address(fields.text(4, most=300)),
        root_public=fields.octets(5, PUBLIC_BYTES),
        key_list=fields.octets(6, most=2048),
        token=fields.octets(7, TOKEN_BYTES),
        issued_at_s=fields.uint(8, LATEST_MS // 1000),
        expires_s=fields.uint(9),
        ca_pin=fields.octets(10, 32) if fields.has(10) else None,
        wifi=wifi_of(fields.nested(11)) if fields.has(11) else None,
    )


def _label(text: str) -> str:
    if has_control(text):
        raise Malformed("card: a door's name with control characters")
    return text


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise Malformed("card: an address that no hub has")
    return text
