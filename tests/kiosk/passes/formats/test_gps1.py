"""A static pass is one only by the pass key's signature; each failed stage has its own reason."""

from dataclasses import replace

import base45
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.claims import encode_claims
from kiosk.passes.format import Format
from kiosk.passes.formats import gps1
from kiosk.passes.issuing import issue_static
from kiosk.passes.reading import Pass, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from sync.wire import cbor, cose
from sync.wire.keys import Purpose, key_id
from tests.kiosk.passes.issued import GOOD, HOLDER, KEYS, SIGNER, TRUST, VISITOR, signed, text_of
from tests.sync.wire.messages import KINDS, SignedKind
from tests.sync.wire.parties import (
    BUNDLE,
    DOOR,
    NOT_AFTER_S,
    NOT_BEFORE_S,
    PASS,
    hub_key,
    public,
)

CLAIMS = encode_claims(VISITOR)
GOOD_MESSAGE: bytes = base45.b45decode(GOOD[5:])


def _refused(reason: Reason) -> Refusal:
    return Refusal(Format.GPS1, reason)


def test_a_pass_is_read_with_its_signer() -> None:
    assert read_pass(GOOD, TRUST) == Pass(Format.GPS1, VISITOR, SIGNER)


def test_a_visitor_pass_fits_version_8_at_level_m() -> None:
    code = segno.make_qr(GOOD.decode(), error="m", boost_error=False)
    assert isinstance(code.version, int)
    assert code.version <= 8
    assert code.mode == "alphanumeric"


@pytest.mark.parametrize("text", [b"GPS1:a", b"GPS1:0", b"GPS1:::::", b"GPS1:GPS1:", b"GPS1:6B\n"])
def test_bad_encoding(text: bytes) -> None:
    assert read_pass(text, TRUST) == _refused(Reason.BAD_ENCODING)


def test_white_space_around_a_pass_is_bad_encoding() -> None:
    for text in (GOOD + b"\n", GOOD + b"\r\n", GOOD + b" ", GOOD[:5] + b"\t" + GOOD[5:]):
        refusal = read_pass(text, TRUST)
        assert refusal in (_refused(Reason.BAD_ENCODING), _refused(Reason.BAD_STRUCTURE))


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0",
        cbor.encode([b"", {}, b"", b""]),
        cose.sign(CLAIMS, key=PASS, kid=b"", aad=b"")[1:],
        cose.sign(CLAIMS, key=PASS, kid=b"", aad=b"") + b"\0",
        bytes.fromhex("d28443a10126a0") + cbor.encode(CLAIMS) + cbor.encode(bytes(64)),
    ],
)
def test_bad_structure(message: bytes) -> None:
    assert read_pass(text_of(message), TRUST) == _refused(Reason.BAD_STRUCTURE)


def test_unknown_key() -> None:
    for stranger in (DOOR, BUNDLE):
        text = issue_static(VISITOR, stranger).encode()
        assert read_pass(text, TRUST) == _refused(Reason.UNKNOWN_KEY)


def test_a_key_is_not_one_for_passes_by_its_name_alone() -> None:
    for purpose in set(Purpose) - {Purpose.PASS}:
        message = cose.sign(CLAIMS, key=PASS, kid=hub_key(purpose).kid, aad=b"")
        assert read_pass(text_of(message), TRUST) == _refused(Reason.UNKNOWN_KEY)


def test_bad_signature() -> None:
    forged = cose.sign(CLAIMS, key=DOOR, kid=key_id(public(PASS)), aad=b"")
    other = cose.parse(GOOD_MESSAGE)
    swapped = cbor.encode(cbor.decode(GOOD_MESSAGE)).replace(other.signature, bytes(64))
    for message in (forged, swapped):
        assert read_pass(text_of(message), TRUST) == _refused(Reason.BAD_SIGNATURE)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_other_signed_message_is_a_pass(kind: SignedKind) -> None:
    assert isinstance(read_pass(text_of(kind.message), TRUST), Refusal)


def test_the_pass_keys_signature_on_another_kind_of_message_is_no_pass() -> None:
    for kind in KINDS:
        assert read_pass(signed(CLAIMS, aad=kind.aad), TRUST) == _refused(Reason.BAD_SIGNATURE)
        assert read_pass(signed(kind.payload), TRUST) == _refused(Reason.BAD_CLAIMS)


@pytest.mark.parametrize("payload", [b"", b"\0", b"\xa0", b"\x80", CLAIMS + b"\0", CLAIMS[:-1]])
def test_bad_claims(payload: bytes) -> None:
    assert read_pass(signed(payload), TRUST) == _refused(Reason.BAD_CLAIMS)


def test_a_pass_that_ends_before_it_begins_is_bad_claims() -> None:
    claims = replace(VISITOR, expires_s=VISITOR.not_before_s - 1)
    assert read_pass(signed(encode_claims(claims)), TRUST) == _refused(Reason.BAD_CLAIMS)


def test_the_key_was_in_force_when_the_pass_began() -> None:
    for begins_s, good in (
        (NOT_BEFORE_S - 1, False),
        (NOT_BEFORE_S, True),
        (NOT_AFTER_S, True),
        (NOT_AFTER_S + 1, False),
    ):
        claims = replace(VISITOR, not_before_s=begins_s, expires_s=begins_s + 60)
        read = read_pass(issue_static(claims, PASS).encode(), TRUST)
        expected = Pass(Format.GPS1, claims, SIGNER) if good else _refused(Reason.KEY_NOT_IN_FORCE)
        assert read == expected


def test_the_static_part_of_a_turning_pass_is_no_pass_by_itself() -> None:
    """It can be read out of a photograph of any turning code."""
    claims = replace(VISITOR, holder_key=HOLDER)
    text = issue_static(claims, PASS).encode()
    assert read_pass(text, TRUST) == _refused(Reason.BAD_HOLDER_SIGNATURE)


def test_no_flipped_bit_and_no_cut_leaves_a_pass() -> None:
    for place in range(len(GOOD_MESSAGE)):
        for bit in range(8):
            flipped = bytearray(GOOD_MESSAGE)
            flipped[place] ^= 1 << bit
            assert isinstance(gps1.verify(bytes(flipped), KEYS), Refusal)
        assert isinstance(gps1.verify(GOOD_MESSAGE[:place], KEYS), Refusal)


@settings(deadline=None)
@given(st.data())
def test_a_mutated_pass_says_the_same_or_nothing(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD)))
    cut = data.draw(st.integers(0, 6))
    patch = data.draw(st.binary(max_size=6) | st.text("0123456789ABC $%*+-./:").map(str.encode))
    read = read_pass(GOOD[:place] + patch + GOOD[place + cut :], TRUST)
    assert isinstance(read, Refusal) or read == Pass(Format.GPS1, VISITOR, SIGNER)


@settings(deadline=None)
@given(st.text().map(lambda text: "GPS1:" + text))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(read_pass(text.encode(), TRUST), Refusal)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_message_is_judged(message: bytes) -> None:
    assert isinstance(gps1.verify(message, KEYS), Refusal)
    assert isinstance(gps1.verify(b"\xd2\x84" + message, KEYS), Refusal)
