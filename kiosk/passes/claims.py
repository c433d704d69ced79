"""What a native pass says, as CBOR: written by the hub that issues it, read by the door."""

from dataclasses import dataclass
from enum import IntEnum

from sync.wire import cbor
from sync.wire.errors import Malformed
from sync.wire.fields import Fields, one_of

SUB_BYTES = 8
CTI_BYTES = 8
ALL_DOORS = 0xFFFFFFFF
ALL_DAYS = 0b1111111
ANY_UNIT = 0

# RFC 8392, section 4, but for `SCOPE`, which is ours.
_SUB, _EXP, _NBF, _CTI = 2, 4, 5, 7
_CNF = 8  # RFC 8747, section 3.1
_SCOPE = -70001
_CNF_COSE_KEY = 1
_MAX_TIME_S = 2**40


class PassType(IntEnum):
    """What kind of holder a pass makes somebody; only the first four are a native pass's own.

    Stored for ever: numbers are never given out twice.
    """

    VISITOR = 1
    SITE_CARD = 2
    EMPLOYEE = 3
    OFFICER = 4
    CERTIFICATE = 5
    ROSTER = 6
    NATIONAL = 7


NATIVE_TYPES = frozenset(
    {PassType.VISITOR, PassType.SITE_CARD, PassType.EMPLOYEE, PassType.OFFICER}
)


@dataclass(frozen=True, slots=True)
class HolderKey:
    """A P-256 public key in the holder's phone: x and y of 32 bytes each."""

    x: bytes
    y: bytes


@dataclass(frozen=True, slots=True)
class Claims:
    """`sub` and `cti` are random, 8 bytes each. Times are Unix seconds, both ends valid.

    `doors` has a bit for each door of the unit, `days` one for each day of the week from Monday;
    unit 0 is every unit.
    """

    sub: bytes
    cti: bytes
    not_before_s: int
    expires_s: int
    pass_type: PassType
    doors: int = ALL_DOORS
    unit: int = ANY_UNIT
    days: int = ALL_DAYS
    holder_key: HolderKey | None = None


def encode_claims(claims: Claims) -> bytes:
    content: dict[int | str, cbor.Value] = {
        _SUB: claims.sub,
        _EXP: claims.expires_s,
        _NBF: claims.not_before_s,
        _CTI: claims.cti,
        _SCOPE: [int(claims.pass_type), claims.doors, claims.unit, claims.days],
    }
    if claims.holder_key is not None:
        content[_CNF] = {_CNF_COSE_KEY: _cose_key(claims.holder_key)}
    return cbor.encode(content)


def decode_claims(payload: bytes) -> Claims:
    """Read the content of a native pass.

    Raises:
        Malformed: a claim is missing, unknown, of another type, or out of its range.
    """
    fields = Fields.parse(payload, of="pass").only((_SUB, _EXP, _NBF, _CTI, _CNF, _SCOPE))
    scope = fields.nested(_SCOPE).only(range(4))
    claims = Claims(
        sub=fields.octets(_SUB, SUB_BYTES),
        cti=fields.octets(_CTI, CTI_BYTES),
        not_before_s=fields.uint(_NBF, _MAX_TIME_S),
        expires_s=fields.uint(_EXP, _MAX_TIME_S),
        pass_type=one_of(PassType, scope.uint(0), of="pass"),
        doors=scope.uint(1, ALL_DOORS),
        unit=scope.uint(2, 65535),
        days=scope.uint(3, ALL_DAYS),
        holder_key=_holder_key(fields.nested(_CNF)) if fields.has(_CNF) else None,
    )
    if claims.pass_type not in NATIVE_TYPES:
        raise Malformed("pass: of a type that no native pass has")
    if claims.expires_s < claims.not_before_s:
        raise Malformed("pass: it ends before it begins")
    return claims


def _cose_key(key: HolderKey) -> dict[int | str, cbor.Value]:
    return {1: 2, -1: 1, -2: key.x, -3: key.y}  # RFC 9053, section 7.1.1: EC2 on P-256


def _holder_key(confirmation: Fields) -> HolderKey:
    key = confirmation.only((_CNF_COSE_KEY,)).nested(_CNF_COSE_KEY).only((1, -1, -2, -3))
    if key.uint(1) != 2 or key.uint(-1) != 1:
        raise Malformed("pass: a holder key that is not on P-256")
    return HolderKey(x=key.octets(-2, 32), y=key.octets(-3, 32))
