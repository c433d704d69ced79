"""What is bent: valid codes of every format, each at each of its layers."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import base45
import cbor2

from kiosk.passes.claims import encode_claims
from kiosk.passes.issuing import issue_static
from kiosk.passes.reading import Presented, Trust
from kiosk.passes.recognition import read_pass
from kiosk.passes.roster import Alphabet as Characters
from kiosk.passes.roster import Roster, Shape
from kiosk.passes.signers import SignerList
from tests.kiosk.passes import health_issuer, issued
from tests.kiosk.passes.people import COST, SALT, roster_of
from tests.kiosk.passes.phone import Phone, inner_of, turning_text
from tests.sync.wire.parties import PASS

NUMBER = "198706052011012003"
PHONE = Phone()
SLOT = issued.VISITOR.not_before_s // 30
ISSUERS = (
    health_issuer.issuer(),
    health_issuer.issuer(health_issuer.rsa_key()),
)
TRUST = Trust(
    issued.KEYS,
    SignerList(signer for by in ISSUERS for signer in by.signers.signers),
    Roster(SALT, COST, (Shape(Characters.DIGITS, 18),), roster_of({NUMBER: b"subject1"}).rows),
)


@dataclass(frozen=True, slots=True)
class Target:
    """`code` makes a code of a bent `content`; where it signs it, whatever comes out is valid."""

    name: str
    content: bytes
    code: Callable[[bytes], bytes]
    is_signed: bool = False


def targets() -> tuple[Target, ...]:
    return (*_static(), *_turning(), *_certificates(), *_unsigned())


def issued_passes(made: tuple[Target, ...]) -> tuple[Presented, ...]:
    """Return all that may come out of a code that nobody signed anew."""
    return tuple(read_pass(one.code(one.content), TRUST) for one in made)


def _static() -> Iterator[Target]:
    text = issued.GOOD
    message = inner_of(text)
    yield Target("GPS1 text", text, bytes)
    yield Target("GPS1 message", message, issued.text_of)
    yield from _parts("GPS1", cbor2.loads(message).value, issued.text_of)
    yield Target("GPS1 signed", encode_claims(issued.VISITOR), issued.signed, is_signed=True)


def _turning() -> Iterator[Target]:
    claims = replace(issued.VISITOR, holder_key=PHONE.holder)
    static = issue_static(claims, PASS)
    inner, signature = inner_of(static), PHONE.signature(inner_of(static), SLOT)
    text = turning_text([inner, SLOT, signature]).encode()
    yield Target("GPR1 text", text, bytes)
    yield Target("GPR1 message", cbor2.dumps([inner, SLOT, signature]), _turning_code)
    yield Target("GPR1 inner", inner, lambda bent: _turning_code_of(bent, signature))
    yield Target("GPR1 signature", signature, lambda bent: _turning_code_of(inner, bent))
    yield Target("GPR1 signed", encode_claims(claims), _signed_turning, is_signed=True)


def _certificates() -> Iterator[Target]:
    for by in ISSUERS:
        name = f"HC1 {by.algorithm}"
        parts = health_issuer.message(health_issuer.claims(), by)
        cose = health_issuer.tagged(parts, 18)
        packed = zlib.compress(cose)
        yield Target(f"{name} text", _packed_code(packed), bytes)
        yield Target(f"{name} packed", packed, _packed_code)
        yield Target(f"{name} message", cose, _message_code)
        yield from _parts(name, parts, _message_code)
    by = ISSUERS[0]
    payload = cbor2.dumps(health_issuer.claims())
    yield Target("HC1 signed", payload, _signed_certificate, is_signed=True)


def _unsigned() -> Iterator[Target]:
    for name, text in (
        ("number", NUMBER),
        ("address", "https://www.pedulilindungi.id/?id=0123456789abcdef"),
        ("poster", "checkin:0123456789abcdef0123456789abcdef"),
        ("card", "GPC1:6BF-HD0 9K%A$T*WEZC+./:7"),
        ("nothing", "WIFI:S:kantor;T:WPA;P:rahasia;;"),
    ):
        yield Target(name, text.encode(), bytes)


def _parts(name: str, parts: Any, code: Callable[[bytes], bytes]) -> Iterator[Target]:
    """Yield the three parts that are bytes, each alone within the others as they were."""
    for place, part in ((0, "headers"), (2, "payload"), (3, "signature")):

        def around(bent: bytes, place: int = place) -> bytes:
            changed = [*parts[:place], bent, *parts[place + 1 :]]
            return code(cbor2.dumps(cbor2.CBORTag(18, changed)))

        yield Target(f"{name} {part}", parts[place], around)


def _turning_code(message: bytes) -> bytes:
    return b"GPR1:" + _base45(message)


def _turning_code_of(inner: bytes, signature: bytes) -> bytes:
    return _turning_code(cbor2.dumps([inner, SLOT, signature]))


def _signed_turning(payload: bytes) -> bytes:
    inner = inner_of(issued.signed(payload))
    return _turning_code_of(inner, PHONE.signature(inner, SLOT))


def _packed_code(packed: bytes) -> bytes:
    return b"HC1:" + _base45(packed)


def _message_code(message: bytes) -> bytes:
    return _packed_code(zlib.compress(message))


def _signed_certificate(payload: bytes) -> bytes:
    return health_issuer.issued(payload, ISSUERS[0]).encode()


def _base45(data: bytes) -> bytes:
    encoded: bytes = base45.b45encode(data)
    return encoded
