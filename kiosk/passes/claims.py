"""What a native pass says, as CBOR: written by the hub that issues it, read by the door."""

from dataclasses import dataclass
from enum import IntEnum

from sync.wire import cbor
from sync.wire.errors import Malformed
from sync.wire.fields import Fields

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

# Made once: they are asked at every scan.
_CLAIMS = frozenset({_SUB, _EXP, _NBF, _CTI, _CNF, _SCOPE})
_SCOPE_ITEMS = frozenset(range(4))
_CONFIRMATION = frozenset({_CNF_COSE_KEY})
_COSE_KEY = frozenset({1, -1, -2, -3})


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

_NATIVE_BY_NUMBER = {int(one): one for one in NATIVE_TYPES}


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
    content = cbor.decode(payload)
    if not isinstance(content, dict) or not _CLAIMS.issuperset(content):
        raise Malformed("pass: not a map of known claims")
    scope = Fields(content.get(_SCOPE), of="pass", within=_SCOPE).only(_SCOPE_ITEMS)
    pass_type = _NATIVE_BY_NUMBER.get(scope.uint(0))
    if pass_type is None:
        raise Malformed("pass: of a type that no native pass has")
    claims = Claims(
        sub=_octets(content.get(_SUB), SUB_BYTES),
        cti=_octets(content.get(_CTI), CTI_BYTES),
        not_before_s=_time_s(content.get(_NBF)),
        expires_s=_time_s(content.get(_EXP)),
        pass_type=pass_type,
        doors=scope.uint(1, ALL_DOORS),
        unit=scope.uint(2, 65535),
        days=scope.uint(3, ALL_DAYS),
        holder_key=_holder_key(content[_CNF]) if _CNF in content else None,
    )
    if claims.expires_s < claims.not_before_s:
        raise Malformed("pass: it ends before it begins")
    return claims


def _octets(value: cbor.Value, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise Malformed(f"pass: a claim that is not of {length} bytes")
    return value


def _time_s(value: cbor.Value) -> int:
    if type(value) is not int or not 0 <= value <= _MAX_TIME_S:
        raise Malformed("pass: a time beyond all calendars")
    return value


def _cose_key(key: HolderKey) -> dict[int | str, cbor.Value]:
    return {1: 2, -1: 1, -2: key.x, -3: key.y}  # RFC 9053, section 7.1.1: EC2 on P-256


def _holder_key(confirmation: cbor.Value) -> HolderKey:
    if not isinstance(confirmation, dict) or confirmation.keys() != _CONFIRMATION:
        raise Malformed("pass: confirmed by something else than a key")
    key = confirmation[_CNF_COSE_KEY]
    if not isinstance(key, dict) or key.keys() != _COSE_KEY:
        raise Malformed("pass: a holder key of another form")
    if key[1] != 2 or key[-1] != 1 or isinstance(key[-1], bool):
        raise Malformed("pass: a holder key that is not on P-256")
    return HolderKey(x=_octets(key[-2], 32), y=_octets(key[-3], 32))
