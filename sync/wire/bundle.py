"""A bundle: all that one door needs to know, signed by the hub and sealed to that door."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync.wire import cbor, cose, sealing
from sync.wire.errors import Malformed
from sync.wire.fields import LATEST_MS, Fields
from sync.wire.keys import (
    DEVICE_BYTES,
    KID_BYTES,
    DeviceId,
    HubId,
    KeyList,
    Purpose,
    hub_id,
    key_id,
    open_key_list,
)

MAX_BYTES = 16 * 1024 * 1024
DOOR_ID_BYTES = 8
CTI_BYTES = 8
_AAD = b"gapura/bundle/1"


@dataclass(frozen=True, slots=True)
class Place:
    """The door that the kiosk hangs at.

    `direction` is "entry", "exit" or "both"; `door_bit` is its place (0 to 31) in a pass's door
    mask; `unit` the number of its office; `timezone` an IANA name.
    """

    door: bytes
    label: str
    direction: str
    site_kind: str
    timezone: str
    unit: int
    door_bit: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """`key_list` is signed by the root; `rulebooks` are JSON documents, the next may be among
    them; `revoked` holds sorted cti of 8 bytes each, end to end.
    """

    hub: HubId
    device: DeviceId
    version: int
    issued_at_ms: int
    key_list: bytes
    rulebooks: tuple[bytes, ...]
    revoked: bytes
    place: Place


def seal_bundle(bundle: Bundle, key: Ed25519PrivateKey, to: X25519PublicKey) -> bytes:
    payload = cbor.encode(
        {
            1: bundle.hub,
            2: bundle.device,
            3: bundle.version,
            4: bundle.issued_at_ms,
            5: bundle.key_list,
            6: list(bundle.rulebooks),
            7: bundle.revoked,
            8: _place_value(bundle.place),
        }
    )
    kid = key_id(key.public_key().public_bytes_raw())
    signed = cose.sign(payload, key=key, kid=kid, aad=_AAD)
    return sealing.seal(signed, to, info=_AAD + bundle.device)


def unseal_bundle(message: bytes, key: X25519PrivateKey, *, device: DeviceId) -> bytes:
    """Return the signed bundle inside.

    Raises:
        WireError: it is sealed to another door, or larger than a bundle may be.
    """
    if len(message) > MAX_BYTES:
        raise Malformed(f"bundle of more than {MAX_BYTES} bytes")
    return sealing.unseal(message, key, info=_AAD + device)


def open_bundle(signed: bytes, *, device: DeviceId, root_public: bytes) -> tuple[Bundle, KeyList]:
    """Check an unsealed bundle, trusting the pinned root alone.

    Raises:
        WireError: it is for another door, from another hub, or malformed.
    """
    sign1 = cose.parse_strictly(signed)
    fields = Fields.parse(sign1.payload, of="bundle").only(range(1, 9))
    key_list = fields.octets(5, most=8192)
    keys = open_key_list(key_list, root_public)
    issued_at_ms = fields.uint(4, LATEST_MS)
    signer = keys.find(sign1.kid, Purpose.BUNDLE, at_s=issued_at_ms // 1000)
    cose.verify(sign1, signer.signing(), aad=_AAD)
    bundle = Bundle(
        hub=HubId(fields.octets(1, KID_BYTES)),
        device=DeviceId(fields.octets(2, DEVICE_BYTES)),
        version=fields.uint(3),
        issued_at_ms=issued_at_ms,
        key_list=key_list,
        rulebooks=tuple(_rulebook_bytes(item) for item in fields.items(6, 8)),
        revoked=fields.octets(7),
        place=_place(fields.nested(8)),
    )
    if bundle.hub != hub_id(root_public) or bundle.device != device:
        raise Malformed("bundle: made for another door or by another hub")
    if len(bundle.revoked) % CTI_BYTES:
        raise Malformed("bundle: a revocation that is cut off")
    return bundle, keys


def _place_value(place: Place) -> cbor.Value:
    return [
        *(place.door, place.label, place.direction, place.site_kind, place.timezone),
        *(place.unit, place.door_bit),
    ]


def _place(fields: Fields) -> Place:
    fields.only(range(7))
    direction = fields.text(2, most=10)
    if direction not in {"entry", "exit", "both"}:
        raise Malformed("bundle: a door that is neither entry, exit nor both")
    return Place(
        door=fields.octets(0, DOOR_ID_BYTES),
        label=fields.text(1, most=200),
        direction=direction,
        site_kind=fields.text(3, most=40),
        timezone=fields.text(4, most=40),
        unit=fields.uint(5, most=65535),
        door_bit=fields.uint(6, most=31),
    )


def _rulebook_bytes(item: cbor.Value) -> bytes:
    if not isinstance(item, bytes):
        raise Malformed("bundle: a rulebook that is not bytes")
    return item
