"""A turning pass is one only by two signatures: the hub's on the pass, the phone's on the slot."""

from dataclasses import replace

import base45
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.claims import Claims, HolderKey
from kiosk.passes.format import Format
from kiosk.passes.formats import gpr1
from kiosk.passes.formats.gpr1 import to_be_signed
from kiosk.passes.issuing import issue_static
from kiosk.passes.reading import Pass, Refusal, serial
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from sync.wire import cbor, cose
from sync.wire.fields import LATEST_MS
from sync.wire.keys import key_id
from tests.kiosk.passes.issued import SIGNER, TRUST, VISITOR
from tests.kiosk.passes.phone import Phone, inner_of, mirrored, turning_text
from tests.sync.wire.parties import BUNDLE, DOOR, NOT_BEFORE_S, PASS, WITHIN_S, public
from tests.sync.wire.values import encodings

PHONE = Phone()
CLAIMS = replace(VISITOR, holder_key=PHONE.holder)
STATIC = issue_static(CLAIMS, PASS)
INNER = inner_of(STATIC)
SLOT = WITHIN_S // 30
SIGNATURE = PHONE.signature(INNER, SLOT)
GOOD = PHONE.code(STATIC, WITHIN_S)
READ = Pass(Format.GPR1, CLAIMS, SIGNER, SLOT)


def _reason(text: str) -> Reason:
    refusal = read_pass(text.encode(), TRUST)
    assert isinstance(refusal, Refusal)
    assert refusal.format is Format.GPR1
    return refusal.reason


def _of(claims: Claims) -> str:
    return PHONE.code(issue_static(claims, PASS), WITHIN_S)


def test_a_turning_pass_is_read_with_its_slot() -> None:
    assert read_pass(GOOD.encode(), TRUST) == READ


def test_the_phone_signs_what_the_standard_of_the_format_says() -> None:
    assert to_be_signed(b"", 1) == b"GPR1" + bytes.fromhex(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550000000000000001"
    )


def test_a_turning_code_fits_version_14_at_level_m() -> None:
    code = segno.make_qr(GOOD, error="m", boost_error=False)
    assert isinstance(code.version, int)
    assert code.version <= 14
    assert code.mode == "alphanumeric"


@pytest.mark.parametrize("text", ["GPR1:a", "GPR1:0", "GPR1:::::", GOOD + "\n", GOOD + "#"])
def test_bad_encoding(text: str) -> None:
    assert _reason(text) is Reason.BAD_ENCODING


_MISSHAPEN: dict[str, cbor.Value] = {
    "a map": {0: INNER, 1: SLOT, 2: SIGNATURE},
    "two": [INNER, SLOT],
    "four": [INNER, SLOT, SIGNATURE, 0],
    "a pass of text": [STATIC, SLOT, SIGNATURE],
    "a slot of text": [INNER, str(SLOT), SIGNATURE],
    "a slot that is true": [INNER, True, SIGNATURE],
    "a slot below nothing": [INNER, -1, SIGNATURE],
    "a slot beyond all clocks": [INNER, LATEST_MS // 30_000 + 1, SIGNATURE],
    "a short signature": [INNER, SLOT, SIGNATURE[:-1]],
    "a long signature": [INNER, SLOT, SIGNATURE + b"\0"],
    "no signature": [INNER, SLOT, None],
    "a pass that is none": [b"", SLOT, PHONE.signature(b"", SLOT)],
    "a pass in itself": [cbor.encode([INNER, SLOT, SIGNATURE]), SLOT, SIGNATURE],
}


@pytest.mark.parametrize("name", _MISSHAPEN)
def test_bad_structure(name: str) -> None:
    assert _reason(turning_text(_MISSHAPEN[name])) is Reason.BAD_STRUCTURE


@pytest.mark.parametrize("slot", [0, LATEST_MS // 30_000])
def test_the_first_slot_and_the_last_are_slots(slot: int) -> None:
    code = turning_text([INNER, slot, PHONE.signature(INNER, slot)])
    assert read_pass(code.encode(), TRUST) == Pass(Format.GPR1, CLAIMS, SIGNER, slot)


def test_another_spelling_is_bad_structure() -> None:
    message = cbor.encode([INNER, SLOT, SIGNATURE])
    for bent in (message + b"\0", b"\x9f" + message[1:] + b"\xff", b"\x98\x03" + message[1:], b""):
        text = "GPR1:" + base45.b45encode(bent).decode()
        assert _reason(text) is Reason.BAD_STRUCTURE


def test_the_pass_inside_is_judged_as_a_static_one() -> None:
    """A phone's signature makes nothing good that the hub did not sign."""
    forged = cose.sign(cose.parse(INNER).payload, key=DOOR, kid=key_id(public(PASS)), aad=b"")
    early = replace(CLAIMS, not_before_s=NOT_BEFORE_S - 1)
    foreign = inner_of(issue_static(CLAIMS, BUNDLE))
    bad = cose.sign(b"\xa0", key=PASS, kid=key_id(public(PASS)), aad=b"")
    for inner, reason in (
        (forged, Reason.BAD_SIGNATURE),
        (foreign, Reason.UNKNOWN_KEY),
        (bad, Reason.BAD_CLAIMS),
        (inner_of(issue_static(early, PASS)), Reason.KEY_NOT_IN_FORCE),
    ):
        assert _reason(turning_text([inner, SLOT, PHONE.signature(inner, SLOT)])) is reason


def test_a_static_pass_cannot_be_made_to_turn() -> None:
    assert _reason(_of(VISITOR)) is Reason.BAD_CLAIMS


def test_another_phone_is_refused() -> None:
    assert _reason(Phone(7).code(STATIC, WITHIN_S)) is Reason.BAD_HOLDER_SIGNATURE


def test_a_signature_counts_for_its_slot_and_its_pass_alone() -> None:
    other = inner_of(issue_static(replace(CLAIMS, cti=b"token--2"), PASS))
    assert _reason(turning_text([INNER, SLOT + 1, SIGNATURE])) is Reason.BAD_HOLDER_SIGNATURE
    assert _reason(turning_text([other, SLOT, SIGNATURE])) is Reason.BAD_HOLDER_SIGNATURE


def test_a_signature_that_is_none_is_refused() -> None:
    for signature in (bytes(64), b"\xff" * 64, SIGNATURE[32:] + SIGNATURE[:32]):
        assert _reason(turning_text([INNER, SLOT, signature])) is Reason.BAD_HOLDER_SIGNATURE


@pytest.mark.parametrize(
    "holder",
    [
        HolderKey(bytes(32), bytes(32)),
        HolderKey(b"\xff" * 32, b"\xff" * 32),
        replace(PHONE.holder, y=bytes(32)),
    ],
)
def test_a_holders_key_that_is_no_point_verifies_nothing(holder: HolderKey) -> None:
    assert _reason(_of(replace(CLAIMS, holder_key=holder))) is Reason.BAD_HOLDER_SIGNATURE


def test_a_malleated_copy_is_the_same_pass_of_the_same_slot() -> None:
    copy = turning_text([INNER, SLOT, mirrored(SIGNATURE)])
    assert copy != GOOD
    assert read_pass(copy.encode(), TRUST) == READ
    assert serial(READ) == CLAIMS.cti


def test_no_flipped_bit_leaves_another_pass() -> None:
    message = cbor.encode([INNER, SLOT, SIGNATURE])
    for place in range(len(message)):
        flipped = bytearray(message)
        flipped[place] ^= 1 << place % 8
        text = "GPR1:" + base45.b45encode(bytes(flipped)).decode()
        assert isinstance(read_pass(text.encode(), TRUST), Refusal)


@settings(deadline=None)
@given(st.data())
def test_a_mutated_code_says_the_same_or_nothing(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD)))
    cut = data.draw(st.integers(0, 6))
    patch = data.draw(st.text("0123456789ABC $%*+-./:", max_size=6))
    read = read_pass((GOOD[:place] + patch + GOOD[place + cut :]).encode(), TRUST)
    assert isinstance(read, Refusal) or read == READ


@settings(deadline=None)
@given(st.binary(max_size=600) | encodings())
def test_any_message_is_judged(message: bytes) -> None:
    text = "GPR1:" + base45.b45encode(message).decode()
    assert isinstance(gpr1.read(text, TRUST.keys), Refusal)


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2**34), st.binary(min_size=64, max_size=64))
def test_any_three_parts_are_judged(inner: bytes, slot: int, signature: bytes) -> None:
    for first in (inner, INNER):
        read = read_pass(turning_text([first, slot, signature]).encode(), TRUST)
        assert isinstance(read, Refusal)


def test_each_stage_refuses_with_a_reason_of_its_own() -> None:
    assert len(set(gpr1.STAGES.values())) == len(gpr1.STAGES)
