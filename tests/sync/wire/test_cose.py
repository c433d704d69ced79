"""COSE_Sign1 on two algorithms: key and algorithm go together, and ES256 is r || s of 64 bytes."""

from hashlib import sha256

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from sync.wire import cbor, cose
from sync.wire.errors import BadSignature, Malformed
from tests.sync.wire.parties import DOOR

HOLDER = ec.derive_private_key(int.from_bytes(sha256(b"holder").digest()), ec.SECP256R1())
PAYLOAD = b"content"


def _es256(
    protected: dict[int | str, cbor.Value], unprotected: dict[int | str, cbor.Value]
) -> bytes:
    protected_bytes = cbor.encode(protected)
    signed = cose.to_be_signed(protected_bytes if protected else b"", b"", PAYLOAD)
    r, s = decode_dss_signature(HOLDER.sign(signed, ec.ECDSA(SHA256())))
    return _message(protected_bytes, unprotected, r.to_bytes(32) + s.to_bytes(32))


def _message(protected: bytes, unprotected: cbor.Value, signature: bytes) -> bytes:
    return cbor.encode(cbor2.CBORTag(18, [protected, unprotected, PAYLOAD, signature]))


def test_es256_verifies_with_the_algorithm_in_either_place() -> None:
    for message in (_es256({1: -7}, {}), _es256({4: b"k"}, {1: -7}), _es256({}, {1: -7})):
        sign1 = cose.parse(message)
        cose.verify(sign1, HOLDER.public_key(), aad=b"")
        with pytest.raises(BadSignature):
            cose.verify(sign1, HOLDER.public_key(), aad=b"other")


def test_key_and_algorithm_go_together() -> None:
    eddsa = cose.parse(cose.sign(PAYLOAD, key=DOOR, kid=b"k", aad=b""))
    es256 = cose.parse(_es256({1: -7}, {}))
    with pytest.raises(BadSignature):
        cose.verify(eddsa, HOLDER.public_key(), aad=b"")
    with pytest.raises(BadSignature):
        cose.verify(es256, DOOR.public_key(), aad=b"")
    with pytest.raises(BadSignature):
        cose.verify(cose.parse(_es256({4: b"k"}, {})), HOLDER.public_key(), aad=b"")


def test_an_es256_signature_has_64_bytes_on_p256() -> None:
    sign1 = cose.parse(_es256({1: -7}, {}))
    der = HOLDER.sign(cose.to_be_signed(sign1.protected_bytes, b"", PAYLOAD), ec.ECDSA(SHA256()))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    good = sign1.signature
    for bad in (
        *(b"", der, good[:63], good + b"\0", bytes(64), b"\xff" * 64),
        *(good[:32] + bytes(32), bytes(32) + good[32:], order.to_bytes(32) + good[32:]),
    ):
        with pytest.raises(BadSignature):
            cose.verify(
                cose.parse(_message(sign1.protected_bytes, {}, bad)), HOLDER.public_key(), aad=b""
            )
    other_curve = ec.generate_private_key(ec.SECP256K1()).public_key()
    with pytest.raises(BadSignature):
        cose.verify(sign1, other_curve, aad=b"")


def test_parts_of_other_types_are_refused() -> None:
    good: list[cbor.Value] = [b"", {}, b"", b""]
    assert cose.from_parts(good).kid is None
    wrongs: tuple[cbor.Value, ...] = (None, 0, "", [])
    for place in range(4):
        for wrong in wrongs:
            with pytest.raises(Malformed):
                cose.from_parts([*good[:place], wrong, *good[place + 1 :]])
    others: tuple[cbor.Value, ...] = (None, {}, [], good[:3], [*good, b""], 18, b"")
    for parts in others:
        with pytest.raises(Malformed):
            cose.from_parts(parts)


def test_a_header_in_both_places_or_no_map_is_refused() -> None:
    forms: tuple[tuple[bytes, cbor.Value], ...] = (
        (b"\xa1\x01\x26", {1: -7}),
        (b"\x80", {}),
        (b"\x26", {}),
    )
    for protected, unprotected in forms:
        with pytest.raises(Malformed):
            cose.parse(_message(protected, unprotected, bytes(64)))


@pytest.mark.parametrize("head", ["", "d1", "d3", "d812", "d90012", "d2d2", "d812d2"])
def test_the_tag_is_there_once_and_in_its_shortest_spelling(head: str) -> None:
    message = _es256({1: -7}, {})
    assert message.startswith(b"\xd2")
    with pytest.raises(Malformed):
        cose.parse(bytes.fromhex(head) + message[1:])


def test_the_tag_counts_as_one_of_the_containers_within_each_other() -> None:
    """A header is in the tag, the array, and the map: three deep."""
    for depth in range(1, cbor.MAX_DEPTH + 1):
        nested: cbor.Value = 0
        for _ in range(depth):
            nested = [nested]
        message = _message(b"", {5: nested}, bytes(64))
        if depth <= cbor.MAX_DEPTH - 3:
            assert cose.parse(message).unprotected == {5: nested}
        else:
            with pytest.raises(Malformed):
                cose.parse(message)


def test_what_a_header_holds_is_of_the_plain_kind() -> None:
    """Inside a tag the library builds containers of other types."""
    held: cbor.Value = [[1, {2: [3]}], cbor2.CBORTag(9, [4, {5: [6]}])]
    sign1 = cose.parse(_message(b"", {5: held}, bytes(64)))
    assert cbor.encode(sign1.unprotected) == cbor.encode({5: held})
    tagged = sign1.unprotected[5]
    assert isinstance(tagged, list)
    assert isinstance(tagged[0], list)
    assert isinstance(tagged[1], cbor2.CBORTag)
    assert tagged[1].value == [4, {5: [6]}]
    assert isinstance(tagged[1].value, list)


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 0xFFFF, 0x1_0000])
def test_what_is_signed_is_spelt_as_an_encoder_spells_it(length: int) -> None:
    octets = bytes(length)
    for parts in ((octets, b"", b"1"), (b"1", octets, b""), (b"", b"1", octets)):
        assert cose.to_be_signed(*parts) == cbor.encode(["Signature1", *parts])
