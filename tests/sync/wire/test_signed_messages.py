"""What the door or the hub signed is read back whole; nothing else is believed.

The same tests for every kind of signed message: one flipped bit, a cut, another key, another
kind's associated data, another spelling or a field that does not fit, and it is refused.
"""

from collections.abc import Iterator

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.wire import cbor, cose
from sync.wire.errors import BadSignature, Malformed, WireError
from sync.wire.keys import key_id
from tests.sync.wire.messages import KINDS, SignedKind, leaves, replaced, without
from tests.sync.wire.parties import public, signing_key
from tests.sync.wire.values import encodings

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_the_good_message_opens(kind: SignedKind) -> None:
    assert kind.open(kind.message) is not None
    assert kind.resign(kind.payload) == kind.message, "the form of a message must not change"


@every_kind
def test_a_flipped_bit_is_noticed_wherever_it_is(kind: SignedKind) -> None:
    for place in range(len(kind.message)):
        for bit in (place % 8, 7):
            flipped = bytearray(kind.message)
            flipped[place] ^= 1 << bit
            with pytest.raises(WireError):
                kind.open(bytes(flipped))


@every_kind
def test_a_cut_or_lengthened_message_is_refused(kind: SignedKind) -> None:
    for length in range(len(kind.message)):
        with pytest.raises(WireError):
            kind.open(kind.message[:length])
    with pytest.raises(WireError):
        kind.open(kind.message + b"\0")


@every_kind
def test_a_strangers_signature_is_refused(kind: SignedKind) -> None:
    stranger = signing_key("stranger")
    for named in (kind.key, stranger):
        forged = cose.sign(kind.payload, key=stranger, kid=key_id(public(named)), aad=kind.aad)
        with pytest.raises(WireError):
            kind.open(forged)


@every_kind
def test_an_empty_signature_is_refused(kind: SignedKind) -> None:
    sign1 = cose.parse(kind.message)
    for signature in (b"", bytes(63), bytes(64), bytes(65), sign1.signature + b"\0"):
        with pytest.raises(BadSignature):
            kind.open(_wrapped(sign1.protected_bytes, {}, sign1.payload, signature))


@every_kind
def test_the_signature_of_another_kind_does_not_count(kind: SignedKind) -> None:
    others = {other.aad for other in KINDS} | {b"", kind.aad + b"0"}
    for aad in others - {kind.aad}:
        message = cose.sign(kind.payload, key=kind.key, kid=key_id(public(kind.key)), aad=aad)
        with pytest.raises(BadSignature):
            kind.open(message)


@every_kind
def test_another_kinds_message_is_refused(kind: SignedKind) -> None:
    for other in KINDS:
        if other is not kind:
            with pytest.raises(WireError):
                kind.open(other.message)
            with pytest.raises(WireError):
                kind.open(kind.resign(other.payload))


@every_kind
def test_every_other_spelling_of_the_wrapping_is_refused(kind: SignedKind) -> None:
    assert kind.message[:2] == b"\xd2\x84"
    four = kind.message[2:]
    spellings = (
        kind.message[1:],
        b"\xd8\x12\x84" + four,
        b"\xd2\x98\x04" + four,
        b"\xd2\x9f" + four + b"\xff",
        b"\xd2\xd2\x84" + four,
        b"\xd8\x62\x84" + four,
        b"\xd9\xd9\xf7" + kind.message,
        b"\xd2\x85" + four + b"\x00",
        b"\xd2\x83" + four,
    )
    for spelling in spellings:
        with pytest.raises(Malformed):
            kind.open(spelling)


@every_kind
def test_rightly_signed_headers_of_another_form_are_refused(kind: SignedKind) -> None:
    kid = key_id(public(kind.key))
    alg = int(cose.Algorithm.EDDSA)
    forms: tuple[tuple[cbor.Value, cbor.Value], ...] = (
        ({}, {1: alg, 4: kid}),
        ({1: alg}, {4: kid}),
        ({4: kid}, {1: alg}),
        ({1: alg, 4: kid}, {33: b""}),
        ({1: alg, 4: kid}, {4: kid}),
        ({1: alg, 4: kid, 2: [4]}, {}),
        ({1: int(cose.Algorithm.ES256), 4: kid}, {}),
        ({1: "EdDSA", 4: kid}, {}),
        ({1: alg, 4: kid.hex()}, {}),
        ([alg, kid], {}),
    )
    for protected, unprotected in forms:
        with pytest.raises(Malformed):
            kind.open(_signed(kind, cbor.encode(protected), unprotected, kind.payload))
    long_spelt = b"\xa2\x01\x38\x07\x04\x48" + kid
    for protected_bytes in (b"", b"\xff", long_spelt, b"\xa1\x01\x27"):
        with pytest.raises(Malformed):
            kind.open(_signed(kind, protected_bytes, {}, kind.payload))


@every_kind
def test_every_other_spelling_of_the_content_is_refused(kind: SignedKind) -> None:
    for spelling in _respelt(kind.payload):
        with pytest.raises(Malformed):
            kind.open(kind.resign(spelling))


@every_kind
def test_a_field_of_another_type_is_refused(kind: SignedKind) -> None:
    content = cbor.decode(kind.payload)
    tried = 0
    for place, value in leaves(content):
        if place in kind.optional:
            continue
        for wrong in _wrong_for(value):
            with pytest.raises(WireError):
                kind.open(kind.resign(cbor.encode(replaced(content, place, wrong))))
            tried += 1
    assert tried > 10


@every_kind
def test_a_missing_or_unknown_field_is_refused(kind: SignedKind) -> None:
    content = cbor.decode(kind.payload)
    fields = list(content) if isinstance(content, dict) else [-1]
    for field in fields:
        if (field,) not in kind.optional:
            with pytest.raises(WireError):
                kind.open(kind.resign(cbor.encode(without(content, field))))
    more = {**content, 99: 0} if isinstance(content, dict) else [*_items(content), 0]
    with pytest.raises(Malformed):
        kind.open(kind.resign(cbor.encode(more)))


@given(encodings() | st.binary(max_size=80))
def test_nothing_but_a_wire_error_comes_of_any_content_rightly_signed(content: bytes) -> None:
    for kind in KINDS:
        with pytest.raises(WireError):
            kind.open(kind.resign(content))


@given(st.binary(max_size=200))
def test_nothing_but_a_wire_error_comes_of_any_bytes(junk: bytes) -> None:
    for kind in KINDS:
        for message in (junk, b"\xd2\x84" + junk, kind.message[: len(junk)] + junk):
            with pytest.raises(WireError):
                kind.open(message)


def _wrapped(
    protected: bytes, unprotected: cbor.Value, payload: cbor.Value, signature: bytes
) -> bytes:
    return cbor.encode(cbor2.CBORTag(18, [protected, unprotected, payload, signature]))


def _signed(kind: SignedKind, protected: bytes, unprotected: cbor.Value, payload: bytes) -> bytes:
    signature = kind.key.sign(cose.to_be_signed(protected, kind.aad, payload))
    return _wrapped(protected, unprotected, payload, signature)


def _items(content: cbor.Value) -> list[cbor.Value]:
    assert isinstance(content, list)
    return content


def _respelt(payload: bytes) -> Iterator[bytes]:
    """Yield other spellings of the same content: it is a map or array of under 24 items."""
    head, rest = payload[0], payload[1:]
    major, count = head & 0xE0, head & 0x1F
    yield payload + b"\0"
    yield bytes([major | 24, count]) + rest
    yield bytes([major | 25, 0, count]) + rest
    yield bytes([major | 31]) + rest + b"\xff"
    yield b"\xd9\xd9\xf7" + payload
    yield b"\xd8\x18" + cbor.encode(payload)
    if major == 0xA0:
        yield bytes([head + 1]) + rest + rest[:1] + b"\x00"
        yield bytes([head, 0x18, rest[0]]) + rest[1:]


def _wrong_for(value: cbor.Value) -> tuple[cbor.Value, ...]:
    match value:
        case bool():
            return (0, 1, None, b"")
        case int():
            return (True, False, None, b"", "1", [], [value], -1, 2**63, 2**64 - 1)
        case bytes():
            return (0, True, None, value.hex(), [], {}, list(value))
        case str():
            return (0, True, None, value.encode(), [], "x" * 5000)
        case _:
            return (0, True, None, b"", "", [[]], [None], {0: None})
