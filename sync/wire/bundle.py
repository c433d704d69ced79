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
MAX_SIGNERS = 4096
ROSTER_SALT_BYTES = 16
# scrypt's N; more than this takes a Raspberry Pi longer than a visitor waits.
MAX_ROSTER_COST = 1 << 16
_AAD = b"gapura/bundle/1"


@dataclass(frozen=True, slots=True)
class Place:
    """The door that the kiosk hangs at.

    `direction` is "entry", "exit" or "both"; `door_bit` is its place (0 to 31) in a pass's door
    mask; `unit` the number of its office; `timezone` an IANA name; `sees_both_ways` says that
    whoever leaves passes this kiosk too.
    """

    door: bytes
    label: str
    direction: str
    site_kind: str
    timezone: str
    unit: int
    door_bit: int
    sees_both_ways: bool = False


@dataclass(frozen=True, slots=True)
class HealthSigner:
    """Who may sign health certificates: a row of a trust list, with no more than a door needs.

    `kid` is the certificate's (8 bytes), `public` its SubjectPublicKeyInfo in DER, `kinds` a bit
    for each kind of certificate (1 test, 2 vaccination, 4 recovery). Times are Unix seconds.
    """

    kid: bytes
    public: bytes
    not_before_s: int
    not_after_s: int
    kinds: int


@dataclass(frozen=True, slots=True)
class RosterTable:
    """People who are known by a number. `shapes` are (alphabet, length); `rows` hash and sub."""

    salt: bytes
    cost: int
    shapes: tuple[tuple[str, int], ...]
    rows: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """`key_list` is signed by the root; `rulebooks` are JSON documents, the next may be among
    them; `revoked` holds sorted cti of 8 bytes each, end to end, and `revoked_keys` kids.
    """

    hub: HubId
    device: DeviceId
    version: int
    issued_at_ms: int
    key_list: bytes
    rulebooks: tuple[bytes, ...]
    revoked: bytes
    place: Place
    revoked_keys: bytes = b""
    signers: tuple[HealthSigner, ...] = ()
    roster: RosterTable | None = None


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
            9: bundle.revoked_keys,
            10: [_signer_value(signer) for signer in bundle.signers],
            11: None if bundle.roster is None else _roster_value(bundle.roster),
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
    fields = Fields.parse(sign1.payload, of="bundle").only(range(1, 12))
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
        revoked_keys=fields.octets(9),
        signers=tuple(_signer(item) for item in fields.items(10, MAX_SIGNERS)),
        roster=_roster(fields.nested(11)) if fields.has(11) else None,
    )
    if bundle.hub != hub_id(root_public) or bundle.device != device:
        raise Malformed("bundle: made for another door or by another hub")
    if len(bundle.revoked) % CTI_BYTES or len(bundle.revoked_keys) % KID_BYTES:
        raise Malformed("bundle: a revocation that is cut off")
    return bundle, keys


def _place_value(place: Place) -> cbor.Value:
    return [
        *(place.door, place.label, place.direction, place.site_kind, place.timezone),
        *(place.unit, place.door_bit, place.sees_both_ways),
    ]


def _place(fields: Fields) -> Place:
    fields.only(range(8))
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
        sees_both_ways=fields.flag(7),
    )


def _signer_value(signer: HealthSigner) -> cbor.Value:
    return [
        *(signer.kid, signer.public, signer.not_before_s, signer.not_after_s, signer.kinds),
    ]


def _signer(item: cbor.Value) -> HealthSigner:
    fields = Fields(item, of="signer").only(range(5))
    return HealthSigner(
        kid=fields.octets(0, KID_BYTES),
        public=fields.octets(1, most=2048),
        not_before_s=fields.integer(2),
        not_after_s=fields.integer(3),
        kinds=fields.uint(4, most=7),
    )


def _roster_value(roster: RosterTable) -> cbor.Value:
    shapes: list[cbor.Value] = [[alphabet, length] for alphabet, length in roster.shapes]
    return [roster.salt, roster.cost, shapes, roster.rows]


def _roster(fields: Fields) -> RosterTable:
    fields.only(range(4))
    return RosterTable(
        salt=fields.octets(0, ROSTER_SALT_BYTES),
        cost=fields.uint(1, most=MAX_ROSTER_COST),
        shapes=tuple(_shape(item) for item in fields.items(2, 16)),
        rows=fields.octets(3),
    )


def _shape(item: cbor.Value) -> tuple[str, int]:
    fields = Fields(item, of="roster shape").only((0, 1))
    return fields.text(0, most=20), fields.uint(1, most=64)


def _rulebook_bytes(item: cbor.Value) -> bytes:
    if not isinstance(item, bytes):
        raise Malformed("bundle: a rulebook that is not bytes")
    return item
